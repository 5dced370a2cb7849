package io.github.accesstokens.samples.cli;

import static java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.IOException;
import java.io.PrintStream;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Two rotations that need no account, each looked at from the side of a protected resource. */
final class Demonstration {
  private static final String API_TOKEN = "the-api-token-of-the-demonstration";
  private static final int SHOWN_AT_START = 8;
  private static final int SHOWN_AT_END = 4;

  private final OkHttpClient http = new OkHttpClient();
  private final PrintStream out;
  private final StubProvider provider;
  private final StubToken token;

  private Demonstration(PrintStream out, StubProvider provider) {
    this.out = out;
    this.provider = provider;
    this.token = provider.addToken();
  }

  static void run(PrintStream out) throws IOException {
    try (StubProvider provider = StubProvider.start()) {
      provider.acceptApiToken(API_TOKEN);
      new Demonstration(out, provider).run();
    }
  }

  private void run() throws IOException {
    AccessTokensClient client =
        AccessTokensClient.builder()
            .credentials(Credentials.apiToken(API_TOKEN))
            .baseUrl(provider.baseUrl())
            .build();

    out.println(
        """
        The real client rotates a token of a stand-in provider inside this program, on 127.0.0.1.
        Nothing leaves this machine, and no service token of yours is touched.
        """);
    out.println("The service token \"" + token.name() + "\", tried on a protected resource");
    out.println("  Client ID  " + token.clientId());
    String first = token.clientSecret();
    tryOut("secret", first);

    out.println("\nRotated: the old secret stopped working at once");
    String second = client.rotate(token.accountId(), token.id()).getClientSecret();
    tryOut("old secret", first);
    tryOut("new secret", second);

    OffsetDateTime expiresAt =
        OffsetDateTime.now(ZoneOffset.UTC).plusDays(1).truncatedTo(ChronoUnit.SECONDS);
    out.println(
        "\nRotated again: the old secret works until " + ISO_OFFSET_DATE_TIME.format(expiresAt));
    String third = client.rotate(token.accountId(), token.id(), expiresAt).getClientSecret();
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

  private void tryOut(String label, String secret) throws IOException {
    Request request =
        new Request.Builder()
            .url(provider.protectedUrl())
            .header("CF-Access-Client-Id", token.clientId())
            .header("CF-Access-Client-Secret", secret)
            .build();
    try (Response response = http.newCall(request).execute()) {
      out.printf(
          "  %-10s %-15s  %d %s%n",
          label, masked(secret), response.code(), response.isSuccessful() ? "accepted" : "refused");
    }
  }

  private static String masked(String secret) {
    return secret.substring(0, SHOWN_AT_START)
        + "..."
        + secret.substring(secret.length() - SHOWN_AT_END);
  }
}
