package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.accesstokens.samples.cli.Fixture.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompletionTest {
  /** Asks bash's completion of the script for the last word. */
  private static final String COMPLETE =
      """
      source <(rotate --completion)
      COMP_WORDS=(rotate "$@")
      COMP_CWORD=$#
      $(complete -p rotate | sed 's/.*-F \\([a-z_]*\\) .*/\\1/')
      echo "${COMPREPLY[@]}"
      """;

  @ParameterizedTest
  @CsvSource({
    "--secret-f, --secret-file",
    "--gr, --grace",
    "--account-id ID --dry, --dry-run",
    "--format k, kubernetes"
  })
  void beginningOfAWord_isCompleted(String words, String completion, @TempDir Path directory)
      throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")));
    Shell shell = new Shell(directory);

    Run run =
        shell.run(
            directory,
            Map.of("PATH", shell.path()),
            Stream.concat(
                    Stream.of("/bin/bash", "-c", COMPLETE, "bash"), Stream.of(words.split(" ")))
                .toArray(String[]::new));

    assertThat(run.out()).as(run.err()).isEqualTo(completion + "\n");
  }
}
