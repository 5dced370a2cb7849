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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ratios with their targets, then the figures of this machine, as a page with plots. */
final class Report {
  private static final Map<String, String> LABELS = new LinkedHashMap<>();

  static {
    LABELS.put("ours", "ours");
    LABELS.put("gson", "stock retrofit2, Gson");
    LABELS.put("jackson", "stock retrofit2, Jackson");
    LABELS.put("native", "stock native, Jackson");
    LABELS.put("moshi-reflection", "Moshi's reflection on our models");
    LABELS.put("ours-strings", "ours, times as strings");
    LABELS.put("jackson-strings", "stock Jackson, times as strings");
    LABELS.put("adapter", "our adapter without Retrofit");
    LABELS.put("moshi-names", "floor: Moshi, strings and names");
    LABELS.put("moshi-strings", "floor: Moshi, strings");
    LABELS.put("moshi-skip", "floor: Moshi, all skipped");
    LABELS.put("jackson-core", "floor: Jackson core, strings");
    LABELS.put("okhttp", "OkHttp by hand, no JSON");
    LABELS.put("retrofit", "OkHttp and Retrofit, no JSON");
    LABELS.put("moshi", "OkHttp, Retrofit, Moshi, no models");
    LABELS.put("generated", "the generated part of ours");
  }

  private final Results results;
  private final List<Contender> contenders;

  Report(Results results, List<Contender> contenders) {
    this.results = results;
    this.contenders = contenders;
  }

  List<Ratio> ratios() {
    String time = "decode rotated ns";
    List<Ratio> ratios = new ArrayList<>();
    ratios.add(
        Ratio.atLeast("decoding: stock Gson to ours", results.ratio(time, "gson", "ours"), 3));
    ratios.add(
        Ratio.atLeast(
            "decoding: stock Jackson to ours", results.ratio(time, "jackson", "ours"), 2.5));
    ratios.add(
        Ratio.atLeast(
            "decoding, times as strings: stock Jackson to ours",
            results.ratio(time, "jackson-strings", "ours-strings"),
            1));
    ratios.add(
        Ratio.atMost(
            "decoding: our adapter to Moshi skipping all",
            results.ratio(time, "adapter", "moshi-skip"),
            1.4));
    ratios.add(
        Ratio.atMost(
            "decoding: our adapter to Moshi reading strings",
            results.ratio(time, "adapter", "moshi-strings"),
            1.1));
    ratios.add(
        Ratio.atMost(
            "decoding: bytes allocated, of 1,800",
            results.get("decode rotated B", "ours") / 1800,
            1));
    for (String entries : List.of("1000", "100000")) {
      ratios.add(
          Ratio.atMost(
              "decoding: an entry of " + grouped(entries) + " to one of 10",
              perEntry("decode", entries, "ours") / perEntry("decode", "10", "ours"),
              1.1));
    }
    ratios.add(
        Ratio.atMost(
            "whole call: ours to OkHttp by hand, time",
            results.ratio("call ns", "ours", "okhttp"),
            1.03));
    ratios.add(
        Ratio.atMost(
            "whole call: ours to OkHttp by hand, bytes allocated",
            results.ratio("call B", "ours", "okhttp"),
            1.15));
    ratios.add(
        Ratio.atMost(
            "cold start: ours to OkHttp and Retrofit",
            results.ratio("cold ms", "ours", "retrofit"),
            1.03));
    ratios.add(
        Ratio.atMost(
            "cold start with an archive: ours to OkHttp and Retrofit",
            results.ratio("cold archive ms", "ours", "retrofit"),
            1.03));
    for (String peer : List.of("gson", "jackson", "native")) {
      ratios.add(
          Ratio.atLeast(
              "loaded classes: " + LABELS.get(peer) + " to ours",
              results.ratio("classes", peer, "ours"),
              1));
    }
    ratios.add(Ratio.atMost("jar: bytes, of 40 KB", results.get("jar", "ours") / 40_000, 1));
    ratios.add(
        Ratio.atLeast(
            "jar: stock Gson to the generated part of ours",
            results.ratio("jar", "gson", "generated"),
            1));
    if (results.has("dex", "ours")) {
      ratios.add(
          Ratio.atMost(
              "dex after R8: bytes beyond Retrofit, Moshi and OkHttp, of 10 KB",
              (results.get("dex", "ours") - results.get("dex", "moshi")) / 10_000,
              1));
    }
    ratios.add(
        Ratio.atMost("regeneration: seconds, of 3", results.get("regeneration", "this") / 3, 1));
    if (results.has("regeneration", "1000")) {
      ratios.add(
          Ratio.atMost(
              "regeneration: an operation of 1,000 to one of 100, beyond the start",
              added("100", "1000") / 900 / (added("10", "100") / 90),
              1.1));
    }
    return ratios;
  }

  private double added(String operations, String more) {
    return results.get("regeneration", more) - results.get("regeneration", operations);
  }

  private double perEntry(String what, String entries, String who) {
    return results.get(what + " " + entries + " ns", who) / Integer.parseInt(entries);
  }

