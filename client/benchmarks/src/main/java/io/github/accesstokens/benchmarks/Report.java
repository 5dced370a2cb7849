package io.github.accesstokens.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the page of a full run: ratios, figures of this machine, plots. */
final class Report {
  private static final List<String> PEERS = List.of("gson", "jackson", "native");
  private static final Map<String, String> LABELS = new LinkedHashMap<>();

  static {
    LABELS.put("ours", "this client");
    LABELS.put("gson", "stock retrofit2, Gson");
    LABELS.put("jackson", "stock retrofit2, Jackson");
    LABELS.put("native", "stock native, Jackson");
    LABELS.put("moshi-reflection", "Moshi, reflection");
    LABELS.put("ours-strings", "this client, times as strings");
    LABELS.put("jackson-strings", "stock Jackson, times as strings");
    LABELS.put("moshi-names", "floor: Moshi, strings and names");
    LABELS.put("moshi-strings", "floor: Moshi, strings");
    LABELS.put("moshi-skip", "floor: Moshi, all skipped");
    LABELS.put("jackson-core", "floor: Jackson core, strings");
    LABELS.put("okhttp", "floor: OkHttp");
    LABELS.put("retrofit", "floor: OkHttp and Retrofit");
    LABELS.put("moshi", "floor: OkHttp, Retrofit, Moshi");
    LABELS.put("api-and-model", "this client, packages api and model");
    LABELS.put("this", "this description");
    BenchmarkRun.OPERATIONS.forEach(number -> LABELS.put(number, grouped(number) + " operations"));
  }

  private final Measurements measured;
  private final List<Figure> figures;
  private final List<Contender> contenders;
  private final StringBuilder page = new StringBuilder();

  Report(Measurements measured, List<Figure> figures, List<Contender> contenders) {
    this.measured = measured;
    this.figures = figures;
    this.contenders = contenders;
  }

  static String label(String who) {
    return LABELS.getOrDefault(who, who);
  }

  void write(Path directory) throws IOException {
    page.append(
        """
        # Benchmarks on JDK %d

        A full run writes this page. [How to run and read it](../../README.md).

        """
            .formatted(Runtime.version().feature()));
    page.append(machine()).append("\n");
    ratios();
    page.append("\n## Figures of this machine\n");
    plot(directory, "decode", bars("Decoding a success", "decode rotated ns", "ns"));
    plot(directory, "allocation", bars("Allocated while decoding it", "decode rotated B", "B"));
    plot(directory, "cold-start", bars("Cold start to the first response", "cold ms", "ms"));
    plot(directory, "growth", growth());
    plot(directory, "regeneration", regeneration());
    measurements();
    Files.writeString(directory.resolve("README.md"), page.toString().trim() + "\n");
  }

