package io.github.accesstokens.generator;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A class of the model package. The templates print one of its three kinds. */
abstract sealed class Model permits Model.ObjectModel, Model.EnumModel, Model.ChoiceModel {
  final String name;
  final String description;
  final Set<String> imports = new TreeSet<>();

  Model(String name, String description) {
    this.name = name;
    this.description = description;
  }

  /** A JSON object. */
  static final class ObjectModel extends Model {
    final List<Property> properties = new ArrayList<>();

    /** The type of properties that the description does not name. */
    Type additional = Type.of(Type.Kind.ANY);

    /** Whether an application may build it: it is in a request. */
    boolean sent;

    ObjectModel(String name, String description) {
      super(name, description);
    }

    final boolean object = true;

    boolean hasProperties() {
      return !properties.isEmpty();
    }

    /** A constructor has at most 255 parameters, and a long takes two of them. */
    boolean large() {
      return properties.size() > 120;
    }

    boolean hasNulls() {
      return properties.stream().anyMatch(Property::keepsNull);
    }

    boolean hasRequired() {
      return properties.stream().anyMatch(Property::checkedByBuilder);
    }

    boolean hasLists() {
      return properties.stream().anyMatch(property -> property.type.kind() == Type.Kind.LIST);
    }

    boolean needsCollections() {
      return properties.stream().anyMatch(property -> property.type.isContainer());
    }

    /** The imports that the template does not have itself. */
    List<String> modelImports() {
      return imports.stream().filter(name -> !name.equals("java.util.Map")).toList();
    }

    boolean hasDeprecated() {
      return properties.stream().anyMatch(property -> property.deprecated);
    }

    boolean additionalIsAny() {
      return additional.kind() == Type.Kind.ANY;
    }

    /** What {@code ModelJsonAdapter.fits} needs to know of the properties. */
    String shape = "";

    /** The properties that have few values, with them: pairs of string literals. */
    String constants() {
      StringBuilder constants = new StringBuilder();
      for (Property property : properties) {
        if (property.values != null) {
          constants
              .append(", ")
              .append(property.literal)
              .append(", ")
              .append(Text.literal(property.values));
        }
      }
      return constants.toString();
    }
  }

  /** A property of an object. */
  static final class Property {
    final ObjectModel owner;
    final String jsonName;
    final String name;
    final String getter;
    final Type type;
    final boolean required;
    final boolean readOnly;
    final boolean writeOnly;
    final boolean deprecated;
    final String description;
    final int index;

    /** The scalar values that the description allows, one a line, else null. */
    @Nullable String values;

    final String literal;

    Property(
        ObjectModel owner,
        String jsonName,
        String name,
        String getter,
        Type type,
        Shape shape,
        boolean required,
        String description) {
      this.owner = owner;
      this.jsonName = jsonName;
      this.literal = Text.literal(jsonName);
      this.name = name;
      this.getter = getter;
      this.type = type;
      this.required = required;
      this.readOnly = shape.readOnly;
      this.writeOnly = shape.writeOnly;
      this.deprecated = shape.deprecated;
      this.description = description;
      this.index = owner.properties.size();
    }

    boolean requiredToRead() {
      return required && !writeOnly;
    }

    boolean requiredToBuild() {
      return required && !(readOnly && owner.sent);
    }

    /** Whether every object has it, read or built. */
    boolean always() {
      return requiredToRead() && requiredToBuild();
    }

    boolean nonNull() {
      return always() && !type.nullable();
    }

    boolean checkedByBuilder() {
      return requiredToBuild() && !type.nullable();
    }

    /** Whether null and absent are different and allowed. */
    boolean keepsNull() {
      return type.nullable() && !always();
    }

    boolean alwaysNullable() {
      return always() && type.nullable();
    }

    String declared() {
      return nonNull() ? type.primitive() : "@Nullable " + type.java();
    }

    String plain() {
      return type.java();
    }

