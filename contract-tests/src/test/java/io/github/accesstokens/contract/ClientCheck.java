package io.github.accesstokens.contract;

import com.squareup.moshi.JsonDataException;
import java.io.IOException;
import java.net.URI;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import okhttp3.MediaType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The description against the client: what it sends, and for every property of every schema what it
 * makes of a right value, none, null, each wrong type and a stranger.
 */
final class ClientCheck {
  private static final String NAME = "client";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String TIME = "2014-01-01T05:20:00.12345Z";
  private static final String STRANGER = "stranger_of_the_check";

  private final Spec spec;
  private final Client client;
  private final List<Finding> findings = new ArrayList<>();

  private ClientCheck(Contract contract) {
    this.spec = contract.spec();
    this.client = contract.client();
  }

  static List<Finding> check(Contract contract) {
    ClientCheck check = new ClientCheck(contract);
    for (String schema : check.spec.schemas().keySet()) {
      check.checkModel(schema);
    }
    for (Spec.Operation operation : check.spec.operations()) {
      check.checkRequests(operation);
      check.checkLimits(operation);
    }
    check.checkBaseUrl();
    return check.findings;
  }

  private void report(String place, String problem) {
    findings.add(new Finding(NAME, place, problem));
  }

  // ---- what it makes of JSON

  private void checkModel(String schemaName) {
    ObjectNode full = instance(spec, schemaName, 0);
    Object model;
    try {
      model = client.decode(schemaName, full.toString());
    } catch (IOException | RuntimeException e) {
      report("schema " + schemaName, "the client does not read " + full + ": " + e.getMessage());
      return;
    }
    arrived(spec, schemaName, full, model)
        .forEach(problem -> report("schema " + problem, "in the client"));
    checkReencoded(schemaName, full, model);
    checkStranger(schemaName, full, model);
    Map<String, JsonNode> properties = Spec.properties(spec.schema(schemaName));
    properties.forEach(
        (property, schema) -> checkProperty(schemaName, property, schema, full, model));
    Set<String> unknown = new TreeSet<>(getters(model).keySet());
    properties.keySet().forEach(property -> unknown.remove(javaName(property)));
    for (String getter : unknown) {
      report("schema " + schemaName, "the client reads " + getter + ", which is not described");
    }
  }

  private void checkReencoded(String schemaName, ObjectNode full, Object model) {
    try {
      JsonNode again = MAPPER.readTree(client.encode(schemaName, model));
      for (JsonDifference difference : JsonDifference.between(full, again)) {
        report(
            "schema " + schemaName + difference.pointer(),
            "the client read " + difference.left() + " and wrote " + difference.right());
      }
    } catch (IOException | RuntimeException e) {
      report("schema " + schemaName, "the client does not write it: " + e.getMessage());
    }
  }

  private void checkStranger(String schemaName, ObjectNode full, Object model) {
    ObjectNode strange = full.deepCopy();
    strange.put(STRANGER, 1);
    try {
      if (!client.decode(schemaName, strange.toString()).equals(model)) {
        report("schema " + schemaName, "a property that is not described changes what is read");
      }
    } catch (IOException | RuntimeException e) {
      report("schema " + schemaName, "a property that is not described is not skipped");
    }
  }

  private void checkProperty(
      String schemaName, String property, JsonNode schema, ObjectNode full, Object model) {
    String place = "schema " + schemaName + "." + property;
    boolean required = Spec.isRequired(spec.schema(schemaName), property);
    boolean nullable = schema.path("nullable").asBoolean(false);

    ObjectNode without = full.deepCopy();
    without.remove(property);
    expectNull(place, "left out", schemaName, property, without, required);

    ObjectNode withNull = full.deepCopy();
    withNull.putNull(property);
    expectNull(place, "null", schemaName, property, withNull, required && !nullable);
    if (!required || nullable) {
      checkNullWritten(place, schemaName, property, withNull, nullable);
    }

    wrongTypes(schema)
        .forEach(
            (type, wrong) -> {
              ObjectNode damaged = full.deepCopy();
              damaged.set(property, wrong);
              expectError(place, "as " + type, schemaName, property, damaged);
            });
    boolean secret = schema.path("format").asString("").equals("password");
    Object read = getters(model).get(javaName(property));
    if (read instanceof String text && model.toString().contains(text) == secret) {
      report(place, secret ? "toString() shows it" : "toString() does not show it");
    }
  }

