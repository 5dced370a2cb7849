package io.github.accesstokens.contract;

import static io.github.accesstokens.contract.Drift.STRANGER;
import static io.github.accesstokens.contract.JsonDrift.key;
import static io.github.accesstokens.contract.JsonDrift.remove;
import static io.github.accesstokens.contract.JsonDrift.rename;
import static io.github.accesstokens.contract.JsonDrift.set;

import io.github.accesstokens.contract.JsonDrift.Edit;
import io.github.accesstokens.contract.JsonDrift.Places;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Damage to the description: schemas, operations, servers, security and examples. */
final class DescriptionDrift {
  private static final Map<String, String> LIMITS =
      Map.of("string", "/maxLength", "integer", "/maximum", "array", "/maxItems");

  private final Spec spec;
  private final JsonDrift drift;

  private DescriptionDrift(Contract contract, List<Drift> drifts) {
    this.spec = contract.spec();
    this.drift =
        new JsonDrift(
            Drift.Input.DESCRIPTION,
            null,
            spec.root(),
            (whole, root) -> whole.withSpec(new Spec(root)),
            drifts);
  }

  static void add(Contract contract, List<Drift> drifts) {
    DescriptionDrift description = new DescriptionDrift(contract, drifts);
    description.addSchemas();
    description.addKeywords();
    description.addOperations();
    description.addParameters();
    description.addContents();
    description.addServers();
    description.addSecurity();
    description.addExamples();
  }

  private Places at(String pattern) {
    return drift.at(pattern);
  }

  private void addSchemas() {
    at("/components/schemas/*").add("schema removed", remove());
    at("/components/schemas/*/properties")
        .named(any -> STRANGER)
        .set("property added", "/" + STRANGER, Map.of("type", "string"));
    Places properties = at("/components/schemas/*/properties/*");
    Edit optional = required((names, name) -> names.remove(name));
    properties.add("made optional", optional);
    properties.add("made required", required(DescriptionDrift::addOnce));
    properties.add("property removed", remove().and(optional));
    properties.add("property renamed", rename().and(required(DescriptionDrift::renameIn)));
    for (String type : List.of("string", "integer", "number", "boolean", "array", "object")) {
      Map<String, ?> array = Map.of("type", type, "items", Map.of("type", "string"));
      properties
          .where(property -> !type(property).equals(type))
          .add("retyped to " + type, set(type.equals("array") ? array : Map.of("type", type)));
    }
  }

  private static String type(JsonNode schema) {
    return schema.path("type").asString("");
  }

  /** Edits the list of required properties that stands beside a property. */
  private static Edit required(BiConsumer<List<String>, String> edit) {
    return (root, place) -> {
      ObjectNode schema = root.at(place.head().head()).asObject();
      List<String> names = Spec.strings(schema.path("required"));
      edit.accept(names, key(place));
      schema.remove("required");
      names.forEach(name -> schema.withArray("/required").add(name));
    };
  }

  private static void addOnce(List<String> names, String name) {
    if (!names.contains(name)) {
      names.add(name);
    }
  }

  private static void renameIn(List<String> names, String name) {
    names.replaceAll(old -> old.equals(name) ? JsonDrift.otherName(name) : old);
  }

  private void addKeywords() {
    Places inline = at("/components/schemas/*/properties/*").where(schema -> !schema.has("$ref"));
    Places nullable = inline.where(schema -> schema.path("nullable").asBoolean(false));
    nullable.set("null disallowed", "/nullable", false);
    inline.set("null allowed", "/nullable", true);
    for (String format : List.of("date", "date-time", "uuid", "uri", "password")) {
      inline
          .where(schema -> type(schema).equals("string"))
          .set("format changed to " + format, "/format", format);
    }
    inline.remove("format removed", "/format");
    inline.remove("enum removed", "/enum");
    inline.set("enum extended", "/enum/-", STRANGER);
    inline.where(schema -> !schema.has("enum")).set("enum added", "/enum", List.of(STRANGER));
    inline.remove("default removed", "/default");
    inline.where(schema -> !schema.has("default")).set("default added", "/default", STRANGER);
    LIMITS.forEach(
        (type, limit) ->
            inline
                .where(schema -> type(schema).equals(type) && schema.at(limit).isMissingNode())
                .set(limit.substring(1) + " added", limit, 1_000_000));
    addLimits(inline, "");
  }