  /** The ratios, for people. */
  String table() {
    return ratios().stream()
        .map(
            ratio ->
                String.format(
                    Locale.ROOT,
                    "%-72s %7s   %s %s",
                    ratio.what(),
                    ratio.shownValue(),
                    ratio.shownTarget(),
                    ratio.isMet() ? "met" : "MISSED"))
        .collect(Collectors.joining("\n"));
  }

  void write(Path directory) throws IOException {
    Path plots = Files.createDirectories(directory.resolve("benchmarks"));
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Benchmarks

        Written by `mvn -q -Pbenchmarks -pl client -am -DskipTests verify`. Only the ratios say something about another
        machine; all other figures are of the one named below.

        ## Ratios

        | ratio | is | target | |
        | --- | ---: | ---: | --- |
        """);
    for (Ratio ratio : ratios()) {
      row(
          page,
          ratio.what(),
          ratio.shownValue(),
          ratio.shownTarget(),
          ratio.isMet() ? "met" : "**missed**");
    }
    page.append(limits());
    page.append("\n## Figures of one machine\n\n").append(machine()).append("\n\n");

    plot(plots, page, "decode", bars("Decoding the documented success", "decode rotated ns", "ns"));
    plot(plots, page, "allocation", bars("Allocated while decoding it", "decode rotated B", "B"));
    plot(plots, page, "cold-start", bars("Cold start to the first answer", "cold ms", "ms"));
    plot(plots, page, "growth", growth());
    plot(plots, page, "regeneration", regeneration());

    envelopes(page, "Decoding", "decode");
    envelopes(page, "Encoding", "encode");
    table(
        page,
        "A whole rotation over loopback",
        List.of("time, µs", "allocated, B"),
        LABELS.keySet().stream().filter(who -> results.has("call ns", who)).toList(),
        who ->
            List.of(
                figure(results.get("call ns", who) / 1000), figure(results.get("call B", who))));
    table(
        page,
        "Cold start: from `main` to the first decoded answer, in a fresh JVM",
        List.of("ms", "CPU, ms", "classes", "with an archive, ms", "CPU, ms"),
        contenders.stream().map(Contender::id).toList(),
        who ->
            Stream.of("cold ms", "cold CPU ms", "classes", "cold archive ms", "cold archive CPU ms")
                .map(what -> figure(results.get(what, who)))
                .toList());
    table(
        page,
        "Size",
        List.of("jar, KB", "with all it needs, KB", "generated lines"),
        LABELS.keySet().stream().filter(who -> results.has("jar", who)).toList(),
        who ->
            Stream.of("jar", "closure", "lines")
                .map(
                    what ->
                        results.has(what, who)
                            ? figure(results.get(what, who) / (what.equals("lines") ? 1 : 1000))
                            : "")
                .toList());
    table(
        page,
        "Regeneration, in a JVM of its own",
        List.of("s"),
        Stream.of("this", "10", "100", "1000")
            .filter(size -> results.has("regeneration", size))
            .toList(),
        size -> List.of(String.format(Locale.ROOT, "%.1f", results.get("regeneration", size))));
    Files.writeString(directory.resolve("BENCHMARKS.md"), page);
  }

  /** How to read the ratios, and how far the floors would get. */
  private String limits() {
    String time = "decode rotated ns";
    return """

        ## How to read them

        - Times are those of the best iteration or, for calls and cold starts, the median of runs that took turns.
          What goes over loopback still differs by a tenth from run to run.
        - A client on Retrofit decodes the body of an answer with its own converter, the stock native client from a
          string, as they do it in a call. Our adapter without Retrofit is what is held against the floors.
        - The peers are the generator's stock clients for the same description, compiled alike. Of the enum that holds
          null alone their templates make Java that does not compile; for them it was taken out.
        - Without a body the stock clients cannot be called; they send an empty object.

        ## Where the limits are

        - Decoding: Moshi's reader alone, reading each string and telling the names apart but building nothing, is %s
          times as fast as stock Gson, %s times as fast as stock Jackson, %s times as fast as it with times as strings,
          and takes %s times as long as skipping all, %s times as long as when it skips the names. Our adapter takes %s
          times as long as that reader.
        - Whole call: OkHttp and Retrofit without JSON take %s times as long as OkHttp by hand and allocate %s times as
          much; with Moshi for the secret alone, %s and %s times. What ours adds are the models, a body that goes out
          once, and an answer that is read whole, looked through for secrets and shown without them.
        - Cold start: OkHttp, Retrofit and Moshi for the secret alone take %s times as long as without Moshi, and %s
          times with an archive.
        - Jar: of %s KB, %s KB are generated. The rest tells what became of a rotation and keeps its secret from sight:
          calls and their failures, retries, masking, handover, verification, logging.
        %s"""
        .formatted(
            ratio(time, "gson", "moshi-names"),
            ratio(time, "jackson", "moshi-names"),
            ratio(time, "jackson-strings", "moshi-names"),
            ratio(time, "moshi-names", "moshi-skip"),
            ratio(time, "moshi-names", "moshi-strings"),
            ratio(time, "adapter", "moshi-names"),
            ratio("call ns", "retrofit", "okhttp"),
            ratio("call B", "retrofit", "okhttp"),
            ratio("call ns", "moshi", "okhttp"),
            ratio("call B", "moshi", "okhttp"),
            ratio("cold ms", "moshi", "retrofit"),
            ratio("cold archive ms", "moshi", "retrofit"),
            kilobytes("jar", "ours"),
            kilobytes("jar", "generated"),
            results.has("dex", "ours")
                ? """
              - Dex: an app that R8 has shrunk around one rotation has %s KB with ours, and %s KB with OkHttp, Retrofit and
                Moshi for the secret alone.
              """
                    .formatted(kilobytes("dex", "ours"), kilobytes("dex", "moshi"))
                : "");
  }

  private String ratio(String what, String who, String other) {
    return String.format(Locale.ROOT, "%.2f", results.ratio(what, who, other));
  }

  private String kilobytes(String what, String who) {
    return String.format(Locale.ROOT, "%.1f", results.get(what, who) / 1000);
  }

  /** What is needed to read the figures: the machine, the JVM and the versions. */
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
    return "%s, %d processors, %s; JDK %s (%s); %s."
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("java.vm.version"),
            System.getProperty("java.vm.name"),
            libraries);
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

  private void envelopes(StringBuilder page, String title, String what) {
    List<String> documents =
        Stream.of(Documents.SUCCESS, Documents.FAILURE, "10", "1000", "100000")
            .filter(document -> results.has(what + " " + document + " ns", "ours"))
            .toList();
    for (String unit : List.of("ns", "B")) {
      table(
          page,
          title + (unit.equals("ns") ? ", nanoseconds" : ", bytes allocated"),
          documents.stream()
              .map(
                  document ->
                      switch (document) {
                        case Documents.SUCCESS -> "success";
                        case Documents.FAILURE -> "failure";
                        default -> "per entry of " + grouped(document);
                      })
              .toList(),
          LABELS.keySet().stream()
              .filter(who -> results.has(what + " " + documents.get(0) + " " + unit, who))
              .toList(),
          who ->
              documents.stream()
                  .map(
                      document -> {
                        String key = what + " " + document + " " + unit;
                        boolean grows = Character.isDigit(document.charAt(0));
                        return results.has(key, who)
                            ? figure(
                                results.get(key, who) / (grows ? Integer.parseInt(document) : 1))
                            : "";
                      })
                  .toList());
    }
  }

  private String bars(String title, String what, String unit) {
    Map<String, Double> values = new LinkedHashMap<>();
    LABELS.forEach(
        (who, label) -> {
          if (results.has(what, who)) {
            values.put(label, results.get(what, who));
          }
        });
    return Plot.bars(title, unit, values);
  }

  private String growth() {
    Map<String, Map<Double, Double>> lines = new LinkedHashMap<>();
    LABELS.forEach(
        (who, label) -> {
          if (results.has("decode 10 ns", who)) {
            Map<Double, Double> line = new TreeMap<>();
            for (String entries : BenchmarkRun.GROWTH) {
              line.put(Double.valueOf(entries), perEntry("decode", entries, who));
            }
            lines.put(who, line);
          }
        });
    return Plot.lines("Decoding a failure: nanoseconds per entry", "entries", lines);
  }

  private String regeneration() {
    Map<Double, Double> line = new TreeMap<>();
    for (String operations : List.of("10", "100", "1000")) {
      if (results.has("regeneration", operations)) {
        line.put(Double.valueOf(operations), results.get("regeneration", operations));
      }
    }
    return Plot.lines("Regeneration: seconds", "operations", Map.of("ours", line));
  }

  private static void plot(Path directory, StringBuilder page, String name, String svg)
      throws IOException {
    Files.writeString(directory.resolve(name + ".svg"), svg);
    page.append("![").append(name).append("](benchmarks/").append(name).append(".svg)\n\n");
  }

  private interface Row {
    List<String> of(String who);
  }

  private static void table(
      StringBuilder page, String title, List<String> columns, List<String> rows, Row row) {
    page.append("### ").append(title).append("\n\n| |");
    columns.forEach(column -> page.append(' ').append(column).append(" |"));
    page.append("\n| --- |").append(" ---: |".repeat(columns.size())).append('\n');
    for (String who : rows) {
      page.append("| ").append(label(who)).append(" |");
      row.of(who).forEach(cell -> page.append(' ').append(cell).append(" |"));
      page.append('\n');
    }
    page.append('\n');
  }

  private static String label(String who) {
    String label = LABELS.get(who);
    if (label != null) {
      return label;
    }
    return who.equals("this") ? "this description" : grouped(who) + " operations";
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String grouped(String number) {
    return String.format(Locale.ROOT, "%,d", Integer.parseInt(number));
  }
}
