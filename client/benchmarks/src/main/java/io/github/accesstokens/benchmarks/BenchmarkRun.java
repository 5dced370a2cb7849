package io.github.accesstokens.benchmarks;

import io.github.accesstokens.benchmarks.Shrinking.Dex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures everything, writes the page, and fails if a figure is over its limit. */
final class BenchmarkRun {
  static final List<String> GROWTH = List.of("10", "1000", "100000");
  static final List<String> OPERATIONS = List.of("10", "100", "1000");

  private static final Path CLIENT = Path.of(System.getProperty("benchmarks.client"));
  private static final boolean FULL = !System.getProperty("benchmarks.mode", "").equals("quick");
  private static final int ROUNDS = FULL ? 5 : 1;
  private static final int LAUNCHES = 5;
  private static final int ITERATIONS = 10;
  private static final List<String> ALSO_BEFORE =
      List.of("decode " + Documents.SUCCESS, "call " + Documents.SUCCESS);

  private final Measurements measured = new Measurements();
  private final List<Contender> contenders = Contender.all();
  private final boolean baseline = contenders.stream().anyMatch(Contender::isBefore);
  private final int port;

  private BenchmarkRun(int port) {
    this.port = port;
  }

  public static void main(String[] arguments) throws Exception {
    List<Figure> figures;
    try (LoopbackServer server = new LoopbackServer(Documents.json(Documents.SUCCESS))) {
      figures = new BenchmarkRun(server.port()).run();
    }
    List<Figure> over = figures.stream().filter(Figure::isOverLimit).toList();
    if (!over.isEmpty()) {
      System.err.println("\nOver the limit:");
      over.forEach(System.err::println);
      System.exit(1);
    }
  }

  private List<Figure> run() throws Exception {
    if (FULL) {
      for (Contender contender : contenders) {
        contender.archiveClasses(port);
      }
    }
    for (int round = 1; round <= ROUNDS; round++) {
      System.out.println("Round " + round + " of " + ROUNDS);
      runJmh();
      if (FULL) {
        measureColdStarts();
      }
    }
    measureClasses();
    measureSizes();
    measureShrinking();
    if (FULL) {
      measureRegeneration();
    }

    List<Figure> figures = new ArrayList<>();
    if (FULL) {
      figures.addAll(Costs.ofFullRun(measured));
    }
    figures.addAll(Costs.stable(measured));
    if (FULL) {
      String folder = "benchmarks/results/jdk-" + Runtime.version().feature();
      new Report(measured, figures, contenders)
          .write(Files.createDirectories(CLIENT.resolve(folder)));
    }
    figures.forEach(System.out::println);
    if (baseline) {
      System.out.println("\nNow, compared to the baseline:");
      Costs.sinceBaseline(measured, FULL).forEach(System.out::println);
    }
    return figures;
  }

  private void runJmh() throws RunnerException {
    String success = Documents.SUCCESS;
    if (!FULL) {
      compare("decode", success, "ours", "gson", "jackson", "moshi-strings");
      compare("decode", "10", "ours");
      compare("decode", "100000", "ours");
      compare("call", success, "ours", "okhttp", "retrofit");
      return;
    }
    String[] peers = {"ours", "gson", "jackson", "native", "moshi-reflection"};
    compare("decode", success, peers);
    compare("decode", success, "ours-strings", "jackson-strings");
    compare("decode", success, "moshi-names", "moshi-strings", "moshi-skip", "jackson-core");
    for (String entries : GROWTH) {
      compare("decode", entries, peers);
    }
    compare("encode", success, peers);
    compare("call", success, "ours", "gson", "jackson", "native", "okhttp", "retrofit", "moshi");
  }

  private void compare(String benchmark, String document, String... subjects)
      throws RunnerException {
    String what = benchmark + " " + document;
    for (String subject : subjects) {
      run(benchmark, document, subject, subject, Contender.CLASS_PATH);
      if (baseline && subject.equals("ours") && ALSO_BEFORE.contains(what)) {
        run(benchmark, document, subject, "before", Contender.classPathOfBaseline());
      }
    }
  }

