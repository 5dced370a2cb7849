package io.github.accesstokens.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a description says of an operation: without references, {@code allOf}, names of schemas,
 * prose, extensions and order. Two descriptions that mean the same have equal shapes.
 *
 * <p>The tree has the keywords of OpenAPI. Lists without an order are objects: parameters by their
 * place and name, such as {@code path 1} or {@code query page}; required properties, values of an
 * enum, servers and security alternatives by themselves. The mark of a secret is {@code sensitive}:
 * {@code format: password}, or the provider's {@code x-sensitive}.
 */
final class Shape {
  static final String SENSITIVE = "sensitive";
  static final String CONTAINS_ITSELF = "contains itself";

  /** Starts a value that is an object or a list, as text. */
  static final String JSON_TEXT = "JSON ";

  /** Keywords whose values have names that the author chose. */
  private static final Set<String> NAMES =
      Set.of("properties", "patternProperties", "dependentSchemas");

  /** Joins what two parts of an {@code allOf} say and no single keyword can. */
  private static final String AND = " and ";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> PROSE =
      Set.of(
          "description",
          "summary",
          "title",
          "example",
          "examples",
          "externalDocs",
          "$comment",
          "xml",
          "tags",
          "operationId",
          "links",
          "callbacks");

  private static final Set<String> FALSE_BY_DEFAULT =
      Set.of(
          "allowEmptyValue",
          "allowReserved",
          "deprecated",
          "exclusiveMaximum",
          "exclusiveMinimum",
          "nullable",
          "readOnly",
          "required",
          "uniqueItems",
          "writeOnly");

  private static final int MOST_SCHEMAS = 100_000;
  private static final int MOST_LEVELS = 200;
  private static final int LONGEST_KEY = 200;
  private static final Set<String> IGNORED_HEADERS =
      Set.of("accept", "authorization", "content-type");

  private final JsonNode root;
  private final ObjectNode tree = JSON.objectNode();

  /** By place in the shape: where it is written, and where its parts are. References differ. */
  private final Map<String, String> sources = new HashMap<>();

  private final Map<String, String> contents = new HashMap<>();
  private final Deque<String> open = new ArrayDeque<>();
  private int schemas;

  private Shape(JsonNode root) {
    this.root = root;
  }

  /** A node of the document, with the place where it is written. */
  private record Source(JsonNode node, String place) {
    Source child(String name) {
      return new Source(node.path(name), place + "/" + escaped(name));
    }

    List<Source> children() {
      List<Source> children = new ArrayList<>();
      if (node.isArray()) {
        for (int i = 0; i < node.size(); i++) {
          children.add(new Source(node.path(i), place + "/" + i));
        }
      } else {
        node.propertyNames().forEach(name -> children.add(child(name)));
      }
      return children;
    }

    /** The last key of the place. */
    String name() {
      return JsonPointer.compile(place).last().getMatchingProperty();
    }
  }

  /**
   * Reads the shape of an operation.
   *
   * @throws UnreadableDocumentException if the operation is not written as OpenAPI requires
   */
  static Shape of(Spec spec, Spec.Operation operation) {
    Shape shape = new Shape(spec.root());
    shape.read(operation);
    return shape;
  }

  /** The shape as a JSON tree. */
  ObjectNode tree() {
    return tree;
  }

  /** The place in the document where a place of the shape is written, both as JSON pointers. */
  String source(String pointer) {
    String source = sources.get(pointer);
    if (source != null) {
      return source;
    }
    int slash = pointer.lastIndexOf('/');
    String name = pointer.substring(slash);
    // Our description marks a secret with its format.
    boolean mark = name.equals("/" + SENSITIVE) && isKeyword(pointer);
    return contents(pointer.substring(0, slash)) + (mark ? "/format" : name);
  }

  /** Whether a place of a shape ends with a keyword, and not with the name of a property. */
  static boolean isKeyword(String pointer) {
    JsonPointer parent = JsonPointer.compile(pointer).head();
    boolean isName =
        parent != null
            && parent.length() > 0
            && NAMES.contains(parent.last().getMatchingProperty())
            && isKeyword(parent.toString());
    return !isName;
  }

