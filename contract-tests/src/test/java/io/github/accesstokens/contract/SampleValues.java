package io.github.accesstokens.contract;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values that a schema allows, and values that it does not allow. */
final class SampleValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int DEEPEST = 5;

  private SampleValues() {}

  /** An object with every property of a schema. */
  static ObjectNode full(Spec spec, String schemaName) {
    return full(spec, schemaName, 0);
  }

  /** An object with the required properties of a schema only. */
  static ObjectNode least(Spec spec, String schemaName) {
    return full(spec, schemaName).retain(Spec.strings(spec.schema(schemaName).path("required")));
  }

  /**
   * The arguments for the parameters of an operation, by the kind and the name of each.
   *
   * @param full whether they have the optional ones
   */
  static Map<String, Object> arguments(Spec spec, Spec.Operation operation, boolean full) {
    Map<String, Object> arguments = new TreeMap<>();
    for (JsonNode parameter : operation.node().path("parameters")) {
      if (full || parameter.path("required").asBoolean(false)) {
        String name = parameter.path("name").asString("");
        JsonNode schema = parameter.path("schema");
        arguments.put(
            parameter.path("in").asString("") + " " + name,
            ModelCheck.expected(schema, valid(spec, name, schema)));
      }
    }
    return arguments;
  }

  /** A value for a property. */
  static JsonNode valid(Spec spec, String name, JsonNode schema) {
    return valid(spec, name, schema, 0);
  }

  /** Another value for a property. */
  static JsonNode other(Spec spec, String name, JsonNode schema) {
    if (schema.path("enum").size() > 1) {
      return schema.path("enum").path(1);
    }
    String reference = Spec.reference(schema);
    return switch (reference == null ? schema.path("type").asString("") : "object") {
      case "array" -> JSON.arrayNode().add(other(spec, name, schema.path("items")));
      case "integer" -> JSON.numberNode(schema.path("minimum").asInt(1) + 8);
      case "number" -> JSON.numberNode(2.5);
      case "boolean" -> JSON.booleanNode(!valid(spec, name, schema).asBoolean());
      case "object" -> {
        JsonNode more = schema.path("additionalProperties");
        ObjectNode object =
            reference == null ? JSON.objectNode() : full(spec, reference, DEEPEST - 1);
        object.set("other", more.isObject() ? valid(spec, "other", more) : JSON.numberNode(1));
        yield object;
      }
      default ->
          JSON.stringNode(
              switch (schema.path("format").asString("")) {
                case "date-time" -> "2015-01-01T05:20:00Z";
                case "date" -> "2015-01-01";
                case "uuid" -> "023e105f-4ece-4643-bbbc-4a0ed4fc8415";
                case "uri" -> "https://example.com/other";
                default -> "another-" + name;
              });
    };
  }

  private static ObjectNode full(Spec spec, String schemaName, int depth) {
    ObjectNode object = JSON.objectNode();
    // A schema may refer to itself.
    if (depth < DEEPEST) {
      Spec.properties(spec.schema(schemaName))
          .forEach((name, schema) -> object.set(name, valid(spec, name, schema, depth)));
    }
    return object;
  }

  private static JsonNode valid(Spec spec, String name, JsonNode schema, int depth) {
    String reference = Spec.reference(schema);
    if (reference != null) {
      return full(spec, reference, depth + 1);
    }
    if (!schema.path("enum").isEmpty()) {
      return schema.path("enum").path(0);
    }
    return switch (schema.path("type").asString("")) {
      case "array" -> JSON.arrayNode().add(valid(spec, name, schema.path("items"), depth));
      case "integer" -> JSON.numberNode(schema.path("minimum").asInt(1) + 7);
      case "number" -> JSON.numberNode(1.5);
      case "boolean" -> JSON.booleanNode(true);
      case "object" -> JSON.objectNode();
      default ->
          JSON.stringNode(
              switch (schema.path("format").asString("")) {
                case "date-time" -> "2014-01-01T05:20:00.12345Z";
                case "date" -> "2014-01-01";
                case "uuid" -> "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
                case "uri" -> "https://example.com/";
                default -> "the-" + name;
              });
    };
  }

  /** By a description of the value: one value of each type that the schema does not allow. */
  static Map<String, JsonNode> wrong(Spec spec, JsonNode schema) {
    Map<String, JsonNode> values = new TreeMap<>();
    values.put("a string", JSON.stringNode("text"));
    values.put("a number", JSON.numberNode(5));
    values.put("a boolean", JSON.booleanNode(true));
    values.put("an array", JSON.arrayNode());
    values.put("an object", JSON.objectNode());
    String reference = Spec.reference(schema);
    switch (reference == null ? schema.path("type").asString("") : "object") {
      case "string" -> {
        values.remove("a string");
        if (Set.of("date-time", "date", "uuid").contains(schema.path("format").asString(""))) {
          values.put("malformed text", JSON.stringNode("yesterday"));
        }
      }
      case "integer" -> {
        values.remove("a number");
        values.put("a fraction", JSON.numberNode(1.5));
      }
      case "number" -> values.remove("a number");
      case "boolean" -> values.remove("a boolean");
      case "array" -> {
        values.remove("an array");
        wrong(spec, schema.path("items"))
            .forEach((name, item) -> values.put("an array of " + name, JSON.arrayNode().add(item)));
      }
      default -> {
        values.remove("an object");
        if (reference != null && !spec.schema(reference).path("required").isEmpty()) {
          values.put("an empty object", JSON.objectNode());
        }
      }
    }
    return values;
  }
}
