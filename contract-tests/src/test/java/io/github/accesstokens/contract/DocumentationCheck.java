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
  /** The example that shows the documented response. */
  static final String ROTATED = "rotated";

  private static final Set<String> PROSE =
      Set.of("description", "summary", "example", "examples", "info", "tags", "operationId");

  private DocumentationCheck() {}

  static List<Finding> check(Contract contract) {
    Findings findings = new Findings("documentation", Findings.DESCRIPTION);
    JsonNode example = contract.spec().root().at("/components/examples/" + ROTATED + "/value");
    for (JsonDifference difference : JsonDifference.between(contract.documented(), example)) {
      findings.add(
          "documentation/rotate-200.json",
          difference.pointer(),
          "has %s, but the description's example %s has %s"
              .formatted(difference.left(), ROTATED, difference.right()));
    }
    List<String> described = facts(contract.spec());
    difference(contract.facts(), described)
        .forEach(fact -> findings.add(fact, "is missing, but documentation/facts.txt has it"));
    difference(described, contract.facts())
        .forEach(fact -> findings.add(fact, "is not in documentation/facts.txt"));
    checkExamples(contract.spec(), findings);
    return findings.all();
  }

  /** The facts of one list that another list does not have. */
  static List<String> difference(List<String> facts, List<String> others) {
    return facts.stream().filter(fact -> !others.contains(fact)).toList();
  }

  /** All that a description says, except prose and examples: a place and a value in each line. */
  static List<String> facts(Spec spec) {
    List<String> facts = new ArrayList<>();
    addFacts("", spec.root(), facts);
    return facts;
  }

  private static void addFacts(String place, JsonNode node, List<String> facts) {
    if (node.isObject()) {
      // A property can have the name of a keyword for prose.
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

  private static void checkExamples(Spec spec, Findings findings) {
    Set<String> missing = new TreeSet<>();
    spec.schemas()
        .forEach(
            (schema, node) ->
                Spec.properties(node).keySet().forEach(name -> missing.add(schema + "." + name)));
    for (Spec.Example example : spec.examples()) {
      findings.addAll(example.place(), spec.violations(example.schema(), example.value()));
      missing.removeAll(spec.propertiesOf(example.schema(), example.value()).values());
    }
    missing.forEach(property -> findings.add("schema " + property, "no named example shows it"));
  }
}
