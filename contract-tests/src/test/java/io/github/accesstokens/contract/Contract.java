package io.github.accesstokens.contract;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Everything that has to agree.
 *
 * @param documented the answer to a rotation as the provider's documentation shows it
 * @param facts what else the documentation says, in the words of the description; one a line
 * @param spec the description
 * @param released the description as last released
 * @param client the client generated from it
 * @param pact what the client expects of the provider, as committed
 * @param generatedPact the same, as the client of this build wrote it
 * @param answers what the provider answers to each interaction of the pact
 */
record Contract(
    JsonNode documented,
    List<String> facts,
    Spec spec,
    Spec released,
    Client client,
    JsonNode pact,
    JsonNode generatedPact,
    Map<String, Answer> answers) {

  /** An answer of the provider; of the headers, those that the pact speaks of. */
  record Answer(int status, Map<String, String> headers, String body) {
    /** Without parameters; empty if there is none. */
    String mediaType() {
      return headers.getOrDefault("Content-Type", "").replaceFirst(";.*", "").strip();
    }

    Answer withHeader(String name, String value) {
      Map<String, String> changed = new TreeMap<>(headers);
      changed.put(name, value);
      return new Answer(status, changed, body);
    }

    Answer withoutHeader(String name) {
      Map<String, String> changed = new TreeMap<>(headers);
      changed.remove(name);
      return new Answer(status, changed, body);
    }
  }

  Contract withDocumented(JsonNode changed) {
    return new Contract(changed, facts, spec, released, client, pact, generatedPact, answers);
  }

  Contract withFacts(List<String> changed) {
    return new Contract(documented, changed, spec, released, client, pact, generatedPact, answers);
  }

  Contract withSpec(Spec changed) {
    return new Contract(documented, facts, changed, released, client, pact, generatedPact, answers);
  }

  Contract withClient(Client changed) {
    return new Contract(documented, facts, spec, released, changed, pact, generatedPact, answers);
  }

  Contract withPact(JsonNode changed) {
    return new Contract(documented, facts, spec, released, client, changed, generatedPact, answers);
  }

  Contract withAnswers(Map<String, Answer> changed) {
    return new Contract(documented, facts, spec, released, client, pact, generatedPact, changed);
  }
}
