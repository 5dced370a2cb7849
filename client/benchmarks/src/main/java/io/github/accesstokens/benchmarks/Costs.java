package io.github.accesstokens.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * What this client costs, and the limits that catch a regression.
 *
 * <p>Each limit is a little above the figures of JDK 17 and JDK 25. Lower it when a figure
 * improves.
 */
final class Costs {
  private static final double NONE = Double.POSITIVE_INFINITY;

  private final Measurements measured;
  private final List<Figure> figures = new ArrayList<>();

  private Costs(Measurements measured) {
    this.measured = measured;
  }

  /** Returns the figures that hardly change between two runs of the same commit. */
  static List<Figure> stable(Measurements measured) {
    Costs costs = new Costs(measured);
    costs.ratio("decoding, bytes allocated", "decode rotated B", "gson", 0.12);
    costs.ratio("decoding, bytes allocated", "decode rotated B", "jackson", 0.38);
    costs.ratio("decoding, bytes allocated", "decode rotated B", "moshi-strings", 1.45);
    costs.ratio("whole call, bytes allocated", "call rotated B", "okhttp", 1.95);
    costs.ratio("whole call, bytes allocated", "call rotated B", "retrofit", 1.6);
    costs.ratio("loaded classes", "classes", "gson", 0.95);
    costs.ratio("loaded classes", "classes", "jackson", 0.77);
    costs.ratio("loaded classes", "classes", "native", 0.72);
    costs.ratio("loaded classes", "classes", "retrofit", 1.07);
    costs.ratio("jar with all dependencies", "closure", "gson", 0.85);
    costs.ratio("jar with all dependencies", "closure", "jackson", 0.55);
    costs.ratio("jar with all dependencies", "closure", "native", 1.3);
    costs.ratio("generated lines", "lines", "gson", 0.96);
    costs.ratio("generated lines", "lines", "jackson", 0.9);
    costs.ratio("generated lines", "lines", "native", 0.69);
    costs.add("jar, KB", costs.thousands("jar", "ours"), 164);
    costs.add(
        "jar of the packages api and model, ratio to the stock Gson client",
        divided(measured.rounds("jar", "api-and-model"), measured.rounds("jar", "gson")),
        1.42);
    for (int apiLevel : Shrinking.API_LEVELS) {
      String dex = "dex " + apiLevel;
      String methods = "methods " + apiLevel;
      costs.add("dex at API " + apiLevel + ", KB", costs.thousands(dex, "ours"), 340);
      costs.add(
          "dex at API " + apiLevel + " beyond OkHttp, Retrofit and Moshi, KB",
          List.of((measured.median(dex, "ours") - measured.median(dex, "moshi")) / 1000),
          47);
      costs.add("method references at API " + apiLevel, measured.rounds(methods, "ours"), 2_360);
    }
    costs.add("desugared library at API 21, KB", costs.thousands("desugared", "ours"), 475);
    costs.growth("decoding, bytes of an entry: 100,000 entries to 10", "B", 1.3);
    // Quadratic work would make this ratio 10,000, so it is safe to check in a short run.
    costs.growth("decoding, time of an entry: 100,000 entries to 10", "ns", 2);
    return costs.figures;
  }

  /** Returns the figures that only a full run measures. */
  static List<Figure> ofFullRun(Measurements measured) {
    Costs costs = new Costs(measured);
    costs.ratio("decoding, time", "decode rotated ns", "gson", 0.45);
    costs.ratio("decoding, time", "decode rotated ns", "jackson", 0.6);
    costs.ratio("decoding, time", "decode rotated ns", "native", 0.6);
    costs.ratio("decoding, time", "decode rotated ns", "moshi-reflection", 1);
    costs.ratio("decoding, time", "decode rotated ns", "moshi-names", 1.25);
    costs.ratio("decoding, time", "decode rotated ns", "moshi-strings", 1.5);
    costs.ratio("decoding, time", "decode rotated ns", "moshi-skip", 1.9);
    costs.figures.add(
        new Figure(
            "decoding, time, date-times as strings",
            "jackson-strings",
            divided(
                measured.rounds("decode rotated ns", "ours-strings"),
                measured.rounds("decode rotated ns", "jackson-strings")),
            1.35));
    costs.ratio("encoding, time", "encode rotated ns", "gson", 0.5);
    costs.ratio("encoding, time", "encode rotated ns", "jackson", 1.6);
    costs.ratio("encoding, time", "encode rotated ns", "native", 1.7);
    // The scheduler decides how long a call over loopback takes, so its time has no limit.
    for (String other : List.of("gson", "jackson", "native", "okhttp", "retrofit", "moshi")) {
      costs.ratio("whole call, time", "call rotated ns", other, NONE);
    }
    for (String other : List.of("gson", "jackson", "native")) {
      costs.ratio("whole call, bytes allocated", "call rotated B", other, NONE);
    }
    for (String other : List.of("gson", "jackson", "native", "moshi")) {
      costs.ratio("cold start", "cold ms", other, NONE);
      costs.ratio("cold start with an archive", "archive ms", other, NONE);
    }
    costs.ratio("cold start", "cold ms", "retrofit", 1.25);
    costs.ratio("cold start with an archive", "archive ms", "retrofit", 1.2);
    double more = measured.median("regeneration", "1000") - measured.median("regeneration", "100");
    double less = measured.median("regeneration", "100") - measured.median("regeneration", "10");
    costs.add(
        "regeneration, time of an operation: 1,000 operations to 100",
        List.of(more / 900 / (less / 90)),
        1.5);
    return costs.figures;
  }

  /** Returns the ratios of this client to the baseline. */
  static List<Figure> sinceBaseline(Measurements measured, boolean full) {
    Costs costs = new Costs(measured);
    costs.ratio("decoding, bytes allocated", "decode rotated B", "before", NONE);
    costs.ratio("whole call, bytes allocated", "call rotated B", "before", NONE);
    costs.ratio("loaded classes", "classes", "before", NONE);
    costs.ratio("jar, bytes", "jar", "before", NONE);
    costs.ratio("dex at API 26, bytes", "dex 26", "before", NONE);
    if (full) {
      costs.ratio("decoding, time", "decode rotated ns", "before", NONE);
      costs.ratio("whole call, time", "call rotated ns", "before", NONE);
      costs.ratio("cold start", "cold ms", "before", NONE);
      costs.ratio("cold start with an archive", "archive ms", "before", NONE);
    }
    return costs.figures;
  }

  private void ratio(String what, String measure, String other, double limit) {
    figures.add(
        new Figure(
            what,
            other,
            divided(measured.rounds(measure, "ours"), measured.rounds(measure, other)),
            limit));
  }

  private void growth(String what, String unit, double limit) {
    List<Double> many = measured.rounds("decode 100000 " + unit, "ours");
    List<Double> few = measured.rounds("decode 10 " + unit, "ours");
    add(what, divided(many, few).stream().map(ratio -> ratio / 10_000).toList(), limit);
  }

  private void add(String what, List<Double> rounds, double limit) {
    figures.add(new Figure(what, "", rounds, limit));
  }

  private List<Double> thousands(String measure, String who) {
    return measured.rounds(measure, who).stream().map(value -> value / 1000).toList();
  }

  /** Returns a ratio for each round, so that a slow round of the machine slows both sides. */
  private static List<Double> divided(List<Double> some, List<Double> others) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < some.size(); round++) {
      ratios.add(some.get(round) / others.get(round));
    }
    return ratios;
  }
}
