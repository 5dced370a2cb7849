package io.github.accesstokens.generator;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.OpenApi30;
import com.networknt.schema.dialect.OpenApi31;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A whole document as a JSON tree, with its examples. */
final class Document {
  private static final String SCHEMAS = "#/components/schemas/";
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final int DEPTH = 6;

  private final JsonNode root;
  private final SchemaRegistry registry;
  private final Map<JsonNode, Schema> compiled = new HashMap<>();

  /**
   * An example of a schema.
   *
   * @param operation the key of its operation, or empty for a named schema
   */
  record Example(
      String place,
      String source,
      String operation,
      boolean isRequest,
      JsonNode schema,
      JsonNode value) {}

  private Document(JsonNode root) {
    this.root = root;
    this.registry =
        SchemaRegistry.withDialect(
            root.path("openapi").asString("").startsWith("3.1")
                ? OpenApi31.getInstance()
                : OpenApi30.getInstance(),
            builder ->
                builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
  }

  static Document read(Path file) {
    return new Document(
        file.toString().endsWith(".json")
            ? MAPPER.readTree(file.toFile())
            : YAMLMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build()
                .readTree(file.toFile()));
  }

  static JsonNode parse(String json) {
    return MAPPER.readTree(json);
  }

  int operations() {
    int operations = 0;
    for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
      for (String method : path.getValue().propertyNames()) {
        operations += METHODS.contains(method) ? 1 : 0;
      }
    }
    return operations;
  }

  String describe() {
    return "OpenAPI "
        + root.path("openapi").asString("")
        + ", version "
        + root.at("/info/version").asString("")
        + ", "
        + root.path("paths").size()
        + " paths, "
        + operations()
        + " operations, "
        + schemaNames().size()
        + " named schemas";
  }

  Set<String> schemaNames() {
    return new TreeSet<>(root.at("/components/schemas").propertyNames());
  }

  static String key(String method, String path) {
    String relative = path.replaceFirst("^(https?://[^/]*/|\\.?[/\\\\])", "");
    return method.toUpperCase(Locale.ROOT) + " " + relative.replaceAll("\\{[^}]*}", "{}");
  }

  /** The name of the schema that a schema refers to. */
  @Nullable String reference(JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    return reference.startsWith(SCHEMAS) ? reference.substring(SCHEMAS.length()) : null;
  }

  private JsonNode resolved(JsonNode node) {
    JsonNode resolved = node;
    for (int i = 0; i < DEPTH && resolved.has("$ref"); i++) {
      String reference = resolved.path("$ref").asString("");
      resolved = reference.startsWith("#/") ? root.at(reference.substring(1)) : resolved;
    }
    return resolved;
  }