  private static void addLimits(Places places, String pointer) {
    for (String limit : List.of("minimum", "minItems", "maxLength")) {
      String keyword = pointer + "/" + limit;
      places.remove(limit + " removed", keyword);
      for (int value : places.numbers(keyword)) {
        Places same = places.where(node -> node.at(keyword).asInt(-1) == value);
        same.set(limit + " " + (value - 1), keyword, value - 1);
        same.set(limit + " " + (value + 1), keyword, value + 1);
      }
    }
  }

  private void addOperations() {
    for (Spec.Operation operation : spec.operations()) {
      String path = operation.path();
      for (String segment : path.substring(1).split("/", -1)) {
        String changed = path.replace("/" + segment, "/" + segment + "s");
        at("/paths/*")
            .named(any -> segment.replaceAll("[{}]", ""))
            .add("path segment renamed", rename(any -> changed));
      }
      for (String method : List.of("get", "put", "patch", "delete")) {
        at("/paths/*/" + operation.method())
            .named(any -> path)
            .add("method changed to " + method, rename(any -> method));
      }
    }
    Places body = at("/paths/*/*/requestBody");
    body.where(node -> node.path("required").asBoolean(false))
        .set("body made optional", "/required", false);
    body.set("body made required", "/required", true);
    body.add("body removed", remove());
  }

  private void addParameters() {
    Places parameters =
        at("/paths/*/*/parameters/*").named(parameter -> parameter.path("name").asString());
    parameters.add("parameter removed", remove());
    parameters.add(
        "parameter renamed",
        (root, place) -> {
          ObjectNode parameter = root.at(place).asObject();
          parameter.put("name", parameter.path("name").asString() + "s");
        });
    for (String in : List.of("query", "header", "cookie")) {
      parameters.set("parameter moved to " + in, "/in", in);
    }
    parameters.set("parameter made optional", "/required", false);
    parameters.set("parameter retyped", "/schema/type", "integer");
    addLimits(parameters, "/schema");
  }

  private void addContents() {
    Places responses = at("/paths/*/*/responses/*");
    responses.add("status removed", remove());
    responses.add("status changed to 201", rename(any -> "201"));
    responses.add("status changed to 3XX", rename(any -> "3XX"));
    at("/paths/*/*/responses/*/headers/*").add("response header renamed", rename());
    for (String content : List.of("requestBody/content/*", "responses/*/content/*")) {
      Places mediaTypes = at("/paths/*/*/" + content);
      mediaTypes.add("media type removed", remove());
      mediaTypes.add("media type changed to application/xml", rename(any -> "application/xml"));
      mediaTypes.add("media type changed to text/plain", rename(any -> "text/plain"));
    }
  }

  private void addServers() {
    Places servers = at("/servers/*").named(server -> server.path("url").asString());
    servers.add("server changed", url("https:", "http:"));
    servers.add("server changed", url("$", "5"));
    servers.add("server changed", url("api\\.", "api2."));
    at("/servers").add("servers removed", remove());
  }

  private static Edit url(String pattern, String replacement) {
    return (root, place) -> {
      ObjectNode server = root.at(place).asObject();
      server.put("url", server.path("url").asString().replaceFirst(pattern, replacement));
    };
  }

  private void addSecurity() {
    at("/security/*")
        .named(alternative -> alternative.propertyNames().iterator().next())
        .add("security alternative removed", remove());
    at("/security").set("no security allowed", "/-", Map.of());
    Places schemes = at("/components/securitySchemes/*");
    schemes.add("scheme removed", remove());
    schemes.add("scheme renamed", rename());
    Places keys = schemes.where(scheme -> scheme.has("name"));
    keys.set("header renamed", "/name", "X-Auth-Other");
    keys.set("credential moved to the query", "/in", "query");
    schemes.where(scheme -> !scheme.has("name")).set("scheme changed to basic", "/scheme", "basic");
  }

  private void addExamples() {
    at("/components/examples/*").add("example removed", remove());
    for (String name : spec.root().at("/components/examples").propertyNames()) {
      String value = "/components/examples/" + name + "/value";
      drift.named(name).mutate("example, ", value, any -> true);
    }
  }
}
