package io.github.accesstokens.contract;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The documented response and the description's examples against the description. */
final class DocumentationCheck {
  /** The example that shows the documented response. */
  static final String ROTATED = "rotated";

  private DocumentationCheck() {}

  static List<Finding> check(Spec spec, JsonNode documented) {
    Findings findings = new Findings("documentation", Findings.DESCRIPTION);
    String value = "/components/examples/" + ROTATED + "/value";
    for (JsonDifference difference : JsonDifference.between(documented, spec.root().at(value))) {
      findings.add(
          value + difference.pointer(),
          "has %s, but the documented response has %s"
              .formatted(difference.right(), difference.left()));
    }
    for (Spec.Example example : spec.examples()) {
      findings.addAll(example.place(), spec.violations(example.schema(), example.value()));
    }
    for (Map.Entry<String, JsonNode> schema : spec.schemas().entrySet()) {
      Spec.properties(schema.getValue())
          .forEach(
              (name, property) -> {
                if (!property.has("$ref") && property.path("description").asString("").isBlank()) {
                  findings.add(
                      "/components/schemas/" + schema.getKey() + "/properties/" + name,
                      "has no description; say in your own words what it is");
                }
              });
    }
    return findings.all();
  }
}