  /** Returns the machine, the JVM and the versions of the libraries. */
  private String machine() throws IOException {
    Pattern version =
        Pattern.compile("^(retrofit|okhttp|moshi|gson|jackson-databind)-(\\d.*)\\.jar$");
    String libraries =
        contenders.stream()
            .flatMap(contender -> contender.libraries().stream())
            .map(file -> version.matcher(file.getFileName().toString()))
            .filter(Matcher::matches)
            .map(name -> name.group(1) + " " + name.group(2))
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return "%s, %d processors, %s\nJDK %s (%s)\n%s"
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("java.vm.version"),
            System.getProperty("java.vm.name"),
            libraries)
        .replace("\n", "\\\n");
  }

  private static String processor() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).trim();
        }
      }
    }
    return System.getProperty("os.arch");
  }

  private void ratios() {
    Map<String, Map<String, String>> byWhat = new LinkedHashMap<>();
    for (Figure figure : figures) {
      if (PEERS.contains(figure.against())) {
        byWhat
            .computeIfAbsent(figure.what(), what -> new LinkedHashMap<>())
            .put(figure.against(), (figure.shownMedian() + " " + figure.shownSpread()).trim());
      }
    }
    header("## Ratio of this client to stock clients", PEERS.stream().map(Report::label).toList());
    byWhat.forEach(
        (what, cells) ->
            row(what, PEERS.stream().map(peer -> cells.getOrDefault(peer, "")).toList()));

    header("## Ratio of this client to floors and variants", List.of("other", "ratio", "spread"));
    for (Figure figure : figures) {
      if (!figure.against().isEmpty() && !PEERS.contains(figure.against())) {
        row(
            figure.what(),
            List.of(label(figure.against()), figure.shownMedian(), figure.shownSpread()));
      }
    }

    header("## Size and growth", List.of("figure", "spread"));
    for (Figure figure : figures) {
      if (figure.against().isEmpty()) {
        row(figure.what(), List.of(figure.shownMedian(), figure.shownSpread()));
      }
    }
  }

  private void measurements() {
    for (String unit : List.of("ns", "B")) {
      List<Column> columns = new ArrayList<>();
      columns.add(new Column("a success", "decode rotated " + unit, 1));
      for (String entries : BenchmarkRun.GROWTH) {
        columns.add(
            new Column(
                "an entry of " + grouped(entries),
                "decode " + entries + " " + unit,
                Integer.parseInt(entries)));
      }
      String title = unit.equals("ns") ? "nanoseconds" : "bytes allocated";
      table("### Decoding, " + title, columns.toArray(Column[]::new));
    }
    table(
        "### Encoding a success",
        new Column("ns", "encode rotated ns", 1),
        new Column("bytes allocated", "encode rotated B", 1));
    table(
        "### A whole call over loopback",
        new Column("µs", "call rotated ns", 1000),
        new Column("bytes allocated", "call rotated B", 1));
    table(
        "### Cold start: from `main` to the first decoded response, in a fresh JVM",
        new Column("ms", "cold ms", 1),
        new Column("with an archive, ms", "archive ms", 1),
        new Column("loaded classes", "classes", 1));
    table(
        "### Size",
        new Column("jar, KB", "jar", 1000),
        new Column("with all dependencies, KB", "closure", 1000),
        new Column("dex at API 26, KB", "dex 26", 1000),
        new Column("its method references", "methods 26", 1),
        new Column("dex at API 21, KB", "dex 21", 1000),
        new Column("its method references", "methods 21", 1),
        new Column("desugared library, KB", "desugared", 1000),
        new Column("generated lines", "lines", 1));
    table("### Regeneration, in a JVM of its own", new Column("s", "regeneration", 1));
  }

  private record Column(String title, String what, double unit) {}

  /** Writes the medians, with a row for each client that has one. */
  private void table(String title, Column... columns) {
    header(title, Stream.of(columns).map(Column::title).toList());
    for (String who : LABELS.keySet()) {
      List<String> cells =
          Stream.of(columns)
              .map(
                  column ->
                      measured.has(column.what(), who)
                          ? shown(measured.median(column.what(), who) / column.unit())
                          : "")
              .toList();
      if (!String.join("", cells).isEmpty()) {
        row(label(who), cells);
      }
    }
  }

  private void header(String title, List<String> columns) {
    page.append("\n").append(title).append("\n\n");
    row("", columns);
    row("---", columns.stream().map(column -> "---:").toList());
  }

  private void row(String name, List<String> cells) {
    page.append("| ").append(name).append(" | ").append(String.join(" | ", cells)).append(" |\n");
  }

  private String bars(String title, String what, String unit) {
    Map<String, Double> values = new LinkedHashMap<>();
    LABELS.forEach(
        (who, label) -> {
          if (measured.has(what, who)) {
            values.put(label, measured.median(what, who));
          }
        });
    return Plot.bars(title, unit, values);
  }

  private String growth() {
    Map<String, Map<Double, Double>> lines = new LinkedHashMap<>();
    LABELS.forEach(
        (who, label) -> {
          if (measured.has("decode 10 ns", who)) {
            lines.put(label, line(BenchmarkRun.GROWTH, size -> perEntry(size, who)));
          }
        });
    return Plot.lines("Decoding a failure: nanoseconds per entry", "entries", lines);
  }

  private double perEntry(String entries, String who) {
    return measured.median("decode " + entries + " ns", who) / Integer.parseInt(entries);
  }

  private String regeneration() {
    return Plot.lines(
        "Regeneration: seconds",
        "operations",
        Map.of(
            label("ours"),
            line(BenchmarkRun.OPERATIONS, size -> measured.median("regeneration", size))));
  }

  private static Map<Double, Double> line(List<String> sizes, ToDoubleFunction<String> value) {
    Map<Double, Double> line = new TreeMap<>();
    sizes.forEach(size -> line.put(Double.valueOf(size), value.applyAsDouble(size)));
    return line;
  }

  private void plot(Path directory, String name, String svg) throws IOException {
    Files.writeString(directory.resolve(name + ".svg"), svg);
    page.append("\n![").append(name).append("](").append(name).append(".svg)\n");
  }

  private static String shown(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
  }

  private static String grouped(String number) {
    return String.format(Locale.ROOT, "%,d", Integer.parseInt(number));
  }
}