    /** The parameter of the builder's method. */
    String parameter() {
      if (checkedByBuilder()) {
        return type.primitive();
      }
      return "@Nullable " + type.java();
    }

    String copied() {
      String copy =
          switch (type.kind()) {
            case LIST -> "Collections.unmodifiableList(new ArrayList<>(" + name + "))";
            case MAP -> "Collections.unmodifiableMap(new LinkedHashMap<>(" + name + "))";
            default -> name;
          };
      return type.isContainer() ? name + " == null ? null : " + copy : copy;
    }

    /** The local variable that holds the value while the object is read. */
    String local() {
      return owner.large() ? "builder." + name : name + "Value";
    }

    String localType() {
      // Without the annotation, which would be in the class file; NullAway needs none here.
      return nonNull() && type.isPrimitive() ? type.primitive() : type.java();
    }

    String localDefault() {
      if (!nonNull() || !type.isPrimitive()) {
        return "null";
      }
      return type.kind() == Type.Kind.BOOLEAN ? "false" : "0";
    }

    String seen() {
      return owner.large() ? "seen[" + index + "]" : name + "Seen";
    }

    String missing() {
      return nonNull() && !type.isPrimitive() && !owner.large()
          ? local() + " == null"
          : "!" + seen();
    }

    String argument() {
      return nonNull() && owner.large()
          ? "Objects.requireNonNull(builder." + name + ", " + literal + ")"
          : "builder." + name;
    }

    String read() {
      return type.read();
    }

    String write() {
      return type.write("value." + getter + "()");
    }

    /** Whether null is refused when an object is read. */
    boolean strict() {
      return requiredToRead() && !type.nullable();
    }

    String requiredMessage() {
      return Text.literal(jsonName + " is required");
    }

    String shown() {
      if (!type.holdsSecret()) {
        return name;
      }
      return nonNull() && type.isPrimitive() ? "\"██\"" : "(" + name + " == null ? null : \"██\")";
    }
  }

  /** Text or numbers of which some are known. */
  static final class EnumModel extends Model {
    final Type value;
    final List<Constant> constants = new ArrayList<>();
    final boolean enumeration = true;

    EnumModel(String name, String description, Type value) {
      super(name, description);
      this.value = value;
    }

    String java() {
      return value.java();
    }

    String read() {
      return value.read();
    }

    boolean text() {
      return value.kind() == Type.Kind.STRING;
    }
  }

  record Constant(String name, String expression) {}

  /** A value of one of several types. */
  static final class ChoiceModel extends Model {
    final List<Variant> variants = new ArrayList<>();
    final boolean choice = true;
    boolean sent;

    /** The name of the property that says which variant it is, as a literal, else null. */
    @Nullable String discriminator;

    ChoiceModel(String name, String description) {
      super(name, description);
    }

    boolean secrets() {
      return variants.stream().anyMatch(variant -> variant.type.holdsSecret());
    }
  }

  /** One type of a choice. */
  static final class Variant {
    final int number;
    final String name;
    final Type type;

    /** The values of the discriminator that stand for it, as literals. */
    final Set<String> tags = new LinkedHashSet<>();

    Variant(int number, String name, Type type) {
      this.number = number;
      this.name = name;
      this.type = type;
    }

    String java() {
      return type.java();
    }

    String adapter() {
      return type.adapter();
    }

    boolean unchecked() {
      return type.isContainer();
    }

    boolean isAny() {
      return type.kind() == Type.Kind.ANY;
    }

    String read() {
      return type.read();
    }

    String write() {
      return type.write("Objects.requireNonNull(value.as" + name + "())");
    }
  }

  /** Whether a class of the JDK that needs no import has this name. */
  final boolean javaLang() {
    try {
      Class.forName("java.lang." + name);
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** Adds what the type needs to the imports. */
  final void use(Type type) {
    String packageName = type.kind().packageName;
    if (packageName != null) {
      imports.add(packageName + "." + type.kind().java);
    }
    if (type.items() != null) {
      use(Objects.requireNonNull(type.items()));
    }
  }
}
