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
  String codec = "";

  @Param(Documents.SUCCESS)
  String document = "";

  private Codec subject = Codec.of("moshi-skip", true);
  private byte[] json = new byte[0];
  private Object envelope = "";

  @Setup
  public void prepare() throws IOException {
    subject = Codec.of(codec, document.equals(Documents.SUCCESS));
    json = subject.adapt(Documents.json(document));
    envelope = subject.decode(json);
  }

  @Benchmark
  public Object decode() throws IOException {
    return subject.decode(json);
  }

  @Benchmark
  public Object encode() throws IOException {
    return subject.encode(envelope);
  }
}
