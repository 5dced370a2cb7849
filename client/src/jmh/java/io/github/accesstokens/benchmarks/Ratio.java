package io.github.accesstokens.benchmarks;

import java.util.Locale;

/** A ratio with its target. */
record Ratio(String what, double value, double target, boolean atLeast, boolean ofPeer) {
  static Ratio atLeast(String what, double value, double target) {
    return new Ratio(what, value, target, true, true);
  }

  static Ratio atMost(String what, double value, double target) {
    return new Ratio(what, value, target, false, false);
  }

  boolean isMet() {
    return atLeast ? value >= target : value <= target;
  }

  /** Whether a peer has come closer than half of the target, which fails the run. */
  boolean isLost() {
    return ofPeer && value < target / 2;
  }

  String shownTarget() {
    return String.format(Locale.ROOT, "%s %.2f", atLeast ? "≥" : "≤", target);
  }

  String shownValue() {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
