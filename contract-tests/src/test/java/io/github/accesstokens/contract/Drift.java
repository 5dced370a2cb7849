package io.github.accesstokens.contract;

import com.squareup.moshi.JsonDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The drift catalogue: every way that applies to damage each input of the contract, at every place.
 * It is derived from the inputs, so that it grows with them.
 */
final class Drift {
  /**
   * One damage.
   *
   * @param input what is damaged
   * @param kind how
   * @param place where
   * @param named what a message about it has to contain
   */
  record Case(
      Input input, String kind, String place, String named, UnaryOperator<Contract> damage) {
    @Override
    public String toString() {
      return input.name().toLowerCase(Locale.ROOT) + ": " + kind + " " + place;
    }
  }

  /** What can be damaged. */
  enum Input {
    DOCUMENTATION,
    DESCRIPTION,
    CLIENT,
    PACT,
    PROVIDER;

    /** The checks that look at it; the others see what they always see. */
    Set<Checks> checks() {
      return switch (this) {
        case DOCUMENTATION -> EnumSet.of(Checks.DOCUMENTATION);
        case DESCRIPTION -> EnumSet.allOf(Checks.class);
        case CLIENT -> EnumSet.of(Checks.CLIENT);
        case PACT -> EnumSet.of(Checks.PACT, Checks.PROVIDER);
        case PROVIDER -> EnumSet.of(Checks.PROVIDER);
      };
    }
  }

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String STRANGER = "stranger";

  private final Contract contract;
  private final List<Case> cases = new ArrayList<>();

  private Drift(Contract contract) {
    this.contract = contract;
  }

  static List<Case> of(Contract contract) {
    Drift drift = new Drift(contract);
    drift.documentation();
    drift.schemas();
    drift.operations();
    drift.examples();
    drift.security();
    drift.models();
    drift.requests();
    drift.pact();
    drift.answers();
    return drift.cases;
  }

  // ---- the documentation

  private void documentation() {
    damageTree(
        contract.documented(),
        (kind, pointer, named, damaged) ->
            add(Input.DOCUMENTATION, kind, pointer, named, whole -> whole.withDocumented(damaged)));
    for (String fact : contract.facts()) {
      List<String> without = new ArrayList<>(contract.facts());
      without.remove(fact);
      add(Input.DOCUMENTATION, "fact removed", fact, fact, whole -> whole.withFacts(without));
    }
  }

  // ---- the description

  private void spec(
      String kind, String place, String named, String pointer, Consumer<JsonNode> damage) {
    JsonNode root = contract.spec().root().deepCopy();
    damage.accept(root.at(pointer));
    add(Input.DESCRIPTION, kind, place, named, whole -> whole.withSpec(new Spec(root)));
  }

  private void schemas() {
    contract.spec().schemas().forEach(this::schema);
  }

  private void schema(String name, JsonNode schema) {
    String pointer = "/components/schemas/" + name;
    spec("schema removed", name, name, "/components/schemas", all -> remove(all, name));
    spec(
        "property added",
        name,
        STRANGER,
        pointer + "/properties",
        all -> ((ObjectNode) all).putObject(STRANGER).put("type", "string"));
    Spec.properties(schema)
        .forEach(
            (property, described) -> {
              String place = name + "." + property;
              boolean required = Spec.isRequired(schema, property);
              spec(
                  "property renamed",
                  place,
                  property,
                  pointer,
                  all -> {
                    rename(all.path("properties"), property);
                    require(all, property, false);
                    require(all, property + "_" + STRANGER, required);
                  });
              spec(
                  "property removed",
                  place,
                  property,
                  pointer,
                  all -> {
                    remove(all.path("properties"), property);
                    require(all, property, false);
                  });
              spec(
                  required ? "made optional" : "made required",
                  place,
                  property,
                  pointer,
                  all -> require(all, property, !required));
              property(place, property, pointer + "/properties/" + property, described);
            });
  }

