package io.github.accesstokens.generator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads schemas: follows references and puts the parts of an {@code allOf} together. */
final class Schemas {
  private static final String PREFIX = "#/components/schemas/";

  /** Of a reference to a reference; more are a circle, which is reported elsewhere. */
  private static final int MAX_REFERENCES = 100;

  private final Map<String, Schema<?>> named = new HashMap<>();

  @SuppressWarnings("rawtypes") // As in the interface of the library.
  private final Map<List<Schema>, Schema<?>> composed = new HashMap<>();

  private final OpenAPI description;
  private final ObjectMapper mapper;
  private final Problems problems;

  /** The description, once a reference to a part is followed. */
  private @Nullable JsonNode tree;

  Schemas(OpenAPI description, Problems problems) {
    this.description = description;
    this.mapper = description.getSpecVersion() == SpecVersion.V30 ? Json.mapper() : Json31.mapper();
    this.problems = problems;
    if (description.getComponents() != null && description.getComponents().getSchemas() != null) {
      description
          .getComponents()
          .getSchemas()
          .forEach((name, schema) -> named.put(name, (Schema<?>) schema));
    }
  }

  @Nullable Schema<?> named(String name) {
    return named.get(name);
  }

  /**
   * Returns the name of the only schema that this one stands for, or null: a reference, or an
   * {@code allOf}, {@code oneOf} or {@code anyOf} that adds nothing to one reference.
   */
  @Nullable String reference(Schema<?> schema) {
    if (schema.get$ref() != null) {
      return hasSiblings(schema) ? null : nameOf(schema.get$ref());
    }
    Schema<?> only = onlyPart(schema);
    return only == null ? null : reference(only);
  }

  /** Whether a reference of OpenAPI 3.1 has something beside it that makes another type. */
  private boolean hasSiblings(Schema<?> schema) {
    return description.getSpecVersion() != SpecVersion.V30
        && (schema.getProperties() != null
            || schema.getRequired() != null
            || schema.getItems() != null
            || schema.getEnum() != null
            || schema.getConst() != null
            || schema.getAdditionalProperties() != null);
  }

  /** Returns the only part of a schema that says anything, or null. */
  private @Nullable Schema<?> onlyPart(Schema<?> schema) {
    if (saysSomethingItself(schema)) {
      return null;
    }
    List<Schema<?>> parts = new ArrayList<>(meaningful(schema.getAllOf()));
    parts.addAll(meaningful(schema.getOneOf()));
    parts.addAll(meaningful(schema.getAnyOf()));
    return parts.size() == 1 ? parts.get(0) : null;
  }

  private List<Schema<?>> meaningful(@Nullable List<?> parts) {
    List<Schema<?>> meaningful = new ArrayList<>();
    if (parts != null) {
      for (Object part : parts) {
        Schema<?> schema = (Schema<?>) part;
        if (!isDecoration(schema) && !isNull(schema)) {
          meaningful.add(schema);
        }
      }
    }
    return meaningful;
  }

  /** Whether the schema has only a description, an example, a limit or an extension. */
  private boolean isDecoration(Schema<?> schema) {
    return schema.get$ref() == null
        && !saysSomethingItself(schema)
        && typesOf(schema).isEmpty()
        && schema.getAllOf() == null
        && schema.getOneOf() == null
        && schema.getAnyOf() == null;
  }

  private static boolean saysSomethingItself(Schema<?> schema) {
    return schema.getFormat() != null
        || (schema.getProperties() != null && !schema.getProperties().isEmpty())
        || schema.getItems() != null
        || schema.getEnum() != null
        || schema.getConst() != null
        || schema.getAdditionalProperties() instanceof Schema
        || (schema.getRequired() != null && !schema.getRequired().isEmpty())
        || (!typesOf(schema).isEmpty() && !isComposed(schema));
  }

  private static boolean isComposed(Schema<?> schema) {
    return schema.getAllOf() != null || schema.getOneOf() != null || schema.getAnyOf() != null;
  }

  /** Whether null is the only value of the schema. */
  private static boolean isNull(Schema<?> schema) {
    boolean nullType = schema.getTypes() != null && schema.getTypes().equals(Set.of("null"));
    boolean nullValue =
        schema.getEnum() != null
            && !schema.getEnum().isEmpty()
            && schema.getEnum().stream().allMatch(Objects::isNull);
    return nullType || "null".equals(schema.getType()) || nullValue;
  }

