package io.github.accesstokens.benchmarks;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Makes a whole rotation over loopback. This client and the floors connect for each call; the stock
 * clients keep a connection open.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CallBenchmark {
  @Param("ours")
  String subject = "";

  private Callable<Object> rotation = () -> "";

  @Setup
  public void connect() {
    int port = Integer.getInteger("benchmarks.port");
    rotation =
        switch (subject) {
          case "ours" -> Rotations.Ours.at(port);
          case "okhttp" -> Rotations.BareOkHttp.at(port);
          case "retrofit" -> Rotations.BareRetrofit.at(port);
          case "moshi" -> Rotations.BareMoshi.at(port);
          case "gson" -> Rotations.Gson.at(port);
          case "jackson" -> Rotations.Jackson.at(port);
          case "native" -> Rotations.Jdk.at(port);
          default -> throw new IllegalArgumentException("no client is named " + subject);
        };
  }

  @Benchmark
  public Object call() throws Exception {
    return rotation.call();
  }
}