  private void property(String place, String property, String pointer, JsonNode described) {
    for (String type : List.of("string", "integer", "number", "boolean", "array", "object")) {
      if (!type.equals(described.path("type").asString(""))) {
        spec(
            "retyped to " + type,
            place,
            property,
            pointer,
            all -> {
              ((ObjectNode) all).removeAll().put("type", type);
              if (type.equals("array")) {
                ((ObjectNode) all).putObject("items").put("type", "string");
              }
            });
      }
    }
    if (described.has("$ref")) {
      return;
    }
    boolean nullable = described.path("nullable").asBoolean(false);
    spec(
        nullable ? "null disallowed" : "null allowed",
        place,
        property,
        pointer,
        all -> ((ObjectNode) all).put("nullable", !nullable));
    String format = described.path("format").asString("");
    if (described.path("type").asString("").equals("string")) {
      for (String other : List.of("", "date", "date-time", "uuid", "uri", "password")) {
        if (!other.equals(format)) {
          spec(
              "format " + (other.isEmpty() ? "removed" : "changed to " + other),
              place,
              property,
              pointer,
              all -> {
                remove(all, "format");
                if (!other.isEmpty()) {
                  ((ObjectNode) all).put("format", other);
                }
              });
        }
      }
    }
    limits(place, property, pointer, described);
    if (described.has("enum")) {
      spec("enum removed", place, property, pointer, all -> remove(all, "enum"));
      spec(
          "enum extended",
          place,
          property,
          pointer,
          all -> ((ArrayNode) all.path("enum")).add(STRANGER));
    } else {
      spec(
          "enum added",
          place,
          property,
          pointer,
          all -> ((ObjectNode) all).putArray("enum").add(STRANGER));
    }
    if (described.has("default")) {
      spec("default removed", place, property, pointer, all -> remove(all, "default"));
    } else {
      spec(
          "default added",
          place,
          property,
          pointer,
          all -> ((ObjectNode) all).put("default", STRANGER));
    }
  }

  private void limits(String place, String named, String pointer, JsonNode described) {
    for (String limit : List.of("minimum", "minItems", "maxLength")) {
      if (described.has(limit)) {
        int value = described.path(limit).asInt();
        spec(limit + " removed", place, named, pointer, all -> remove(all, limit));
        for (int other : new int[] {value - 1, value + 1}) {
          spec(
              limit + " " + other,
              place,
              named,
              pointer,
              all -> ((ObjectNode) all).put(limit, other));
        }
      }
    }
    Map<String, String> limits =
        Map.of("string", "maxLength", "integer", "maximum", "array", "maxItems");
    String limit = limits.get(described.path("type").asString(""));
    if (limit != null && !described.has(limit)) {
      spec(
          limit + " added", place, named, pointer, all -> ((ObjectNode) all).put(limit, 1_000_000));
    }
  }

  private void operations() {
    for (Spec.Operation operation : contract.spec().operations()) {
      String pointer = "/paths/" + escaped(operation.path()) + "/" + operation.method();
      String place = operation.place();
      for (String segment : operation.path().substring(1).split("/", -1)) {
        String changed = operation.path().replace("/" + segment, "/" + segment + "s");
        spec(
            "path segment renamed",
            place + " " + segment,
            segment.replaceAll("[{}]", ""),
            "/paths",
            paths -> move(paths, operation.path(), changed));
      }
      for (String method : List.of("get", "put", "patch", "delete")) {
        spec(
            "method changed to " + method,
            place,
            operation.path(),
            "/paths/" + escaped(operation.path()),
            all -> move(all, operation.method(), method));
      }
      for (JsonNode parameter : operation.node().path("parameters")) {
        parameter(place, pointer, parameter);
      }
      requestBody(place, pointer, operation.node().path("requestBody"));
      for (String status : operation.node().path("responses").propertyNames()) {
        String responses = pointer + "/responses";
        spec("status removed", place + " " + status, status, responses, all -> remove(all, status));
        for (String other : List.of("201", "3XX")) {
          spec(
              "status changed to " + other,
              place + " " + status,
              status,
              responses,
              all -> move(all, status, other));
        }
        mediaTypes(place + " " + status, responses + "/" + status + "/content");
        for (String header :
            operation.node().path("responses").path(status).path("headers").propertyNames()) {
          spec(
              "response header renamed",
              place + " " + header,
              header,
              responses + "/" + status + "/headers",
              all -> rename(all, header));
        }
      }
    }
    for (int i = 0; i < contract.spec().root().path("servers").size(); i++) {
      String url = contract.spec().root().at("/servers/" + i + "/url").asString();
      for (String other :
          List.of(url.replace("https:", "http:"), url + "5", url.replace("api.", "api2."))) {
        spec(
            "server changed",
            other,
            url,
            "/servers/" + i,
            server -> ((ObjectNode) server).put("url", other));
      }
    }
    spec("servers removed", "servers", "servers", "", root -> remove(root, "servers"));
  }

