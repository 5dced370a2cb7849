package io.github.accesstokens.generator;

import io.github.accesstokens.generator.Model.ChoiceModel;
import io.github.accesstokens.generator.Model.Constant;
import io.github.accesstokens.generator.Model.EnumModel;
import io.github.accesstokens.generator.Model.ObjectModel;
import io.github.accesstokens.generator.Model.Property;
import io.github.accesstokens.generator.Model.Variant;
import io.github.accesstokens.generator.Type.Kind;
import io.swagger.v3.oas.models.media.Discriminator;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides which classes there are and which type each schema has. */
final class Models {
  private static final List<String> SUFFIXES = List.of("JsonAdapter");

  private static final int MAX_CONSTANTS = 2_000;

  private static final BigDecimal MAX_INT = BigDecimal.valueOf(Integer.MAX_VALUE);

  /** An enum with few values can say which type of a choice an object has. */
  private static final int FEW_VALUES = 20;

  /** The name of a file has at most 255 bytes, of which some are for suffixes. */
  private static final int MAX_NAME = 200;

  /** Names that the templates use without a package, and those of {@code java.lang}. */
  private static final Set<String> RESERVED =
      Stream.concat(
              Arrays.stream(Kind.values()).map(kind -> kind.java),
              Pattern.compile("\\s+")
                  .splitAsStream(
                      """
                      AbstractModel Annotation Arguments ArithmeticException ArrayList Body
                      Builder Call Character Class Collections Converter Credentials
                      DateTimeException DELETE Deprecated GET HEAD Header Headers HTTP
                      IllegalArgumentException IllegalStateException InvalidArgumentException
                      IOException Iterable Joined JsonAdapter JsonDataException JsonReader
                      JsonWriter LinkedHashMap LinkedHashSet ListJsonAdapter MapJsonAdapter Math
                      Model ModelConverterFactory ModelJsonAdapter ModelJsonAdapterFactory Moshi
                      Multipart MultipartBody Nullable NullMarked NullPointerException Number
                      NumberFormatException Objects OPTIONS Override Part PATCH Path POST PUT
                      Query QueryMap RequestBody ResponseBody Retrofit Rfc3339 RuntimeException
                      Scalars Set Streaming StringBuilder SuppressWarnings System Type Void"""))
          .collect(Collectors.toUnmodifiableSet());

  private final Schemas schemas;
  private final Naming naming;
  private final Problems problems;
  private final Set<String> secrets;
  private final Names classNames = new Names(RESERVED.toArray(String[]::new));
  private final Map<String, Model> models = new LinkedHashMap<>();
  private final Map<String, String> classOfSchema = new HashMap<>();
  private final Map<String, Type> aliases = new HashMap<>();
  private final Set<String> aliasesInProgress = new HashSet<>();

  /** The types of inline schemas. One that several allOf bring in is one class. */
  private final IdentityHashMap<Schema<?>, Type> inline = new IdentityHashMap<>();

  private final Deque<Runnable> unfinished = new ArrayDeque<>();

  /** The names that Java gives; the stock generator has the rules. */
  interface Naming {
    String className(String name);

    String variable(String name);

    String constant(String value, boolean text);

    String getter(String name, boolean isBoolean);
  }

  Models(
      Schemas schemas,
      Naming naming,
      Collection<String> apiClasses,
      Set<String> secrets,
      Problems problems) {
    this.schemas = schemas;
    this.naming = naming;
    this.secrets = secrets;
    this.problems = problems;
    for (String apiClass : apiClasses) {
      classNames.take(apiClass);
    }
  }

  /** Builds the models of all named schemas, in their order. */
  void addAll(Collection<String> names) {
    // The named ones first: they keep their names when an inline schema would have the same.
    for (String name : names) {
      Schema<?> schema = schemas.named(name);
      if (schema != null
          && schemas.reference(schema) == null
          && isClass(schemas.shape(schema, place(name)), place(name))) {
        classOfSchema.put(name, className(name));
      }
    }
    for (String name : names) {
      named(name);
    }
  }

