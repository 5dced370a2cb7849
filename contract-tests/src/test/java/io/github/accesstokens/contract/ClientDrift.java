package io.github.accesstokens.contract;

import static io.github.accesstokens.contract.Drift.STRANGER;

import com.squareup.moshi.JsonDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Damage to the client: how it reads, writes, copies and compares models, and what it sends. */
final class ClientDrift {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final Spec spec;
  private final Client client;
  private final List<Damage> damages = new ArrayList<>();

  /** A damaged client; see {@link Drift}. */
  record Damage(String kind, String place, String named, Client client) {
    @Override
    public String toString() {
      return kind + " " + place;
    }
  }

  private ClientDrift(Spec spec, Client client) {
    this.spec = spec;
    this.client = client;
  }

  static void add(Contract contract, List<Drift> drifts) {
    Spec spec = FlatSpec.of(contract.spec());
    List<Damage> damages = new ArrayList<>(ofRequests(spec, contract.client()));
    for (String schema : spec.schemas().keySet()) {
      damages.addAll(ofModel(spec, contract.client(), schema));
    }
    for (Damage damage : damages) {
      drifts.add(
          new Drift(
              Drift.Input.CLIENT,
              damage.kind,
              damage.place,
              damage.named,
              all -> all.withClient(damage.client)));
    }
  }

  static List<Damage> ofModel(Spec spec, Client client, String schema) {
    ClientDrift drift = new ClientDrift(spec, client);
    drift.addModel(schema, spec.schema(schema));
    return drift.damages;
  }

  static List<Damage> ofRequests(Spec spec, Client client) {
    ClientDrift drift = new ClientDrift(spec, client);
    for (int i = 0; i < client.sent().size(); i++) {
      drift.addRequest(i);
    }
    spec.operations().forEach(drift::addOperation);
    String url = client.baseUrl();
    drift.add("has another base URL", url, url, client.withBaseUrl(url + "v5/"));
    return drift.damages;
  }

  private void add(String kind, String place, String named, Client damaged) {
    damages.add(new Damage(kind, place, named, damaged));
  }

  // ---- reading and writing

  private void addModel(String schema, JsonNode described) {
    Map<String, JsonNode> properties = Spec.properties(described);
    properties.forEach(
        (name, property) -> {
          boolean required = Spec.isRequired(described, name);
          addProperty(schema, name, required, SampleValues.valid(spec, name, property));
          addMethods(schema, name, required, property);
        });
    Consumer<ObjectNode> refuse =
        json -> {
          if (!properties.keySet().containsAll(json.propertyNames())) {
            throw new JsonDataException("Unknown property");
          }
        };
    add("refuses unknown properties in", schema, "", reading(schema, refuse));
    Consumer<ObjectNode> drop = json -> json.retain(properties.keySet());
    add("drops unknown properties in", schema, "", reading(schema, drop));
    addCopies("loses", schema, STRANGER, drop);
    addEqual("ignores", schema, STRANGER, drop);
    addHash(schema, STRANGER, drop);
  }

  private void addProperty(String schema, String name, boolean required, JsonNode valid) {
    String place = schema + "." + name;
    add("does not read", place, name, reading(schema, json -> json.remove(name)));
    add("does not write", place, name, writing(schema, json -> json.remove(name)));
    Consumer<ObjectNode> rename = json -> json.set(name, json.remove(name + "_" + STRANGER));
    add("reads under another name", place, name, reading(schema, rename));
    Predicate<JsonNode> present = value -> !value.isMissingNode() && !value.isNull();
    Consumer<ObjectNode> acceptAny = json -> replace(json, name, present, valid);
    add("accepts any type for", place, name, reading(schema, acceptAny));
    if (required) {
      Consumer<ObjectNode> inventMissing =
          json -> replace(json, name, JsonNode::isMissingNode, valid);
      add("fills in a missing", place, name, reading(schema, inventMissing));
      if (!valid.isNull()) {
        Consumer<ObjectNode> inventNull = json -> replace(json, name, JsonNode::isNull, valid);
        add("fills in a null", place, name, reading(schema, inventNull));
      }
    } else {
      add("requires", place, name, reading(schema, json -> require(json, name)));
    }
  }

  private static void replace(
      ObjectNode json, String name, Predicate<JsonNode> condition, JsonNode valid) {
    if (condition.test(json.path(name))) {
      json.set(name, valid);
    }
  }

  private static void require(ObjectNode json, String name) {
    if (!json.has(name)) {
      throw new JsonDataException("Required property is missing at path $." + name);
    }
  }

  private Client reading(String schema, Consumer<ObjectNode> change) {
    return client.withDecoder(
        (name, json) ->
            client.decoder().decode(name, name.equals(schema) ? changed(json, change) : json));
  }

  private Client writing(String schema, Consumer<ObjectNode> change) {
    return client.withEncoder(
        (name, model) -> {
          String json = client.encoder().encode(name, model);
          return name.equals(schema) ? changed(json, change) : json;
        });
  }

  private static String changed(String json, Consumer<ObjectNode> change) {
    ObjectNode tree = MAPPER.readTree(json).asObject();
    change.accept(tree);
    return tree.toString();
  }

  // ---- building and comparing

  private void addMethods(String schema, String name, boolean required, JsonNode described) {
    JsonNode other = SampleValues.other(spec, name, described);
    Consumer<ObjectNode> change =
        required ? json -> json.set(name, other) : json -> json.remove(name);
    addCopies(required ? "changes" : "loses", schema, name, change);
    JsonNode valid = SampleValues.valid(spec, name, described);
    Consumer<ObjectNode> ignore = json -> json.set(name, valid);
    addEqual("ignores", schema, name, ignore);
    addHash(schema, name, ignore);
    if (!required && described.path("nullable").asBoolean(false)) {
      Consumer<ObjectNode> dropNull = json -> dropNull(json, name);
      addCopies("loses a null of", schema, name, dropNull);
      addEqual("ignores a null of", schema, name, dropNull);
    }
  }