  private void parameter(String place, String pointer, JsonNode parameter) {
    String name = parameter.path("name").asString();
    String where = place + " " + name;
    int index = 0;
    for (JsonNode other : contract.spec().root().at(pointer + "/parameters")) {
      if (other.path("name").asString().equals(name)) {
        break;
      }
      index++;
    }
    String at = pointer + "/parameters/" + index;
    spec("parameter renamed", where, name, at, all -> ((ObjectNode) all).put("name", name + "s"));
    for (String in : List.of("query", "header", "cookie")) {
      spec("parameter moved to " + in, where, name, at, all -> ((ObjectNode) all).put("in", in));
    }
    spec(
        "parameter made optional",
        where,
        name,
        at,
        all -> ((ObjectNode) all).put("required", false));
    spec(
        "parameter retyped",
        where,
        name,
        at + "/schema",
        all -> ((ObjectNode) all).put("type", "integer"));
    limits(where, name, at + "/schema", parameter.path("schema"));
    int remove = index;
    spec(
        "parameter removed",
        where,
        name,
        pointer + "/parameters",
        all -> ((ArrayNode) all).remove(remove));
  }

  private void requestBody(String place, String pointer, JsonNode body) {
    boolean required = body.path("required").asBoolean(false);
    spec(
        required ? "body made optional" : "body made required",
        place,
        "requestBody",
        pointer + "/requestBody",
        all -> ((ObjectNode) all).put("required", !required));
    spec("body removed", place, "requestBody", pointer, all -> remove(all, "requestBody"));
    mediaTypes(place + " requestBody", pointer + "/requestBody/content");
  }

  private void mediaTypes(String place, String pointer) {
    for (String type : contract.spec().root().at(pointer).propertyNames()) {
      for (String other : List.of("application/xml", "text/plain")) {
        spec(
            "media type changed to " + other,
            place + " " + type,
            type,
            pointer,
            all -> move(all, type, other));
      }
      spec("media type removed", place + " " + type, type, pointer, all -> remove(all, type));
    }
  }

  private void examples() {
    contract
        .spec()
        .root()
        .at("/components/examples")
        .properties()
        .forEach(
            example -> {
              String name = example.getKey();
              damageTree(
                  example.getValue().path("value"),
                  (kind, pointer, named, damaged) ->
                      spec(
                          "example, " + kind,
                          name + pointer,
                          name,
                          "/components/examples/" + name,
                          all -> ((ObjectNode) all).set("value", damaged)));
              spec("example removed", name, name, "/components/examples", all -> remove(all, name));
            });
  }

  private void security() {
    JsonNode root = contract.spec().root();
    for (int i = 0; i < root.path("security").size(); i++) {
      int index = i;
      String scheme = root.path("security").path(i).propertyNames().iterator().next();
      spec(
          "security alternative removed",
          root.path("security").path(i).toString(),
          scheme,
          "/security",
          all -> ((ArrayNode) all).remove(index));
    }
    spec(
        "no security allowed",
        "security",
        "security",
        "/security",
        all -> ((ArrayNode) all).addObject());
    root.at("/components/securitySchemes")
        .properties()
        .forEach(
            entry -> {
              String name = entry.getKey();
              String at = "/components/securitySchemes";
              String scheme = at + "/" + name;
              spec("scheme removed", name, name, at, all -> remove(all, name));
              spec("scheme renamed", name, name, at, all -> rename(all, name));
              if (entry.getValue().has("name")) {
                spec(
                    "header renamed",
                    name,
                    name,
                    scheme,
                    all -> ((ObjectNode) all).put("name", "X-Auth-Other"));
                spec(
                    "credential moved to the query",
                    name,
                    name,
                    scheme,
                    all -> ((ObjectNode) all).put("in", "query"));
              } else {
                spec(
                    "scheme changed to basic",
                    name,
                    name,
                    scheme,
                    all -> ((ObjectNode) all).put("scheme", "basic"));
              }
            });
  }

