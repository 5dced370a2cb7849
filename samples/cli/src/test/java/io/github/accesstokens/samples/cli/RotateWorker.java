package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * A process that runs the command once for each line on standard input, and prints its exit code.
 *
 * <p>The line is a number of microseconds, by which the run starts later.
 */
final class RotateWorker {
  private RotateWorker() {}

  public static void main(String... args) throws IOException {
    PrintStream nothing = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    ProcessEnvironment environment =
        new ProcessEnvironment(
            System.getenv(), nothing, blank -> {}, List.of(), nothing, () -> false, () -> false);
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      long start = System.nanoTime() + Long.parseLong(line) * 1000;
      while (System.nanoTime() < start) {
        Thread.onSpinWait();
      }
      System.out.println(RotateCommand.run(environment, new Shutdown(Duration.ZERO), args));
    }
  }
}
