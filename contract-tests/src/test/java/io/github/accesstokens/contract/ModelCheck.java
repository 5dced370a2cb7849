package io.github.accesstokens.contract;

import com.squareup.moshi.JsonDataException;
import java.io.IOException;
import java.net.URI;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One schema against the client's model. Reads each property with a right value, without one, with
 * null and with each wrong type, and writes it again. Copies models through their builders, and
 * compares models that differ in one property.
 */
final class ModelCheck {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String STRANGER = "stranger_of_the_check";

  private final Spec spec;
  private final Client client;
  private final String schemaName;
  private final ObjectNode full;
  private final Findings findings;

  ModelCheck(Spec spec, Client client, String schemaName, Findings findings) {
    this.spec = spec;
    this.client = client;
    this.schemaName = schemaName;
    this.full = SampleValues.full(spec, schemaName);
    this.findings = findings;
  }

  /** The result of reading: a model, or why there is none. */
  private record Read(@Nullable Object model, @Nullable Exception failure) {}

  private Read read(JsonNode json) {
    try {
      return new Read(client.decoder().decode(schemaName, json.toString()), null);
    } catch (IOException | RuntimeException e) {
      return new Read(null, e);
    }
  }

  private void report(String place, String problem) {
    findings.add("schema " + schemaName + place, problem);
  }

  /** Reports what the description does not decide. */
  private void reportModel(String place, String problem) {
    findings.add("client", "model " + schemaName + place, problem);
  }

  void check() {
    Read read = read(full);
    Object model = read.model;
    if (model == null) {
      report("", "the client does not read " + full + ": " + read.failure);
      return;
    }
    for (Difference difference : differences(spec, schemaName, full, model)) {
      findings.add("schema " + difference.place, difference.problem);
    }
    checkWritten(full, model);
    checkBuilders(model);
    checkEqual(model);
    ObjectNode withUnknown = full.deepCopy().put(STRANGER, 1);
    Read more = read(withUnknown);
    if (more.model == null) {
      report("", "the client should keep an unknown property: " + more.failure);
    } else {
      checkWritten(withUnknown, more.model);
      checkBuilders(more.model);
      checkDiffer("." + STRANGER, model, more.model);
    }
    Map<String, JsonNode> properties = Spec.properties(spec.schema(schemaName));
    properties.forEach((name, schema) -> checkProperty(name, schema, model));
    Set<String> unknown = new TreeSet<>(Models.values(model).keySet());
    properties.keySet().forEach(name -> unknown.remove(Models.javaName(name)));
    for (String getter : unknown) {
      report("", "the client has " + getter + ", which the description does not have");
    }
  }

  private void checkWritten(JsonNode json, Object model) {
    try {
      JsonNode again = MAPPER.readTree(client.encoder().encode(schemaName, model));
      for (JsonDifference difference : JsonDifference.between(json, again)) {
        report(
            difference.pointer(),
            "the client read " + difference.left() + " and wrote " + difference.right());
      }
    } catch (IOException | RuntimeException e) {
      report("", "the client does not write it: " + e);
    }
  }

  /** Copies a model through its builder in both ways. */
  private void checkBuilders(Object model) {
    checkBuilder("toBuilder()", model, client.models().copied());
    checkBuilder("builder()", model, client.models().rebuilt());
  }

  private void checkBuilder(String name, Object model, UnaryOperator<Object> builder) {
    try {
      Object built = builder.apply(model);
      JsonNode expected = MAPPER.readTree(client.encoder().encode(schemaName, model));
      JsonNode actual = MAPPER.readTree(client.encoder().encode(schemaName, built));
      for (JsonDifference difference : JsonDifference.between(expected, actual)) {
        reportModel(
            difference.pointer(),
            name + " turns " + difference.left() + " into " + difference.right());
      }
      if (expected.equals(actual) && !client.models().equal().test(model, built)) {
        reportModel("", "a model does not equal its copy by " + name);
      }
    } catch (IOException | RuntimeException e) {
      reportModel("", name + " does not copy a model: " + e.getMessage());
    }
  }

  private void checkEqual(Object model) {
    Object again = read(full).model;
    if (again == null || !client.models().equal().test(model, again)) {
      reportModel("", "equals() differs for two models of the same JSON");
    } else if (hash(model) != hash(again)) {
      reportModel("", "hashCode() differs for two models of the same JSON");
    }
  }

  private void checkDiffer(String place, Object model, Object other) {
    if (client.models().equal().test(model, other)) {
      reportModel(place, "equals() ignores it");
    }
    if (hash(model) == hash(other)) {
      reportModel(place, "hashCode() ignores it");
    }
  }

  private int hash(Object model) {
    return client.models().hash().applyAsInt(model);
  }

