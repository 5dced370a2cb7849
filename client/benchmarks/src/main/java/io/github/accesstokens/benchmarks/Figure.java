package io.github.accesstokens.benchmarks;

import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A ratio of this client to another one, or a plain number. Less is better.
 *
 * @param what what is measured
 * @param against the other client; empty for a plain number
 * @param rounds a value for each round
 * @param limit the run fails if the median is above this; infinite if there is no limit
 */
record Figure(String what, String against, List<Double> rounds, double limit) {
  double median() {
    return Measurements.median(rounds);
  }

  boolean isOverLimit() {
    return median() > limit;
  }

  String shownMedian() {
    return shown(median());
  }

  /** Returns the lowest and the highest round, or nothing if there was only one. */
  String shownSpread() {
    return rounds.size() == 1
        ? ""
        : "(" + shown(Collections.min(rounds)) + "–" + shown(Collections.max(rounds)) + ")";
  }

  /** Returns a line for the console. */
  @Override
  public String toString() {
    String name = against.isEmpty() ? what : what + ", ratio to " + Report.label(against);
    String limitShown = Double.isFinite(limit) ? "limit " + shown(limit) : "no limit";
    return String.format(
        Locale.ROOT, "%-84s %8s  %-14s %s", name, shownMedian(), shownSpread(), limitShown);
  }

  private static String shown(double value) {
    return String.format(Locale.ROOT, value < 20 ? "%.2f" : "%,.1f", value);
  }
}
