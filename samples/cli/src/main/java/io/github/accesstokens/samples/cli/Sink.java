package io.github.accesstokens.samples.cli;

import io.github.accesstokens.FileHandover;
import io.github.accesstokens.Handover;
import io.github.accesstokens.HandoverInUseException;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.api.InvalidArgumentException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the new secret goes: to a file, to a command, or to standard output. */
final class Sink {
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);

  @Option(names = "--secret-file", paramLabel = "FILE")
  private @Nullable Path file;

  @Option(names = "--exec", paramLabel = "COMMAND")
  private @Nullable String command;

  @Option(names = "--show-secret")
  private boolean shown;

  boolean isShown() {
    return shown;
  }

  /** Returns the option that keeps the secret; null if it goes to standard output. */
  @Nullable String option() {
    if (file != null) {
      return "--secret-file";
    }
    return command == null ? null : "--exec";
  }

  /** Returns what keeps the secret; null if it goes to standard output. */
  @Nullable Handover handover(Function<Rotated, String> content) {
    if (file != null) {
      AtomicReference<Rotated> received = new AtomicReference<>();
      return withPlainMessages(
          FileHandover.to(file, token -> content.apply(received.get())), received);
    }
    if (command == null) {
      return null;
    }
    if (command.isBlank()) {
      throw new InvalidArgumentException("--exec", "must not be empty");
    }
    return new CommandHandover(command, content, COMMAND_TIMEOUT);
  }

  /** Adds the reason: many of the JDK's file exceptions have only the file's name as message. */
  private static Handover withPlainMessages(Handover handover, AtomicReference<Rotated> received) {
    return () -> {
      Handover.Receiver receiver;
      try {
        receiver = handover.prepare();
      } catch (HandoverInUseException e) {
        throw e;
      } catch (IOException e) {
        throw unwritable(e);
      } catch (UnsupportedOperationException e) {
        throw new IOException("--secret-file is on a file system without owner-only files", e);
      }
      return new Handover.Receiver() {
        @Override
        public void receive(Rotated rotated) throws IOException {
          received.set(rotated);
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
    };
  }

  private static IOException unwritable(IOException e) {
    String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
    if (e instanceof AccessDeniedException) {
      reason = "access denied";
    } else if (reason == null) {
      reason = e.getClass().getSimpleName();
    }
    return new IOException("--secret-file cannot be written: " + reason, e);
  }
}
