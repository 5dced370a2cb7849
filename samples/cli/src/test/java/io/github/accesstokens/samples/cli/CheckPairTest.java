package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.samples.cli.Fixture.Run;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code --check-pair} helps after an unknown outcome: it shows whether the old pair still works.
 */
final class CheckPairTest {
  @AutoClose private final Fixture rotate = new Fixture();

  @BeforeEach
  void pairInTheEnvironment() {
    rotate.variables.keySet().removeIf(name -> name.startsWith("CLOUDFLARE"));
    rotate.variables.put("CF_ACCESS_CLIENT_ID", rotate.token.clientId());
    rotate.variables.put("CF_ACCESS_CLIENT_SECRET", " " + rotate.token.clientSecret() + "\n");
  }

  private Run check(String... options) {
    String[] arguments = {"--check-pair", rotate.provider.protectedUrl(), "--verify-within", "0s"};
    return rotate.runWith(
        Stream.concat(Stream.of(arguments), Stream.of(options)).toArray(String[]::new));
  }

  @Test
  void currentPair_isAccepted() {
    assertThat(check()).isEqualTo(new Run(0, "accepted\n", ""));
    assertThat(check("--json").json()).containsEntry("verification", "accepted");
    assertThat(rotate.provider.requests()).isEmpty();
  }

  @Test
  void otherPair_isRefused() {
    rotate.variables.put("CF_ACCESS_CLIENT_SECRET", "other");

    assertThat(check()).isEqualTo(new Run(5, "refused\n", ""));
  }

  @Test
  void noResponse_isInconclusive() throws IOException {
    String url = "http://127.0.0.1:" + rotate.closedPort();

    Run run = rotate.runWith("--check-pair", url, "--verify-within", "0s", "--json");

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.json()).containsEntry("verification", "inconclusive").containsKey("message");
    assertThat(run.err()).startsWith("rotate: the URL of --check-pair gave no result: ");
  }

  @ParameterizedTest
  @CsvSource({
    "CF_ACCESS_CLIENT_ID, '', CF_ACCESS_CLIENT_ID is not set",
    "CF_ACCESS_CLIENT_SECRET, ' ', CF_ACCESS_CLIENT_SECRET is not set",
    "CF_ACCESS_CLIENT_SECRET, hunter2 hunter2, client_secret"
  })
  void incompletePair_isRefused(String variable, String value, String problem) {
    rotate.variables.put(variable, value);

    Run run = check();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(problem).doesNotContain("hunter2");
  }

  @Test
  void otherUrl_isRefused() {
    Run run = rotate.runWith("--check-pair", "http://app.example.com");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--check-pair must be https");
  }

  @Test
  void dryRun_isRefused() {
    Run run = check("--dry-run");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--dry-run does not apply to --check-pair");
  }

  @Test
  void rotationAtTheSameTime_isRefused() {
    rotate.variables.putAll(Map.of("CLOUDFLARE_API_TOKEN", Fixture.API_TOKEN));

    Run run = check("--service-token-id", rotate.token.id());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--check-pair rotates nothing");
  }
}
