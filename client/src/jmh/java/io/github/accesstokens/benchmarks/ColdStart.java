package io.github.accesstokens.benchmarks;

import java.util.concurrent.Callable;

/** What a fresh JVM tells about its first rotation: nanoseconds since main, and of CPU in all. */
final class ColdStart {
  private ColdStart() {}

  static int port(String[] arguments) {
    return Integer.parseInt(arguments[0]);
  }

  static void run(long start, Callable<Object> rotation) throws Exception {
    Object answer = rotation.call();
    long wall = System.nanoTime() - start;
    long cpu = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    if (answer.toString().isEmpty()) {
      throw new IllegalStateException("no answer");
    }
    System.out.println(wall + " " + cpu);
    // Threads of connection pools would keep the JVM.
    System.exit(0);
  }
}