  private String contents(String pointer) {
    String place = contents.get(pointer);
    return place == null ? source(pointer) : place;
  }

  static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private void read(Spec.Operation operation) {
    Source path =
        resolved(new Source(root, "").child("paths").child(operation.path()), new TreeSet<>());
    Source source = path.child(operation.method());
    sources.put("", source.place);
    Source servers = new Source(root, "").child("servers");
    for (Source owner : List.of(path, source)) {
      if (owner.node.has("servers")) {
        servers = owner.child("servers");
      }
    }
    readServers(servers);
    readSecurity(operation, source);
    readParameters(operation, path.child("parameters"));
    readParameters(operation, source.child("parameters"));
    if (source.node.path("deprecated").asBoolean(false)) {
      tree.put("deprecated", true);
    }
    if (source.node.has("requestBody")) {
      tree.set("requestBody", part("/requestBody", source.child("requestBody")));
    }
    Source responses = source.child("responses");
    if (is30() || !responses.node.isMissingNode()) {
      tree.set("responses", named("/responses", responses));
    }
  }

  private boolean is30() {
    return root.path("openapi").asString("").startsWith("3.0");
  }

  private void readServers(Source servers) {
    sources.put("/servers", servers.place);
    ObjectNode urls = tree.putObject("servers");
    if (servers.node.isMissingNode()) {
      urls.put("/", true);
      return;
    }
    array(servers)
        .children()
        .forEach(
            server -> {
              String url = server.node.path("url").asString("");
              for (var variable : server.node.path("variables").properties()) {
                String value = variable.getValue().path("default").asString("");
                url = url.replace("{" + variable.getKey() + "}", value);
              }
              urls.put(url, true);
            });
  }

  private void readSecurity(Spec.Operation operation, Source source) {
    Source owner = source.node.has("security") ? source : new Source(root, "");
    Source written = owner.child("security");
    sources.put("/security", written.place);
    if (!written.node.isMissingNode()) {
      for (Source alternative : array(written).children()) {
        for (Source scheme : object(alternative).children()) {
          if (!root.at("/components/securitySchemes").has(scheme.name())) {
            throw new UnreadableDocumentException(
                Verdict.UNRESOLVED_REFERENCE,
                alternative.place + " names " + scheme.name() + ", which is no security scheme");
          }
        }
      }
    }
    ObjectNode alternatives = tree.putObject("security");
    new Spec(root)
        .security(operation)
        .values()
        .forEach(headers -> alternatives.put(String.join(" + ", headers), true));
  }

  private void readParameters(Spec.Operation operation, Source parameters) {
    if (parameters.node.isMissingNode()) {
      return;
    }
    ObjectNode all = child(tree, "parameters");
    sources.putIfAbsent("/parameters", parameters.place);
    for (Source written : array(parameters).children()) {
      Source parameter = resolved(written, new TreeSet<>());
      String in = parameter.node.path("in").asString("");
      String name = parameter.node.path("name").asString("");
      if (in.equals("header") && IGNORED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
        // OpenAPI describes those elsewhere.
        continue;
      }
      String key =
          switch (in) {
            case "path" -> "path " + position(operation.path(), name);
            case "header" -> "header " + name.toLowerCase(Locale.ROOT);
            default -> in + " " + name;
          };
      // The name in place of the index, for people
      String place =
          parameter.place.equals(written.place)
              ? written.place.replaceFirst("\\d+$", Matcher.quoteReplacement(escaped(name)))
              : parameter.place;
      // An operation replaces a parameter of its path.
      String at = "/parameters/" + escaped(key);
      sources.keySet().removeIf(known -> known.startsWith(at + "/"));
      contents.keySet().removeIf(known -> known.startsWith(at + "/"));
      ObjectNode shape = part(at, new Source(parameter.node, place));
      shape.remove(List.of("in", "name"));
      boolean form = !shape.has("style") && List.of("query", "cookie").contains(in);
      if (shape.path("explode").asBoolean(form) == form) {
        shape.remove("explode");
      }
      all.set(key, shape);
    }
  }

