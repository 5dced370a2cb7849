package io.github.accesstokens.contract;

import static io.github.accesstokens.contract.JsonDrift.remove;
import static io.github.accesstokens.contract.JsonDrift.rename;
import static io.github.accesstokens.contract.JsonDrift.set;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Damage to the committed pacts: each part of each interaction. */
final class PactDrift {
  private static final Map<String, ?> ANY_TEXT =
      Map.of("matchers", List.of(Map.of("match", "regex", "regex", ".*")));

  private PactDrift() {}

  static void add(Contract contract, List<Drift> drifts) {
    JsonNode pacts = contract.pact();
    JsonDrift drift = new JsonDrift(Drift.Input.PACT, null, pacts, Contract::withPact, drifts);
    for (PactInteraction interaction : PactInteraction.all(pacts)) {
      addInteraction(drift.named(interaction.description()), interaction.pointer());
    }
  }

  private static void addInteraction(JsonDrift pact, String at) {
    pact.at(at).add("interaction removed", remove());
    pact.at(at)
        .add(
            "interaction duplicated",
            (root, place) -> ((ArrayNode) root.at(place.head())).add(root.at(place).deepCopy()));
    pact.at(at + "/comments/text/*").add("comment removed", remove());
    pact.at(at + "/request").set("method changed", "/method", "PUT");
    pact.at(at + "/request").set("path changed", "/path", "/rotated");
    pact.at(at + "/response").set("status changed", "/status", 302);
    pact.at(at + "/providerStates/*").set("provider state renamed", "/name", Drift.STRANGER);
    for (String message : List.of(at + "/request", at + "/response")) {
      JsonDrift.Places headers = pact.at(message + "/headers/*");
      headers.add("header removed", remove());
      headers.add("header renamed", rename());
      headers.add("header changed", set(List.of(Drift.STRANGER)));
      pact.mutate("", message + "/body/content", any -> true);
      JsonDrift.Places matchers = pact.at(message + "/matchingRules/*/*");
      matchers.add("matcher removed", remove());
      matchers.add("matcher loosened", set(ANY_TEXT));
    }
  }
}
