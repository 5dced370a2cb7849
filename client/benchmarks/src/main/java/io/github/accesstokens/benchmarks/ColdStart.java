package io.github.accesstokens.benchmarks;

import java.util.concurrent.Callable;

/** Prints the milliseconds of the first rotation in a fresh JVM, from the start of main. */
final class ColdStart {
  private ColdStart() {}

  static int port(String[] arguments) {
    return Integer.parseInt(arguments[0]);
  }

  static void run(long start, Callable<Object> rotation) throws Exception {
    Object response = rotation.call();
    long nanoseconds = System.nanoTime() - start;
    if (response.toString().isEmpty()) {
      throw new IllegalStateException("no response");
    }
    System.out.println(nanoseconds / 1e6);
    // Threads of connection pools would keep the JVM alive.
    System.exit(0);
  }
}
