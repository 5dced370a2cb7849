package io.github.accesstokens.contract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What is kept of the provider's own document.
 *
 * @param extract its shapes of our operations
 * @param differences where our description differs from it on purpose
 */
record Upstream(Spec extract, List<Deliberate> differences) {
  static final String FOLDER = "openapi/upstream/";
  static final String EXTRACT = "service-tokens.yaml";
  static final String DIFFERENCES = "differences.yaml";

  /** A difference with its reason. */
  record Deliberate(String place, String ours, String theirs, String reason) {
    boolean is(Difference difference) {
      return place.equals(difference.place())
          && ours.equals(difference.ours())
          && theirs.equals(difference.theirs());
    }
  }

  static Upstream read(Path folder) {
    return new Upstream(Spec.read(folder.resolve(EXTRACT)), deliberate(folder));
  }

  static List<Deliberate> deliberate(Path folder) {
    Path file = folder.resolve(DIFFERENCES);
    JsonNode listed = Spec.read(file).root();
    List<Deliberate> differences = new ArrayList<>();
    for (JsonNode difference : listed) {
      differences.add(
          new Deliberate(
              text(file, difference, "place"),
              text(file, difference, "ours"),
              text(file, difference, "theirs"),
              text(file, difference, "reason")));
    }
    return differences;
  }

  private static String text(Path file, JsonNode difference, String name) {
    String text = difference.path(name).isString() ? difference.path(name).asString() : "";
    if (text.isBlank()) {
      throw new UnreadableDocumentException(
          Verdict.MALFORMED, "%s needs the text \"%s\" in %s".formatted(file, name, difference));
    }
    return text;
  }
}
