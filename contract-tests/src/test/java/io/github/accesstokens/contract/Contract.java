package io.github.accesstokens.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Everything that has to agree.
 *
 * @param documented the response to a rotation, copied from the provider's documentation
 * @param upstream the shapes of the provider's own document
 * @param spec the description
 * @param released the last released description
 * @param client the client that is generated from the description
 * @param pact the committed pacts, by consumer
 * @param generatedPact the pacts that the client of this build wrote, by consumer
 * @param responses the provider's response to each interaction, by {@link PactInteraction#key}
 */
record Contract(
    JsonNode documented,
    Upstream upstream,
    Spec spec,
    Spec released,
    Client client,
    JsonNode pact,
    JsonNode generatedPact,
    Map<String, Response> responses) {

  /**
   * A response of the provider.
   *
   * @param headers the media type, and those that the pact names
   */
  record Response(int status, Map<String, String> headers, String body) {
    /** Without parameters; empty if there is none. */
    String mediaType() {
      return headers.getOrDefault("Content-Type", "").replaceFirst(";.*", "").strip();
    }

    Response withStatus(int changed) {
      return new Response(changed, headers, body);
    }

    Response withHeader(String name, String value) {
      Map<String, String> changed = new TreeMap<>(headers);
      changed.put(name, value);
      return new Response(status, changed, body);
    }

    Response withoutHeader(String name) {
      Map<String, String> changed = new TreeMap<>(headers);
      changed.remove(name);
      return new Response(status, changed, body);
    }

    Response withBody(String changed) {
      return new Response(status, headers, changed);
    }
  }

  Contract withDocumented(JsonNode changed) {
    return new Contract(changed, upstream, spec, released, client, pact, generatedPact, responses);
  }

  Contract withUpstream(Upstream changed) {
    return new Contract(
        documented, changed, spec, released, client, pact, generatedPact, responses);
  }

  Contract withSpec(Spec changed) {
    return new Contract(
        documented, upstream, changed, released, client, pact, generatedPact, responses);
  }

  Contract withClient(Client changed) {
    return new Contract(
        documented, upstream, spec, released, changed, pact, generatedPact, responses);
  }

  Contract withPact(JsonNode changed) {
    return new Contract(
        documented, upstream, spec, released, client, changed, generatedPact, responses);
  }

  /** Replaces the response to an interaction, or removes it if it is null. */
  Contract withResponse(String interaction, @Nullable Response changed) {
    Map<String, Response> all = new LinkedHashMap<>(responses);
    if (changed == null) {
      all.remove(interaction);
    } else {
      all.put(interaction, changed);
    }
    return new Contract(documented, upstream, spec, released, client, pact, generatedPact, all);
  }
}