  /** Builds what was found so far and is not built yet. */
  private void finish() {
    while (!unfinished.isEmpty()) {
      unfinished.remove().run();
    }
  }

  /** Builds the rest, and adds what needs all models: their shapes, and problems of choices. */
  void complete() {
    finish();
    for (Model model : models.values()) {
      if (model instanceof ObjectModel object) {
        StringBuilder shape = new StringBuilder();
        for (Property property : object.properties) {
          shape
              .append(token(property.type))
              .append(property.type.isContainer() ? token(property.type.element()) : '?')
              .append(!property.requiredToRead() ? ' ' : property.type.nullable() ? '+' : '!');
        }
        object.shape = shape.toString();
      } else if (model instanceof ChoiceModel choice && leadsTo(choice, choice, new HashSet<>())) {
        problems.add(choice.name, "is one of its own types");
      }
    }
  }

  private boolean leadsTo(ChoiceModel from, ChoiceModel to, Set<ChoiceModel> seen) {
    for (Variant variant : from.variants) {
      if (model(variant.type.className()) instanceof ChoiceModel next
          && (next == to || (seen.add(next) && leadsTo(next, to, seen)))) {
        return true;
      }
    }
    return false;
  }

  /** Returns the letter for the JSON of a type, as {@code ModelJsonAdapter.fits} knows it. */
  private char token(Type type) {
    Model model = model(type.className());
    if (model instanceof EnumModel values) {
      return values.value.kind().json;
    }
    return model instanceof ObjectModel ? Kind.MAP.json : type.kind().json;
  }

  Collection<Model> all() {
    return models.values();
  }

  @Nullable Model model(@Nullable String className) {
    return models.get(className);
  }

  private static String place(String schema) {
    return "components.schemas." + schema;
  }

  private String className(String name) {
    String wanted = naming.className(name);
    if (wanted.length() > MAX_NAME) {
      wanted = wanted.substring(0, MAX_NAME) + Integer.toUnsignedString(wanted.hashCode());
    }
    return classNames.take(RESERVED.contains(wanted) ? "Model" + wanted : wanted, SUFFIXES);
  }

  /** Whether the shape becomes a class. The others are types of the JDK. */
  private boolean isClass(Shape shape, String place) {
    List<Schema<?>> alternatives = alternatives(shape);
    return !alternatives.isEmpty()
        ? commonType(shape, alternatives, place) == null
        : isEnum(shape) || isModel(shape);
  }

  private static boolean isModel(Shape shape) {
    return shape.isObject()
        && (!shape.properties.isEmpty() || Boolean.FALSE.equals(shape.additional));
  }

  private static boolean isEnum(Shape shape) {
    return shape.values != null
        && !shape.values.isEmpty()
        && !shape.hasType("boolean")
        && !shape.isObject()
        && !shape.isArray()
        && enumType(shape) != null;
  }

  /** Returns the type of the values of an enum, or null if they have several. */
  private static @Nullable Type enumType(Shape shape) {
    List<Object> values = shape.values == null ? List.of() : shape.values;
    boolean numbers = values.stream().allMatch(Number.class::isInstance);
    if (shape.hasType("integer") || shape.hasType("number")) {
      if (!numbers) {
        return null;
      }
      Type type = number(shape);
      boolean tooLarge =
          type.kind() == Kind.INTEGER
              && values.stream()
                  .anyMatch(value -> new BigDecimal(value.toString()).abs().compareTo(MAX_INT) > 0);
      return tooLarge ? Type.of(Kind.LONG) : type;
    }
    // The parser gives a type to values without one.
    return shape.hasType("string") ? Type.of(Kind.STRING) : null;
  }

  private static Type number(Shape shape) {
    String format = shape.format == null ? "" : shape.format;
    if (shape.hasType("integer")) {
      return Type.of(format.equals("int32") ? Kind.INTEGER : Kind.LONG);
    }
    return Type.of(
        switch (format) {
          case "float" -> Kind.FLOAT;
          case "double" -> Kind.DOUBLE;
          case "int32" -> Kind.INTEGER;
          case "int64" -> Kind.LONG;
          default -> Kind.DECIMAL;
        });
  }

