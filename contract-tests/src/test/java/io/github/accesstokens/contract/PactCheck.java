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

/** The pact against the description, and against what the client of this build would write. */
final class PactCheck {
  private static final String NAME = "pact";

  private final Spec spec;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> statuses = new TreeSet<>();

  private PactCheck(Spec spec) {
    this.spec = spec;
  }

  static List<Finding> check(Contract contract) {
    PactCheck check = new PactCheck(contract.spec());
    for (JsonNode interaction : interactions(contract.pact())) {
      check.checkInteraction(interaction);
    }
    check.checkCoverage(contract.pact());
    check.findings.addAll(stale(contract.pact(), contract.generatedPact()));
    return check.findings;
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

  /** The first value of a header, or an empty text; without parameters. */
  static String mediaType(JsonNode message) {
    String type =
        message.path("headers").properties().stream()
            .filter(header -> header.getKey().equalsIgnoreCase("Content-Type"))
            .map(header -> header.getValue().path(0).asString())
            .findFirst()
            .orElse("");
    return type.replaceFirst(";.*", "").strip();
  }

  private void report(JsonNode interaction, String where, String problem) {
    findings.add(
        new Finding(NAME, "interaction \"" + description(interaction) + "\", " + where, problem));
  }

  private void checkInteraction(JsonNode interaction) {
    JsonNode request = interaction.path("request");
    Optional<Spec.Operation> operation =
        spec.operations().stream().filter(candidate -> matches(candidate, request)).findFirst();
    if (operation.isEmpty()) {
      report(
          interaction,
          "method and path",
          "no operation is described for "
              + request.path("method").asString()
              + " "
              + request.path("path").asString());
      return;
    }
    checkSecurity(interaction, operation.get());
    checkRequestBody(interaction, operation.get().node().path("requestBody"));
    checkResponse(interaction, operation.get());
  }

  private boolean matches(Spec.Operation operation, JsonNode request) {
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

  private void checkSecurity(JsonNode interaction, Spec.Operation operation) {
    Map<String, String> headers = new TreeMap<>();
    interaction
        .at("/request/headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().path(0).asString()));
    Set<String> sent = Spec.credentials(headers);
    Collection<Set<String>> allowed = spec.security(operation).values();
    if (!allowed.contains(sent)) {
      report(interaction, "security", "it sends " + sent + ", the description allows " + allowed);
    }
  }

  private void checkRequestBody(JsonNode interaction, JsonNode described) {
    JsonNode request = interaction.path("request");
    if (!request.has("body")) {
      if (described.path("required").asBoolean(false)) {
        report(interaction, "request body", "there is none, but it is required");
      }
      return;
    }
    checkContent(interaction, "request body", described.path("content"), request);
  }

  private void checkResponse(JsonNode interaction, Spec.Operation operation) {
    JsonNode response = interaction.path("response");
    int status = response.path("status").asInt();
    Spec.response(operation, status)
        .ifPresentOrElse(
            described -> {
              statuses.add(described.getKey());
              checkContent(
                  interaction, "response body", described.getValue().path("content"), response);
            },
            () -> report(interaction, "status", status + " is not described"));
  }

  private void checkContent(
      JsonNode interaction, String where, JsonNode content, JsonNode message) {
    String mediaType = mediaType(message);
    if (!content.has(mediaType)) {
      report(
          interaction,
          where,
          "its media type is "
              + (mediaType.isEmpty() ? "missing" : mediaType)
              + ", described is "
              + content.propertyNames());
      return;
    }
    String schema = Spec.reference(content.path(mediaType).path("schema"));
    if (schema != null) {
      for (String violation : spec.violations(schema, body(message))) {
        report(interaction, where, violation);
      }
    }
  }

  private void checkCoverage(JsonNode pact) {
    for (Spec.Operation operation : spec.operations()) {
      for (String status : operation.node().path("responses").propertyNames()) {
        if (!statuses.contains(status)) {
          findings.add(
              new Finding(
                  NAME,
                  operation.place() + ", status " + status,
                  "no interaction answers with it"));
        }
      }
    }
    for (Spec.Example example : spec.examples()) {
      boolean used = false;
      for (JsonNode interaction : interactions(pact)) {
        String side = example.status() == null ? "request" : "response";
        used |= body(interaction.path(side)).equals(example.value());
      }
      if (!used) {
        findings.add(new Finding(NAME, example.place(), "no interaction has it as a body"));
      }
    }
  }

  /** Where the committed pact is not what the client of this build would write. */
  static List<Finding> stale(JsonNode committed, JsonNode generated) {
    List<Finding> findings = new ArrayList<>();
    Map<String, JsonNode> before = byDescription(committed);
    Map<String, JsonNode> now = byDescription(generated);
    Set<String> descriptions = new LinkedHashSet<>(before.keySet());
    descriptions.addAll(now.keySet());
    for (String description : descriptions) {
      String place = "interaction \"" + description + "\"";
      if (!now.containsKey(description)) {
        findings.add(new Finding(NAME, place, "is in the committed pact alone"));
      } else if (!before.containsKey(description)) {
        findings.add(new Finding(NAME, place, "is missing in the committed pact"));
      } else {
        for (JsonDifference difference :
            JsonDifference.between(before.get(description), now.get(description))) {
          findings.add(
              new Finding(
                  NAME,
                  place + ", " + difference.pointer(),
                  "committed is " + difference.left() + ", the client's is " + difference.right()));
        }
      }
    }
    return findings;
  }

  private static Map<String, JsonNode> byDescription(JsonNode pact) {
    Map<String, JsonNode> interactions = new LinkedHashMap<>();
    interactions(pact).forEach(item -> interactions.put(description(item), item));
    return interactions;
  }
}
