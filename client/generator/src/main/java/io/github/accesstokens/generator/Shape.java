package io.github.accesstokens.generator;

import io.swagger.v3.oas.models.media.Discriminator;
import io.swagger.v3.oas.models.media.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a schema says after its references and the parts of its {@code allOf} are put together. */
final class Shape {
  /** The JSON types it allows, without null. */
  final Set<String> types = new LinkedHashSet<>();

  final Map<String, Schema<?>> properties = new LinkedHashMap<>();
  final Set<String> required = new LinkedHashSet<>();
  final List<Alternatives> alternatives = new ArrayList<>();
  @Nullable String format;
  @Nullable Schema<?> items;

  /** A schema, a Boolean, or null if the description says nothing. */
  @Nullable Object additional;

  @Nullable List<Object> values;
  boolean nullable;
  boolean secret;
  boolean readOnly;
  boolean writeOnly;
  boolean deprecated;
  boolean tuple;
  @Nullable Integer maxLength;
  @Nullable String pattern;
  @Nullable String description;
  @Nullable Object defaultValue;

  /** The schemas of one {@code oneOf} or {@code anyOf}. */
  record Alternatives(List<Schema<?>> schemas, @Nullable Discriminator discriminator) {}

  boolean hasType(String type) {
    return types.size() == 1 && types.contains(type);
  }

  boolean isObject() {
    return hasType("object")
        || (types.isEmpty() && (!properties.isEmpty() || additional instanceof Schema));
  }

  boolean isArray() {
    return hasType("array") || (types.isEmpty() && items != null);
  }
}
