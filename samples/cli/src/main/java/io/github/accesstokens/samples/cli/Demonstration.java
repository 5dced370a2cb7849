package io.github.accesstokens.samples.cli;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Rotates a token of an embedded provider and tries each secret on a protected resource. */
record Demonstration(PrintStream out, AccessTokensClient client, StubProvider provider) {
  private static final String API_TOKEN = "the-api-token-of-the-demonstration";

  static Outcome run(PrintStream out, boolean requested) {
    out.println(
        requested
            ? "This is a demonstration."
            : "There are no credentials in the environment, so this is a demonstration.");
    try (StubProvider provider = StubProvider.start()) {
      provider.acceptApiToken(API_TOKEN);
      AccessTokensClient client =
          AccessTokensClient.builder()
              .credentials(Credentials.apiToken(API_TOKEN))
              .baseUrl(provider.baseUrl())
              .build();
      new Demonstration(out, client, provider).rotateThreeTimes(provider.addToken());
      return new Outcome.Demonstrated();
    } catch (IOException | UncheckedIOException e) {
      return new Outcome.DemonstrationFailed(e.getMessage());
    }
  }

  private void rotateThreeTimes(StubToken token) throws IOException {
    Rotation rotation = Rotation.of(token.accountId(), token.id());
    out.printf(
        """
        The client rotates a token of an embedded provider on 127.0.0.1.
        Nothing leaves this machine, and your service tokens stay as they are.

        The service token "%s", tried on a protected resource
          Client ID  %s
        """,
        token.name(), token.clientId());
    Rotated first = client.rotate(rotation);
    tryOut("secret", first);

    out.println("\nRotated: the old secret expired at once");
    Rotated second = client.rotate(rotation);
    tryOut("old secret", first);
    tryOut("new secret", second);

    OffsetDateTime expiresAt =
        OffsetDateTime.now(ZoneOffset.UTC).plusDays(1).truncatedTo(ChronoUnit.SECONDS);
    out.println("\nRotated again: the old secret works until " + JsonRendering.rfc3339(expiresAt));
    Rotated third = client.rotate(rotation.withPreviousSecretExpiresAt(expiresAt));
    tryOut("old secret", second);
    tryOut("new secret", third);

    out.print(
        """

        To rotate one of your service tokens, set these variables
          CLOUDFLARE_API_TOKEN   an API token with "Access: Service Tokens Write"
          CLOUDFLARE_ACCOUNT_ID  your account
        and run
          java -jar samples/cli/target/rotate.jar \\
            --service-token-id ID --grace 24h --secret-file FILE
        All options: --help
        """);
  }

  private void tryOut(String label, Rotated rotated) throws IOException {
    String result =
        JsonRendering.lowerCase(client.verify(provider.protectedUrl(), rotated, Duration.ZERO));
    String masked = rotated.getClientSecret().replaceFirst("^(.{8}).*(.{4})$", "$1...$2");
    out.printf("  %-10s %s  %s%n", label, masked, result);
  }
}
