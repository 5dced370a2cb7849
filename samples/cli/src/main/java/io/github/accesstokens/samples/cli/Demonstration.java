package io.github.accesstokens.samples.cli;

import static java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.IOException;
import java.io.PrintStream;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Rotations that need no account, each looked at from the side of a protected resource. */
final class Demonstration {
  private static final String API_TOKEN = "the-api-token-of-the-demonstration";
  private static final int SHOWN_AT_START = 8;
  private static final int SHOWN_AT_END = 4;

  private final PrintStream out;
  private final StubProvider provider;
  private final AccessTokensClient client;

  private Demonstration(PrintStream out, StubProvider provider) {
    this.out = out;
    this.provider = provider;
    this.client =
        AccessTokensClient.builder()
            .credentials(Credentials.apiToken(API_TOKEN))
            .baseUrl(provider.baseUrl())
            .build();
  }

  static void run(PrintStream out) throws IOException {
    try (StubProvider provider = StubProvider.start()) {
      provider.acceptApiToken(API_TOKEN);
      new Demonstration(out, provider).run();
    }
  }

  private void run() throws IOException {
    StubToken token = provider.addToken();
    Rotation rotation = Rotation.of(token.accountId(), token.id());

    out.println(
        """
        The real client rotates a token of a stand-in provider inside this program, on 127.0.0.1.
        Nothing leaves this machine, and no service token of yours is touched.
        """);
    out.println("The service token \"" + token.name() + "\", tried on a protected resource");
    out.println("  Client ID  " + token.clientId());
    Rotated first = client.rotate(rotation);
    tryOut("secret", first);

    out.println("\nRotated: the old secret stopped working at once");
    Rotated second = client.rotate(rotation);
    tryOut("old secret", first);
    tryOut("new secret", second);

    OffsetDateTime expiresAt =
        OffsetDateTime.now(ZoneOffset.UTC).plusDays(1).truncatedTo(ChronoUnit.SECONDS);
    out.println(
        "\nRotated again: the old secret works until " + ISO_OFFSET_DATE_TIME.format(expiresAt));
    Rotated third = client.rotate(rotation.withPreviousSecretExpiresAt(expiresAt));
    tryOut("old secret", second);
    tryOut("new secret", third);

    out.print(
        """

        To rotate a service token of yours, set in the environment
          CLOUDFLARE_API_TOKEN   an API token with "Access: Service Tokens Write"
          CLOUDFLARE_ACCOUNT_ID  your account
        and run
          java -jar samples/cli/target/rotate.jar \\
            --service-token-id ID --grace 24h --secret-file FILE
        All options: --help
        """);
  }

  private void tryOut(String label, Rotated rotated) throws IOException {
    out.printf(
        "  %-10s %s  %s%n",
        label,
        masked(rotated.getClientSecret()),
        Report.lowerCase(client.verify(provider.protectedUrl(), rotated)));
  }

  private static String masked(String secret) {
    return secret.substring(0, SHOWN_AT_START)
        + "..."
        + secret.substring(secret.length() - SHOWN_AT_END);
  }
}