  private void expectNull(
      String place,
      String how,
      String schemaName,
      String property,
      ObjectNode json,
      boolean required) {
    if (required) {
      expectError(place, how, schemaName, property, json);
      return;
    }
    try {
      if (getters(client.decode(schemaName, json.toString())).get(javaName(property)) != null) {
        report(place, how + ", the client makes up a value");
      }
    } catch (IOException | RuntimeException e) {
      report(place, how + ", the client fails although it is optional: " + e.getMessage());
    }
  }

  private void expectError(
      String place, String how, String schemaName, String property, ObjectNode json) {
    try {
      client.decode(schemaName, json.toString());
      report(place, how + ", the client takes it although it should not");
    } catch (JsonDataException e) {
      if (!String.valueOf(e.getMessage()).contains("$." + property)) {
        report(place, how + ", the client's message does not name it: " + e.getMessage());
      }
    } catch (IOException | RuntimeException e) {
      report(place, how + ", the client fails with " + e);
    }
  }

  private void checkNullWritten(
      String place, String schemaName, String property, ObjectNode withNull, boolean nullable) {
    try {
      JsonNode again =
          MAPPER.readTree(
              client.encode(schemaName, client.decode(schemaName, withNull.toString())));
      if (again.has(property) != nullable) {
        report(place, nullable ? "the client does not write null" : "the client writes null");
      }
    } catch (IOException | RuntimeException e) {
      report(place, "the client does not read or write null: " + e.getMessage());
    }
  }