  List<Example> examples() {
    List<Example> examples = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (METHODS.contains(method.getKey())) {
          String key = key(method.getKey(), path.getKey());
          addContent(key, true, "", resolved(method.getValue().path("requestBody")), examples);
          boolean first = true;
          for (Map.Entry<String, JsonNode> response :
              method.getValue().path("responses").properties()) {
            boolean success = response.getKey().startsWith("2") && first;
            first &= !success;
            addContent(
                success ? key : key + " " + response.getKey(),
                false,
                response.getKey(),
                resolved(response.getValue()),
                examples);
          }
        }
      }
    }
    for (String name : schemaNames()) {
      JsonNode schema = root.at("/components/schemas").path(name);
      JsonNode reference = JsonNodeFactory.instance.objectNode().put("$ref", SCHEMAS + name);
      JsonNode own =
          schema.has("example") ? schema.path("example") : schema.path("examples").path(0);
      if (!own.isMissingNode()) {
        examples.add(new Example(name, "schema", "", false, reference, own));
      } else {
        JsonNode composed = composed(schema, 0);
        if (composed != null && composed.isObject() && !composed.isEmpty()) {
          examples.add(new Example(name, "composed", "", false, reference, composed));
        }
      }
    }
    return examples;
  }

  private void addContent(
      String operation, boolean request, String status, JsonNode body, List<Example> examples) {
    String key = operation;
    for (Map.Entry<String, JsonNode> media : body.path("content").properties()) {
      if (!media.getKey().matches("application/([\\w.-]+\\+)?json\\b.*")) {
        continue;
      }
      JsonNode schema = media.getValue().path("schema");
      String place = key + (request ? " request" : " response " + status);
      if (schema.isMissingNode()) {
        continue;
      }
      if (media.getValue().has("example")) {
        examples.add(
            new Example(place, "media", key, request, schema, media.getValue().path("example")));
      }
      for (Map.Entry<String, JsonNode> named : media.getValue().path("examples").properties()) {
        JsonNode example = resolved(named.getValue());
        if (example.has("value")) {
          examples.add(
              new Example(
                  place + " " + named.getKey(),
                  "media",
                  key,
                  request,
                  schema,
                  example.path("value")));
        }
      }
      // The method of the operation has the type of the first.
      key = operation + " " + media.getKey() + " too";
    }
  }

  /** Puts an example together from those of the properties, or returns null. */
  private @Nullable JsonNode composed(JsonNode given, int depth) {
    JsonNode schema = resolved(given);
    if (schema.has("example")) {
      return schema.path("example");
    }
    if (schema.path("examples").isArray() && !schema.path("examples").isEmpty()) {
      return schema.path("examples").path(0);
    }
    if (depth > DEPTH) {
      return null;
    }
    if (schema.path("enum").isArray()) {
      return schema.path("enum").path(0);
    }
    if (schema.has("items")) {
      JsonNode item = composed(schema.path("items"), depth + 1);
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      return item == null ? null : list.add(item);
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (JsonNode part : schema.path("allOf")) {
      if (composed(part, depth + 1) instanceof ObjectNode properties) {
        object.setAll(properties);
      }
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      JsonNode value = composed(property.getValue(), depth + 1);
      if (value != null) {
        object.set(property.getKey(), value);
      }
    }
    return object.isEmpty() ? null : object;
  }

  /** Returns why an example is not valid by its schema, or null. */
  @Nullable String invalid(Example example) {
    try {
      Schema schema = compiled.computeIfAbsent(example.schema(), this::compile);
      List<Error> errors = schema.validate(example.value());
      return errors.isEmpty() ? null : String.valueOf(errors.get(0));
    } catch (SchemaException | ClassCastException | IllegalArgumentException e) {
      return String.valueOf(e);
    } catch (StackOverflowError e) {
      return "schema without an end";
    }
  }

  private Schema compile(JsonNode schema) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.putArray("allOf").add(schema);
    document.set("components", root.path("components"));
    document.set("paths", root.path("paths"));
    return registry.getSchema(document);
  }

  /** Compares numbers by their value, and date-times by their instant. */
  static void compare(
      JsonNode expected, JsonNode actual, String path, List<String> differences, boolean[] dates) {
    if (expected.isObject() && actual.isObject()) {
      for (Map.Entry<String, JsonNode> property : expected.properties()) {
        JsonNode other = actual.path(property.getKey());
        String place = path + "." + property.getKey();
        if (other.isMissingNode()) {
          differences.add(
              place + ": " + (property.getValue().isNull() ? "null" : "property") + " is lost");
        } else {
          compare(property.getValue(), other, place, differences, dates);
        }
      }
      for (String name : actual.propertyNames()) {
        if (!expected.has(name)) {
          String what = actual.path(name).isNull() ? "null" : "property";
          differences.add(path + "." + name + ": " + what + " is added");
        }
      }
    } else if (expected.isArray() && actual.isArray()) {
      if (expected.size() != actual.size()) {
        differences.add(path + ": list has another size");
      }
      for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
        compare(expected.path(i), actual.path(i), path + "[" + i + "]", differences, dates);
      }
    } else if (expected.isNumber() && actual.isNumber()) {
      if (expected.decimalValue().compareTo(actual.decimalValue()) != 0) {
        differences.add(path + ": number is another one");
      }
    } else if (!expected.equals(actual)) {
      if (expected.isString() && actual.isString()) {
        if (isSameInstant(expected.asString(), actual.asString())) {
          dates[0] = true;
        } else {
          differences.add(path + ": text is another one");
        }
      } else {
        differences.add(path + ": " + expected.getNodeType() + " becomes " + actual.getNodeType());
      }
    }
  }

  private static boolean isSameInstant(String expected, String actual) {
    try {
      return OffsetDateTime.parse(expected).isEqual(OffsetDateTime.parse(actual));
    } catch (DateTimeException e) {
      return false;
    }
  }
}
