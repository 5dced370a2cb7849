package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.samples.cli.Fixture.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Runs commands of a page or a recipe. The packaged program is {@code rotate} there. */
final class Shell {
  private final Path directory;
  private final Path bin;

  /**
   * Creates a directory for programs, with {@code rotate} and {@code java}.
   *
   * @param directory an empty directory
   */
  Shell(Path directory) throws IOException {
    this.directory = directory;
    this.bin = Files.createDirectory(directory.resolve("bin"));
    Path program = Path.of("target", "rotate.jar").toAbsolutePath();
    assertThat(program).as("packaged by mvn package").isExecutable();
    addProgram("rotate", "exec '" + program + "' \"$@\"");
    addProgram(
        "java", "exec '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' \"$@\"");
  }

  /** Adds a shell script to the programs. */
  void addProgram(String name, String script) throws IOException {
    Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Returns the directory of the programs. */
  Path bin() {
    return bin;
  }

  /** Returns the search path of programs. */
  String path() {
    return bin + ":/usr/local/bin:/usr/bin:/bin";
  }

  /** Runs a command with these variables alone. */
  Run run(Path workingDirectory, Map<String, String> variables, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(workingDirectory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(variables);
    int exitCode = builder.start().waitFor();
    return new Run(exitCode, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }
}
