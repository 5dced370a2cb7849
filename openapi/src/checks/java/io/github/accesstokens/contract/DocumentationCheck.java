package io.github.accesstokens.contract;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The documented response and the description's examples against the description. */
final class DocumentationCheck {
  /** The example that shows the documented response. */
  static final String ROTATED = "rotated";

  private static final Set<String> DESCRIBED =
      Set.of("properties", "responses", "parameters", "headers");

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
    checkDescribed("", spec.root().path("paths"), findings);
    checkDescribed("/components/schemas", spec.root().at("/components/schemas"), findings);
    return findings.all();
  }

  /** Asks for a description of what {@code adopt} takes over without one. */
  private static void checkDescribed(String place, JsonNode node, Findings findings) {
    for (Map.Entry<String, JsonNode> child : node.properties()) {
      String at = place + "/" + Shape.escaped(child.getKey());
      if (DESCRIBED.contains(child.getKey())) {
        for (JsonNode part : child.getValue()) {
          boolean described = part.has("$ref") || !part.path("description").asString("").isBlank();
          if (part.isObject() && !described) {
            findings.add(
                at,
                "has a part without a description: " + part + "; say in your own words what it is");
          }
        }
      }
      checkDescribed(at, child.getValue(), findings);
    }
  }
}