  private static void dropNull(ObjectNode json, String name) {
    if (json.path(name).isNull()) {
      json.remove(name);
    }
  }

  private void addCopies(String kind, String schema, String name, Consumer<ObjectNode> change) {
    Models models = client.models();
    UnaryOperator<Object> changed = changing(schema, change);
    String place = schema + "." + name;
    Models copied = models.withCopied(model -> changed.apply(models.copied().apply(model)));
    add("toBuilder() " + kind, place, name, client.withModels(copied));
    Models rebuilt = models.withRebuilt(model -> changed.apply(models.rebuilt().apply(model)));
    add("builder() " + kind, place, name, client.withModels(rebuilt));
  }

  private void addEqual(String kind, String schema, String name, Consumer<ObjectNode> change) {
    BiPredicate<Object, Object> equal = client.models().equal();
    UnaryOperator<Object> changed = changing(schema, change);
    Models models =
        client
            .models()
            .withEqual((one, other) -> equal.test(changed.apply(one), changed.apply(other)));
    add("equals() " + kind, schema + "." + name, name, client.withModels(models));
  }

  private void addHash(String schema, String name, Consumer<ObjectNode> change) {
    ToIntFunction<Object> hash = client.models().hash();
    UnaryOperator<Object> changed = changing(schema, change);
    Models models = client.models().withHash(model -> hash.applyAsInt(changed.apply(model)));
    add("hashCode() ignores", schema + "." + name, name, client.withModels(models));
  }

  /** Changes the models of a schema. */
  private UnaryOperator<Object> changing(String schema, Consumer<ObjectNode> change) {
    return model -> {
      try {
        Object sample = client.decoder().decode(schema, SampleValues.full(spec, schema).toString());
        if (model.getClass() != sample.getClass()) {
          return model;
        }
        String json = changed(client.encoder().encode(schema, model), change);
        return client.decoder().decode(schema, json);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  // ---- requests

  private void addRequest(int index) {
    Client.Sent sent = client.sent().get(index);
    String place = sent.place();
    add("sends another method", place, "HEAD", sending(index, sent.withMethod("HEAD")));
    add("sends another path", place, "/rotated", sending(index, sent.withPath("/rotated")));
    String query = sent.path() + (sent.path().contains("?") ? "&" : "?") + STRANGER + "=1";
    add("adds to the query", place, STRANGER, sending(index, sent.withPath(query)));
    add("returns another response", place, "response", sending(index, sent.withReceived(STRANGER)));
    for (String header : sent.headers().names()) {
      boolean credential = !Spec.credentials(Map.of(header, "x")).isEmpty();
      boolean contentType = header.equals("Content-Type") && sent.body() != null;
      if (credential || contentType) {
        addHeader("leaves out the header", index, header, null);
      }
      if (contentType || header.equals("Authorization")) {
        addHeader("changes the header", index, header, "application/xml");
      }
    }
    addHeader("adds the header", index, "X-Auth-Other", "x");
    if (sent.body() != null) {
      for (String body : List.of("{\"stranger\":1}", STRANGER, "[]")) {
        add("sends the body " + body, place, "requestBody", sending(index, sent.withBody(body)));
      }
    }
  }

  /** Sets a header of a request, or removes it if the value is null. */
  private void addHeader(String kind, int index, String header, @Nullable String value) {
    Client.Sent sent = client.sent().get(index);
    Headers.Builder headers = sent.headers().newBuilder().removeAll(header);
    if (value != null) {
      headers.add(header, value);
    }
    String named = header.equals("Content-Type") ? "requestBody" : header.toLowerCase(Locale.ROOT);
    add(
        kind,
        sent.place() + " " + header,
        named,
        sending(index, sent.withHeaders(headers.build())));
  }

  private Client sending(int index, Client.Sent changed) {
    List<Client.Sent> all = new ArrayList<>(client.sent());
    all.set(index, changed);
    return client.withSent(all);
  }

  private Client sendingOnly(Predicate<Client.Sent> kept) {
    return client.withSent(client.sent().stream().filter(kept).toList());
  }

  private void addOperation(Spec.Operation operation) {
    Predicate<Client.Sent> others = sent -> !sent.operation().equals(operation.place());
    add("does not have", operation.place(), operation.place(), sendingOnly(others));
    Set<String> schemes = spec.security(operation).keySet();
    for (String scheme : schemes.size() > 1 ? schemes : Set.<String>of()) {
      add(
          "does not offer",
          operation.place() + " with " + scheme,
          scheme,
          sendingOnly(others.or(sent -> !sent.credentials().equals(scheme))));
    }
    JsonNode body = operation.node().path("requestBody");
    if (!body.isMissingNode() && !body.path("required").asBoolean(false)) {
      Client withBody = sendingOnly(others.or(sent -> sent.body() != null));
      add("always sends a body", operation.place(), "requestBody", withBody);
    }
    for (JsonNode parameter : operation.node().path("parameters")) {
      String name = parameter.path("name").asString("");
      if (parameter.at("/schema").has("maxLength")) {
        String place = operation.place() + " " + name;
        add("accepts one character more for", place, name, accepting(operation, name, 1));
        add("accepts one character less for", place, name, accepting(operation, name, -1));
      }
    }
  }

  private Client accepting(Spec.Operation operation, String parameter, int more) {
    return client.withAccepts(
        (place, name, length) -> {
          boolean damaged = place.equals(operation.place()) && name.equals(parameter);
          return client.accepts().test(place, name, damaged ? length - more : length);
        });
  }
}
