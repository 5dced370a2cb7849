package io.github.accesstokens.samples.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as its README starts it. */
@Timeout(120)
final class MainTest {
  @Test
  void adoptedPair_isRotated(@TempDir Path directory) throws Exception {
    try (StubProvider provider = StubProvider.start()) {
      provider.acceptApiToken("api-token");
      StubToken token = provider.addToken();
      Map<String, String> environment =
          Map.of(
              "CLOUDFLARE_BASE_URL", provider.baseUrl(),
              "CLOUDFLARE_API_TOKEN", "api-token",
              "CLOUDFLARE_ACCOUNT_ID", token.accountId(),
              "SERVICE_TOKEN_ID", token.id(),
              "PROTECTED_URL", provider.protectedUrl(),
              "PAIR_STORE", directory.resolve("pairs.json").toString(),
              "CF_ACCESS_CLIENT_ID", token.clientId(),
              "CF_ACCESS_CLIENT_SECRET", token.clientSecret(),
              "ROTATE_EVERY", "PT0S");
      assertThat(start(environment, "adopt").waitFor()).isZero();

      Process service = start(environment);
      try {
        provider.awaitRequests(1, Duration.ofSeconds(60));
        assertThat(provider.rotations()).isEqualTo(1);
      } finally {
        service.destroyForcibly().waitFor();
      }
    }
  }

  private static Process start(Map<String, String> environment, String... arguments)
      throws IOException {
    ProcessBuilder java =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    java.command().addAll(List.of(arguments));
    java.environment().putAll(environment);
    File log = new File("target", "main.log");
    return java.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log)).start();
  }
}
