package io.github.accesstokens.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * An interaction of a pact.
 *
 * @param index its place in the pact
 */
record PactInteraction(String consumer, int index, JsonNode node) {

  /** The interactions of all pacts. */
  static List<PactInteraction> all(JsonNode pacts) {
    return pacts.propertyNames().stream()
        .flatMap(consumer -> of(consumer, pacts.path(consumer)).stream())
        .toList();
  }

  static List<PactInteraction> of(String consumer, JsonNode pact) {
    List<PactInteraction> interactions = new ArrayList<>();
    for (JsonNode node : pact.path("interactions")) {
      interactions.add(new PactInteraction(consumer, interactions.size(), node));
    }
    return interactions;
  }

  String description() {
    return node.path("description").asString();
  }

  /** The provider state. An interaction of another description or state is another one. */
  String state() {
    return node.path("providerStates")
        .valueStream()
        .map(state -> state.path("name").asString())
        .collect(Collectors.joining(", "));
  }

  /** Its description and its state, which are unique in a pact. */
  String title() {
    return "\"%s\", given \"%s\"".formatted(description(), state());
  }

  /** A text that is unique in all pacts. */
  String key() {
    return title() + " in " + consumer;
  }

  /** Where it is in the tree of all pacts. */
  String pointer() {
    return "/" + consumer + "/interactions/" + index;
  }

  JsonNode request() {
    return node.path("request");
  }

  JsonNode response() {
    return node.path("response");
  }

  int status() {
    return response().path("status").asInt();
  }

  static JsonNode body(JsonNode message) {
    return message.at("/body/content");
  }

  /** The media type of a message without parameters, or an empty text. */
  static String mediaType(JsonNode message) {
    return headers(message).getOrDefault("Content-Type", "").replaceFirst(";.*", "").strip();
  }

  /** The first value of each header. */
  static Map<String, String> headers(JsonNode message) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    message
        .path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().path(0).asString()));
    return headers;
  }
}
