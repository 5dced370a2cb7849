package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.samples.cli.Fixture.Run;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VerifyTest {
  private static final int NO_RESPONSE = 0;

  @AutoClose private final Fixture rotate = new Fixture();

  @TempDir private Path directory;

  private final HttpServer page =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private final String url = "http://127.0.0.1:" + page.getAddress().getPort() + "/?a=b";
  private final AtomicInteger requests = new AtomicInteger();
  private volatile int status = 403;

  VerifyTest() throws IOException {
    page.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          try (exchange) {
            exchange
                .getResponseHeaders()
                .add("Location", "https://example.cloudflareaccess.com/login");
            if (status != NO_RESPONSE) {
              exchange.sendResponseHeaders(status, -1);
            }
          }
        });
    page.start();
  }

  @AfterEach
  void stop() {
    page.stop(0);
  }

  private Run rotateIntoFile(String url) {
    Path file = directory.resolve("token.env");
    return rotate.run(
        "--verify", url, "--verify-within", "0s", "--json", "--secret-file", file.toString());
  }

  @Test
  void acceptedSecret_isVerified() {
    Run run = rotateIntoFile(rotate.provider.protectedUrl());

    run.assertOutcome(0, "{\"outcome\": \"rotated\", \"verification\": \"accepted\"}");
    assertThat(run.err())
        .containsOnlyOnce("Rotated the service token")
        .endsWith(
            "Verified: the URL of --verify accepted the new secret, and refused a request without"
                + " it.\n");
  }

  @ParameterizedTest
  @CsvSource({
    "403, inconclusive, neither accepted nor refused the new secret",
    "302, refused, refused the new secret",
    "200, unprotected, is open to requests without a secret",
    "404, inconclusive, neither accepted nor refused the new secret",
    NO_RESPONSE + ", inconclusive, gave no result: the connection ended"
  })
  void otherResponse_isExitCode5(int status, String verification, String problem) {
    this.status = status;

    Run run = rotateIntoFile(url);

    run.assertOutcome(
        5,
        """
        {"outcome": "rotated", "kept_by": "--secret-file", "verification": "%s"}
        """
            .formatted(verification),
        "rotated and kept, but not verified: the URL of --verify " + problem);
    assertThat(run.json()).doesNotContainKey("client_secret");
    assertThat(directory.resolve("token.env")).content().contains(rotate.token.clientSecret());
  }

  @Test
  void secretThatNoHeaderHolds_isInconclusive() {
    rotate.respond(Map.of("client_id", "id", "client_secret", "s3cr\u00e9t"));

    Run run = rotateIntoFile(url);

    run.assertOutcome(5, "{\"verification\": \"inconclusive\"}", "client_secret");
    assertThat(run.err()).doesNotContain("s3cr");
    assertThat(requests).hasValue(0);
  }

  @Test
  void refusedSecret_isPrintedAllTheSame() {
    Run run = rotate.run("--verify", url, "--verify-within", "0s");

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.out()).contains("CF_ACCESS_CLIENT_SECRET=" + rotate.token.clientSecret());
  }

  @Test
  void failure_isNotVerified() {
    rotate.provider.enqueue(Fault.status(403));

    assertThat(rotateIntoFile(url).exitCode()).isEqualTo(1);
    assertThat(rotate.run("--verify", url, "--exec", "exit 1").exitCode()).isEqualTo(4);

    assertThat(requests).hasValue(0);
  }
}