  private static Map<String, @Nullable Object> getters(Object model) {
    Map<String, @Nullable Object> values = new TreeMap<>();
    for (java.lang.reflect.Method method : model.getClass().getMethods()) {
      String name = method.getName().replaceFirst("^(get|is)(?=\\p{Upper})", "");
      boolean getter =
          method.getParameterCount() == 0
              && method.getDeclaringClass() == model.getClass()
              && !java.lang.reflect.Modifier.isStatic(method.getModifiers())
              && !name.equals(method.getName());
      if (getter) {
        try {
          values.put(name, method.invoke(model));
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return values;
  }

  private static String javaName(String property) {
    StringBuilder name = new StringBuilder();
    for (String word : property.split("_", -1)) {
      name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return name.toString();
  }

  // ---- values that a schema allows, and values that it does not

  /** A value that a property's schema allows. */
  static JsonNode valid(Spec spec, String name, JsonNode schema) {
    return value(spec, name, schema, 0);
  }

  private static ObjectNode instance(Spec spec, String schemaName, int depth) {
    ObjectNode object = JSON.objectNode();
    // A schema may refer to itself.
    if (depth < 5) {
      Spec.properties(spec.schema(schemaName))
          .forEach((name, schema) -> object.set(name, value(spec, name, schema, depth)));
    }
    return object;
  }

  private static JsonNode value(Spec spec, String name, JsonNode schema, int depth) {
    String reference = Spec.reference(schema);
    if (reference != null) {
      return instance(spec, reference, depth + 1);
    }
    JsonNode constants = schema.path("enum");
    if (!constants.isEmpty()) {
      return constants.path(0);
    }
    return switch (schema.path("type").asString("")) {
      case "array" -> {
        ArrayNode array = JSON.arrayNode();
        array.add(value(spec, name, schema.path("items"), depth));
        yield array;
      }
      case "integer" -> JSON.numberNode(schema.path("minimum").asInt(1) + 7);
      case "number" -> JSON.numberNode(1.5);
      case "boolean" -> JSON.booleanNode(true);
      case "object" -> JSON.objectNode();
      default ->
          JSON.stringNode(
              switch (schema.path("format").asString("")) {
                case "date-time" -> TIME;
                case "date" -> "2014-01-01";
                case "uuid" -> "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
                case "uri" -> "https://example.com/";
                default -> "the-" + name;
              });
    };
  }

  // ---- what getters should return

  /** Where a model does not hold what the JSON has, by the description's types. */
  static List<String> arrived(Spec spec, String schemaName, JsonNode json, Object model) {
    List<String> problems = new ArrayList<>();
    Map<String, @Nullable Object> getters = getters(model);
    Spec.properties(spec.schema(schemaName))
        .forEach(
            (property, schema) -> {
              String place = schemaName + "." + property;
              if (!getters.containsKey(javaName(property))) {
                problems.add(place + " has no getter");
                return;
              }
              Object read = getters.get(javaName(property));
              compare(spec, place, schema, json.path(property), read, problems);
            });
    return problems;
  }

  private static void compare(
      Spec spec,
      String place,
      JsonNode schema,
      JsonNode json,
      @Nullable Object read,
      List<String> problems) {
    String reference = Spec.reference(schema);
    if (json.isMissingNode() || json.isNull() || read == null) {
      if (read != null || !(json.isMissingNode() || json.isNull())) {
        problems.add(
            place + " is " + json + " in JSON, but " + (read == null ? "null" : "a value"));
      }
    } else if (reference != null) {
      boolean model = read.getClass().getSimpleName().equals(reference);
      problems.addAll(
          model
              ? arrived(spec, reference, json, read)
              : List.of(place + " is of type " + read.getClass().getSimpleName()));
    } else if (json.isArray() && read instanceof List<?> list && list.size() == json.size()) {
      for (int i = 0; i < list.size(); i++) {
        compare(spec, place, schema.path("items"), json.path(i), list.get(i), problems);
      }
    } else if (json.isArray() || (!json.isObject() && !expected(schema, json).equals(read))) {
      problems.add(place + " is " + json + " in JSON, but another value or type");
    }
  }

  private static Object expected(JsonNode schema, JsonNode json) {
    return switch (schema.path("type").asString("")) {
      case "integer" -> json.asInt();
      case "number" -> json.decimalValue();
      case "boolean" -> json.asBoolean();
      default ->
          switch (schema.path("format").asString("")) {
            case "date-time" -> OffsetDateTime.parse(json.asString());
            case "date" -> LocalDate.parse(json.asString());
            case "uuid" -> UUID.fromString(json.asString());
            case "uri" -> URI.create(json.asString());
            default -> json.asString();
          };
    };
  }

  private Map<String, JsonNode> wrongTypes(JsonNode schema) {
    Map<String, JsonNode> types = new TreeMap<>();
    types.put("a string", JSON.stringNode("text"));
    types.put("a number", JSON.numberNode(5));
    types.put("a boolean", JSON.booleanNode(true));
    types.put("an array", JSON.arrayNode());
    types.put("an object", JSON.objectNode());
    String type = Spec.reference(schema) == null ? schema.path("type").asString("") : "object";
    switch (type) {
      case "string" -> {
        types.remove("a string");
        if (Set.of("date-time", "date", "uuid").contains(schema.path("format").asString(""))) {
          types.put("malformed text", JSON.stringNode("yesterday"));
        }
      }
      case "integer" -> {
        types.remove("a number");
        types.put("a fraction", JSON.numberNode(1.5));
      }
      case "number" -> types.remove("a number");
      case "boolean" -> types.remove("a boolean");
      case "array" -> {
        types.remove("an array");
        wrongTypes(schema.path("items"))
            .forEach(
                (name, wrong) -> types.put("an array of " + name, JSON.arrayNode().add(wrong)));
      }
      default -> {
        types.remove("an object");
        String reference = Spec.reference(schema);
        if (reference != null && !spec.schema(reference).path("required").isEmpty()) {
          types.put("an empty object", JSON.objectNode());
        }
      }
    }
    return types;
  }

  // ---- what it sends

  private void checkRequests(Spec.Operation operation) {
    Map<String, Set<String>> described = spec.security(operation);
    Set<String> offered = new LinkedHashSet<>();
    for (Client.Sent sent : client.sent()) {
      offered.add(sent.credentials());
      checkRequest(operation, sent, described.getOrDefault(sent.credentials(), Set.of()));
    }
    boolean mayBeLeftOut = !operation.node().at("/requestBody/required").asBoolean(false);
    if (mayBeLeftOut && client.sent().stream().noneMatch(sent -> sent.body() == null)) {
      report(operation.place() + ", requestBody", "the client always sends one, but need not");
    }
    if (!offered.equals(described.keySet())) {
      report(
          operation.place() + ", security",
          "described is " + described.keySet() + ", the client offers " + offered);
    }
  }

  private void checkRequest(Spec.Operation operation, Client.Sent sent, Set<String> credentials) {
    String place = operation.place() + " with " + sent.credentials();
    if (!sent.method().equalsIgnoreCase(operation.method())) {
      report(place, "the client's method is " + sent.method());
    }
    String path = operation.path();
    for (JsonNode parameter : operation.node().path("parameters")) {
      String name = parameter.path("name").asString();
      if (parameter.path("in").asString().equals("path")) {
        path = path.replace("{" + name + "}", parameter.path("example").asString(""));
      } else if (parameter.path("required").asBoolean(false)) {
        report(place, "the client does not send " + name);
      }
    }
    if (!sent.path().equals(path)) {
      report(place, "the client's path is " + sent.path() + ", described is " + path);
    }
    Map<String, String> headers = new TreeMap<>();
    sent.headers().forEach(header -> headers.put(header.getFirst(), header.getSecond()));
    if (!Spec.credentials(headers).equals(credentials)) {
      report(
          place + ", security",
          "the client sends " + Spec.credentials(headers) + ", described is " + credentials);
    }
    checkRequestBody(operation, sent, place);
  }

  private void checkRequestBody(Spec.Operation operation, Client.Sent sent, String place) {
    JsonNode body = operation.node().path("requestBody");
    if (sent.body() == null) {
      if (body.path("required").asBoolean(false)) {
        report(place + ", requestBody", "the client can leave out the body, which is required");
      }
      return;
    }
    String contentType = sent.headers().get("Content-Type");
    MediaType media = contentType == null ? null : MediaType.parse(contentType);
    String type = media == null ? "none" : media.type() + "/" + media.subtype();
    JsonNode content = body.path("content").path(type);
    if (content.isMissingNode()) {
      report(
          place + ", requestBody",
          "the client sends " + type + ", described is " + body.path("content").propertyNames());
      return;
    }
    try {
      String schema = String.valueOf(Spec.reference(content.path("schema")));
      for (String violation : spec.violations(schema, MAPPER.readTree(sent.body()))) {
        report(place + ", requestBody", violation);
      }
    } catch (JacksonException e) {
      report(place + ", requestBody", "the client does not send JSON");
    }
  }

  private void checkLimits(Spec.Operation operation) {
    for (JsonNode parameter : operation.node().path("parameters")) {
      String name = parameter.path("name").asString();
      String place = operation.place() + ", parameter " + name;
      int most = parameter.at("/schema/maxLength").asInt(1000);
      int least = parameter.at("/schema/minLength").asInt(1);
      if (!client.takes(name, most) || !client.takes(name, least)) {
        report(place, "the client refuses " + least + " or " + most + " characters");
      }
      if (most < 1000 && client.takes(name, most + 1)) {
        report(place, "the client takes more than " + most + " characters");
      }
    }
  }

  private void checkBaseUrl() {
    Set<String> urls = new LinkedHashSet<>();
    spec.root().path("servers").forEach(server -> urls.add(server.path("url").asString() + "/"));
    if (!urls.contains(client.baseUrl())) {
      report("servers", "the client's base URL is " + client.baseUrl() + ", described is " + urls);
    }
  }
}
