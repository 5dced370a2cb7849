package io.github.accesstokens.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The documentation against the description, and the description's examples against its schemas.
 */
final class DocumentationCheck {
  private static final String NAME = "documentation";
  private static final String DOCUMENTED = "rotated";
  private static final Set<String> PROSE =
      Set.of("description", "summary", "example", "examples", "info", "tags", "operationId");

  private DocumentationCheck() {}

  static List<Finding> check(Contract contract) {
    List<Finding> findings = new ArrayList<>();
    checkDocumentedExample(contract, findings);
    checkFacts(contract, findings);
    checkExamples(contract.spec(), findings);
    return findings;
  }

  private static void checkDocumentedExample(Contract contract, List<Finding> findings) {
    JsonNode example = contract.spec().root().at("/components/examples/" + DOCUMENTED + "/value");
    for (JsonDifference difference : JsonDifference.between(contract.documented(), example)) {
      findings.add(
          new Finding(
              NAME,
              "documentation/rotate-200.json, " + difference.pointer(),
              "the documentation has "
                  + difference.left()
                  + ", the description's example "
                  + DOCUMENTED
                  + " has "
                  + difference.right()));
    }
  }

  private static void checkFacts(Contract contract, List<Finding> findings) {
    List<String> described = facts(contract.spec());
    for (String fact : contract.facts()) {
      if (!described.contains(fact)) {
        findings.add(
            new Finding(
                NAME,
                "description",
                "openapi/service-tokens.yaml lacks what documentation/facts.txt has: " + fact));
      }
    }
    for (String fact : described) {
      if (!contract.facts().contains(fact)) {
        findings.add(
            new Finding(
                NAME,
                "description",
                "openapi/service-tokens.yaml has what documentation/facts.txt lacks: " + fact));
      }
    }
  }

  /**
   * All that a description says, apart from prose and examples: a place and a value in each line.
   */
  static List<String> facts(Spec spec) {
    List<String> facts = new ArrayList<>();
    addFacts("", spec.root(), facts);
    return facts;
  }

  private static void addFacts(String place, JsonNode node, List<String> facts) {
    if (node.isObject()) {
      // A property may be named like a keyword for prose.
      boolean names = place.endsWith("/properties") || place.endsWith("/schemas");
      for (Map.Entry<String, JsonNode> child : node.properties()) {
        if (names || !PROSE.contains(child.getKey())) {
          addFacts(place + "/" + child.getKey(), child.getValue(), facts);
        }
      }
      if (node.isEmpty()) {
        facts.add(place + " = {}");
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        JsonNode item = node.path(i);
        String name = item.path("name").asString(String.valueOf(i));
        addFacts(item.isObject() ? place + "/" + name : place, item, facts);
      }
      if (node.isEmpty()) {
        facts.add(place + " = []");
      }
    } else {
      facts.add(place + " = " + (node.isString() ? node.asString() : node.toString()));
    }
  }

  private static void checkExamples(Spec spec, List<Finding> findings) {
    Set<String> shown = new TreeSet<>();
    for (Spec.Example example : spec.examples()) {
      for (String violation : spec.violations(example.schema(), example.value())) {
        findings.add(new Finding(NAME, example.place(), violation));
      }
      collect(spec, example.schema(), example.value(), shown);
    }
    spec.schemas()
        .forEach(
            (name, schema) -> {
              for (String property : Spec.properties(schema).keySet()) {
                if (!shown.contains(name + "." + property)) {
                  findings.add(
                      new Finding(
                          NAME, "schema " + name + "." + property, "no named example shows it"));
                }
              }
            });
  }

  private static void collect(Spec spec, String schemaName, JsonNode value, Set<String> shown) {
    Spec.properties(spec.schema(schemaName))
        .forEach(
            (property, schema) -> {
              if (!value.has(property)) {
                return;
              }
              shown.add(schemaName + "." + property);
              String reference = Spec.reference(schema);
              if (reference != null) {
                collect(spec, reference, value.path(property), shown);
              }
              String items = Spec.reference(schema.path("items"));
              if (items != null) {
                value.path(property).forEach(item -> collect(spec, items, item, shown));
              }
            });
  }
}
