package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.provider.StubToken;
import io.github.accesstokens.samples.cli.Fixture.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    Run run = run(fixture.variables, "--service-token-id", "token", "--revoke-now", "--json");

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
            "--revoke-now",
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

  /** The usual line of cron throws standard output away. */
  @ParameterizedTest
  @ValueSource(strings = {">/dev/null", ">&-"})
  void failedCommandWithoutOutput_leavesTheSecretInAFile(String output) throws Exception {
    Run run = runInShell("\"$@\" " + output, "--exec=exit 1");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).doesNotContain("standard output has", fixture.token.clientSecret());
    assertThat(onlyRescueFile(run))
        .hasContent(
            "CF_ACCESS_CLIENT_ID=%s\nCF_ACCESS_CLIENT_SECRET=%s\n"
                .formatted(fixture.token.clientId(), fixture.token.clientSecret()));
  }

  @ParameterizedTest
  @ValueSource(strings = {">/dev/null", ">&-"})
  void unprovenSecretWithoutOutput_isInAFileWithAMark(String output) throws Exception {
    fixture.respond(
        403,
        """
        {"success": true, "errors": [], "messages": [], "result": {"client_secret": "s3cret"}}
        """);

    Run run = runInShell("\"$@\" " + output, "--exec=cat");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).doesNotContain("standard output", "s3cret");
    assertThat(onlyRescueFile(run))
        .hasContent("CF_ACCESS_UNPROVEN=true\nCF_ACCESS_CLIENT_SECRET=s3cret\n");
  }

  private Run runInShell(String script, String... options) throws Exception {
    try (Launcher launcher = new Launcher(directory, fixture.variables)) {
      return launcher
          .startInShell(
              script,
              Stream.concat(
                      Stream.of("--service-token-id=" + fixture.token.id(), "--revoke-now"),
                      Stream.of(options))
                  .toArray(String[]::new))
          .join();
    }
  }

  private Path onlyRescueFile(Run run) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> rescued =
          files.filter(f -> f.getFileName().toString().startsWith("rotate-secret-")).toList();
      assertThat(rescued).as(run.err()).hasSize(1);
      Path file = rescued.get(0).toRealPath();
      assertThat(run.err()).contains(" in " + file);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      return file;
    }
  }

  /** The launcher in front of the jar has to become the JVM. Otherwise the exit code is 143. */
  @Test
  void signalToThePackagedProgram_leavesTheOutcomeAsExitCode() throws Exception {
    Shell shell = new Shell(directory);
    fixture.variables.put("PATH", shell.path());
    String script =
        """
        rotate --service-token-id "$1" --revoke-now --exec '
          until test -s pid; do :; done
          cat > kept
          kill -TERM "$(cat pid)"' &
        echo $! > pid
        wait $!
        """;

    Run run = shell.run(directory, fixture.variables, "sh", "-c", script, "sh", fixture.token.id());

    assertThat(run.exitCode()).as(run.err()).isEqualTo(0);
    assertThat(directory.resolve("kept")).content().contains(fixture.token.clientSecret());
  }

  @Test
  void exitCode_isThatOfTheProcess() throws Exception {
    assertThat(run(Map.of(), "--nonsense").exitCode()).isEqualTo(2);
  }
}
