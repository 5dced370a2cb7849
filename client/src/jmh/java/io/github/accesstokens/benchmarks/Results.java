package io.github.accesstokens.benchmarks;

import java.util.Map;
import java.util.TreeMap;

/** All figures: what was measured, and of whom. */
final class Results {
  private final Map<String, Double> values = new TreeMap<>();

  void put(String what, String who, double value) {
    put(what + "/" + who, value);
  }

  void put(String key, double value) {
    values.put(key, value);
  }

  boolean has(String what, String who) {
    return values.containsKey(what + "/" + who);
  }

  double get(String what, String who) {
    Double value = values.get(what + "/" + who);
    if (value == null) {
      throw new IllegalStateException("not measured: " + what + " of " + who);
    }
    return value;
  }

  /** How many times the value of another one is. */
  double ratio(String what, String who, String other) {
    return get(what, who) / get(what, other);
  }
}
