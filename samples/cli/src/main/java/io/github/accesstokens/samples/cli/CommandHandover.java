package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.accesstokens.Handover;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.model.ServiceToken;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Passes the secret to the standard input of a command.
 *
 * <p>An unproven secret goes to a command of its own, if there is one: a command that stores a
 * secret would replace the one that services use.
 *
 * <p>The command starts only when there is a secret. If it started earlier and this process died,
 * the command would read an empty secret. No message shows the command: it may hold a credential.
 */
record CommandHandover(
    String command, @Nullable String unprovenCommand, Content content, Duration limit)
    implements Handover {
  // A bracket after the first word would make it the name of a function.
  private static final Pattern PLAIN_FIRST_WORD =
      Pattern.compile("\\s*([\\w./][\\w./+-]*)(?:\\s*|\\s+[^\\s(].*)", Pattern.DOTALL);

  /** Formats a secret. */
  interface Content {
    String of(ServiceToken token, boolean proven);
  }

  // "command -v" alone finds any file at a path.
  private static final String CAN_RUN =
      "case $1 in */*) test -f \"$1\" && test -x \"$1\" ;; *) command -v \"$1\" ;; esac";

  @Override
  public Receiver prepare() throws IOException {
    check("--exec", command);
    if (unprovenCommand != null) {
      check("--unproven-exec", unprovenCommand);
    }
    return new Receiver() {
      @Override
      public void receive(Rotated rotated) throws IOException {
        pass(content.of(rotated.getToken(), true), "--exec", command);
      }

      @Override
      public @Nullable String receiveUnproven(ServiceToken token) throws IOException {
        if (unprovenCommand == null) {
          return null;
        }
        pass(content.of(token, false), "--unproven-exec", unprovenCommand);
        return "the input of --unproven-exec";
      }

      @Override
      public void close() {
        // run() leaves no process behind.
      }
    };
  }

  private void check(String option, String command) throws IOException {
    if (run(option, quiet("sh", "-n", "-c", command), "") != 0) {
      throw new IOException(option + " is not a valid command for sh");
    }
    Matcher first = PLAIN_FIRST_WORD.matcher(command);
    if (first.matches() && run(option, quiet("sh", "-c", CAN_RUN, "sh", first.group(1)), "") != 0) {
      throw new IOException(
          option + " starts with a command that does not exist or cannot be executed");
    }
  }

  private void pass(String secret, String option, String command) throws IOException {
    // Its output goes to standard error, because standard output may be JSON.
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", "exec sh -c \"$1\" >&2", "sh", command)
            .redirectError(Redirect.INHERIT);
    int status = run(option, shell, secret);
    if (status != 0) {
      throw new IOException("the command of " + option + " failed with exit status " + status);
    }
  }

  private static ProcessBuilder quiet(String... command) {
    return new ProcessBuilder(command).redirectError(Redirect.DISCARD);
  }

  private int run(String option, ProcessBuilder builder, String input) throws IOException {
    Process process = builder.redirectOutput(Redirect.DISCARD).start();
    // On its own thread: writing blocks while the command does not read.
    Thread feeder = new Thread(() -> feed(process, input));
    feeder.setDaemon(true);
    feeder.start();
    try {
      if (!process.waitFor(limit.toNanos(), NANOSECONDS)) {
        throw new IOException(
            "the command of "
                + option
                + " took longer than "
                + limit.toSeconds()
                + " s and was stopped");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(
          "interrupted while the command of " + option + " was running");
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
