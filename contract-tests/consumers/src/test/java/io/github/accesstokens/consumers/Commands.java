package io.github.accesstokens.consumers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands in a directory. */
final class Commands {
  private Commands() {}

  /** Runs a command that must succeed, and returns what it printed. */
  static String run(Path directory, Map<String, String> environment, List<String> command)
      throws Exception {
    File out = Files.createTempFile("command", ".txt").toFile();
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(environment);
    // Set in the build itself, for its own use.
    builder.environment().keySet().removeAll(List.of("MAVEN_OPTS", "MAVEN_ARGS"));
    Process process = builder.redirectErrorStream(true).redirectOutput(out).start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ended", command).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String printed = Files.readString(out.toPath(), UTF_8);
    Files.delete(out.toPath());
    assertThat(process.exitValue()).as("%s%n%s", command, printed).isZero();
    return printed;
  }
}
