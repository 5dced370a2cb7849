package io.github.accesstokens.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Reads and writes one document with one codec. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EnvelopeBenchmark {
  @Param("ours")
  String subject = "";

  @Param(Documents.SUCCESS)
  String document = "";

  private Codec codec = Codec.of("moshi-skip", true);
  private byte[] json = new byte[0];
  private Object envelope = "";

  @Setup
  public void prepare() throws IOException {
    codec = Codec.of(subject, document.equals(Documents.SUCCESS));
    json = codec.adapt(Documents.json(document));
    envelope = codec.decode(json);
  }

  @Benchmark
  public Object decode() throws IOException {
    return codec.decode(json);
  }

  @Benchmark
  public Object encode() throws IOException {
    return codec.encode(envelope);
  }
}
