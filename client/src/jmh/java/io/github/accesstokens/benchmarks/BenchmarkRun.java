package io.github.accesstokens.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Scanner;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures everything, writes the report, and fails if a peer has come too close. */
final class BenchmarkRun {
  static final List<String> CLIENTS = List.of("ours", "gson", "jackson", "native");
  static final List<String> GROWTH = List.of("10", "1000", "100000");

  private static final Path DIRECTORY = Path.of(System.getProperty("benchmarks.directory"));
  private static final boolean QUICK =
      System.getProperty("benchmarks.mode", "full").equals("quick");

  private final Results results = new Results();

  private BenchmarkRun() {}

  public static void main(String[] arguments) throws Exception {
    List<Contender> contenders = Contender.all();
    BenchmarkRun run = new BenchmarkRun();
    run.measureEnvelopes();
    try (LoopbackServer server = new LoopbackServer(Documents.json(Documents.SUCCESS))) {
      run.measureCalls(server.port());
      run.measureColdStarts(contenders, server.port());
      if (!QUICK) {
        run.measureDex(contenders, server.port());
      }
    }
    run.measureSizes(contenders);
    run.measureRegeneration();

    // Figures of a quick run are not worth keeping.
    Path target =
        QUICK ? DIRECTORY.resolve("report") : Path.of(System.getProperty("benchmarks.report"));
    Report report = new Report(run.results, contenders);
    report.write(Files.createDirectories(target));
    System.out.println(report.table());
    List<Ratio> lost = report.ratios().stream().filter(Ratio::isLost).toList();
    if (!lost.isEmpty()) {
      throw new IllegalStateException("below half of the target against a peer: " + lost);
    }
  }

  /** How much is run: forks, iterations to warm up, iterations, milliseconds of each. */
  private record Effort(int forks, int warmups, int iterations, int milliseconds) {}

  private void measureEnvelopes() throws RunnerException {
    Effort most = QUICK ? new Effort(1, 10, 15, 100) : new Effort(2, 20, 25, 100);
    Effort less = QUICK ? new Effort(1, 8, 8, 100) : new Effort(1, 15, 15, 100);
    Effort slow = QUICK ? new Effort(1, 4, 4, 200) : new Effort(1, 10, 10, 300);
    List<String> peers = List.of("ours", "gson", "jackson", "native", "moshi-reflection");
    List<String> strings = List.of("ours-strings", "jackson-strings");
    List<String> floors =
        List.of("adapter", "moshi-names", "moshi-strings", "moshi-skip", "jackson-core");
    envelopes("decode", List.of(Documents.SUCCESS), both(both(peers, strings), floors), most);
    envelopes("encode", List.of(Documents.SUCCESS), both(peers, strings), most);
    List<String> more = QUICK ? List.of("ours") : peers;
    envelopes("decode", List.of(Documents.FAILURE, "10", "1000"), more, less);
    envelopes("decode", List.of("100000"), more, slow);
    if (!QUICK) {
      envelopes("encode", List.of(Documents.FAILURE, "10", "1000"), peers, less);
      envelopes("encode", List.of("100000"), peers, slow);
    }
  }

  private static List<String> both(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  private void envelopes(String what, List<String> documents, List<String> codecs, Effort effort)
      throws RunnerException {
    ChainedOptionsBuilder options =
        options(effort)
            .include("EnvelopeBenchmark." + what + "$")
            .param("document", documents.toArray(String[]::new))
            .param("codec", codecs.toArray(String[]::new));
    for (RunResult result : new Runner(options.build()).run()) {
      // The best one: what a neighbour on the machine adds is no part of the work.
      double best = times(result).min().orElseThrow();
      record(
          what + " " + result.getParams().getParam("document"),
          result.getParams().getParam("codec"),
          best,
          allocated(result));
    }
  }

  private void measureCalls(int port) throws RunnerException {
    ChainedOptionsBuilder options =
        options(QUICK ? new Effort(1, 12, 10, 100) : new Effort(1, 20, 20, 100))
            .include("CallBenchmark")
            .param(
                "client",
                QUICK
                    ? new String[] {"ours", "okhttp", "retrofit", "moshi"}
                    : new String[] {
                      "ours", "okhttp", "retrofit", "moshi", "gson", "jackson", "native"
                    })
            .jvmArgsAppend("-Dbenchmarks.port=" + port);
    Map<String, List<RunResult>> runs = new TreeMap<>();
    // In turns, and not the best: when the scheduler wakes the other side is a part of each call.
    for (int round = QUICK ? 2 : 5; round > 0; round--) {
      for (RunResult run : new Runner(options.build()).run()) {
        runs.computeIfAbsent(run.getParams().getParam("client"), key -> new ArrayList<>()).add(run);
      }
    }
    runs.forEach(
        (client, own) ->
            record(
                "call",
                client,
                median(own.stream().flatMapToDouble(BenchmarkRun::times).boxed().toList()),
                median(own.stream().map(BenchmarkRun::allocated).toList())));
  }

  private static ChainedOptionsBuilder options(Effort effort) {
    return new OptionsBuilder()
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true)
        .addProfiler(GCProfiler.class)
        .jvmArgsAppend("-Xms1g", "-Xmx1g", "-XX:+UseSerialGC")
        .forks(effort.forks())
        .warmupIterations(effort.warmups())
        .warmupTime(TimeValue.milliseconds(effort.milliseconds()))
        .measurementIterations(effort.iterations())
        .measurementTime(TimeValue.milliseconds(effort.milliseconds()));
  }

