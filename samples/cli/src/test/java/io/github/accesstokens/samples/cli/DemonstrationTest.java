package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class DemonstrationTest {
  private static final String SHOWN =
      """
      (?s).*tried on a protected resource
        Client ID  \\S+
        secret     \\S{15}  accepted

      Rotated: the old secret stopped working at once
        old secret \\S{15}  refused
        new secret \\S{15}  accepted

      Rotated again: the old secret works until \\S+
        old secret \\S{15}  accepted
        new secret \\S{15}  accepted
      .*--service-token-id ID.*""";

  @Test
  void bareCommandWithoutCredentialsDemonstrates() {
    Run run = Run.of(Map.of("CLOUDFLARE_API_TOKEN", "", "CLOUDFLARE_ACCOUNT_ID", "x"), true);

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out()).startsWith("There are no credentials in the environment").matches(SHOWN);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void isToBeHadWithCredentialsToo() {
    Run run =
        Run.of(
            Map.of("CLOUDFLARE_API_TOKEN", "x", "CLOUDFLARE_BASE_URL", "not for this"),
            true,
            "--demo");

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out()).startsWith("This is a demonstration.").matches(SHOWN);
  }

  @Test
  void secretsAreMasked() {
    assertThat(Run.of(Map.of(), true).out()).doesNotContainPattern("cfast_\\w{3}");
  }
}