  private Type named(String name) {
    String className = classOfSchema.get(name);
    Schema<?> schema = schemas.named(name);
    if (schema == null) {
      return Type.of(Kind.ANY);
    }
    if (className != null) {
      if (!models.containsKey(className)) {
        declare(className, schemas.shape(schema, place(name)), place(name));
      }
      return Type.model(className);
    }
    Type alias = aliases.get(name);
    if (alias != null) {
      return alias;
    }
    if (!aliasesInProgress.add(name)) {
      problems.add(place(name), "the schema contains itself, and is no object with properties");
      return Type.of(Kind.ANY);
    }
    Type type = type(schema, place(name), name);
    aliasesInProgress.remove(name);
    aliases.put(name, type);
    return type;
  }

  /**
   * Returns the type of a schema.
   *
   * @param place where it is, for messages
   * @param name the name of a class for it, if it needs one
   */
  Type type(Schema<?> schema, String place, String name) {
    Shape shape = schemas.shape(schema, place);
    String reference = schemas.reference(schema);
    Type type = reference == null ? inline.get(schema) : named(reference);
    if (type == null) {
      type = type(shape, place, name);
      inline.put(schema, type);
    }
    return type.with(shape.nullable, shape.secret);
  }

  private Type type(Shape shape, String place, String name) {
    List<Schema<?>> alternatives = alternatives(shape);
    if (!alternatives.isEmpty()) {
      Type common = commonType(shape, alternatives, place);
      return common != null ? common : declare(className(name), shape, place);
    }
    if (isEnum(shape)) {
      Type values = enumType(shape);
      if (values != null && values.kind() != Kind.STRING) {
        return values;
      }
      return declare(className(name), shape, place);
    }
    if (isModel(shape)) {
      return declare(className(name), shape, place);
    }
    if (shape.isObject()) {
      return Type.map(
          shape.additional instanceof Schema<?> values
              ? type(values, place + ".additionalProperties", name + "Value")
              : Type.of(Kind.ANY));
    }
    if (shape.isArray()) {
      return Type.list(
          shape.items == null || shape.tuple
              ? Type.of(Kind.ANY)
              : type(shape.items, place + ".items", name + "Item"));
    }
    if (shape.hasType("boolean")) {
      return Type.of(Kind.BOOLEAN);
    }
    if (shape.hasType("integer") || shape.hasType("number")) {
      return number(shape);
    }
    if (shape.hasType("string")) {
      return Type.of(Kind.ofText(shape.format));
    }
    return Type.of(Kind.ANY);
  }

  /** The alternatives of the first choice of a shape; see {@link #together}. */
  private List<Schema<?>> alternatives(Shape shape) {
    return shape.alternatives.isEmpty() ? List.of() : shape.alternatives.get(0).schemas();
  }

  /** Returns the type that all alternatives have, or null. It makes no class. */
  private @Nullable Type commonType(Shape shape, List<Schema<?>> alternatives, String place) {
    if (!shape.properties.isEmpty()) {
      return null;
    }
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    Set<Character> tokens = new HashSet<>();
    boolean secret = false;
    for (Schema<?> alternative : alternatives) {
      Shape one = schemas.shape(alternative, place);
      if (isModel(one) || one.isArray() || one.isObject() || !alternatives(one).isEmpty()) {
        return null;
      }
      secret |= one.secret;
      Type type = isEnum(one) ? enumType(one) : type(one, place, "");
      Kind kind = type == null ? Kind.ANY : type.kind();
      kinds.add(kind);
      tokens.add(kind.json);
    }
    Kind common = null;
    if (kinds.size() == 1) {
      common = kinds.iterator().next();
    } else if (kinds.contains(Kind.ANY)) {
      common = Kind.ANY;
    } else if (tokens.size() == 1) {
      common = tokens.contains(Kind.STRING.json) ? Kind.STRING : Kind.DECIMAL;
    }
    return common == null ? null : Type.of(common).with(false, secret);
  }

