package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.samples.cli.Fixture.Run;
import java.io.IOException;
import java.io.Reader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts the command in processes of their own. */
final class Launcher implements AutoCloseable {
  private static final String ALL_ARGUMENTS = "exec \"$@\"";

  private final Path directory;
  private final Map<String, String> variables;
  private final List<Process> all = new ArrayList<>();
  private Class<?> main = RotateCommand.class;
  private List<String> jvmOptions = List.of();

  /**
   * Creates a launcher.
   *
   * @param directory the working directory of the processes, which also gets their output
   */
  Launcher(Path directory, Map<String, String> variables) {
    this.directory = directory;
    this.variables = variables;
  }

  /** Starts this class instead of the command. */
  Launcher main(Class<?> main) {
    this.main = main;
    return this;
  }

  Launcher jvmOptions(String... options) {
    this.jvmOptions = List.of(options);
    return this;
  }

  Launched start(String... arguments) throws IOException {
    return startInShell(ALL_ARGUMENTS, arguments);
  }

  /** Starts the command from a shell script, which calls it as {@code "$@"}. */
  Launched startInShell(String script, String... arguments) throws IOException {
    Path out = Files.createTempFile(directory, "out", "");
    Process process = builder(script, arguments).redirectOutput(out.toFile()).start();
    all.add(process);
    return new Launched(process, out);
  }

  /** Starts the command with pipes to its standard input and output, and no standard error. */
  Process startWithPipes(String... arguments) throws IOException {
    Process process = builder(ALL_ARGUMENTS, arguments).redirectError(Redirect.DISCARD).start();
    all.add(process);
    return process;
  }

  private ProcessBuilder builder(String script, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                script,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Starts sooner.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(jvmOptions);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("CLOUDFLARE_.*|GITHUB_.*|(?i)(HTTPS|NO)_PROXY|CF_.*"));
    builder.environment().putAll(variables);
    return builder;
  }

  @Override
  public void close() {
    all.forEach(Process::destroyForcibly);
  }

  /** A process that was started. */
  static final class Launched {
    private final Process process;
    private final Path out;
    private final Thread reader = new Thread(this::readErr);
    private final StringBuilder err = new StringBuilder();
    private boolean ended;

    private Launched(Process process, Path out) {
      this.process = process;
      this.out = out;
      reader.start();
    }

    private void readErr() {
      try (Reader text = process.errorReader(UTF_8)) {
        for (int c = text.read(); c >= 0; c = text.read()) {
          add((char) c);
        }
      } catch (IOException e) {
        // The process was destroyed.
      }
      end();
    }

    private synchronized void add(char c) {
      err.append(c);
      if (c == '\n') {
        notifyAll();
      }
    }

    private synchronized void end() {
      ended = true;
      notifyAll();
    }

    /** Waits until standard error contains the text. */
    synchronized void awaitErr(String text) throws InterruptedException {
      while (err.indexOf(text) < 0) {
        assertThat(ended).as(err.toString()).isFalse();
        wait();
      }
    }

    /** Sends a signal such as {@code TERM}. */
    void signal(String name) throws IOException, InterruptedException {
      // The kill of the shell, because that of procps does not know HUP in a Turkish locale.
      String kill = "kill -" + name + " " + process.pid();
      assertThat(new ProcessBuilder("sh", "-c", kill).start().waitFor()).isZero();
    }

    /** Waits for the end. */
    Run join() throws IOException, InterruptedException {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ends").isTrue();
      reader.join();
      return new Run(process.exitValue(), Files.readString(out, UTF_8), err.toString());
    }
  }
}
