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
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The committed pacts against the description, and against the pacts that this build wrote.
 *
 * <p>The pact of the client has what the client needs. The provider may send more, so a property
 * that the description requires may be missing in a response there. A property that the description
 * does not have needs a comment in the interaction: its JSON pointer, a colon and the reason.
 */
final class PactCheck {
  private final Spec spec;
  private final String consumer;
  private final Findings findings;
  private final Set<String> statuses = new TreeSet<>();

  private PactCheck(Spec spec, String consumer) {
    this.spec = spec;
    this.consumer = consumer;
    this.findings = new Findings("pact", PactFile.committed(consumer).toString());
  }

  static List<Finding> check(Contract contract) {
    List<Finding> findings = new ArrayList<>();
    Set<String> statuses = new TreeSet<>();
    for (String consumer : contract.pact().propertyNames()) {
      PactCheck check = new PactCheck(contract.spec(), consumer);
      check.check(contract.pact().path(consumer), contract.generatedPact().path(consumer));
      findings.addAll(check.findings.all());
      statuses.addAll(check.statuses);
    }
    findings.addAll(coverage(contract, statuses));
    return findings;
  }

  private void check(JsonNode committed, JsonNode generated) {
    List<PactInteraction> interactions = PactInteraction.of(consumer, committed);
    interactions.forEach(this::checkInteraction);
    Map<String, Long> times =
        interactions.stream()
            .collect(Collectors.groupingBy(PactInteraction::title, Collectors.counting()));
    times.forEach(
        (title, count) -> {
          if (count > 1) {
            findings.add(place(title), "is there " + count + " times, but has to be there once");
          }
        });
    checkGenerated(committed, generated);
  }

  private static String place(String title) {
    return "interaction " + title;
  }

  /** The operation that a request belongs to. */
  static Optional<Spec.Operation> operation(Spec spec, JsonNode request) {
    return spec.operations().stream()
        .filter(operation -> matches(spec, operation, request))
        .findFirst();
  }

  private void checkInteraction(PactInteraction interaction) {
    String place = place(interaction.title());
    JsonNode request = interaction.request();
    operation(spec, request)
        .ifPresentOrElse(
            operation -> {
              checkSecurity(place + ", security", operation, request);
              checkRequestBody(
                  place + ", request body", operation.node().path("requestBody"), request);
              checkResponse(place, operation, interaction);
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
    Set<String> sent = Spec.credentials(PactInteraction.headers(request));
    Collection<Set<String>> allowed = spec.security(operation).values();
    if (!allowed.contains(sent)) {
      findings.add(
          place,
          "has " + Finding.listed(sent) + ", but the description has " + Finding.listed(allowed));
    }
  }

  private void checkRequestBody(String place, JsonNode described, JsonNode request) {
    if (request.has("body")) {
      findings.addAll(place, contentViolations(spec, described, request));
    } else if (described.path("required").asBoolean(false)) {
      findings.add(place, "is missing, but the description requires it");
    }
  }

  private void checkResponse(String place, Spec.Operation operation, PactInteraction interaction) {
    Spec.response(operation, interaction.status())
        .ifPresentOrElse(
            described -> {
              statuses.add(described.getKey());
              checkResponseBody(place + ", response body", described.getValue(), interaction);
            },
            () ->
                findings.add(
                    place + ", status",
                    "is "
                        + interaction.status()
                        + ", but the description has "
                        + Finding.listed(operation.node().path("responses").propertyNames())));
  }

  private void checkResponseBody(String place, JsonNode described, PactInteraction interaction) {
    JsonNode response = interaction.response().deepCopy();
    if (consumer.equals(PactFile.DOCUMENTED)) {
      findings.addAll(place, contentViolations(spec, described, response));
      return;
    }
    if (!response.has("body") && PactInteraction.mediaType(response).isEmpty()) {
      // The client needs no body.
      return;
    }
    for (String pointer : explained(interaction)) {
      JsonPointer property = JsonPointer.compile(pointer);
      JsonNode parent = PactInteraction.body(response).at(property.head());
      JsonNode removed =
          parent instanceof ObjectNode object ? object.remove(JsonDrift.key(property)) : null;
      if (removed == null) {
        findings.add(place, "has no " + pointer + ", but a comment explains it");
      } else if (properties(described, interaction).contains(pointer)) {
        findings.add(
            place, "has a comment on " + pointer + ", but the description has this property");
      }
    }
    findings.addAll(place, contentViolations(withoutRequired(spec), described, response));
  }

  /** The JSON pointers of the properties that the comments of an interaction explain. */
  private static List<String> explained(PactInteraction interaction) {
    return interaction
        .node()
        .at("/comments/text")
        .valueStream()
        .map(comment -> comment.asString().replaceFirst(":.*", ""))
        .filter(pointer -> pointer.startsWith("/"))
        .toList();
  }

  private Set<String> properties(JsonNode described, PactInteraction interaction) {
    JsonNode response = interaction.response();
    String schema =
        Spec.reference(
            described.path("content").path(PactInteraction.mediaType(response)).path("schema"));
    return spec.propertiesOf(String.valueOf(schema), PactInteraction.body(response)).keySet();
  }

  private static Spec withoutRequired(Spec spec) {
    JsonNode root = spec.root().deepCopy();
    for (JsonNode schema : root.at("/components/schemas")) {
      ((ObjectNode) schema).remove("required");
    }
    return new Spec(root);
  }

  private static List<String> contentViolations(Spec spec, JsonNode described, JsonNode message) {
    return spec.violations(
        described.path("content"),
        PactInteraction.mediaType(message),
        PactInteraction.body(message).toString());
  }

  /** Each status and each example of the description is in one of the pacts. */
  private static List<Finding> coverage(Contract contract, Set<String> statuses) {
    Findings findings = new Findings("pact", Findings.DESCRIPTION);
    for (Spec.Operation operation : contract.spec().operations()) {
      for (String status : operation.node().path("responses").propertyNames()) {
        if (!statuses.contains(status)) {
          findings.add(
              operation.place() + ", status " + status, "no interaction of a pact has this status");
        }
      }
    }
    List<PactInteraction> interactions = PactInteraction.all(contract.pact());
    for (Spec.Example example : contract.spec().examples()) {
      if (interactions.stream().noneMatch(interaction -> has(interaction, example))) {
        findings.add(example.place(), "no interaction of a pact has this body");
      }
    }
    return findings.all();
  }

  static boolean has(PactInteraction interaction, Spec.Example example) {
    JsonNode message = example.status() == null ? interaction.request() : interaction.response();
    return PactInteraction.body(message).equals(example.value());
  }

  private void checkGenerated(JsonNode committed, JsonNode generated) {
    addDifferences("", withoutInteractions(committed), withoutInteractions(generated));
    Map<String, JsonNode> before = byTitle(committed);
    Map<String, JsonNode> now = byTitle(generated);
    Set<String> titles = new LinkedHashSet<>(before.keySet());
    titles.addAll(now.keySet());
    for (String title : titles) {
      String place = place(title);
      if (!now.containsKey(title)) {
        findings.add(place, "is not in the pact that the client of this build writes");
      } else if (!before.containsKey(title)) {
        findings.add(place, "is missing, but the client of this build writes it");
      } else {
        addDifferences(place + ", ", before.get(title), now.get(title));
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

  private Map<String, JsonNode> byTitle(JsonNode pact) {
    Map<String, JsonNode> interactions = new LinkedHashMap<>();
    PactInteraction.of(consumer, pact)
        .forEach(interaction -> interactions.put(interaction.title(), interaction.node()));
    return interactions;
  }
}
