package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables and standard streams of the process.
 *
 * @param variables the environment variables
 * @param out standard output
 * @param outCheck throws if a secret on standard output would be lost
 * @param rescueDirectories where a secret goes that standard output cannot take
 * @param err standard error
 * @param outIsTerminal whether standard output may be a terminal
 * @param errIsTerminal whether standard error is a terminal
 */
record ProcessEnvironment(
    Map<String, String> variables,
    PrintStream out,
    OutputCheck outCheck,
    List<Path> rescueDirectories,
    PrintStream err,
    BooleanSupplier outIsTerminal,
    BooleanSupplier errIsTerminal) {

  /** Checks standard output before a secret is printed. */
  interface OutputCheck {
    /** Writes what the format of the secret ignores, if that proves anything. */
    void check(String blank) throws IOException;
  }

  static ProcessEnvironment ofThisProcess() {
    return new ProcessEnvironment(
        System.getenv(),
        // JSON is UTF-8 in every locale.
        new PrintStream(System.out, true, UTF_8),
        blank -> StandardOutput.prove(() -> outIsTerminal(false), blank),
        // The working directory first, because a restart can empty the other one.
        List.of(Path.of(""), Path.of(System.getProperty("java.io.tmpdir"))),
        System.err,
        // If unknown: keep the secret off a possible terminal, and show no progress.
        () -> outIsTerminal(true),
        () -> isTerminal(2, new ProcessBuilder().redirectError(Redirect.INHERIT), false));
  }

  /** Returns a variable's value without white space around it; null if it is not set or empty. */
  @Nullable String variable(String name) {
    String value = variables.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  boolean hasCredentials() {
    return Stream.of("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY")
        .anyMatch(name -> variable(name) != null);
  }

  private static boolean outIsTerminal(boolean ifUnknown) {
    return isTerminal(1, new ProcessBuilder().redirectOutput(Redirect.INHERIT), ifUnknown);
  }

  // System.console() depends on the JDK and on standard input, so this asks the shell's test.
  private static boolean isTerminal(int descriptor, ProcessBuilder inheriting, boolean ifUnknown) {
    try {
      int status = inheriting.command("test", "-t", String.valueOf(descriptor)).start().waitFor();
      return status == 0 || (status != 1 && ifUnknown);
    } catch (IOException e) {
      return ifUnknown;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ifUnknown;
    }
  }

  /** Shows no variables: they hold credentials. */
  @Override
  public String toString() {
    return "ProcessEnvironment";
  }
}
