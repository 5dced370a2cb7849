package io.github.accesstokens.samples.cli;

import io.github.accesstokens.FileHandover;
import io.github.accesstokens.Handover;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.api.InvalidArgumentException;
import io.github.accesstokens.model.ServiceToken;
import io.github.accesstokens.samples.cli.CommandHandover.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where the new secret goes: to a file, to a command, or to standard output. */
final class Sink {
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);

  /** Variables with files that the steps of a GitHub Actions job append to. */
  private static final List<String> APPENDED_FILES =
      List.of("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_PATH", "GITHUB_STEP_SUMMARY");

  @ArgGroup(exclusive = false)
  private @Nullable FileOptions file;

  @ArgGroup(exclusive = false)
  private @Nullable CommandOptions command;

  @Option(names = "--show-secret")
  private boolean shown;

  private static final class FileOptions {
    @Option(names = "--secret-file", paramLabel = "FILE", required = true)
    private Path path = Path.of("");

    @Option(names = "--secret-mode", paramLabel = "MODE", converter = ToMode.class)
    private @Nullable String mode;

    @Option(names = "--secret-group", paramLabel = "GROUP")
    private @Nullable String group;

    FileHandover handover(Function<ServiceToken, @Nullable String> content) {
      FileHandover handover = FileHandover.to(path, content);
      if (mode != null) {
        handover = handover.withMode(mode);
      }
      return group == null ? handover : handover.withGroup(group);
    }
  }

  private static final class ToMode implements ITypeConverter<String> {
    private static final String ALL = "rwxrwxrwx";

    /** Returns for example {@code rw-r-----} for {@code 640} or {@code 0640}. */
    @Override
    public String convert(String octal) {
      if (!octal.matches("0?[0-7]{3}")) {
        throw new TypeConversionException("not a mode like 640");
      }
      int bits = Integer.parseInt(octal, 8);
      StringBuilder mode = new StringBuilder(ALL);
      for (int i = 0; i < ALL.length(); i++) {
        if ((bits >> (ALL.length() - 1 - i) & 1) == 0) {
          mode.setCharAt(i, '-');
        }
      }
      return mode.toString();
    }
  }

  private static final class CommandOptions {
    @Option(names = "--exec", paramLabel = "COMMAND", required = true)
    private String command = "";

    @Option(names = "--unproven-exec", paramLabel = "COMMAND")
    private @Nullable String unprovenCommand;
  }

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

  /** Returns the option that keeps an unproven secret. */
  @Nullable String unprovenOption() {
    return command == null ? option() : "--unproven-exec";
  }

  /** Checks the options before anything is sent. */
  void check(ProcessEnvironment environment) {
    if (command != null) {
      checkCommand("--exec", command.command);
      checkCommand("--unproven-exec", command.unprovenCommand);
    }
    for (String name : APPENDED_FILES) {
      String appended = environment.variable(name);
      if (file != null && appended != null && isSame(file.path, Path.of(appended))) {
        throw new InvalidArgumentException(
            "--secret-file",
            "must not be the file of "
                + name
                + ", because it would be replaced; append standard output to that file");
      }
    }
  }

  private static void checkCommand(String option, @Nullable String command) {
    if (command != null && command.isBlank()) {
      throw new InvalidArgumentException(option, "must not be empty");
    }
  }

  private static boolean isSame(Path file, Path other) {
    try {
      return Files.isSameFile(file, other);
    } catch (IOException e) {
      return file.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }
  }

  /** Returns what keeps the secret, or what checks standard output. */
  Handover handover(
      ProcessEnvironment environment, Content content, String blank, Consumer<String> warnings) {
    if (file != null) {
      // The name of the file marks an unproven secret. Once it is proven, a rename is enough.
      return file.handover(token -> content.of(token, true)).withWarnings(warnings);
    }
    if (command != null) {
      return new CommandHandover(
          command.command, command.unprovenCommand, content, COMMAND_TIMEOUT);
    }
    return () -> {
      try {
        environment.outCheck().check(blank);
      } catch (IOException e) {
        throw new IOException(
            "standard output is closed or cannot take a secret: " + e.getMessage(), e);
      }
      return new PrintedLater();
    };
  }

  /** Stores nothing: standard output gets the secret with the outcome. */
  private static final class PrintedLater implements Handover.Receiver {
    @Override
    public void receive(Rotated rotated) {}

    @Override
    public void close() {}
  }
}
