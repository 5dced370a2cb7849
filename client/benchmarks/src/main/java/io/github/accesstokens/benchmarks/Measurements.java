package io.github.accesstokens.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.util.ListStatistics;

/** Holds the values of all rounds. */
final class Measurements {
  private final Map<String, List<Double>> values = new HashMap<>();

  void add(String what, String who, double value) {
    values.computeIfAbsent(key(what, who), key -> new ArrayList<>()).add(value);
  }

  boolean has(String what, String who) {
    return values.containsKey(key(what, who));
  }

  List<Double> rounds(String what, String who) {
    List<Double> rounds = values.get(key(what, who));
    if (rounds == null) {
      throw new IllegalStateException("not measured: " + key(what, who));
    }
    return rounds;
  }

  double median(String what, String who) {
    return median(rounds(what, who));
  }

  static double median(List<Double> values) {
    ListStatistics statistics = new ListStatistics();
    values.forEach(statistics::addValue);
    return statistics.getPercentile(50);
  }

  private static String key(String what, String who) {
    return what + " of " + who;
  }
}
