package io.github.accesstokens.generator;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.Encoding;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.Parameter.StyleEnum;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openapitools.codegen.utils.ModelUtils;

/** Decides which interfaces, methods and credentials there are. */
final class Apis {
  /** The methods of Object, and the factory method of each interface. */
  private static final String[] RESERVED_METHODS = {
    "clone",
    "create",
    "equals",
    "finalize",
    "getClass",
    "hashCode",
    "notify",
    "notifyAll",
    "toString",
    "wait"
  };

  private static final Set<String> IGNORED_HEADERS =
      Set.of("accept", "content-type", "authorization");
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String MULTIPART = "multipart/form-data";
  private static final Pattern SINGLE_MEDIA_TYPE =
      Pattern.compile("[\\w!#$&^.+-]+/[\\w!#$&^.+-]+(\\s*;[^,]*)?");

  private static final String CHECKED = "Checked";

  /** Of a reference to a reference; more are a circle. */
  private static final int MAX_REFERENCES = 100;

  /** The names of placeholders that Retrofit accepts. */
  private static final Pattern PLACEHOLDER = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]*");

  /** The parts of a pattern that say what a value must not have. */
  private static final Pattern FORBIDDEN =
      Pattern.compile("\\[\\^(?:\\\\.|[^\\]\\\\])*]|\\(\\?<?!(?:\\\\.|[^)\\\\])*\\)");

  private final OpenAPI description;
  private final Schemas schemas;
  private final Models models;
  private final RetrofitMoshiCodegen java;
  private final Problems problems;
  private final Map<String, String> classes;
  private final Map<String, Api> apis = new TreeMap<>();
  private final List<Security> securities = new ArrayList<>();
  private final Map<String, Security.Scheme> schemes = new HashMap<>();
  private final Names factories = new Names(RESERVED_METHODS);

  /** The parameters of the factory methods, which have two variables of their own. */
  private final Names credentials = new Names("request", "authenticated");

  private final Names credentialMethods = new Names();

  /** What the runtime of the generated code needs. */
  final Set<String> features = new LinkedHashSet<>();

  /** The types of bodies that are no models. */
  final Set<Type.Kind> roots = new LinkedHashSet<>();

  Apis(
      OpenAPI description,
      Schemas schemas,
      Models models,
      Map<String, String> interfaces,
      RetrofitMoshiCodegen java,
      Problems problems) {
    this.description = description;
    this.schemas = schemas;
    this.models = models;
    this.java = java;
    this.problems = problems;
    this.classes = interfaces;
  }

  Collection<Api> all() {
    return apis.values();
  }

  List<Security> securities() {
    return securities;
  }

  /** Returns the names of the interfaces, and of the classes that go with them. */
  static Set<String> classNames(Map<String, String> interfaces) {
    Set<String> names = new LinkedHashSet<>();
    for (String name : interfaces.values()) {
      names.add(name);
      names.add(name + CHECKED);
    }
    return names;
  }

  /**
   * Returns the interface of each tag. Tags with the same name in Java share one; names that differ
   * by case only would share a file.
   */
  static Map<String, String> interfaces(OpenAPI description, RetrofitMoshiCodegen java) {
    Names names = new Names();
    Map<String, String> taken = new HashMap<>();
    Map<String, String> classes = new LinkedHashMap<>();
    if (description.getPaths() != null) {
      for (PathItem item : description.getPaths().values()) {
        for (Operation operation : resolved(description, item).readOperations()) {
          for (String tag : tags(operation)) {
            classes.put(
                tag,
                taken.computeIfAbsent(
                    java.apiClass(tag), wanted -> names.take(wanted, List.of(CHECKED))));
          }
        }
      }
    }
    return classes;
  }

  /** Returns the path item that a reference points to; without a target it has no operations. */
  private static PathItem resolved(OpenAPI description, PathItem item) {
    PathItem resolved = item;
    for (int i = 0; resolved != null && resolved.get$ref() != null && i < MAX_REFERENCES; i++) {
      resolved =
          description.getComponents() == null
              ? null
              : target(resolved.get$ref(), "pathItems", description.getComponents().getPathItems());
    }
    return resolved == null ? item : resolved;
  }

  private static <T> @Nullable T target(
      String reference, String section, @Nullable Map<String, T> named) {
    String prefix = "#/components/" + section + "/";
    if (named == null || !reference.startsWith(prefix)) {
      return null;
    }
    String name = reference.substring(prefix.length());
    return named.get(Schemas.decoded(name));
  }

  private static List<String> tags(Operation operation) {
    return operation.getTags() == null || operation.getTags().isEmpty()
        ? List.of("default")
        : operation.getTags();
  }

  void addAll(String baseUrl) {
    addSecurities(description.getSecurity(), "security");
    if (description.getPaths() != null) {
      description
          .getPaths()
          .forEach(
              (path, given) -> {
                PathItem item = resolved(description, given);
                if (item.get$ref() != null && item.readOperations().isEmpty()) {
                  problems.add(
                      "paths." + path, "the reference " + item.get$ref() + " has no path item");
                }
                item.readOperationsMap()
                    .forEach((method, operation) -> add(baseUrl, path, item, method, operation));
              });
    }
    for (Api api : apis.values()) {
      Names methods = new Names(RESERVED_METHODS);
      Names constants = new Names("BASE_URL");
      List<Api.Operation> named = new ArrayList<>();
      api.operations.stream()
          .sorted(Comparator.comparing(operation -> operation.id))
          .forEach(
              operation -> {
                String name = java.variable(operation.id);
                if (!methods.isFree(name, List.of()) && List.of(RESERVED_METHODS).contains(name)) {
                  name = "call" + Text.capitalized(name);
                }
                name = methods.take(name);
                named.add(operation.named(name, constants.take(java.constant(name, true))));
              });
      api.operations.clear();
      api.operations.addAll(named);
    }
  }

  private void add(
      String baseUrl, String path, PathItem item, HttpMethod method, Operation operation) {
    String place = "paths." + path + "." + method.name().toLowerCase(Locale.ROOT);
    if (method == HttpMethod.TRACE) {
      problems.add(place, "OkHttp cannot send TRACE");
      return;
    }
    String id = operation.getOperationId();
    if (id == null || id.isBlank()) {
      id = method.name().toLowerCase(Locale.ROOT) + "_" + path;
    }
    id = id.strip();
    if (operation.getSecurity() != null) {
      addSecurities(operation.getSecurity(), place + ".security");
    }

    Imports imports = new Imports();
    List<Parameter> parameters = parameters(item, operation, path, place);
    Names names = new Names("body");
    Map<String, String> placeholders = placeholders(path);
    Set<String> unset = new LinkedHashSet<>(placeholders.keySet());
    List<Api.Parameter> before = new ArrayList<>();
    for (Parameter parameter : parameters) {
      Api.Parameter added = parameter(parameter, place, id, names, placeholders, imports);
      if (added != null) {
        before.add(added);
        if (parameter.getIn().equals("path")) {
          unset.remove(parameter.getName());
        }
      }
    }
    if (!unset.isEmpty()) {
      // The problem is noted. Without the parameter, its name would be sent.
      return;
    }
    String url = url(baseUrl, path, placeholders, item, operation, place);
    if (url == null) {
      return;
    }
    List<String> common = new ArrayList<>();
    List<String> ofBody = new ArrayList<>();
    Body body = body(operation, method, place, id, names, imports, ofBody);
    String returns = returns(operation, method, place, id, imports, common);
    Api.Operation built =
        new Api.Operation(
            id,
            url,
            summary(operation, method, path),
            Text.javadoc(operation.getSummary() == null ? null : operation.getDescription()),
            Boolean.TRUE.equals(operation.getDeprecated()),
            annotation(method, body != null, imports),
            returns);
    if (body == null || !body.required) {
      built.methods.add(new Api.Method(before, common, null));
    }
    if (body != null) {
      List<Api.Parameter> all = new ArrayList<>(before);
      all.addAll(body.parameters);
      ofBody.addAll(common);
      built.methods.add(new Api.Method(all, ofBody, body.check));
    }
    Set<String> added = new LinkedHashSet<>();
    for (String tag : tags(operation)) {
      String className = classes.getOrDefault(tag, java.apiClass(tag));
      if (added.add(className)) {
        Api api = apis.computeIfAbsent(className, name -> new Api(name, tag, baseUrl));
        api.operations.add(built);
        imports.addTo(api);
      }
    }
  }

  /** Returns the names of the placeholders of a path, with names that Retrofit accepts. */
  private Map<String, String> placeholders(String path) {
    Map<String, String> placeholders = new LinkedHashMap<>();
    Names names = new Names();
    List<String> variables = java.pathVariables(path);
    for (String variable : variables) {
      if (PLACEHOLDER.matcher(variable).matches()) {
        placeholders.put(variable, variable);
        names.take(variable);
      }
    }
    for (String variable : variables) {
      if (!placeholders.containsKey(variable)) {
        String accepted = variable.replaceAll("[^a-zA-Z0-9_-]", "_");
        boolean letter = PLACEHOLDER.matcher(accepted).matches();
        placeholders.put(variable, names.take(letter ? accepted : "p" + accepted));
      }
    }
    return placeholders;
  }

  /** Returns what Retrofit resolves against the base URL, or null if there is no such URL. */
  private @Nullable String url(
      String baseUrl,
      String path,
      Map<String, String> placeholders,
      PathItem item,
      Operation operation,
      String place) {
    String relative = path.startsWith("/") ? path.substring(1) : path;
    for (Map.Entry<String, String> placeholder : placeholders.entrySet()) {
      relative =
          relative.replace("{" + placeholder.getKey() + "}", "{" + placeholder.getValue() + "}");
    }
    List<Server> servers = operation.getServers();
    if (servers == null || servers.isEmpty()) {
      servers = item.getServers();
    }
    if (servers != null && !servers.isEmpty() && !servers.equals(description.getServers())) {
      Server server = servers.get(0);
      if (!String.valueOf(server.getUrl()).matches("https?://.+")) {
        problems.add(
            place + ".servers",
            "the server " + server.getUrl() + " has no absolute URL; write one with http or https");
        return null;
      }
      String serverUrl = java.url(server);
      if (!serverUrl.equals(baseUrl)) {
        return serverUrl + relative;
      }
    }
    return relative(relative);
  }

  /**
   * Returns a path that cannot be taken for an absolute URL. Retrofit takes no empty path; a dot is
   * the base URL itself.
   */
  private static String relative(String path) {
    String first = path.replaceFirst("/.*", "");
    if (first.contains(":") || first.contains("{")) {
      // With "./", Retrofit would refuse each value of a path parameter as one that changes the
      // path. To OkHttp, a backslash is a slash.
      return (path.contains("{") ? ".\\" : "./") + path;
    }
    return path.isEmpty() ? "." : path;
  }

  private static String summary(Operation operation, HttpMethod method, String path) {
    String text = Text.javadoc(operation.getSummary());
    if (text == null) {
      text = Text.javadoc(operation.getDescription());
    }
    return text == null ? method + " " + Text.code(path) + "." : text;
  }

  private static String annotation(HttpMethod method, boolean body, Imports imports) {
    boolean plain =
        switch (method) {
          case POST, PUT, PATCH -> true;
          default -> !body;
        };
    if (plain) {
      imports.http(method.name());
      return "@" + method + "(%s)";
    }
    imports.http("HTTP");
    return "@HTTP(method = \"" + method + "\", path = %s, hasBody = true)";
  }

  /**
   * Returns the parameters that are sent: those of the path in its order, then the required ones.
   */
  private List<Parameter> parameters(
      PathItem item, Operation operation, String path, String place) {
    Map<String, Parameter> byName = new LinkedHashMap<>();
    List<Parameter> listed = new ArrayList<>();
    if (item.getParameters() != null) {
      listed.addAll(item.getParameters());
    }
    if (operation.getParameters() != null) {
      listed.addAll(operation.getParameters());
    }
    for (Parameter candidate : listed) {
      Parameter parameter = ModelUtils.getReferencedParameter(description, candidate);
      if (parameter == null || parameter.getName() == null || parameter.getIn() == null) {
        problems.add(place, "the parameter " + candidate.get$ref() + " is not described");
      } else {
        byName.put(parameter.getIn() + " " + parameter.getName(), parameter);
      }
    }
    Map<Parameter, Integer> order = new HashMap<>();
    int position = 0;
    for (Parameter parameter : byName.values()) {
      int group = path.length() + (Boolean.TRUE.equals(parameter.getRequired()) ? 0 : 10_000);
      int inPath = path.indexOf("{" + parameter.getName() + "}");
      if (parameter.getIn().equals("path") && inPath < 0) {
        problems.add(place, "the path has no {" + parameter.getName() + "}");
        continue;
      }
      order.put(parameter, parameter.getIn().equals("path") ? inPath : group + position++);
    }
    for (String inPath : java.pathVariables(path)) {
      if (!byName.containsKey("path " + inPath)) {
        problems.add(place, "the parameter {" + inPath + "} of the path is not described");
      }
    }
    return byName.values().stream()
        .filter(order::containsKey)
        .sorted(Comparator.comparing(order::get))
        .toList();
  }

  /** A parameter, and what was decided on it so far. */
  private record Decided(
      Parameter parameter,
      String place,
      String name,
      Type type,
      Shape shape,
      boolean isObject,
      @Nullable String description,
      Imports imports) {

    String literal() {
      return Text.literal(parameter.getName());
    }

    boolean has(StyleEnum style) {
      return parameter.getStyle() == style;
    }

    String used(Type used) {
      imports.type(used);
      return used.java();
    }

    /** Returns the parameter as Retrofit sends it without help. */
    Api.Parameter as(String java, String annotation, @Nullable String moreDescription) {
      return as(java, annotation, moreDescription, null, name);
    }

    Api.Parameter as(
        String java,
        String annotation,
        @Nullable String moreDescription,
        @Nullable String check,
        String argument) {
      boolean required = Boolean.TRUE.equals(parameter.getRequired());
      return new Api.Parameter(
          name,
          (required ? "" : "@Nullable ") + java,
          annotation,
          sentences(description, moreDescription),
          check,
          argument);
    }
  }

  private static @Nullable String sentences(@Nullable String first, @Nullable String second) {
    return first == null ? second : second == null ? first : first + " " + second;
  }

  private Api.@Nullable Parameter parameter(
      Parameter parameter,
      String place,
      String id,
      Names names,
      Map<String, String> placeholders,
      Imports imports) {
    String jsonName = parameter.getName();
    String where = place + ".parameters." + jsonName;
    boolean json = parameter.getContent() != null && !parameter.getContent().isEmpty();
    Schema<?> described =
        json
            ? parameter.getContent().values().iterator().next().getSchema()
            : parameter.getSchema();
    Schema<?> schema = described == null ? new Schema<>().type("string") : described;
    Shape shape = schemas.shape(schema, where);
    Type type = parameterType(schema, shape, where, java.className(id) + java.className(jsonName));
    String limits = shape.maxLength == null ? null : "At most " + shape.maxLength + " characters.";
    if (shape.values != null && type.kind() == Type.Kind.STRING && !shape.values.isEmpty()) {
      List<String> values =
          shape.values.stream().map(value -> Text.code(String.valueOf(value))).toList();
      limits = sentences(limits, "Known values: " + String.join(", ", values) + ".");
    }
    Decided decided =
        new Decided(
            parameter,
            where,
            names.take(java.variable(jsonName)),
            type,
            shape,
            type.kind() == Type.Kind.MAP
                || models.model(type.className()) instanceof Model.ObjectModel,
            sentences(Text.javadoc(parameter.getDescription()), limits),
            imports);
    if (isNested(type) && !(json && parameter.getIn().equals("query"))) {
      problems.add(
          where, "an array of objects or of arrays is supported in a query with content only");
      return null;
    }
    return switch (parameter.getIn()) {
      case "path" -> inPath(decided, placeholders.getOrDefault(jsonName, jsonName));
      case "query" -> json ? jsonInQuery(decided) : inQuery(decided);
      case "header" -> inHeader(decided);
      default -> {
        problems.add(where, "a parameter in " + parameter.getIn() + " is not supported");
        yield null;
      }
    };
  }

  private Api.@Nullable Parameter inPath(Decided decided, String placeholder) {
    if (decided.isObject || decided.has(StyleEnum.MATRIX) || decided.has(StyleEnum.LABEL)) {
      problems.add(decided.place, "a path parameter is an object or has the style matrix or label");
      return null;
    }
    decided.imports.http("Path");
    String literal = decided.literal();
    String annotation = "@Path(" + Text.literal(placeholder) + ")";
    Type type = decided.type;
    if (type.kind() == Type.Kind.LIST) {
      features.add("joinedPaths");
      return decided.as(
          joined(decided),
          annotation,
          null,
          "Arguments.checkPathSegments(" + literal + ", " + decided.name + ");",
          decided.name);
    }
    Model model = models.model(type.className());
    boolean text =
        type.kind() == Type.Kind.STRING
            || (model instanceof Model.EnumModel enumeration && enumeration.text());
    String value = decided.name + (model == null ? "" : ".getValue()");
    if (text && model == null && allowsSlash(decided)) {
      features.add("slashes");
      return decided.as(
          decided.used(type),
          "@Path(value = " + Text.literal(placeholder) + ", encoded = true)",
          null,
          null,
          "Arguments.encodedPath(" + literal + ", " + value + ")");
    }
    Integer maxLength = decided.shape.maxLength;
    String max = maxLength == null ? "Integer.MAX_VALUE" : String.valueOf(maxLength);
    String check = "Arguments.checkPathSegment(" + literal + ", " + value + ", " + max + ");";
    return decided.as(decided.used(type), annotation, null, text ? check : null, decided.name);
  }

  private Api.Parameter jsonInQuery(Decided decided) {
    decided.imports.http("Query");
    String annotation = "@Query(" + decided.literal() + ")";
    if (models.model(decided.type.className()) instanceof Model.ObjectModel) {
      features.add("queryJson");
      models.markSent(decided.type);
      return decided.as(decided.used(decided.type), annotation, null);
    }
    return decided.as("String", annotation, "JSON text.");
  }

  private Api.@Nullable Parameter inQuery(Decided decided) {
    boolean deep = decided.has(StyleEnum.DEEPOBJECT);
    Boolean explode = decided.parameter.getExplode();
    boolean form = decided.parameter.getStyle() == null || decided.has(StyleEnum.FORM);
    if (decided.isObject) {
      if (!deep && (!form || Boolean.FALSE.equals(explode))) {
        problems.add(
            decided.place, "an object in the query needs the style deepObject, or explode: true");
        return null;
      }
      decided.imports.http("QueryMap");
      decided.imports.add("java.util.Map");
      features.add("entries");
      // An entry may be a date-time, whatever the description says.
      features.add("dates");
      String key = Text.javadoc(decided.parameter.getName());
      return decided.as(
          "Map<String, Object>",
          "@QueryMap",
          deep
              ? "Each entry is sent as <code>" + key + "[key]</code>."
              : "Each entry is a parameter of its own.",
          null,
          "Arguments.entries(" + (deep ? decided.literal() : "null") + ", " + decided.name + ")");
    }
    decided.imports.http("Query");
    String annotation = "@Query(" + decided.literal() + ")";
    if (decided.type.kind() != Type.Kind.LIST || (explode == null ? form : explode)) {
      String brackets = "@Query(" + Text.literal(decided.parameter.getName() + "[]") + ")";
      return decided.as(decided.used(decided.type), deep ? brackets : annotation, null);
    }
    String separator =
        decided.has(StyleEnum.PIPEDELIMITED)
            ? "@Joined.With(\"|\") "
            : decided.has(StyleEnum.SPACEDELIMITED) ? "@Joined.With(\" \") " : "";
    return decided.as(joined(decided), separator + annotation, null);
  }

  private Api.@Nullable Parameter inHeader(Decided decided) {
    if (IGNORED_HEADERS.contains(decided.parameter.getName().toLowerCase(Locale.ROOT))) {
      return null;
    }
    if (decided.isObject) {
      problems.add(decided.place, "a header parameter is an object");
      return null;
    }
    decided.imports.http("Header");
    boolean list = decided.type.kind() == Type.Kind.LIST;
    return decided.as(
        list ? joined(decided) : decided.used(decided.type),
        "@Header(" + decided.literal() + ")",
        null);
  }

  private static Api.Parameter plain(
      String name, String type, String annotation, @Nullable String description) {
    return new Api.Parameter(name, type, annotation, description, null, name);
  }

  /** A parameter with values of its own is text: a class would only make calls longer. */
  private Type parameterType(Schema<?> schema, Shape shape, String place, String className) {
    if (shape.alternatives.isEmpty() && schemas.reference(schema) == null) {
      if (shape.values != null && shape.hasType("string")) {
        return Type.of(Type.Kind.STRING);
      }
      if (shape.isArray() && shape.items != null && schemas.reference(shape.items) == null) {
        Shape items = schemas.shape(shape.items, place);
        if (items.values != null && items.hasType("string")) {
          return Type.list(Type.of(Type.Kind.STRING));
        }
      }
    }
    Type type = models.type(schema, place, className).notNull();
    return type.kind() == Type.Kind.LIST ? Type.list(textIfOpen(type.element())) : textIfOpen(type);
  }

  /** Returns the type of a value, or text where the value may have several types. */
  private Type textIfOpen(Type type) {
    boolean open =
        type.kind() == Type.Kind.ANY || models.model(type.className()) instanceof Model.ChoiceModel;
    return open ? Type.of(Type.Kind.STRING) : type.notNull();
  }

  private boolean isNested(Type type) {
    return type.kind() == Type.Kind.LIST
        && (type.element().isContainer()
            || models.model(type.element().className()) instanceof Model.ObjectModel);
  }

  private static boolean allowsSlash(Decided decided) {
    Parameter parameter = decided.parameter;
    boolean extension =
        parameter.getExtensions() != null
            && Boolean.TRUE.equals(parameter.getExtensions().get("x-multi-segment"));
    String pattern = decided.shape.pattern;
    return extension
        || Boolean.TRUE.equals(parameter.getAllowReserved())
        || (pattern != null && FORBIDDEN.matcher(pattern).replaceAll("").contains("/"));
  }

  private String joined(Decided decided) {
    features.add("joined");
    decided.imports.add(java.modelPackage() + ".Joined");
    return "Joined<" + decided.used(decided.type.element()) + ">";
  }

  private String used(Type type, Imports imports) {
    imports.type(type);
    return type.java();
  }

  /**
   * The body of a request.
   *
   * @param parameters its parameters, of which a form with files has several
   * @param check a statement that refuses a body without parts, or null
   */
  private record Body(List<Api.Parameter> parameters, boolean required, @Nullable String check) {}

  /**
   * Follows references into a section of the components.
   *
   * @param what what the section has, for the problem of a reference without a target
   */
  private <T> @Nullable T resolved(
      @Nullable T given,
      Function<T, @Nullable String> referenceOf,
      String section,
      @Nullable Map<String, T> named,
      String what,
      String place) {
    T resolved = given;
    for (int i = 0; resolved != null; i++) {
      String reference = referenceOf.apply(resolved);
      if (reference == null) {
        return resolved;
      }
      resolved = i < MAX_REFERENCES ? target(reference, section, named) : null;
      if (resolved == null) {
        problems.add(place, "the reference " + reference + " has no " + what + " in components");
      }
    }
    return null;
  }

  /** Whether there is nothing that the body could hold. */
  private boolean isEmpty(MediaType media, String place) {
    if (media.getSchema() == null) {
      return false;
    }
    Shape shape = schemas.shape(media.getSchema(), place);
    return shape.isObject()
        && shape.properties.isEmpty()
        && shape.alternatives.isEmpty()
        && Boolean.FALSE.equals(shape.additional);
  }

  private @Nullable Body body(
      Operation operation,
      HttpMethod method,
      String place,
      String id,
      Names names,
      Imports imports,
      List<String> annotations) {
    Components components = description.getComponents();
    RequestBody body =
        resolved(
            operation.getRequestBody(),
            RequestBody::get$ref,
            "requestBodies",
            components == null ? null : components.getRequestBodies(),
            "request body",
            place + ".requestBody");
    if (body == null || body.getContent() == null || body.getContent().isEmpty()) {
      return null;
    }
    String where = place + ".requestBody";
    if (method == HttpMethod.GET || method == HttpMethod.HEAD) {
      if (!body.getContent().values().stream().allMatch(media -> isEmpty(media, where))) {
        problems.add(where, "OkHttp sends no body with " + method);
      }
      return null;
    }
    boolean required = Boolean.TRUE.equals(body.getRequired());
    Content content = body.getContent();
    String mediaType = json(content);
    if (mediaType == null) {
      mediaType = content.containsKey(FORM) ? FORM : content.keySet().iterator().next();
      for (String name : content.keySet()) {
        if (name.startsWith("multipart/")
            && !mediaType.equals(FORM)
            && !mediaType.equals(MULTIPART)) {
          mediaType = name;
        }
      }
    }
    Schema<?> schema = schema(content, mediaType);
    String className = java.className(id) + "Request";
    if (schema != null && (isJson(mediaType) || isForm(mediaType))) {
      Type type = models.type(schema, where, className).notNull();
      models.markSent(type);
      if (isForm(mediaType) && !mayBeObject(type)) {
        problems.add(where, "a form is an object, and not an array or a single value");
        return null;
      }
      imports.http("Body");
      root(type);
      if (isForm(mediaType)) {
        features.add("forms");
        imports.add(this.java.modelPackage() + ".ModelConverterFactory");
        annotations.add(form(content.get(mediaType), where));
      } else if (!mediaType.equals("application/json") && !mediaType.contains("*")) {
        imports.http("Headers");
        annotations.add("@Headers(" + Text.literal("Content-Type: " + mediaType) + ")");
      }
      return new Body(List.of(plain("body", used(type, imports), "@Body", null)), required, null);
    }
    if (schema != null && mediaType.equals(MULTIPART)) {
      Body parts =
          parts(content.get(mediaType), schema, required, where, className, names, imports);
      if (parts != null) {
        imports.http("Multipart");
        annotations.add("@Multipart");
        return parts;
      }
    }
    imports.http("Body");
    imports.add("okhttp3.RequestBody");
    boolean single =
        content.size() == 1 && !mediaType.contains("*") && !mediaType.startsWith("multipart/");
    if (single) {
      imports.http("Headers");
      annotations.add("@Headers(" + Text.literal("Content-Type: " + mediaType) + ")");
    }
    String types = String.join(", ", content.keySet().stream().map(Text::code).toList());
    return new Body(
        List.of(plain("body", "RequestBody", "@Body", "The body: " + types + ".")), required, null);
  }

  private boolean mayBeObject(Type type) {
    return switch (type.kind()) {
      case MAP, ANY -> true;
      case MODEL -> !(models.model(type.className()) instanceof Model.EnumModel);
      default -> false;
    };
  }

  private String form(@Nullable MediaType content, String place) {
    Map<String, List<String>> members = new TreeMap<>();
    if (content != null && content.getEncoding() != null) {
      content
          .getEncoding()
          .forEach(
              (name, encoding) -> {
                String member = member(encoding);
                String type = encoding.getContentType();
                if (member == null && type != null && isJson(type)) {
                  member = "json";
                } else if (member == null && type != null && !type.startsWith("text/plain")) {
                  problems.add(
                      place + ".encoding." + name,
                      "a field of a form is sent as text or JSON, and not as " + type);
                }
                if (member != null) {
                  members.computeIfAbsent(member, key -> new ArrayList<>()).add(Text.literal(name));
                }
              });
    }
    List<String> written = new ArrayList<>();
    members.forEach((name, fields) -> written.add(name + " = {" + String.join(", ", fields) + "}"));
    return "@ModelConverterFactory.Form"
        + (written.isEmpty() ? "" : "(" + String.join(", ", written) + ")");
  }

  /** Returns the member of the annotation for the style of a field, or null if it has no style. */
  private static @Nullable String member(Encoding encoding) {
    Encoding.StyleEnum style = encoding.getStyle();
    if (style == Encoding.StyleEnum.DEEP_OBJECT) {
      return "nested";
    }
    boolean form = style == null || style == Encoding.StyleEnum.FORM;
    if (encoding.getExplode() == null ? form : encoding.getExplode()) {
      return null;
    }
    return form ? "joined" : style == Encoding.StyleEnum.PIPE_DELIMITED ? "piped" : "spaced";
  }

  /** The parts of a multipart body, or null if the description does not name them. */
  private @Nullable Body parts(
      @Nullable MediaType content,
      Schema<?> schema,
      boolean required,
      String place,
      String className,
      Names names,
      Imports imports) {
    Shape shape = schemas.shape(schema, place);
    if (shape.properties.isEmpty()
        || shape.properties.size() > 100
        || !shape.alternatives.isEmpty()) {
      return null;
    }
    features.add("parts");
    List<Api.Parameter> parts = new ArrayList<>();
    List<String> partNames = new ArrayList<>();
    shape.properties.forEach(
        (jsonName, part) -> {
          Shape one = schemas.shape(part, place);
          if (one.readOnly) {
            return;
          }
          partNames.add(jsonName);
          String nullable = shape.required.contains(jsonName) ? "" : "@Nullable ";
          String name = names.take(java.variable(jsonName));
          imports.http("Part");
          Shape items = one.items == null ? one : schemas.shape(one.items, place);
          String description = Text.javadoc(one.description);
          String contentType = contentType(content, jsonName);
          if ("binary".equals(items.format)) {
            imports.add("okhttp3.MultipartBody");
            // The annotation belongs to the nested class.
            String file =
                nullable.isEmpty() ? "MultipartBody.Part" : "MultipartBody.@Nullable Part";
            if (one.isArray()) {
              imports.add("java.util.List");
              file = nullable + "List<MultipartBody.Part>";
            }
            String named = "A file, with the name <code>" + Text.javadoc(jsonName) + "</code>.";
            if (contentType != null) {
              named += " Its media type: " + Text.code(contentType) + ".";
            }
            parts.add(plain(name, file, "@Part", sentences(description, named)));
            return;
          }
          String where = place + ".properties." + jsonName;
          Type type = models.type(part, where, className + java.className(jsonName)).notNull();
          models.markSent(type);
          root(type);
          String annotation = "@Part(" + Text.literal(jsonName) + ")";
          if (contentType != null) {
            if (!isSupported(contentType, type)) {
              problems.add(
                  place + ".encoding." + jsonName,
                  "the part cannot be sent as "
                      + contentType
                      + "; give one media type, which is JSON for an object");
              return;
            }
            imports.add(java.modelPackage() + ".ModelConverterFactory");
            features.add("partTypes");
            annotation =
                "@ModelConverterFactory.ContentType("
                    + (isJson(contentType) ? "json = true, value = " : "")
                    + Text.literal(contentType)
                    + ") "
                    + annotation;
          }
          parts.add(plain(name, nullable + used(type, imports), annotation, description));
        });
    if (parts.isEmpty()) {
      return null;
    }
    if (!parts.stream().allMatch(Apis::isOptional)) {
      return new Body(parts, required, null);
    }
    features.add("anyPart");
    String arguments = String.join(", ", parts.stream().map(Api.Parameter::name).toList());
    String check =
        "Arguments.checkAnyPart("
            + Text.literal(String.join(", ", partNames))
            + ", "
            + arguments
            + ");";
    return new Body(parts, required, check);
  }

  private static boolean isOptional(Api.Parameter parameter) {
    return parameter.type().startsWith("@Nullable ") || parameter.type().contains(".@Nullable ");
  }

  private static @Nullable String contentType(@Nullable MediaType content, String part) {
    Encoding encoding =
        content == null || content.getEncoding() == null ? null : content.getEncoding().get(part);
    return encoding == null ? null : encoding.getContentType();
  }

  /** Whether a part may be sent as this media type. */
  private boolean isSupported(String contentType, Type type) {
    Type value = type.kind() == Type.Kind.LIST ? type.element() : type;
    boolean text =
        !value.isContainer()
            && value.kind() != Type.Kind.ANY
            && (value.kind() != Type.Kind.MODEL
                || models.model(value.className()) instanceof Model.EnumModel);
    return SINGLE_MEDIA_TYPE.matcher(contentType).matches() && (text || isJson(contentType));
  }

  private static @Nullable Schema<?> schema(Content content, String mediaType) {
    MediaType described = content.get(mediaType);
    return described == null ? null : described.getSchema();
  }

  private static boolean isJson(String mediaType) {
    String name = mediaType.toLowerCase(Locale.ROOT).replaceFirst(";.*", "").strip();
    return name.equals("application/json") || name.endsWith("+json") || name.equals("text/json");
  }

  private static boolean isForm(String mediaType) {
    return mediaType.toLowerCase(Locale.ROOT).startsWith(FORM);
  }

  private static boolean isAnyJson(Content content) {
    Schema<?> schema = schema(content, "*/*");
    return content.size() == 1 && schema != null && !"binary".equals(schema.getFormat());
  }

  private static @Nullable String json(Content content) {
    if (content.containsKey("application/json")) {
      return "application/json";
    }
    return content.keySet().stream()
        .filter(Apis::isJson)
        .findFirst()
        .orElse(isAnyJson(content) ? "*/*" : null);
  }

  private String returns(
      Operation operation,
      HttpMethod method,
      String place,
      String id,
      Imports imports,
      List<String> annotations) {
    Components components = description.getComponents();
    Map<String, ApiResponse> successes = new TreeMap<>();
    if (operation.getResponses() != null) {
      operation
          .getResponses()
          .forEach(
              (status, response) -> {
                if (status.startsWith("2")) {
                  successes.put(status, response);
                }
              });
      ApiResponse any = operation.getResponses().get("default");
      if (successes.isEmpty() && any != null) {
        successes.put("default", any);
      }
    }
    List<Schema<?>> bodies = new ArrayList<>();
    boolean other = false;
    boolean empty = false;
    for (Map.Entry<String, ApiResponse> entry : successes.entrySet()) {
      ApiResponse response =
          resolved(
              entry.getValue(),
              ApiResponse::get$ref,
              "responses",
              components == null ? null : components.getResponses(),
              "response",
              place + ".responses." + entry.getKey());
      if (response == null || response.getContent() == null || response.getContent().isEmpty()) {
        // Retrofit reads no body with the other two.
        empty |= !entry.getKey().equals("204") && !entry.getKey().equals("205");
        continue;
      }
      String json = json(response.getContent());
      Schema<?> schema = json == null ? null : schema(response.getContent(), json);
      if (json == null) {
        other = true;
      } else if (schema == null) {
        bodies.add(new Schema<>());
      } else if (!bodies.contains(schema)) {
        bodies.add(schema);
      }
    }
    if (method == HttpMethod.HEAD) {
      return "Void";
    }
    if (other) {
      imports.add("okhttp3.ResponseBody");
      imports.http("Streaming");
      annotations.add("@Streaming");
      return "ResponseBody";
    }
    if (bodies.isEmpty()) {
      return "Void";
    }
    if (empty) {
      features.add("empties");
      imports.add(java.modelPackage() + ".ModelConverterFactory");
      annotations.add("@ModelConverterFactory.MayBeEmpty");
    }
    Schema<?> schema =
        bodies.size() == 1 ? bodies.get(0) : new Schema<>().anyOf(new ArrayList<>(bodies));
    Type type = models.type(schema, place + ".responses", java.className(id) + "Response");
    root(type);
    return used(type, imports);
  }

  /** Notes the types that a converter is asked for, beside models. */
  private void root(Type type) {
    if (type.kind() != Type.Kind.LIST
        && type.kind() != Type.Kind.MAP
        && type.kind() != Type.Kind.MODEL) {
      roots.add(type.kind());
    }
    if (type.items() != null) {
      root(type.element());
    }
  }

  private void addSecurities(@Nullable List<SecurityRequirement> requirements, String place) {
    if (requirements == null) {
      return;
    }
    Map<String, SecurityScheme> known =
        description.getComponents() == null
                || description.getComponents().getSecuritySchemes() == null
            ? Map.of()
            : description.getComponents().getSecuritySchemes();
    for (SecurityRequirement requirement : requirements) {
      List<Security.Scheme> together = new ArrayList<>();
      boolean complete = true;
      for (String name : requirement.keySet()) {
        SecurityScheme scheme = known.get(name);
        if (scheme == null || scheme.getType() == null) {
          problems.add(place, "there is no security scheme " + name);
          complete = false;
        } else if (scheme.getType() != SecurityScheme.Type.MUTUALTLS) {
          Security.Scheme converted = scheme(name, scheme, place);
          complete &= converted != null;
          if (converted != null) {
            together.add(converted);
          }
        }
      }
      boolean isListed =
          securities.stream()
              .anyMatch(security -> Set.copyOf(security.schemes()).equals(Set.copyOf(together)));
      if (complete && !together.isEmpty() && !isListed) {
        String wanted =
            java.variable(
                String.join("_and_", together.stream().map(Security.Scheme::name).toList()));
        securities.add(new Security(factories.take(wanted), together));
      }
    }
  }

  private Security.@Nullable Scheme scheme(String name, SecurityScheme scheme, String place) {
    Security.Kind kind =
        switch (scheme.getType()) {
          case OAUTH2, OPENIDCONNECT -> Security.Kind.BEARER;
          case HTTP ->
              switch (String.valueOf(scheme.getScheme()).toLowerCase(Locale.ROOT)) {
                case "bearer" -> Security.Kind.BEARER;
                case "basic" -> Security.Kind.BASIC;
                default -> null;
              };
          case APIKEY ->
              scheme.getIn() == null
                  ? null
                  : switch (scheme.getIn()) {
                    case HEADER -> Security.Kind.HEADER;
                    case QUERY -> Security.Kind.QUERY;
                    case COOKIE -> Security.Kind.COOKIE;
                  };
          default -> null;
        };
    if (kind == null) {
      problems.add(place, "the security scheme " + name + " is not supported");
      return null;
    }
    if (kind == Security.Kind.HEADER && "Authorization".equalsIgnoreCase(scheme.getName())) {
      features.add("headerText");
    }
    return schemes.computeIfAbsent(
        name,
        key ->
            new Security.Scheme(
                key,
                credentials.take(java.variable(key)),
                credentialMethods.take(java.className(key)),
                kind,
                scheme.getName()));
  }

  /** The imports of the interfaces that an operation is in. */
  private final class Imports {
    private final Set<String> annotations = new LinkedHashSet<>();
    private final Set<String> types = new LinkedHashSet<>();

    void http(String annotation) {
      annotations.add("retrofit2.http." + annotation);
    }

    void add(String type) {
      types.add(type);
    }

    void type(Type type) {
      if (type.kind() == Type.Kind.DATE_TIME) {
        features.add("dates");
      }
      if (type.className() != null) {
        types.add(java.modelPackage() + "." + type.className());
      }
      if (type.kind().packageName != null) {
        types.add(type.kind().packageName + "." + type.kind().java);
      }
      if (type.items() != null) {
        type(type.element());
      }
    }

    void addTo(Api api) {
      api.imports.addAll(annotations);
      api.imports.addAll(types);
      api.checkedImports.addAll(types);
    }
  }
}