  private void checkProperty(String name, JsonNode schema, Object model) {
    String place = "." + name;
    boolean required = Spec.isRequired(spec.schema(schemaName), name);
    boolean nullable = schema.path("nullable").asBoolean(false);

    ObjectNode without = full.deepCopy();
    without.remove(name);
    checkAbsent(name, "without it", without, required);
    ObjectNode withNull = full.deepCopy();
    withNull.putNull(name);
    checkAbsent(name, "with null", withNull, required && !nullable);
    if (!required || nullable) {
      checkNullWritten(name, withNull, nullable);
    }
    if (!required && nullable) {
      checkNullCounts(place, read(withNull).model, read(without).model);
    }
    ObjectNode changed = full.deepCopy();
    changed.set(name, SampleValues.other(spec, name, schema));
    Read other = read(changed);
    if (other.model == null) {
      report(place, "the client does not read " + changed.path(name) + ": " + other.failure);
    } else {
      checkDiffer(place, model, other.model);
    }
    SampleValues.wrong(spec, schema)
        .forEach(
            (type, wrong) -> {
              ObjectNode damaged = full.deepCopy();
              damaged.set(name, wrong);
              checkRefused(name, "with " + type, damaged);
            });
    boolean secret =
        schema.path("format").asString("").equals("password")
            || schema.path("x-sensitive").asBoolean(false);
    Object read = Models.values(model).get(Models.javaName(name));
    if (read instanceof String text && model.toString().contains(text) == secret) {
      report(place, secret ? "toString() shows the secret" : "toString() does not show it");
    }
  }

  private void checkAbsent(String name, String how, JsonNode json, boolean required) {
    if (required) {
      checkRefused(name, how, json);
      return;
    }
    Read read = read(json);
    if (read.model == null) {
      report("." + name, how + ", the client fails although it is optional: " + read.failure);
      return;
    }
    checkBuilders(read.model);
    if (Models.values(read.model).get(Models.javaName(name)) != null) {
      report("." + name, how + ", the client should read null, but it invents a value");
    }
  }

  private void checkRefused(String name, String how, JsonNode json) {
    Exception failure = read(json).failure;
    if (failure == null) {
      report("." + name, how + ", the client should refuse it, but it accepts it");
    } else if (!(failure instanceof JsonDataException)) {
      report("." + name, how + ", the client should throw JsonDataException, not " + failure);
    } else if (!String.valueOf(failure.getMessage()).contains("$." + name)) {
      report("." + name, how + ", the client's message should name it: " + failure.getMessage());
    }
  }

  private void checkNullWritten(String name, JsonNode withNull, boolean nullable) {
    try {
      Object model = client.decoder().decode(schemaName, withNull.toString());
      if (MAPPER.readTree(client.encoder().encode(schemaName, model)).has(name) != nullable) {
        report("." + name, nullable ? "the client does not write null" : "the client writes null");
      }
    } catch (IOException | RuntimeException e) {
      report("." + name, "the client does not read or write null: " + e);
    }
  }

  private void checkNullCounts(String place, @Nullable Object withNull, @Nullable Object without) {
    if (withNull != null && without != null && client.models().equal().test(withNull, without)) {
      reportModel(place, "equals() ignores whether it is null or absent");
    }
  }

  // ---- models against JSON

  /** A property of a model that differs from the JSON. */
  record Difference(String place, String problem) {}

  /** Compares the getters of a model with the JSON that it was read from. */
  static List<Difference> differences(Spec spec, String schemaName, JsonNode json, Object model) {
    List<Difference> differences = new ArrayList<>();
    Map<String, @Nullable Object> getters = Models.values(model);
    Spec.properties(spec.schema(schemaName))
        .forEach(
            (name, schema) -> {
              String place = schemaName + "." + name;
              if (getters.containsKey(Models.javaName(name))) {
                Object read = getters.get(Models.javaName(name));
                compare(spec, place, schema, json.path(name), read, differences);
              } else {
                differences.add(new Difference(place, "the client has no getter for it"));
              }
            });
    return differences;
  }

  private static void compare(
      Spec spec,
      String place,
      JsonNode schema,
      JsonNode json,
      @Nullable Object read,
      List<Difference> differences) {
    String reference = Spec.reference(schema);
    boolean absent = json.isMissingNode() || json.isNull();
    if (absent || read == null) {
      if (absent != (read == null)) {
        differences.add(difference(place, json, read));
      }
    } else if (reference != null && json.isObject() && isModel(read)) {
      differences.addAll(differences(spec, reference, json, read));
    } else if (json.isArray() && read instanceof List<?> list && list.size() == json.size()) {
      for (int i = 0; i < list.size(); i++) {
        compare(spec, place, schema.path("items"), json.path(i), list.get(i), differences);
      }
    } else if (reference != null
        || json.isArray()
        || (!json.isObject() && !expected(schema, json).equals(read))) {
      differences.add(difference(place, json, read));
    }
  }

  private static boolean isModel(Object value) {
    return value.getClass().getPackageName().endsWith(".model");
  }

  private static Difference difference(String place, JsonNode json, @Nullable Object read) {
    String type = read == null ? "" : " of type " + read.getClass().getSimpleName();
    String left = json.isMissingNode() ? "missing" : json.toString();
    return new Difference(
        place, "it is " + left + " in JSON, but " + read + type + " in the client");
  }

  /** The value in Java of a value in JSON. */
  static Object expected(JsonNode schema, JsonNode json) {
    return switch (schema.path("type").asString("")) {
      case "integer" ->
          schema.path("format").asString("").equals("int32")
              ? (Object) json.asInt()
              : (Object) json.asLong();
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
}
