package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.accesstokens.Handover;
import io.github.accesstokens.Rotated;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Passes the secret to the standard input of a command.
 *
 * <p>The command starts only when there is a secret. If it started earlier and this process died,
 * the command would read an empty secret. No message shows the command: it may hold a credential.
 */
record CommandHandover(String command, Function<Rotated, String> content, Duration limit)
    implements Handover {
  // A bracket after the first word would make it the name of a function.
  private static final Pattern PLAIN_FIRST_WORD =
      Pattern.compile("\\s*([\\w./][\\w./+-]*)(?:\\s*|\\s+[^\\s(].*)", Pattern.DOTALL);

  @Override
  public Receiver prepare() throws IOException {
    if (run(quiet("sh", "-n", "-c", command), "") != 0) {
      throw new IOException("--exec is not a valid command for sh");
    }
    Matcher first = PLAIN_FIRST_WORD.matcher(command);
    if (first.matches()
        && run(quiet("sh", "-c", "command -v \"$1\"", "sh", first.group(1)), "") != 0) {
      throw new IOException("--exec starts with a command that does not exist");
    }
    return new Receiver() {
      @Override
      public void receive(Rotated rotated) throws IOException {
        // Its output goes to standard error, because standard output may be JSON.
        ProcessBuilder shell =
            new ProcessBuilder("sh", "-c", "exec sh -c \"$1\" >&2", "sh", command)
                .redirectError(Redirect.INHERIT);
        int status = run(shell, content.apply(rotated));
        if (status != 0) {
          throw new IOException("the command of --exec failed with exit status " + status);
        }
      }

      @Override
      public void close() {
        // run() leaves no process behind.
      }
    };
  }

  private static ProcessBuilder quiet(String... command) {
    return new ProcessBuilder(command).redirectError(Redirect.DISCARD);
  }

  private int run(ProcessBuilder builder, String input) throws IOException {
    Process process = builder.redirectOutput(Redirect.DISCARD).start();
    // On its own thread: writing blocks while the command does not read.
    Thread feeder = new Thread(() -> feed(process, input));
    feeder.setDaemon(true);
    feeder.start();
    try {
      if (!process.waitFor(limit.toNanos(), NANOSECONDS)) {
        throw new IOException(
            "the command of --exec took longer than " + limit.toSeconds() + " s and was stopped");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the command of --exec was running");
    } finally {
      if (process.isAlive()) {
        // The shell first: otherwise it prints that its children were killed.
        List<ProcessHandle> started = process.descendants().toList();
        // Through the handle: Process.destroyForcibly() waits for the feeder thread.
        process.toHandle().destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  private static void feed(Process process, String input) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    } catch (IOException e) {
      // The command stopped reading. Its exit status decides whether it failed.
    }
  }

  /** Shows no command: it may hold a credential. */
  @Override
  public String toString() {
    return "CommandHandover";
  }
}