  private static Set<String> typesOf(Schema<?> schema) {
    Set<String> types = new LinkedHashSet<>();
    if (schema.getTypes() != null) {
      types.addAll(schema.getTypes());
    } else if (schema.getType() != null) {
      types.add(schema.getType());
    }
    types.remove("null");
    return types;
  }

  /** Returns the shape of a schema; the place is for messages. */
  Shape shape(Schema<?> schema, String place) {
    Shape shape = new Shape();
    merge(schema, shape, schema, new LinkedHashSet<>(), place);
    return shape;
  }

  /**
   * Adds what a schema says.
   *
   * @param root the schema that the shape is for
   * @param path the names of the references that lead to the schema
   */
  private void merge(
      Schema<?> schema, Shape shape, Schema<?> root, Set<String> path, String place) {
    if (schema.get$ref() != null) {
      String name = nameOf(schema.get$ref());
      Schema<?> target = named.get(name);
      if (target == null) {
        problems.add(place, "the reference " + schema.get$ref() + " has no schema");
      } else if (!path.add(name)) {
        problems.add(
            place, "the schema " + name + " is a part of itself: " + String.join(" > ", path));
      } else {
        merge(target, shape, root, path, place);
        path.remove(name);
      }
      decorate(schema, shape);
      if (!hasSiblings(schema)) {
        return;
      }
    }
    for (Schema<?> part : parts(schema.getAllOf())) {
      merge(part, shape, root, path, place);
    }
    Set<String> types = typesOf(schema);
    if (!types.isEmpty()) {
      if (shape.types.isEmpty()) {
        shape.types.addAll(types);
      } else if (!shape.types.equals(types)) {
        shape.types.retainAll(types);
        if (shape.types.isEmpty()) {
          // The parts contradict each other. The last one is closest to the schema that was meant.
          shape.types.addAll(types);
        }
      }
    }
    if (schema.getFormat() != null) {
      shape.format = schema.getFormat();
    }
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach(
              (name, property) -> shape.properties.merge(name, (Schema<?>) property, this::both));
    }
    if (schema.getRequired() != null) {
      shape.required.addAll(schema.getRequired());
    }
    if (schema.getItems() != null) {
      shape.items = shape.items == null ? schema.getItems() : both(shape.items, schema.getItems());
    }
    if (schema.getAdditionalProperties() != null
        && !(shape.additional instanceof Schema
            && !(schema.getAdditionalProperties() instanceof Schema))) {
      shape.additional = schema.getAdditionalProperties();
    }
    if (schema.getPrefixItems() != null) {
      shape.tuple = true;
    }
    if (schema.getPatternProperties() != null && shape.additional == null) {
      shape.additional = true;
    }
    List<Object> values = valuesOf(schema);
    if (values != null) {
      shape.nullable |= values.contains(null);
      values = values.stream().filter(Objects::nonNull).toList();
      if (!values.isEmpty() || shape.values == null) {
        shape.values = values;
      }
    }
    alternatives(schema, schema.getOneOf(), shape, root, path, place);
    alternatives(schema, schema.getAnyOf(), shape, root, path, place);
    decorate(schema, shape);
  }

  private static @Nullable List<Object> valuesOf(Schema<?> schema) {
    if (schema.getConst() != null) {
      return new ArrayList<>(List.of(asInJson(schema.getConst())));
    }
    if (schema.getEnum() == null) {
      return null;
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (Object value : schema.getEnum()) {
      values.add(value == null ? null : asInJson(value));
    }
    return values;
  }

  /** The parser reads the text of some formats as objects. */
  private static Object asInJson(Object value) {
    if (value instanceof Date date) {
      return date.toInstant().atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }
    if (value instanceof OffsetDateTime time) {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
    }
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    return value instanceof UUID ? value.toString() : value;
  }

  private void alternatives(
      Schema<?> schema,
      @Nullable List<?> listed,
      Shape shape,
      Schema<?> root,
      Set<String> path,
      String place) {
    // A part of an allOf may be the choice that the schema itself is one of.
    if (listed == null || parts(listed).stream().anyMatch(part -> leadsBack(part, root, path))) {
      return;
    }
    shape.nullable |= parts(listed).stream().anyMatch(this::allowsNull);
    List<Schema<?>> schemas =
        meaningful(listed).stream().filter(Schemas::isMoreThanRequired).toList();
    if (schemas.size() < parts(listed).stream().filter(part -> !isNull(part)).count()
        && schemas.size() == 1) {
      // Without the alternative, the value may be anything that the rest of the schema allows.
      return;
    }
    if (schemas.size() == 1) {
      merge(schemas.get(0), shape, root, path, place);
    } else if (!schemas.isEmpty()) {
      shape.alternatives.add(new Shape.Alternatives(schemas, schema.getDiscriminator()));
    }
  }

  private boolean leadsBack(Schema<?> alternative, Schema<?> root, Set<String> path) {
    if (alternative.get$ref() == null) {
      return false;
    }
    String name = nameOf(alternative.get$ref());
    return path.contains(name) || root.equals(named.get(name));
  }

  private boolean allowsNull(Schema<?> alternative) {
    Schema<?> schema = alternative;
    for (int i = 0; schema.get$ref() != null && i < MAX_REFERENCES; i++) {
      Schema<?> target = named.get(nameOf(schema.get$ref()));
      schema = target == null ? new StringSchema() : target;
    }
    return isNull(schema)
        || isDecoration(schema)
        || Boolean.TRUE.equals(schema.getNullable())
        || (schema.getTypes() != null && schema.getTypes().contains("null"));
  }

  /** A list of required properties is a rule for values and not a type. */
  private static boolean isMoreThanRequired(Schema<?> schema) {
    return schema.get$ref() != null
        || isComposed(schema)
        || schema.getFormat() != null
        || schema.getProperties() != null
        || schema.getItems() != null
        || schema.getEnum() != null
        || schema.getConst() != null
        || schema.getAdditionalProperties() != null
        || (!typesOf(schema).isEmpty() && !typesOf(schema).equals(Set.of("object")))
        || schema.getRequired() == null;
  }

  private static List<Schema<?>> parts(@Nullable List<?> parts) {
    List<Schema<?>> schemas = new ArrayList<>();
    if (parts != null) {
      parts.forEach(part -> schemas.add((Schema<?>) part));
    }
    return schemas;
  }

  private static void decorate(Schema<?> schema, Shape shape) {
    shape.nullable |=
        Boolean.TRUE.equals(schema.getNullable())
            || (schema.getTypes() != null && schema.getTypes().contains("null"));
    shape.readOnly |= Boolean.TRUE.equals(schema.getReadOnly());
    shape.writeOnly |= Boolean.TRUE.equals(schema.getWriteOnly());
    shape.deprecated |= Boolean.TRUE.equals(schema.getDeprecated());
    shape.secret |=
        "password".equals(schema.getFormat())
            || (schema.getExtensions() != null
                && Boolean.TRUE.equals(schema.getExtensions().get("x-sensitive")));
    if (schema.getDescription() != null) {
      shape.description = schema.getDescription();
    }
    if (schema.getDefault() != null) {
      shape.defaultValue = asInJson(schema.getDefault());
    }
    if (schema.getMaxLength() != null) {
      shape.maxLength = schema.getMaxLength();
    }
    if (schema.getPattern() != null) {
      shape.pattern = schema.getPattern();
    }
  }

  private Schema<?> both(Schema<?> first, Schema<?> second) {
    return first.equals(second) ? first : allOf(List.of(first, second));
  }

  /** Returns the same schema for equal parts, so that it gets one class. */
  @SuppressWarnings("rawtypes") // As in the interface of the library.
  Schema<?> allOf(List<Schema> parts) {
    return composed.computeIfAbsent(parts, all -> new Schema<>().allOf(all));
  }

  private String nameOf(String reference) {
    String name = reference.startsWith(PREFIX) ? reference.substring(PREFIX.length()) : reference;
    boolean isPart = name.contains("/");
    name = decoded(name);
    if (isPart && !named.containsKey(name)) {
      Schema<?> part = part(reference);
      if (part != null) {
        named.put(name, part);
      }
    }
    return name;
  }

  /** Returns a name as it is in the description, from a reference to it. */
  static String decoded(String name) {
    return name.replace("~1", "/").replace("~0", "~").replace("%20", " ");
  }

  /** Returns what a reference to a part of a schema, parameter or response points to, or null. */
  private @Nullable Schema<?> part(String reference) {
    if (tree == null) {
      tree = mapper.valueToTree(description);
    }
    JsonNode part = reference.startsWith("#/") ? tree.at(reference.substring(1)) : tree.path("");
    return part.isObject() ? mapper.convertValue(part, Schema.class) : null;
  }
}