  /** The position of a path parameter among those of a path. Names may differ. */
  private static int position(String path, String name) {
    String before = path.substring(0, Math.max(path.indexOf("{" + name + "}"), 0));
    return path.contains("{" + name + "}")
        ? (int) before.chars().filter(c -> c == '{').count() + 1
        : 0;
  }

  // ---- objects of OpenAPI that are no schemas

  /** A map from names that the author chose. */
  private ObjectNode named(String at, Source source) {
    ObjectNode copy = JSON.objectNode();
    boolean headers = at.endsWith("/headers");
    for (Source child : object(source).children()) {
      String name = child.name();
      if (!at.equals("/responses")) {
        name = name.toLowerCase(Locale.ROOT);
      } else if (name.endsWith("xx")) {
        name = name.toUpperCase(Locale.ROOT);
      }
      if (!name.startsWith("x-") || headers) {
        copy.set(name, part(at + "/" + escaped(name), child));
      }
    }
    sources.put(at, source.place);
    return copy;
  }

  private ObjectNode part(String at, Source written) {
    Source source = resolved(written, new TreeSet<>());
    if (!source.node.isObject()) {
      throw notOpenApi(source, "should be an object");
    }
    ObjectNode copy = JSON.objectNode();
    sources.put(at, written.place);
    contents.put(at, source.place);
    for (Source child : source.children()) {
      String keyword = child.name();
      String place = at + "/" + keyword;
      switch (keyword) {
        case "schema" -> setUnlessEmpty(copy, keyword, schema(place, child));
        case "content", "headers" -> setUnlessEmpty(copy, keyword, named(place, child));
        default -> {
          if (isCompared(keyword, child.node)) {
            sources.put(place, child.place);
            copy.set(keyword, simple(child.node));
          }
        }
      }
    }
    if (source.node.path("x-sensitive").asBoolean(false)) {
      markSensitive(child(copy, "schema"), at + "/schema", source.child("x-sensitive"));
    }
    return copy;
  }

  private static void setUnlessEmpty(ObjectNode parent, String name, ObjectNode value) {
    if (!value.isEmpty()) {
      parent.set(name, value);
    }
  }

  /** Whether a keyword has a meaning, and its value is not the default. */
  private static boolean isCompared(String keyword, JsonNode value) {
    boolean isDefault =
        keyword.equals("style")
            ? List.of("form", "simple").contains(value.asString(""))
            : FALSE_BY_DEFAULT.contains(keyword) && value.isBoolean() && !value.asBoolean();
    return !PROSE.contains(keyword) && !keyword.startsWith("x-") && !isDefault;
  }

  private static ObjectNode child(ObjectNode parent, String name) {
    return parent.path(name) instanceof ObjectNode child ? child : parent.putObject(name);
  }

  // ---- schemas

  private ObjectNode schema(String at, Source written) {
    ObjectNode shape = JSON.objectNode();
    merge(shape, at, written, new TreeSet<>());
    return shape;
  }

  /** Adds what a schema says to a shape. The parts of an {@code allOf} all say something of it. */
  private void merge(ObjectNode shape, String at, Source source, Set<String> followed) {
    sources.putIfAbsent(at, source.place);
    if (++schemas > MOST_SCHEMAS || open.size() + followed.size() > MOST_LEVELS) {
      throw new UnreadableDocumentException(
          Verdict.TOO_LARGE,
          "%s is in more than %d schemas, or %d levels deep"
              .formatted(source.place, MOST_SCHEMAS, MOST_LEVELS));
    }
    if (source.node.isBoolean() && !is30()) {
      if (!source.node.asBoolean()) {
        child(shape, "not");
      }
      return;
    }
    if (!source.node.isObject()) {
      throw notOpenApi(source, "should be a schema");
    }
    if (source.node.path("$ref").isString()) {
      merge(shape, at, target(source, followed), followed);
      if (is30()) {
        // From OpenAPI 3.1 on, what stands beside a reference counts too.
        return;
      }
    }
    contents.putIfAbsent(at, source.place);
    if (open.contains(source.place)) {
      shape.put(CONTAINS_ITSELF, new ArrayList<>(open).indexOf(source.place));
      return;
    }
    Source allOf = source.child("allOf");
    if (!allOf.node.isMissingNode()) {
      array(allOf).children().forEach(part -> merge(shape, at, part, new TreeSet<>(followed)));
    }
    open.push(source.place);
    source.children().forEach(child -> mergeKeyword(shape, at, child));
    open.pop();
    if (!shape.has("type") && shape.has("properties")) {
      shape.put("type", "object");
    }
  }