  // ---- the client

  /** A client whose JSON is changed before it is read or after it is written. */
  private static class DamagedClient implements Client {
    private final Client client;

    private final BiConsumer<String, ObjectNode> beforeReading;
    private final BiConsumer<String, ObjectNode> afterWriting;

    DamagedClient(Client client) {
      this(client, (schema, json) -> {}, (schema, json) -> {});
    }

    DamagedClient(
        Client client,
        BiConsumer<String, ObjectNode> beforeReading,
        BiConsumer<String, ObjectNode> afterWriting) {
      this.client = client;
      this.beforeReading = beforeReading;
      this.afterWriting = afterWriting;
    }

    @Override
    public Object decode(String schema, String json) throws IOException {
      JsonNode tree = MAPPER.readTree(json);
      if (tree instanceof ObjectNode object) {
        beforeReading.accept(schema, object);
      }
      return client.decode(schema, tree.toString());
    }

    @Override
    public String encode(String schema, Object model) throws IOException {
      ObjectNode tree = (ObjectNode) MAPPER.readTree(client.encode(schema, model));
      afterWriting.accept(schema, tree);
      return tree.toString();
    }

    @Override
    public boolean takes(String parameter, int length) {
      return client.takes(parameter, length);
    }

    @Override
    public List<Sent> sent() {
      return client.sent();
    }

    @Override
    public String baseUrl() {
      return client.baseUrl();
    }
  }

  private void client(String kind, String place, String named, Client damaged) {
    add(Input.CLIENT, kind, place, named, whole -> whole.withClient(damaged));
  }

  private void reading(String kind, String schema, String property, Consumer<ObjectNode> damage) {
    BiConsumer<String, ObjectNode> beforeReading =
        (read, json) -> {
          if (read.equals(schema)) {
            damage.accept(json);
          }
        };
    client(
        kind,
        schema + "." + property,
        property,
        new DamagedClient(contract.client(), beforeReading, (written, json) -> {}));
  }

  private void models() {
    contract
        .spec()
        .schemas()
        .forEach(
            (name, schema) ->
                Spec.properties(schema)
                    .forEach((property, described) -> model(name, schema, property, described)));
  }

  private void model(String name, JsonNode schema, String property, JsonNode described) {
    reading("does not read", name, property, json -> json.remove(property));
    reading(
        "reads under another name",
        name,
        property,
        json -> {
          json.remove(property);
          move(json, property + "_" + STRANGER, property);
        });
    reading(
        "takes any type for",
        name,
        property,
        json -> {
          if (json.has(property) && !json.path(property).isNull()) {
            json.set(property, ClientCheck.valid(contract.spec(), property, described));
          }
        });
    if (Spec.isRequired(schema, property)) {
      reading(
          "makes up what is left out for",
          name,
          property,
          json -> {
            if (!json.has(property)) {
              json.set(property, ClientCheck.valid(contract.spec(), property, described));
            }
          });
      reading(
          "makes up what is null for",
          name,
          property,
          json -> {
            if (json.path(property).isNull()) {
              json.set(property, ClientCheck.valid(contract.spec(), property, described));
            }
          });
    } else {
      reading(
          "requires",
          name,
          property,
          json -> {
            if (!json.has(property)) {
              throw new JsonDataException("Required property is missing at path $." + property);
            }
          });
    }
    BiConsumer<String, ObjectNode> afterWriting =
        (written, json) -> {
          if (written.equals(name)) {
            json.remove(property);
          }
        };
    client(
        "does not write",
        name + "." + property,
        property,
        new DamagedClient(contract.client(), (read, json) -> {}, afterWriting));
    if (property.equals(Spec.properties(schema).keySet().iterator().next())) {
      reading(
          "does not skip a stranger in",
          name,
          "",
          json -> {
            Set<String> strangers = new LinkedHashSet<>(json.propertyNames());
            strangers.removeAll(Spec.properties(schema).keySet());
            if (!strangers.isEmpty()) {
              throw new JsonDataException("Unknown property " + strangers);
            }
          });
    }
  }

