package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What the command is given by whoever starts it.
 *
 * @param variables the environment
 * @param out standard output
 * @param err standard error
 * @param outIsTerminal whether people see standard output as it comes
 * @param errIsTerminal whether people see standard error as it comes
 */
record Surroundings(
    Map<String, String> variables,
    PrintStream out,
    PrintStream err,
    BooleanSupplier outIsTerminal,
    BooleanSupplier errIsTerminal) {
  private static final int YES = 0;
  private static final int NO = 1;
  private static final int UNCLEAR = 2;

  static Surroundings ofThisProcess() {
    return new Surroundings(
        System.getenv(),
        // JSON is UTF-8, whatever the locale says.
        new PrintStream(System.out, true, UTF_8),
        System.err,
        // Secrets do not go to what may be a terminal, and progress only to what is one.
        () -> isTerminal(1, new ProcessBuilder().redirectOutput(Redirect.INHERIT)) != NO,
        () -> isTerminal(2, new ProcessBuilder().redirectError(Redirect.INHERIT)) == YES);
  }

  // Not System.console(): what it says of standard output depends on the JDK and on standard input.
  private static int isTerminal(int descriptor, ProcessBuilder inheriting) {
    try {
      return inheriting.command("test", "-t", String.valueOf(descriptor)).start().waitFor();
    } catch (IOException e) {
      return UNCLEAR;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNCLEAR;
    }
  }

  /** Nothing of the environment, since a record would print the credentials. */
  @Override
  public String toString() {
    return "Surroundings";
  }
}