  private Type declare(String className, Shape shape, String place) {
    String description = Text.javadoc(shape.description);
    if (!alternatives(shape).isEmpty()) {
      ChoiceModel choice =
          new ChoiceModel(className, description == null ? "One of several types." : description);
      models.put(className, choice);
      unfinished.add(() -> fill(choice, shape, place));
    } else if (isEnum(shape)) {
      Type values = enumType(shape);
      EnumModel model =
          new EnumModel(
              className,
              description == null ? "A value of " + Text.code(className) + "." : description,
              values == null ? Type.of(Kind.STRING) : values);
      models.put(className, model);
      fill(model, shape);
    } else {
      ObjectModel model =
          new ObjectModel(className, description == null ? className + "." : description);
      models.put(className, model);
      unfinished.add(() -> fill(model, shape, place));
    }
    return Type.model(className);
  }

  private void fill(EnumModel model, Shape shape) {
    model.use(model.value);
    Names names = new Names();
    List<Object> values = shape.values == null ? List.of() : shape.values;
    // A class with more does not compile.
    for (Object value : values.size() > MAX_CONSTANTS ? List.of() : values) {
      String text = String.valueOf(value);
      String argument =
          switch (model.value.kind()) {
            case LONG -> text + "L";
            case FLOAT -> text + "f";
            case DOUBLE -> text + "d";
            case DECIMAL -> "new BigDecimal(\"" + text + "\")";
            case INTEGER -> text;
            default -> Text.literal(text);
          };
      boolean isText = model.text();
      String constant = naming.constant(text, isText);
      if (!names.isFree(constant, List.of())) {
        String words = text.replace("+", "_plus_").replace("-", "_minus_").replace("*", "_star_");
        constant = naming.constant(words, isText);
      }
      model.constants.add(new Constant(names.take(constant), argument));
    }
  }

  private void fill(ObjectModel model, Shape shape, String place) {
    // The builder has a method for each; the last two would be those of Object.
    Names variables = new Names("additionalProperties", "explicitNulls", "equals", "wait");
    Names getters = new Names("getClass", "getAdditionalProperties", "getExplicitNulls");
    if (shape.additional instanceof Schema<?> additional) {
      model.additional = type(additional, place + ".additionalProperties", model.name + "Value");
      model.use(model.additional);
    }
    shape.properties.forEach(
        (jsonName, schema) -> {
          String where = place + ".properties." + jsonName;
          String className = model.name + Text.capitalized(naming.className(jsonName));
          Type type = type(schema, where, className);
          if (secrets.contains(jsonName)) {
            type = type.with(false, true);
          }
          Shape property = schemas.shape(schema, where);
          String variable = variables.take(naming.variable(jsonName));
          String getter = getters.take(naming.getter(variable, type.kind() == Kind.BOOLEAN));
          String description = Text.javadoc(property.description);
          String text =
              description == null ? "The property " + Text.code(jsonName) + "." : description;
          if (property.defaultValue != null && !type.isContainer() && type.kind() != Kind.ANY) {
            text +=
                " The provider's default is "
                    + Text.code(String.valueOf(property.defaultValue))
                    + ".";
          }
          Property added =
              new Property(
                  model,
                  jsonName,
                  variable,
                  getter,
                  type,
                  property,
                  shape.required.contains(jsonName),
                  text);
          if (property.values != null
              && property.values.size() <= FEW_VALUES
              && property.values.stream().allMatch(Models::isScalar)) {
            added.values =
                property.values.stream().map(String::valueOf).collect(Collectors.joining("\n"));
          }
          model.use(type);
          model.properties.add(added);
        });
    for (String required : shape.required) {
      if (!shape.properties.containsKey(required) && Boolean.FALSE.equals(shape.additional)) {
        problems.add(place, "requires the property " + required + ", which it does not allow");
      }
    }
  }

  private static boolean isScalar(Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean;
  }