  private void requests() {
    List<Client.Sent> sent = contract.client().sent();
    for (int i = 0; i < sent.size(); i++) {
      Client.Sent request = sent.get(i);
      String place = request.credentials() + (request.body() == null ? "" : " with a body");
      sent(
          "sends another method",
          place,
          "GET",
          i,
          new Client.Sent(
              request.credentials(), "GET", request.path(), request.headers(), request.body()));
      sent(
          "sends another path",
          place,
          "/rotated",
          i,
          new Client.Sent(
              request.credentials(),
              request.method(),
              request.path() + "d",
              request.headers(),
              request.body()));
      for (String header : request.headers().names()) {
        boolean credential = !Spec.credentials(Map.of(header, "x")).isEmpty();
        if (credential || (header.equals("Content-Type") && request.body() != null)) {
          Headers without = request.headers().newBuilder().removeAll(header).build();
          sentHeaders("leaves out the header", place, header, i, request, without);
          Headers other = request.headers().newBuilder().set(header, "application/xml").build();
          if (!credential || header.equals("Authorization")) {
            sentHeaders("changes the header", place, header, i, request, other);
          }
        }
      }
      sentHeaders(
          "adds the header",
          place,
          "X-Auth-Other",
          i,
          request,
          request.headers().newBuilder().set("X-Auth-Other", "x").build());
      if (request.body() != null) {
        for (String body : List.of("{\"" + STRANGER + "\":1}", STRANGER, "[]")) {
          sent(
              "sends the body " + body,
              place,
              "requestBody",
              i,
              new Client.Sent(
                  request.credentials(),
                  request.method(),
                  request.path(),
                  request.headers(),
                  body));
        }
      }
    }
    Set<String> alternatives = new LinkedHashSet<>();
    sent.forEach(request -> alternatives.add(request.credentials()));
    for (String alternative : alternatives) {
      List<Client.Sent> others =
          sent.stream().filter(request -> !request.credentials().equals(alternative)).toList();
      client("does not offer", alternative, alternative, sending(others));
    }
    client(
        "always sends a body",
        "requestBody",
        "requestBody",
        sending(sent.stream().filter(request -> request.body() != null).toList()));
    client(
        "goes to another base URL",
        contract.client().baseUrl(),
        contract.client().baseUrl(),
        new DamagedClient(contract.client()) {
          @Override
          public String baseUrl() {
            return super.baseUrl() + "v5/";
          }
        });
    for (String parameter : List.of("account_id", "service_token_id")) {
      for (int more : new int[] {-1, 1}) {
        client(
            more > 0 ? "takes one character more for" : "takes one character less for",
            parameter,
            parameter,
            new DamagedClient(contract.client()) {
              @Override
              public boolean takes(String name, int length) {
                return super.takes(name, name.equals(parameter) ? length - more : length);
              }
            });
      }
    }
  }

  private void sentHeaders(
      String kind, String place, String header, int index, Client.Sent request, Headers headers) {
    String named = header.equals("Content-Type") ? "requestBody" : header.toLowerCase(Locale.ROOT);
    sent(
        kind,
        place + " " + header,
        named,
        index,
        new Client.Sent(
            request.credentials(), request.method(), request.path(), headers, request.body()));
  }

  private void sent(String kind, String place, String named, int index, Client.Sent changed) {
    List<Client.Sent> all = new ArrayList<>(contract.client().sent());
    all.set(index, changed);
    client(kind, place, named, sending(all));
  }

  private Client sending(List<Client.Sent> requests) {
    return new DamagedClient(contract.client()) {
      @Override
      public List<Sent> sent() {
        return requests;
      }
    };
  }

