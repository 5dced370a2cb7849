package io.github.accesstokens.contract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

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
    List<Deliberate> differences = new ArrayList<>();
    JsonNode listed = YAMLMapper.builder().build().readTree(folder.resolve(DIFFERENCES).toFile());
    for (JsonNode difference : listed) {
      differences.add(
          new Deliberate(
              difference.path("place").asString(),
              difference.path("ours").asString(),
              difference.path("theirs").asString(),
              difference.path("reason").asString()));
    }
    return differences;
  }
}