  private void mergeKeyword(ObjectNode shape, String at, Source child) {
    String keyword = child.name();
    String place = at + "/" + keyword;
    switch (keyword) {
      case "allOf", "$ref" -> {}
      case "properties", "patternProperties", "dependentSchemas" -> {
        sources.putIfAbsent(place, child.place);
        for (Source property : object(child).children()) {
          String name = property.name();
          merge(
              child(child(shape, keyword), name),
              place + "/" + escaped(name),
              property,
              new TreeSet<>());
        }
      }
      case "required" -> {
        sources.putIfAbsent(place, child.place);
        for (Source name : array(child).children()) {
          child(shape, keyword).put(name.node.asString(""), true);
        }
      }
      case "enum" -> mergeEnum(shape, at, child, array(child).node);
      case "const" -> mergeEnum(shape, at, child, JSON.arrayNode().add(child.node));
      case "items",
          "not",
          "if",
          "then",
          "else",
          "contains",
          "contentSchema",
          "propertyNames",
          "unevaluatedItems",
          "unevaluatedProperties" ->
          merge(child(shape, keyword), place, child, new TreeSet<>());
      case "prefixItems" -> {
        sources.putIfAbsent(place, child.place);
        for (Source item : array(child).children()) {
          child(shape, keyword).set(item.name(), schema(place + "/" + item.name(), item));
        }
      }
      case "anyOf", "oneOf" -> {
        ObjectNode choices = JSON.objectNode();
        for (Source choice : array(child).children()) {
          ObjectNode chosen = schema(place + "/" + choice.name(), choice);
          choices.set(key(chosen), chosen);
        }
        // Two parts of an allOf can have choices of their own, and both count.
        String name = keyword;
        while (shape.has(name) && !shape.path(name).equals(choices)) {
          name += AND + keyword;
        }
        shape.set(name, choices);
        sources.putIfAbsent(at + "/" + name, child.place);
      }
      case "discriminator" -> {
        // Its mapping has names of schemas.
        shape.set(keyword, child.node.path("propertyName"));
        sources.put(place, child.place);
      }
      case "additionalProperties" -> {
        ObjectNode schema = child.node.isObject() ? schema(place, child) : JSON.objectNode();
        if (!schema.isEmpty()) {
          shape.set(keyword, schema);
        } else if (child.node.isBoolean() && !child.node.asBoolean()) {
          shape.put(keyword, false);
        }
        sources.put(place, child.place);
      }
      case "type" -> mergeType(shape, at, child);
      case "x-sensitive" -> markSensitive(shape, at, child);
      case "format" -> {
        if (child.node.asString("").equals("password")) {
          markSensitive(shape, at, child);
        } else {
          shape.set(keyword, child.node);
          sources.put(place, child.place);
        }
      }
      default -> {
        if (isCompared(keyword, child.node)) {
          shape.set(keyword, both(keyword, shape.path(keyword), simple(child.node)));
          sources.put(place, child.place);
        }
      }
    }
  }

  /** The text of a choice, or its hash: within another choice, a long text would double. */
  private static String key(ObjectNode choice) {
    String text = JsonDifference.shown(choice);
    return text.length() <= LONGEST_KEY
        ? text
        : UUID.nameUUIDFromBytes(text.getBytes(UTF_8)).toString();
  }