  // ---- the pact

  private void pact() {
    JsonNode interactions = PactCheck.interactions(contract.pact());
    for (int i = 0; i < interactions.size(); i++) {
      JsonNode interaction = interactions.path(i);
      String description = PactCheck.description(interaction);
      int index = i;
      JsonNode without = contract.pact().deepCopy();
      ((ArrayNode) PactCheck.interactions(without)).remove(index);
      add(
          Input.PACT,
          "interaction removed",
          description,
          description,
          all -> all.withPact(without));
      pact("method changed", index, "/request", "", all -> all.put("method", "PUT"));
      pact(
          "path changed",
          index,
          "/request",
          "",
          all -> all.put("path", all.path("path").asString() + "d"));
      pact("status changed", index, "/response", "", all -> all.put("status", 302));
      pact(
          "provider state renamed",
          index,
          "/providerStates/0",
          "",
          all -> all.put("name", STRANGER));
      for (String side : List.of("/request", "/response")) {
        for (String header : interaction.at(side + "/headers").propertyNames()) {
          pact("header removed", index, side + "/headers", " " + header, all -> all.remove(header));
          pact(
              "header renamed", index, side + "/headers", " " + header, all -> rename(all, header));
          pact(
              "header changed",
              index,
              side + "/headers",
              " " + header,
              all -> all.putArray(header).add(STRANGER));
        }
        damageTree(
            interaction.at(side + "/body/content"),
            (kind, pointer, named, damaged) ->
                pact(
                    kind,
                    index,
                    side + "/body",
                    " " + pointer,
                    all -> all.set("content", damaged)));
        for (String category : interaction.at(side + "/matchingRules").propertyNames()) {
          String rules = side + "/matchingRules";
          for (String rule : interaction.at(rules).path(category).propertyNames()) {
            pact(
                "matcher removed",
                index,
                rules + "/" + category,
                " " + rule,
                all -> all.remove(rule));
            pact(
                "matcher loosened",
                index,
                rules + "/" + category,
                " " + rule,
                all -> {
                  all.putObject(rule)
                      .putArray("matchers")
                      .addObject()
                      .put("match", "regex")
                      .put("regex", ".*");
                });
          }
        }
      }
    }
  }

  private void pact(
      String kind, int index, String pointer, String place, Consumer<ObjectNode> damage) {
    JsonNode root = contract.pact().deepCopy();
    JsonNode interaction = PactCheck.interactions(root).path(index);
    damage.accept((ObjectNode) interaction.at(pointer));
    String description = PactCheck.description(interaction);
    add(
        Input.PACT,
        kind,
        description + " " + pointer + place,
        description,
        whole -> whole.withPact(root));
  }

  // ---- the provider

  private void answers() {
    contract
        .answers()
        .forEach(
            (description, answer) -> {
              answer("does not answer", description, "", null);
              for (int status : new int[] {204, 302, 418, 500}) {
                answer(
                    "answers " + status,
                    description,
                    "",
                    new Contract.Answer(status, answer.headers(), answer.body()));
              }
              for (String type : List.of("text/plain", "application/xml", "application/html")) {
                answer(
                    "answers as " + type, description, "", answer.withHeader("Content-Type", type));
              }
              for (String header : answer.headers().keySet()) {
                answer("leaves out the header", description, header, answer.withoutHeader(header));
              }
              if (!answer.mediaType().equals("application/json")) {
                return;
              }
              for (String body : List.of("", "<html></html>", "null", "[]", "{}")) {
                answer(
                    "answers with the body " + body,
                    description,
                    "",
                    new Contract.Answer(answer.status(), answer.headers(), body));
              }
              JsonNode tree = MAPPER.readTree(answer.body());
              damageTree(
                  tree,
                  (kind, pointer, named, damaged) -> {
                    // Another value of the right type is what a provider may answer.
                    if (!kind.equals("value changed") || isFixed(tree.at(pointer))) {
                      answer(
                          kind,
                          description,
                          pointer,
                          new Contract.Answer(
                              answer.status(), answer.headers(), damaged.toString()));
                    }
                  });
            });
  }

