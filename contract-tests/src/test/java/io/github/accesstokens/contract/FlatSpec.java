package io.github.accesstokens.contract;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rewrites a description to the one form that the checks know: each object with properties has a
 * name, only such objects are referred to, and nothing has {@code allOf}. An object without a name
 * is named after its place. Only what the operations reach is in it.
 */
final class FlatSpec {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Spec spec;
  private final ObjectNode schemas = JSON.objectNode();

  private FlatSpec(Spec spec) {
    this.spec = spec;
  }

  static Spec of(Spec spec) {
    return new FlatSpec(spec).flat();
  }

  private Spec flat() {
    Spec flat = new Spec(spec.root().deepCopy());
    for (Spec.Operation operation : flat.operations()) {
      ObjectNode node = operation.node().asObject();
      JsonNode path = spec.root().path("paths").path(operation.path());
      node.set("parameters", parameters(path.path("parameters"), node.path("parameters")));
      String name = node.path("operationId").asString(operation.method());
      if (node.has("requestBody")) {
        node.set("requestBody", body(node.path("requestBody"), name + ".request"));
      }
      for (Map.Entry<String, JsonNode> response : node.path("responses").properties()) {
        response.setValue(body(response.getValue(), name + "." + response.getKey()));
      }
    }
    flat.root().asObject().withObject("/components").set("schemas", schemas);
    return flat;
  }

  /** The parameters of a path and of its operation, which replace those of the same name. */
  private JsonNode parameters(JsonNode... lists) {
    ObjectNode parameters = JSON.objectNode();
    for (JsonNode list : lists) {
      for (JsonNode given : list) {
        ObjectNode parameter = spec.target(given).deepCopy().asObject();
        parameter.set("schema", flat(parameter.path("schema"), ""));
        parameters.set(parameter.path("in") + " " + parameter.path("name"), parameter);
      }
    }
    return JSON.arrayNode().addAll(parameters.values());
  }

  /** A request body or a response. */
  private JsonNode body(JsonNode given, String name) {
    JsonNode body = spec.target(given).deepCopy();
    for (JsonNode media : body.path("content")) {
      if (media.has("schema")) {
        media.asObject().set("schema", flat(media.path("schema"), name));
      }
    }
    return body;
  }

  private JsonNode flat(JsonNode schema, String place) {
    String reference = Spec.reference(schema);
    String name = reference == null ? place : reference;
    ObjectNode merged = merged(schema);
    if (merged.has("items")) {
      // A list that is the only part of a schema is the list of that part.
      JsonNode parts = schema.path("allOf");
      String list = parts.size() == 1 ? Spec.reference(parts.path(0)) : null;
      merged.set("items", flat(merged.path("items"), (list == null ? name : list) + ".items"));
    }
    if (!merged.has("properties")) {
      return merged;
    }
    if (!schemas.has(name)) {
      // Before its properties, because a schema may refer to itself.
      schemas.set(name, merged);
      for (Map.Entry<String, JsonNode> property : merged.path("properties").properties()) {
        property.setValue(flat(property.getValue(), name + "." + property.getKey()));
      }
    }
    ObjectNode flat = Spec.referenceTo(name);
    return merged.has("nullable") ? flat.set("nullable", merged.get("nullable")) : flat;
  }

  /** A schema with its parts in one object. A reference without a target stays. */
  private ObjectNode merged(JsonNode schema) {
    JsonNode target = spec.target(schema);
    ObjectNode merged = JSON.objectNode();
    target.path("allOf").forEach(part -> merge(merged, merged(part)));
    merge(merged, target);
    return merged;
  }

  private static void merge(ObjectNode into, JsonNode part) {
    for (Map.Entry<String, JsonNode> keyword : part.properties()) {
      JsonNode value = keyword.getValue();
      switch (keyword.getKey()) {
        case "allOf" -> {}
        case "properties" -> {
          ObjectNode properties = into.withObject("/properties");
          for (Map.Entry<String, JsonNode> property : value.properties()) {
            JsonNode other = properties.get(property.getKey());
            ObjectNode both = JSON.objectNode();
            both.putArray("allOf").add(other).add(property.getValue());
            properties.set(property.getKey(), other == null ? property.getValue() : both);
          }
        }
        case "required" -> into.withArray("/required").addAll(value.asArray());
        default -> into.set(keyword.getKey(), value.deepCopy());
      }
    }
  }
}
