package io.github.accesstokens.generator;

import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The faults of a description, and its parts that the generator does not support. */
final class Problems {
  private static final Logger LOGGER = LoggerFactory.getLogger("retrofit-moshi");

  private final String file;
  private final Set<String> found = new LinkedHashSet<>();

  Problems(String file) {
    this.file = file;
  }

  /** Notes a part that is not generated as it is described. */
  void add(String place, String problem) {
    found.add(place + ": " + problem);
  }

  /**
   * Ends the run if there are problems.
   *
   * @param lenient logs the problems instead
   * @throws IllegalArgumentException with one line for each problem
   */
  void report(boolean lenient) {
    if (found.isEmpty()) {
      return;
    }
    String problems = String.join(System.lineSeparator() + "  ", found);
    if (!lenient) {
      throw new IllegalArgumentException(
          file
              + " cannot be generated. Nothing was written. Change the description, or set "
              + RetrofitMoshiCodegen.LENIENT
              + "=true to generate the rest of it:"
              + System.lineSeparator()
              + "  "
              + problems);
    }
    LOGGER.warn(
        "{} is generated without these parts:{}  {}", file, System.lineSeparator(), problems);
  }
}