  private static DoubleStream times(RunResult result) {
    return result.getBenchmarkResults().stream()
        .flatMap(fork -> fork.getIterationResults().stream())
        .mapToDouble(iteration -> iteration.getPrimaryResult().getScore());
  }

  private static double allocated(RunResult result) {
    return Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
        .getScore();
  }

  private void record(String what, String who, double nanoseconds, double allocated) {
    results.put(what + " ns", who, nanoseconds);
    results.put(what + " B", who, allocated);
    System.out.printf("%s, %s: %,.0f ns%n", what, who, nanoseconds);
  }

  private void measureColdStarts(List<Contender> contenders, int port)
      throws IOException, InterruptedException {
    Path mains = Contender.mains();
    for (Contender contender : contenders) {
      Path loaded = DIRECTORY.resolve(contender.id() + "-classes.txt");
      coldStart(contender, mains, port, "-XX:ArchiveClassesAtExit=" + archive(contender));
      coldStart(contender, mains, port, "-Xlog:class+load:file=" + loaded);
      results.put("classes", contender.id(), Files.readAllLines(loaded).size());
    }
    Map<String, List<Double>> told = new TreeMap<>();
    // In turns, so that a change of the machine's mood meets them all.
    for (int round = QUICK ? 5 : 21; round > 0; round--) {
      for (Contender contender : contenders) {
        for (String mode : List.of("cold", "cold archive")) {
          String option =
              mode.equals("cold") ? "-Xshare:auto" : "-XX:SharedArchiveFile=" + archive(contender);
          Scanner printed = new Scanner(coldStart(contender, mains, port, option));
          for (String what : List.of(" ms", " CPU ms")) {
            told.computeIfAbsent(mode + what + "/" + contender.id(), key -> new ArrayList<>())
                .add(printed.nextLong() / 1e6);
          }
        }
      }
    }
    told.forEach((key, times) -> results.put(key, median(times)));
  }

  private static Path archive(Contender contender) {
    return DIRECTORY.resolve(contender.id() + ".jsa");
  }

  private static String coldStart(Contender contender, Path mains, int port, String option)
      throws IOException, InterruptedException {
    return Processes.run(
        List.of(
            Processes.java(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            option,
            "-cp",
            contender.classPath(mains),
            contender.mainClass(),
            Integer.toString(port)));
  }

  private void measureDex(List<Contender> contenders, int port)
      throws IOException, InterruptedException {
    for (Contender contender : contenders) {
      if (List.of("ours", "moshi").contains(contender.id())) {
        results.put("dex", contender.id(), Shrinking.dexSize(contender, Contender.mains(), port));
      }
    }
  }

  private void measureSizes(List<Contender> contenders) throws IOException {
    for (Contender contender : contenders) {
      results.put("closure", contender.id(), contender.closureSize());
      Path jar = contender.jar();
      if (jar != null) {
        results.put("jar", contender.id(), (double) Files.size(jar));
        results.put("lines", contender.id(), contender.generatedLines());
      }
    }
    results.put("jar", "generated", Contender.generatedPartOfOurs());
  }

  private void measureRegeneration() throws IOException, InterruptedException {
    double[] ours = new double[QUICK ? 1 : 3];
    for (int i = 0; i < ours.length; i++) {
      ours[i] = Regeneration.seconds(Path.of(System.getProperty("benchmarks.spec")));
    }
    Arrays.sort(ours);
    results.put("regeneration", "this", ours[ours.length / 2]);
    for (int operations : QUICK ? new int[] {10, 100} : new int[] {10, 100, 1000}) {
      results.put(
          "regeneration",
          Integer.toString(operations),
          Regeneration.seconds(Regeneration.description(operations)));
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
