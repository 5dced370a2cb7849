package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.samples.cli.Fixture.Run;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class DemonstrationTest {
  private static final String SHOWN =
      """
      (?s).*tried on a protected resource
        Client ID  \\S+
        secret     \\S{15}  accepted

      Rotated: the old secret expired at once
        old secret \\S{15}  refused
        new secret \\S{15}  accepted

      Rotated again: the old secret works until \\S+
        old secret \\S{15}  accepted
        new secret \\S{15}  accepted
      .*--service-token-id ID.*\
      """;

  @AutoClose private final Fixture rotate = new Fixture();

  @Test
  void noArgumentsAndNoCredentials_runIt() {
    rotate.outIsTerminal = () -> true;
    rotate.variables.put("CLOUDFLARE_API_TOKEN", "");

    Run run = rotate.runWith();

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out())
        .startsWith("There are no credentials in the environment")
        .matches(SHOWN)
        .doesNotContainPattern("cfast_\\w{3}");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void demoWithCredentials_runsItToo() {
    rotate.variables.put("CLOUDFLARE_BASE_URL", "not for this");

    Run run = rotate.runWith("--demo");

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out()).startsWith("This is a demonstration.").matches(SHOWN);
  }
}