  private void fill(ChoiceModel choice, Shape shape, String place) {
    Shape.Alternatives alternatives = shape.alternatives.get(0);
    Names names = new Names("Unknown");
    Discriminator discriminator = alternatives.discriminator();
    boolean tagged = discriminator != null && discriminator.getPropertyName() != null;
    int number = 1;
    for (Schema<?> alternative : alternatives.schemas()) {
      String reference = schemas.reference(alternative);
      boolean object = isModel(schemas.shape(alternative, place));
      Schema<?> complete = together(shape, alternative);
      String own = reference == null ? "Option" + number : naming.className(reference);
      Type type = type(complete, place + "[" + (number - 1) + "]", choice.name + own).notNull();
      Variant variant =
          choice.variants.stream()
              .filter(other -> other.type.equals(type))
              .findFirst()
              .orElse(null);
      if (variant == null) {
        String variantName =
            names.take(object || type.kind() == Kind.MODEL ? own : variantName(type));
        variant = new Variant(choice.variants.size(), variantName, type);
        choice.variants.add(variant);
        choice.use(type);
      }
      if (tagged && discriminator != null) {
        if (reference == null) {
          tagged = false;
        } else {
          variant.tags.addAll(tags(discriminator, reference, type));
        }
      }
      number++;
    }
    if (tagged && discriminator != null) {
      choice.discriminator = Text.literal(discriminator.getPropertyName());
    }
  }

  private static String variantName(Type type) {
    return switch (type.kind()) {
      case LIST -> variantName(type.element()) + "List";
      case MAP -> variantName(type.element()) + "Map";
      case MODEL -> String.valueOf(type.className());
      default -> type.kind().java;
    };
  }

  /** The values of the discriminator that stand for a schema, as literals. */
  private List<String> tags(Discriminator discriminator, String schema, Type type) {
    List<String> tags = new ArrayList<>();
    if (discriminator.getMapping() != null) {
      discriminator
          .getMapping()
          .forEach(
              (tag, target) -> {
                String name = target.substring(target.lastIndexOf('/') + 1);
                if (name.equals(schema) || named(name).equals(type)) {
                  tags.add(Text.literal(tag));
                }
              });
    }
    return tags.isEmpty() ? List.of(Text.literal(schema)) : tags;
  }

  /** Returns an alternative with what the rest of its schema says about every alternative. */
  @SuppressWarnings("rawtypes") // As in the interface of the library.
  private Schema<?> together(Shape shape, Schema<?> alternative) {
    boolean more = shape.alternatives.size() > 1;
    if (shape.properties.isEmpty()
        && shape.required.isEmpty()
        && shape.additional == null
        && !more) {
      return alternative;
    }
    Schema<Object> base = new Schema<>();
    if (!shape.properties.isEmpty()) {
      Map<String, Schema> properties = new LinkedHashMap<>();
      shape.properties.forEach(properties::put);
      base.properties(properties);
    }
    base.required(new ArrayList<>(shape.required));
    base.additionalProperties(shape.additional);
    List<Schema> parts = new ArrayList<>(List.of(base, alternative));
    for (Shape.Alternatives others : shape.alternatives.subList(1, shape.alternatives.size())) {
      // A second choice: its properties are optional, because only one alternative has them.
      for (Schema<?> other : others.schemas()) {
        Map<String, Schema> properties = new LinkedHashMap<>();
        schemas.shape(other, "").properties.forEach(properties::put);
        parts.add(new Schema<>().properties(properties));
      }
    }
    return schemas.allOf(parts);
  }

  /** Marks the models that a request may have, by what they contain. */
  void markSent(Type type) {
    finish();
    if (type.items() != null) {
      markSent(type.element());
    }
    Model model = type.className() == null ? null : model(type.className());
    if (model instanceof ObjectModel object && !object.sent) {
      object.sent = true;
      object.properties.forEach(property -> markSent(property.type));
      markSent(object.additional);
    } else if (model instanceof ChoiceModel choice && !choice.sent) {
      choice.sent = true;
      choice.variants.forEach(variant -> markSent(variant.type));
    }
  }
}
