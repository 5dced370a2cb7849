package io.github.accesstokens.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.OpenApi30;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** An OpenAPI description as a JSON tree. A damaged copy is checked as the real one is. */
record Spec(JsonNode root) {
  private static final String SCHEMA_PREFIX = "#/components/schemas/";
  private static final List<String> METHODS =
      List.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
  private static final Set<String> PLAIN_HEADERS =
      Set.of(
          "accept",
          "accept-encoding",
          "connection",
          "content-length",
          "content-type",
          "host",
          "user-agent");
  private static final Pattern PERCENT_ENCODED = Pattern.compile("(%\\p{XDigit}{2})+");
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDialect(
          OpenApi30.getInstance(),
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  /** An operation. The path is a template. */
  record Operation(String method, String path, JsonNode node) {
    String place() {
      return method.toUpperCase(Locale.ROOT) + " " + path;
    }
  }

  /**
   * A named example where an operation uses it.
   *
   * @param status the status of the response, or null for a request
   */
  record Example(String name, @Nullable String status, String schema, JsonNode value) {
    String place() {
      return "example " + name;
    }
  }

  /** Whether a name is that of an HTTP method, in any case. */
  static boolean isMethod(String name) {
    return METHODS.contains(name.toLowerCase(Locale.ROOT));
  }

  static Spec read(Path file) {
    try {
      return new Spec(YAMLMapper.builder().build().readTree(file.toFile()));
    } catch (JacksonException e) {
      boolean exists = Files.exists(file);
      throw new UnreadableDocumentException(
          exists ? Verdict.MALFORMED : Verdict.NO_FILE,
          file
              + (exists
                  ? " is no YAML: " + UnreadableDocumentException.inOneLine(e)
                  : " is missing"));
    }
  }

  Map<String, JsonNode> schemas() {
    return children(root.at("/components/schemas"));
  }

  JsonNode schema(String name) {
    return root.at("/components/schemas").path(name);
  }

  static Map<String, JsonNode> properties(JsonNode schema) {
    return children(schema.path("properties"));
  }

  static Map<String, JsonNode> children(JsonNode node) {
    Map<String, JsonNode> children = new TreeMap<>();
    node.properties().forEach(child -> children.put(child.getKey(), child.getValue()));
    return children;
  }

  static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(item -> strings.add(item.asString()));
    return strings;
  }

  static boolean isRequired(JsonNode schema, String property) {
    return strings(schema.path("required")).contains(property);
  }

  /** The name of the schema that a schema refers to, or null for an inline schema. */
  static @Nullable String reference(JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    return reference.startsWith(SCHEMA_PREFIX) ? reference.substring(SCHEMA_PREFIX.length()) : null;
  }

  static ObjectNode referenceTo(String schemaName) {
    return JsonNodeFactory.instance.objectNode().put("$ref", SCHEMA_PREFIX + schemaName);
  }

  /** What a part refers to, or the part itself if that is nothing in this document. */
  JsonNode target(JsonNode part) {
    JsonNode found = part;
    Set<String> followed = new TreeSet<>();
    while (found.has("$ref") && followed.add(found.path("$ref").asString(""))) {
      String reference = found.path("$ref").asString("");
      JsonNode target = reference.startsWith("#/") ? root.at(pointer(reference)) : root.path("");
      found = target.isMissingNode() ? found : target;
    }
    return found;
  }

