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
 */
record Surroundings(
    Map<String, String> variables,
    PrintStream out,
    PrintStream err,
    BooleanSupplier outIsTerminal) {

  static Surroundings ofThisProcess() {
    return new Surroundings(
        System.getenv(),
        // JSON is UTF-8, whatever the locale says.
        new PrintStream(System.out, true, UTF_8),
        System.err,
        Surroundings::isTerminal);
  }

  // Not System.console(): what it says of standard output depends on the JDK and on standard input.
  private static boolean isTerminal() {
    try {
      Process test =
          new ProcessBuilder("test", "-t", "1")
              .redirectOutput(Redirect.INHERIT)
              .redirectError(Redirect.DISCARD)
              .start();
      // Anything but a clear no counts as a terminal, where secrets do not go by themselves.
      return test.waitFor() != 1;
    } catch (IOException e) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Nothing of the environment, since a record would print the credentials. */
  @Override
  public String toString() {
    return "Surroundings";
  }
}
