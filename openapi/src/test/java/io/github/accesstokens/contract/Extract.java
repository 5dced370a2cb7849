package io.github.accesstokens.contract;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Cuts operations out of a document, with all that they refer to and without any prose. */
final class Extract {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> PROSE =
      Set.of("description", "summary", "title", "example", "examples", "externalDocs", "$comment");
  private static final Set<String> VALUES = Set.of("default", "enum", "const");
  private static final Set<String> NAMES =
      Set.of(
          "properties",
          "patternProperties",
          "dependentSchemas",
          "schemas",
          "parameters",
          "headers",
          "variables",
          "responses",
          "content",
          "paths");

  /** Maps whose extensions are no names. */
  private static final Set<String> EXTENDED = Set.of("responses", "content", "paths");

  private final JsonNode root;
  private final ObjectNode extract = JSON.objectNode();
  private final Deque<String> wanted = new ArrayDeque<>();

  private Extract(JsonNode root) {
    this.root = root;
  }

  /** The shapes of the operations that our description has too, and where they are from. */
  static Spec of(Spec theirs, Spec ours, Map<String, String> origin) {
    Extract extract = new Extract(theirs.root());
    extract.cut(theirs, ours, origin);
    return new Spec(extract.extract);
  }

  private void cut(Spec theirs, Spec ours, Map<String, String> origin) {
    extract.set("openapi", root.path("openapi"));
    ObjectNode info = extract.putObject("info");
    info.put("title", "Shapes of the provider, without its text");
    info.put("version", origin.getOrDefault("date", ""));
    origin.forEach((name, value) -> info.put("x-" + name, value));
    if (root.has("servers")) {
      extract.set("servers", shapes(root.path("servers"), false));
    }
    if (root.has("security")) {
      extract.set("security", root.path("security"));
    }
    ObjectNode paths = extract.putObject("paths");
    for (Spec.Operation operation : ours.operations()) {
      Difference.sameOperation(operation, theirs)
          .ifPresent(
              same -> {
                ObjectNode path = paths.putObject(same.path());
                JsonNode theirPath = theirs.target(root.path("paths").path(same.path()));
                for (String shared : List.of("parameters", "servers")) {
                  if (theirPath.has(shared)) {
                    path.set(shared, shapes(theirPath.path(shared), false));
                  }
                }
                JsonNode shapes = shapes(same.node(), false);
                describe(shapes.path("responses"));
                path.set(same.method(), shapes);
              });
    }
    ObjectNode components = extract.putObject("components");
    Map<String, ObjectNode> sections = new TreeMap<>();
    Set<String> taken = new LinkedHashSet<>();
    while (!wanted.isEmpty()) {
      String reference = wanted.pop();
      JsonPointer place = JsonPointer.compile(reference);
      if (taken.add(reference) && !root.at(place).isMissingNode()) {
        String section = place.head().last().getMatchingProperty();
        sections
            .computeIfAbsent(section, any -> JSON.objectNode())
            .set(place.last().getMatchingProperty(), shapes(root.at(place), false));
      }
    }
    sections.forEach(
        (section, found) -> {
          ObjectNode sorted = components.putObject(section);
          Spec.children(found).forEach(sorted::set);
        });
    describe(components.path("responses"));
    components.set("securitySchemes", shapes(root.at("/components/securitySchemes"), true));
  }

  /** OpenAPI requires a description of a response. */
  private static void describe(JsonNode responses) {
    for (JsonNode response : responses) {
      if (response.isObject() && !response.has("$ref")) {
        response.asObject().put("description", "");
      }
    }
  }

  /** A copy without prose. The names of a map are no keywords. */
  private JsonNode shapes(JsonNode node, boolean names) {
    if (node.isArray()) {
      var copy = JSON.arrayNode();
      node.forEach(item -> copy.add(shapes(item, false)));
      return copy;
    }
    if (!node.isObject()) {
      return node;
    }
    String reference = node.path("$ref").asString("");
    if (reference.startsWith("#/components/")) {
      wanted.add(Spec.pointer(reference).replaceFirst("^(/components/[^/]+/[^/]+).*", "$1"));
    }
    ObjectNode copy = JSON.objectNode();
    for (Map.Entry<String, JsonNode> child : node.properties()) {
      String name = child.getKey();
      boolean kept =
          names || name.equals("x-sensitive") || (!name.startsWith("x-") && !PROSE.contains(name));
      if (kept) {
        if (!names && VALUES.contains(name)) {
          copy.set(name, child.getValue());
          continue;
        }
        if (!names && name.equals("scopes") && child.getValue().isObject()) {
          ObjectNode scopes = copy.putObject(name);
          child.getValue().propertyNames().forEach(scope -> scopes.put(scope, ""));
          continue;
        }
        boolean below = !names && NAMES.contains(name) && child.getValue().isObject();
        JsonNode copied = shapes(child.getValue(), below);
        if (below && EXTENDED.contains(name)) {
          copied.asObject().properties().removeIf(entry -> entry.getKey().startsWith("x-"));
        }
        copy.set(name, copied);
      }
    }
    return copy;
  }
}
