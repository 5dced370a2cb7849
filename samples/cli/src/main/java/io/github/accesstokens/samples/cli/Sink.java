package io.github.accesstokens.samples.cli;

import io.github.accesstokens.FileHandover;
import io.github.accesstokens.Handover;
import io.github.accesstokens.Rotated;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the new secret goes: one of these, or a standard output that is no terminal. */
final class Sink {
  private static final Duration LONGEST_COMMAND = Duration.ofSeconds(60);

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "Write the new secret to FILE, which only you can read.")
  private @Nullable Path file;

  @Option(
      names = "--exec",
      paramLabel = "COMMAND",
      description = {
        "Feed the new secret to the standard input of COMMAND, which sh runs.",
        "Exit status 0 within 60 s: it is kept. Such as",
        "--format json --exec 'vault kv put secret/ci -'"
      })
  private @Nullable String command;

  @Option(
      names = "--show-secret",
      description = "Print the new secret even if standard output is a terminal.")
  private boolean shown;

  boolean isStandardOutput() {
    return file == null && command == null;
  }

  boolean isShown() {
    return shown;
  }

  /** The option that the secret goes by; null if to standard output. */
  @Nullable String option() {
    if (file != null) {
      return "--secret-file";
    }
    return command == null ? null : "--exec";
  }

  /** What hands the secret over; null if standard output is left to have it. */
  @Nullable Handover handover(Function<Rotated, String> content) throws BadInputException {
    if (file != null) {
      return new ToFile(FileHandover.to(file, content));
    }
    if (command == null) {
      return null;
    }
    if (command.isBlank()) {
      throw new BadInputException("--exec must not be empty");
    }
    return new CommandHandover(command, content, LONGEST_COMMAND);
  }

  /** Says in words what the exceptions for files often tell by their type alone. */
  private record ToFile(Handover handover) implements Handover {
    @Override
    public Receiver prepare() throws IOException {
      Receiver receiver;
      try {
        receiver = handover.prepare();
      } catch (IOException e) {
        throw unwritable(e);
      } catch (UnsupportedOperationException e) {
        throw new IOException(
            "--secret-file is on a file system that cannot keep a file to its owner", e);
      }
      return new Receiver() {
        @Override
        public void receive(Rotated rotated) throws IOException {
          try {
            receiver.receive(rotated);
          } catch (IOException e) {
            throw unwritable(e);
          }
        }

        @Override
        public void close() {
          receiver.close();
        }
      };
    }

    private static IOException unwritable(IOException failure) {
      String reason =
          failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
      if (failure instanceof AccessDeniedException) {
        reason = "access denied";
      } else if (reason == null) {
        reason = failure.getClass().getSimpleName();
      }
      return new IOException("--secret-file cannot be written: " + reason, failure);
    }
  }
}