  /** A keyword that two parts of an {@code allOf} have: the stricter limit, or both texts. */
  private static JsonNode both(String keyword, JsonNode before, JsonNode value) {
    if (before.isNumber() && value.isNumber()) {
      boolean more = value.asDouble() > before.asDouble();
      return more == isMinimum(keyword) ? value : before;
    }
    return before.isString() && value.isString() && !before.equals(value)
        ? JSON.stringNode(before.asString() + AND + value.asString())
        : value;
  }

  static boolean isMinimum(String keyword) {
    return keyword.toLowerCase(Locale.ROOT).contains("min");
  }

  /** A value that equals all other ways to write it, without parts to compare one by one. */
  private static JsonNode simple(JsonNode value) {
    boolean finite = value.isNumber() && Double.isFinite(value.asDouble());
    if (finite) {
      BigDecimal number = value.decimalValue().stripTrailingZeros();
      return number.scale() <= 0 && number.precision() - number.scale() < 19
          ? JSON.numberNode(number.longValue())
          : JSON.numberNode(number);
    }
    return value.isContainer() ? JSON.stringNode(JSON_TEXT + JsonDifference.shown(value)) : value;
  }

  /** The parts of an {@code allOf} allow what all of them list. */
  private void mergeEnum(ObjectNode shape, String at, Source child, JsonNode values) {
    ObjectNode listed = JSON.objectNode();
    for (JsonNode value : values) {
      JsonNode simple = value.isContainer() ? value : simple(value);
      listed.set(simple.toString(), simple);
    }
    if (shape.path("enum") instanceof ObjectNode before) {
      before.retain(listed.propertyNames());
    } else {
      shape.set("enum", listed);
    }
    sources.putIfAbsent(at + "/enum", child.place);
  }

  private void mergeType(ObjectNode shape, String at, Source child) {
    sources.put(at + "/type", child.place);
    // OpenAPI 3.1 has a list of types, and null is one of them.
    Set<String> types = new TreeSet<>();
    for (JsonNode type : child.node.isArray() ? child.node : JSON.arrayNode().add(child.node)) {
      types.add(type.asString(type.toString()));
    }
    if (child.node.isArray() && types.remove("null")) {
      shape.put("nullable", true);
    }
    String type = String.join(" or ", types);
    String before = shape.path("type").asString(type);
    // An integer is a number.
    boolean integer = List.of("integer number", "number integer").contains(before + " " + type);
    shape.put("type", before.equals(type) ? type : integer ? "integer" : before + AND + type);
  }

  private void markSensitive(ObjectNode shape, String at, Source child) {
    if (!child.node.isBoolean() || child.node.asBoolean()) {
      shape.put(SENSITIVE, "password");
      sources.put(at + "/" + SENSITIVE, child.place);
    }
  }

  // ---- references

  private Source resolved(Source written, Set<String> followed) {
    Source source = written;
    while (source.node.path("$ref").isString()) {
      source = target(source, followed);
    }
    return source;
  }

  private Source target(Source source, Set<String> followed) {
    String reference = source.node.path("$ref").asString();
    if (!followed.add(reference)) {
      throw new UnreadableDocumentException(
          Verdict.CIRCULAR_REFERENCE,
          source.place + " refers to " + reference + ", which refers to itself");
    }
    String place = Spec.pointer(reference);
    JsonNode target = reference.startsWith("#/") ? root.at(place) : root.path("");
    if (target.isMissingNode()) {
      throw new UnreadableDocumentException(
          Verdict.UNRESOLVED_REFERENCE,
          source.place + " refers to " + reference + ", which is not in the document");
    }
    return new Source(target, place);
  }

  private static Source array(Source source) {
    if (!source.node.isArray()) {
      throw notOpenApi(source, "should be a list");
    }
    return source;
  }

  private static Source object(Source source) {
    if (!source.node.isObject()) {
      throw notOpenApi(source, "should be an object");
    }
    return source;
  }

  private static UnreadableDocumentException notOpenApi(Source source, String problem) {
    return new UnreadableDocumentException(
        Verdict.NOT_OPENAPI,
        source.place + " " + problem + ", but is " + source.node.getNodeType());
  }
}
