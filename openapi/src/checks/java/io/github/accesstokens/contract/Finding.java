package io.github.accesstokens.contract;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * A disagreement.
 *
 * @param check the check that noticed it
 * @param file the file to look at
 * @param place the place in it
 * @param problem what is there, and what is expected
 */
record Finding(String check, String file, String place, String problem) {
  @Override
  public String toString() {
    return file + ", " + place + ": " + problem + " [" + check + "]";
  }

  /** The items of a list for a message, or the word "nothing". */
  static String listed(Collection<?> items) {
    return items.isEmpty()
        ? "nothing"
        : items.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
