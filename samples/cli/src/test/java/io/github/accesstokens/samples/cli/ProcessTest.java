package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.provider.StubToken;
import io.github.accesstokens.samples.cli.Fixture.Run;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command in a process of its own. */
final class ProcessTest {
  @AutoClose private final Fixture fixture = new Fixture();
  @TempDir private Path directory;

  private Run run(Map<String, String> variables, String... arguments) throws Exception {
    try (Launcher launcher = new Launcher(directory, variables)) {
      return launcher.start(arguments).join();
    }
  }

  @Test
  void noArguments_runTheDemonstration() throws Exception {
    Run run = run(Map.of());

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out()).contains("demonstration", "refused", "--service-token-id ID");
  }

  @Test
  void standardOutputThatIsAFile_getsTheSecretInUtf8() throws Exception {
    StubToken token = fixture.provider.addToken(fixture.token.accountId(), "token", "\u00fcbung");
    fixture.variables.put("LC_ALL", "C");

    Run run = run(fixture.variables, "--service-token-id", "token", "--json");

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.json())
        .containsEntry("client_secret", token.clientSecret())
        .containsEntry("name", "\u00fcbung");
  }

  @Test
  void outputOfTheCommand_goesToStandardError() throws Exception {
    Run run =
        run(
            fixture.variables,
            "--service-token-id=" + fixture.token.id(),
            "--json",
            "--exec=head -n 1; yes out | head -n 50000; yes err | head -n 50000 >&2");

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.json()).containsEntry("outcome", "rotated");
    assertThat(run.err())
        .startsWith("CF_ACCESS_CLIENT_ID=" + fixture.token.clientId() + "\nout\nout\n")
        .contains("\nerr\nerr\n", "The new secret was kept by --exec.")
        .hasSizeGreaterThan(400_000)
        .doesNotContain("Rotating");
  }

  @Test
  void exitCode_isThatOfTheProcess() throws Exception {
    assertThat(run(Map.of(), "--nonsense").exitCode()).isEqualTo(2);
  }
}