  private void run(String benchmark, String document, String subject, String who, String classPath)
      throws RunnerException {
    Options options =
        new OptionsBuilder()
            .include("\\." + benchmark + "$")
            .param("document", document)
            .param("subject", subject)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .addProfiler(GCProfiler.class)
            .jvmArgsAppend("-Xms1g", "-Xmx1g", "-XX:+UseSerialGC", "-Dbenchmarks.port=" + port)
            .forks(1)
            .warmupIterations(ITERATIONS)
            .warmupTime(TimeValue.milliseconds(100))
            .measurementIterations(ITERATIONS)
            .measurementTime(TimeValue.milliseconds(100))
            .build();
    // JMH reads this property when it starts a fork.
    System.setProperty("java.class.path", classPath);
    RunResult result = new Runner(options).runSingle();
    Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    String what = benchmark + " " + document;
    measured.add(what + " ns", who, result.getPrimaryResult().getScore());
    measured.add(what + " B", who, Objects.requireNonNull(allocated).getScore());
  }

  private void measureColdStarts() throws IOException, InterruptedException {
    Measurements launches = new Measurements();
    for (int launch = 0; launch < LAUNCHES; launch++) {
      for (Contender contender : contenders) {
        String archive = "-XX:SharedArchiveFile=" + contender.archive();
        launches.add("cold ms", contender.id(), contender.coldStart(port, "-Xshare:auto"));
        launches.add("archive ms", contender.id(), contender.coldStart(port, archive));
      }
    }
    for (Contender contender : contenders) {
      for (String what : List.of("cold ms", "archive ms")) {
        measured.add(what, contender.id(), launches.median(what, contender.id()));
      }
    }
  }

  private void measureClasses() throws IOException, InterruptedException {
    for (Contender contender : contenders) {
      measured.add("classes", contender.id(), contender.loadedClasses(port));
    }
  }

  private void measureSizes() throws IOException, InterruptedException {
    for (Contender contender : contenders) {
      Path jar = contender.jar();
      if (jar != null) {
        measured.add("jar", contender.id(), (double) Files.size(jar));
        measured.add("closure", contender.id(), contender.sizeWithDependencies());
        if (!contender.isBefore()) {
          measured.add("lines", contender.id(), contender.generatedLines());
        }
      }
    }
    measured.add("jar", "api-and-model", (double) Files.size(Contender.API_AND_MODEL));
  }

  private void measureShrinking() throws IOException, InterruptedException {
    new ShrinkingCheck().check(only("ours").get(0), only("gson").get(0), only("jackson").get(0));
    for (Contender contender : only("ours", "before", "gson", "jackson", "moshi")) {
      for (int apiLevel : Shrinking.API_LEVELS) {
        Dex dex = Shrinking.dex(contender, apiLevel);
        measured.add("dex " + apiLevel, contender.id(), (double) dex.bytes());
        measured.add("methods " + apiLevel, contender.id(), dex.methodReferences());
        if (apiLevel < 26 && List.of("ours", "moshi").contains(contender.id())) {
          Dex library = Shrinking.desugaredLibrary(dex);
          measured.add("desugared", contender.id(), (double) library.bytes());
        }
      }
    }
  }

  private List<Contender> only(String... ids) {
    return contenders.stream().filter(contender -> List.of(ids).contains(contender.id())).toList();
  }

  private void measureRegeneration() throws IOException, InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      measured.add("regeneration", "this", Regeneration.seconds(Documents.DESCRIPTION));
    }
    for (String operations : OPERATIONS) {
      Path description = Regeneration.description(Integer.parseInt(operations));
      measured.add("regeneration", operations, Regeneration.seconds(description));
    }
  }
}
