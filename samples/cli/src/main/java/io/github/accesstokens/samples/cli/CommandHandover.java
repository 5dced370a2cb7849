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
 * Feeds the secret to the standard input of a command.
 *
 * <p>The command is started when there is a secret, and not before: started early, it would take
 * the end of this process for the end of an empty secret. No message repeats it, since it may hold
 * a credential.
 *
 * @param limit how long the command may take
 */
record CommandHandover(String command, Function<Rotated, String> content, Duration limit)
    implements Handover {
  // Followed by an argument or nothing; by a bracket it would be the name of a function.
  private static final Pattern PLAIN_FIRST_WORD =
      Pattern.compile("\\s*([\\w./][\\w./+-]*)(?:\\s*|\\s+[^\\s(].*)", Pattern.DOTALL);

  @Override
  public Receiver prepare() throws IOException {
    if (run(quiet("sh", "-n", "-c", command), "") != 0) {
      throw new IOException("--exec is no command that sh understands");
    }
    Matcher first = PLAIN_FIRST_WORD.matcher(command);
    if (first.matches()
        && run(quiet("sh", "-c", "command -v \"$1\"", "sh", first.group(1)), "") != 0) {
      throw new IOException("--exec begins with a command that is not there");
    }
    return new Receiver() {
      @Override
      public void receive(Rotated rotated) throws IOException {
        // What the command prints goes to standard error: standard output may be JSON.
        ProcessBuilder shell =
            new ProcessBuilder("sh", "-c", "exec sh -c \"$1\" >&2", "sh", command)
                .redirectError(Redirect.INHERIT);
        int status = run(shell, content.apply(rotated));
        if (status != 0) {
          throw new IOException("the command of --exec ended with exit status " + status);
        }
      }

      @Override
      public void close() {
        // Nothing was started that is still there.
      }
    };
  }

  private static ProcessBuilder quiet(String... command) {
    return new ProcessBuilder(command).redirectError(Redirect.DISCARD);
  }

  private int run(ProcessBuilder builder, String input) throws IOException {
    Process process = builder.redirectOutput(Redirect.DISCARD).start();
    // A thread of its own, since a command that does not read would hold up this one.
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
        // The shell first, or it would have a word to say about the others.
        List<ProcessHandle> started = process.descendants().toList();
        // By its handle: the process itself would wait until its standard input is closed.
        process.toHandle().destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
      }
    }
  }

  private static void feed(Process process, String input) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    } catch (IOException e) {
      // It reads no more; whether it has what it needs, its exit status tells.
    }
  }

  /** Neither the command, which may hold a credential, nor anything else. */
  @Override
  public String toString() {
    return "CommandHandover";
  }
}