  /** Times and flags: another text or value there is wrong. */
  private static boolean isFixed(JsonNode value) {
    return value.isBoolean() || value.asString("").matches("\\d{4}-\\d{2}-\\d{2}T.*");
  }

  private void answer(
      String kind, String description, String pointer, Contract.@Nullable Answer changed) {
    Map<String, Contract.Answer> answers = new LinkedHashMap<>(contract.answers());
    if (changed == null) {
      answers.remove(description);
    } else {
      answers.put(description, changed);
    }
    add(
        Input.PROVIDER,
        kind,
        description + " " + pointer,
        description,
        whole -> whole.withAnswers(answers));
  }

  // ---- any JSON

  private interface Damaged {
    void accept(String kind, String pointer, String named, JsonNode damaged);
  }

  private static void damageTree(JsonNode root, Damaged damaged) {
    damageTree(root, "", damaged);
  }

  private static void damageTree(JsonNode root, String pointer, Damaged damaged) {
    JsonNode node = root.at(pointer);
    if (node.isObject()) {
      damaged.accept(
          "property added",
          pointer,
          STRANGER,
          edited(root, pointer, object -> ((ObjectNode) object).put(STRANGER, 1)));
      for (Map.Entry<String, JsonNode> property : node.properties()) {
        String name = property.getKey();
        String child = pointer + "/" + escaped(name);
        damaged.accept(
            "property removed", child, name, edited(root, pointer, object -> remove(object, name)));
        damaged.accept(
            "property renamed", child, name, edited(root, pointer, object -> rename(object, name)));
        if (!property.getValue().isNull()) {
          damaged.accept(
              "made null",
              child,
              name,
              edited(root, pointer, object -> ((ObjectNode) object).putNull(name)));
        }
        for (JsonNode other :
            List.of(
                JSON.stringNode(STRANGER),
                JSON.numberNode(1.5),
                JSON.booleanNode(true),
                JSON.arrayNode().add(1),
                JSON.objectNode().put(STRANGER, 1))) {
          boolean same = other.getNodeType() == property.getValue().getNodeType();
          if (same && (other.isContainer() || other.isNumber())) {
            continue;
          }
          JsonNode value =
              same && other.isBoolean()
                  ? JSON.booleanNode(!property.getValue().asBoolean())
                  : other;
          damaged.accept(
              same ? "value changed" : "retyped to " + other.getNodeType(),
              child,
              name,
              edited(root, pointer, object -> ((ObjectNode) object).set(name, value)));
        }
        damageTree(root, child, damaged);
      }
    } else if (node.isArray() && !node.isEmpty()) {
      damageTree(root, pointer + "/0", damaged);
    }
  }

  private static JsonNode edited(JsonNode root, String pointer, Consumer<JsonNode> edit) {
    JsonNode copy = root.deepCopy();
    edit.accept(copy.at(pointer));
    return copy;
  }

  private static void remove(JsonNode object, String name) {
    ((ObjectNode) object).remove(name);
  }

  private static void rename(JsonNode object, String name) {
    move(object, name, name + "_" + STRANGER);
  }

  /** Renames in place, so that the order stays. */
  private static void move(JsonNode object, String from, String to) {
    Map<String, JsonNode> properties = new LinkedHashMap<>();
    object
        .properties()
        .forEach(
            property ->
                properties.put(
                    property.getKey().equals(from) ? to : property.getKey(), property.getValue()));
    ((ObjectNode) object).removeAll();
    properties.forEach(((ObjectNode) object)::set);
  }

  private static void require(JsonNode schema, String property, boolean required) {
    Set<String> names = new LinkedHashSet<>(Spec.strings(schema.path("required")));
    if (required) {
      names.add(property);
    } else {
      names.remove(property);
    }
    remove(schema, "required");
    if (!names.isEmpty()) {
      ArrayNode array = ((ObjectNode) schema).putArray("required");
      names.forEach(array::add);
    }
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private void add(
      Input input, String kind, String place, String named, UnaryOperator<Contract> damage) {
    cases.add(new Case(input, kind, place, named, damage));
  }
}
