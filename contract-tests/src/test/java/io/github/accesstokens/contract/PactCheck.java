package io.github.accesstokens.contract;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The committed pact against the description, and against the pact that this build wrote. */
final class PactCheck {
  private final Spec spec;
  private final Findings findings = new Findings("pact", PactFile.COMMITTED.toString());
  private final Set<String> statuses = new TreeSet<>();

  private PactCheck(Spec spec) {
    this.spec = spec;
  }

  static List<Finding> check(Contract contract) {
    PactCheck check = new PactCheck(contract.spec());
    interactions(contract.pact()).forEach(check::checkInteraction);
    check.checkCoverage(contract.pact());
    check.checkGenerated(contract.pact(), contract.generatedPact());
    return check.findings.all();
  }

  static JsonNode interactions(JsonNode pact) {
    return pact.path("interactions");
  }

  static String description(JsonNode interaction) {
    return interaction.path("description").asString();
  }

  static JsonNode body(JsonNode message) {
    return message.at("/body/content");
  }

  /** The media type of a message without parameters, or an empty text. */
  static String mediaType(JsonNode message) {
    return headers(message).getOrDefault("Content-Type", "").replaceFirst(";.*", "").strip();
  }

  /** The first value of each header. */
  private static Map<String, String> headers(JsonNode message) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    message
        .path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().path(0).asString()));
    return headers;
  }

  private static String place(String description) {
    return "interaction \"" + description + "\"";
  }

  /** The operation that a request belongs to. */
  static Optional<Spec.Operation> operation(Spec spec, JsonNode request) {
    return spec.operations().stream()
        .filter(operation -> matches(spec, operation, request))
        .findFirst();
  }

  private void checkInteraction(JsonNode interaction) {
    String place = place(description(interaction));
    JsonNode request = interaction.path("request");
    operation(spec, request)
        .ifPresentOrElse(
            operation -> {
              checkSecurity(place + ", security", operation, request);
              checkRequestBody(
                  place + ", request body", operation.node().path("requestBody"), request);
              checkResponse(place, operation, interaction.path("response"));
            },
            () ->
                findings.add(
                    place + ", method and path",
                    "the description has no operation for "
                        + request.path("method").asString()
                        + " "
                        + request.path("path").asString()));
  }

  private static boolean matches(Spec spec, Spec.Operation operation, JsonNode request) {
    if (!operation.method().equals(request.path("method").asString().toLowerCase(Locale.ROOT))) {
      return false;
    }
    List<String> prefixes = new ArrayList<>();
    spec.root()
        .path("servers")
        .forEach(
            server ->
                prefixes.add(server.path("url").asString().replaceFirst("^[a-z]+://[^/]*", "")));
    String path = request.path("path").asString();
    return prefixes.stream()
        .filter(path::startsWith)
        .anyMatch(prefix -> matches(operation, path.substring(prefix.length()).split("/", -1)));
  }

  private static boolean matches(Spec.Operation operation, String[] path) {
    String[] template = operation.path().split("/", -1);
    if (template.length != path.length) {
      return false;
    }
    for (int i = 0; i < path.length; i++) {
      String segment = path[i];
      if (!template[i].startsWith("{")) {
        if (!template[i].equals(segment)) {
          return false;
        }
        continue;
      }
      String name = template[i].substring(1, template[i].length() - 1);
      boolean fits = false;
      for (JsonNode parameter : operation.node().path("parameters")) {
        fits |=
            parameter.path("in").asString().equals("path")
                && parameter.path("name").asString().equals(name)
                && segment.length() <= parameter.at("/schema/maxLength").asInt(Integer.MAX_VALUE);
      }
      if (!fits || segment.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private void checkSecurity(String place, Spec.Operation operation, JsonNode request) {
    Set<String> sent = Spec.credentials(headers(request));
    Collection<Set<String>> allowed = spec.security(operation).values();
    if (!allowed.contains(sent)) {
      findings.add(
          place,
          "has " + Finding.listed(sent) + ", but the description has " + Finding.listed(allowed));
    }
  }

  private void checkRequestBody(String place, JsonNode described, JsonNode request) {
    if (request.has("body")) {
      findings.addAll(place, contentViolations(described, request));
    } else if (described.path("required").asBoolean(false)) {
      findings.add(place, "is missing, but the description requires it");
    }
  }

  private void checkResponse(String place, Spec.Operation operation, JsonNode response) {
    int status = response.path("status").asInt();
    Spec.response(operation, status)
        .ifPresentOrElse(
            described -> {
              statuses.add(described.getKey());
              findings.addAll(
                  place + ", response body", contentViolations(described.getValue(), response));
            },
            () ->
                findings.add(
                    place + ", status",
                    "is "
                        + status
                        + ", but the description has "
                        + Finding.listed(operation.node().path("responses").propertyNames())));
  }

  private List<String> contentViolations(JsonNode described, JsonNode message) {
    return spec.violations(described.path("content"), mediaType(message), body(message).toString());
  }

  private void checkCoverage(JsonNode pact) {
    for (Spec.Operation operation : spec.operations()) {
      for (String status : operation.node().path("responses").propertyNames()) {
        if (!statuses.contains(status)) {
          findings.add(
              Findings.DESCRIPTION,
              operation.place() + ", status " + status,
              "no interaction of the pact has this status");
        }
      }
    }
    for (Spec.Example example : spec.examples()) {
      String side = example.status() == null ? "request" : "response";
      if (interactions(pact)
          .valueStream()
          .noneMatch(interaction -> body(interaction.path(side)).equals(example.value()))) {
        findings.add(
            Findings.DESCRIPTION, example.place(), "no interaction of the pact has this body");
      }
    }
  }

  private void checkGenerated(JsonNode committed, JsonNode generated) {
    addDifferences("", withoutInteractions(committed), withoutInteractions(generated));
    Map<String, JsonNode> before = byDescription(committed);
    Map<String, JsonNode> now = byDescription(generated);
    Set<String> descriptions = new LinkedHashSet<>(before.keySet());
    descriptions.addAll(now.keySet());
    for (String description : descriptions) {
      String place = place(description);
      if (!now.containsKey(description)) {
        findings.add(place, "is not in the pact that the client of this build writes");
      } else if (!before.containsKey(description)) {
        findings.add(place, "is missing, but the client of this build writes it");
      } else {
        addDifferences(place + ", ", before.get(description), now.get(description));
      }
    }
  }

  private void addDifferences(String place, JsonNode committed, JsonNode generated) {
    for (JsonDifference difference : JsonDifference.between(committed, generated)) {
      findings.add(
          place + difference.pointer(),
          "is %s, but the client of this build writes %s"
              .formatted(difference.left(), difference.right()));
    }
  }

  private static JsonNode withoutInteractions(JsonNode pact) {
    ObjectNode rest = pact.deepCopy().asObject();
    rest.remove("interactions");
    // Another version of Pact expects the same.
    rest.withObject("/metadata").remove("pact-jvm");
    return rest;
  }

  private static Map<String, JsonNode> byDescription(JsonNode pact) {
    Map<String, JsonNode> interactions = new LinkedHashMap<>();
    interactions(pact).forEach(item -> interactions.put(description(item), item));
    return interactions;
  }
}