  /** The JSON pointer of a reference within the document, which may be percent-encoded. */
  static String pointer(String reference) {
    return PERCENT_ENCODED
        .matcher(reference.replaceFirst("^#", ""))
        .replaceAll(match -> Matcher.quoteReplacement(URLDecoder.decode(match.group(), UTF_8)));
  }

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : target(path.getValue()).properties()) {
        if (METHODS.contains(method.getKey())) {
          operations.add(new Operation(method.getKey(), path.getKey(), method.getValue()));
        }
      }
    }
    return operations;
  }

  /** For each way to authenticate, named by its schemes joined with {@code +}: its headers. */
  Map<String, Set<String>> security(Operation operation) {
    JsonNode security =
        (operation.node().has("security") ? operation.node() : root).path("security");
    Map<String, Set<String>> alternatives = new LinkedHashMap<>();
    for (JsonNode alternative : security) {
      Set<String> headers = new TreeSet<>();
      for (String name : alternative.propertyNames()) {
        headers.add(header(target(root.at("/components/securitySchemes").path(name))));
      }
      alternatives.put(String.join("+", alternative.propertyNames()), headers);
    }
    return alternatives;
  }

  private static String header(JsonNode scheme) {
    String text =
        switch (scheme.path("type").asString("") + " " + scheme.path("in").asString("")) {
          case "http " -> "authorization " + scheme.path("scheme").asString("");
          case "apiKey header" -> scheme.path("name").asString("");
          default ->
              scheme.isMissingNode()
                  ? "an unknown scheme"
                  : "%s %s %s"
                      .formatted(
                          scheme.path("type").asString(""),
                          scheme.path("in").asString(""),
                          scheme.path("name").asString(""));
        };
    return text.toLowerCase(Locale.ROOT);
  }

  /** The credentials among the headers of a request, named as {@link #security} names them. */
  static Set<String> credentials(Map<String, String> headers) {
    Set<String> credentials = new TreeSet<>();
    headers.forEach(
        (name, value) -> {
          String lowerCase = name.toLowerCase(Locale.ROOT);
          if (lowerCase.equals("authorization")) {
            credentials.add(
                lowerCase + " " + value.replaceFirst(" .*", "").toLowerCase(Locale.ROOT));
          } else if (!PLAIN_HEADERS.contains(lowerCase)) {
            credentials.add(lowerCase);
          }
        });
    return credentials;
  }

  List<Example> examples() {
    List<Example> examples = new ArrayList<>();
    for (Operation operation : operations()) {
      addExamples(examples, null, operation.node().at("/requestBody/content"));
      for (Map.Entry<String, JsonNode> response : operation.node().path("responses").properties()) {
        addExamples(examples, response.getKey(), response.getValue().path("content"));
      }
    }
    return examples;
  }

  /** The name of the schema of a JSON body, or null. */
  static @Nullable String bodySchema(JsonNode body) {
    return reference(body.at("/content/application~1json/schema"));
  }

  private void addExamples(List<Example> examples, @Nullable String status, JsonNode content) {
    for (JsonNode media : content) {
      String schema = reference(media.path("schema"));
      for (Map.Entry<String, JsonNode> example : media.path("examples").properties()) {
        JsonNode named =
            root.at(example.getValue().path("$ref").asString("#").substring(1)).path("value");
        examples.add(new Example(example.getKey(), status, schema == null ? "" : schema, named));
      }
    }
  }

  /** The first response of a success, by its status. */
  static Map.Entry<String, JsonNode> success(Operation operation) {
    return operation
        .node()
        .path("responses")
        .propertyStream()
        .filter(response -> response.getKey().startsWith("2"))
        .findFirst()
        .orElse(Map.entry("204", MissingNode.getInstance()));
  }

  /** The response that describes a status: by the status itself, by its range, or the default. */
  static Optional<Map.Entry<String, JsonNode>> response(Operation operation, int status) {
    JsonNode responses = operation.node().path("responses");
    for (String key : List.of(String.valueOf(status), status / 100 + "XX", "default")) {
      if (responses.has(key)) {
        return Optional.of(Map.entry(key, responses.path(key)));
      }
    }
    return Optional.empty();
  }

  /** By JSON pointer: the property, such as {@code ServiceToken.name}, of each part of a value. */
  Map<String, String> propertiesOf(String schemaName, JsonNode value) {
    Map<String, String> found = new LinkedHashMap<>();
    addProperties(schemaName, value, "", found);
    return found;
  }

  private void addProperties(
      @Nullable String schemaName, JsonNode value, String pointer, Map<String, String> found) {
    if (schemaName == null) {
      return;
    }
    properties(schema(schemaName))
        .forEach(
            (name, schema) -> {
              String at = pointer + "/" + name;
              JsonNode part = value.path(name);
              if (!value.has(name)) {
                return;
              }
              found.put(at, schemaName + "." + name);
              addProperties(reference(schema), part, at, found);
              for (int i = 0; i < part.size(); i++) {
                addProperties(reference(schema.path("items")), part.path(i), at + "/" + i, found);
              }
            });
  }

  /** The problems of a body with a described content: its media type, or its schema. */
  List<String> violations(JsonNode content, String mediaType, String body) {
    if (!content.has(mediaType)) {
      return List.of(
          "has the media type "
              + (mediaType.isEmpty() ? "none" : mediaType)
              + ", but the description has "
              + Finding.listed(content.propertyNames()));
    }
    String schema = reference(content.path(mediaType).path("schema"));
    if (schema == null) {
      return List.of();
    }
    try {
      return violations(schema, MAPPER.readTree(body));
    } catch (JacksonException e) {
      return List.of("should be JSON, but is not");
    }
  }

  /**
   * The problems of a value with a schema. Properties that the schema does not have are refused.
   */
  List<String> violations(String schemaName, JsonNode value) {
    if (schema(schemaName).isMissingNode()) {
      return List.of("schema " + schemaName + " is missing");
    }
    List<String> violations = new ArrayList<>();
    try {
      for (Error error : closed(schemaName).validate(value)) {
        violations.add(
            "%s does not fit schema %s: %s"
                .formatted(error.getInstanceLocation(), schemaName, error.getMessage()));
      }
    } catch (SchemaException e) {
      violations.add("schema " + schemaName + " is not valid: " + e.getMessage());
    }
    return violations;
  }

  private Schema closed(String schemaName) {
    ObjectNode document = referenceTo(schemaName);
    JsonNode components = root.path("components").deepCopy();
    for (JsonNode schema : components.path("schemas")) {
      if (schema.has("properties") && !schema.has("additionalProperties")) {
        ((ObjectNode) schema).put("additionalProperties", false);
      }
    }
    document.set("components", components);
    return SCHEMAS.getSchema(document);
  }
}
