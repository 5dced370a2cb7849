package io.github.accesstokens.generator;

import org.jspecify.annotations.Nullable;

/**
 * The Java type of a schema, and the code that reads and writes it.
 *
 * @param className the class of a model, else null
 * @param items the type of the elements of a list or of the values of a map, else null
 * @param nullable whether JSON may have null in its place
 * @param secret whether {@code toString()} masks it
 */
record Type(
    Kind kind, @Nullable String className, @Nullable Type items, boolean nullable, boolean secret) {

  /** The types that JSON values are read as. A format of text is one line here. */
  enum Kind {
    STRING("String", null, 's', "", "readString(reader)", "%s"),
    BOOLEAN("Boolean", "boolean", 'b', null, "reader.nextBoolean()", "%s"),
    INTEGER("Integer", "int", 'n', null, "number(reader).nextInt()", "%s"),
    LONG("Long", "long", 'n', null, "readLong(reader)", "%s"),
    // Not the primitive type: the writer would take it for a double and write other digits.
    FLOAT("Float", null, 'n', null, "(float) number(reader).nextDouble()", "%s"),
    DOUBLE("Double", "double", 'n', null, "number(reader).nextDouble()", "%s"),
    DECIMAL("java.math.BigDecimal", null, 'n', null, "decimal(number(reader).nextString())", "%s"),
    UUID(
        "java.util.UUID",
        null,
        's',
        "uuid",
        "UUID.fromString(readString(reader))",
        "%s.toString()"),
    URI("java.net.URI", null, 's', "uri", "URI.create(readString(reader))", "%s.toString()"),
    DATE(
        "java.time.LocalDate",
        null,
        's',
        "date",
        "LocalDate.parse(readString(reader))",
        "%s.toString()"),
    DATE_TIME(
        "java.time.OffsetDateTime",
        null,
        's',
        "date-time",
        "Rfc3339.parse(readString(reader))",
        "Rfc3339.format(%s)"),
    ANY("Object", null, '?', null, "readAny(reader)", "%s"),
    LIST("java.util.List", null, 'a', null, "", ""),
    MAP("java.util.Map", null, 'o', null, "", ""),
    MODEL("", null, '?', null, "", "");

    /** The name of the class, without its package. */
    final String java;

    /** The package of the class, or null if it needs no import. */
    final @Nullable String packageName;

    final @Nullable String primitive;

    /** The JSON type, as {@code ModelJsonAdapter.fits} knows it. */
    final char json;

    private final @Nullable String format;
    final String read;
    final String written;

    Kind(
        String className,
        @Nullable String primitive,
        char json,
        @Nullable String format,
        String read,
        String written) {
      int dot = className.lastIndexOf('.');
      this.java = className.substring(dot + 1);
      this.packageName = dot < 0 ? null : className.substring(0, dot);
      this.primitive = primitive;
      this.json = json;
      this.format = format;
      this.read = read;
      this.written = written;
    }

    /** Returns the type of text of a format. */
    static Kind ofText(@Nullable String format) {
      for (Kind kind : values()) {
        if (kind.format != null && kind.format.equals(format)) {
          return kind;
        }
      }
      return STRING;
    }
  }

  static Type of(Kind kind) {
    return new Type(kind, null, null, kind == Kind.ANY, false);
  }

  static Type model(String className) {
    return new Type(Kind.MODEL, className, null, false, false);
  }

  static Type list(Type items) {
    return new Type(Kind.LIST, null, items, false, false);
  }

  static Type map(Type values) {
    return new Type(Kind.MAP, null, values, false, false);
  }

  /** Returns this type, nullable or secret if it is or if the argument says so. */
  Type with(boolean orNullable, boolean orSecret) {
    return new Type(kind, className, items, nullable || orNullable, secret || orSecret);
  }

  Type notNull() {
    return new Type(kind, className, items, kind == Kind.ANY, secret);
  }

  /** Returns the type as an object, without the annotation of its own nullness. */
  String java() {
    return switch (kind) {
      case LIST -> "List<" + element().annotated() + ">";
      case MAP -> "Map<String, " + element().annotated() + ">";
      case MODEL -> String.valueOf(className);
      default -> kind.java;
    };
  }

  String annotated() {
    return (nullable ? "@Nullable " : "") + java();
  }

  String primitive() {
    return kind.primitive == null ? java() : kind.primitive;
  }

  boolean isPrimitive() {
    return kind.primitive != null;
  }

  /** Whether it is an object of any properties, for which there is a shorter way. */
  boolean isFree() {
    return kind == Kind.MAP && element().kind == Kind.ANY;
  }

  boolean isContainer() {
    return kind == Kind.LIST || kind == Kind.MAP;
  }

  Type element() {
    if (items == null) {
      throw new IllegalStateException(kind + " has no elements");
    }
    return items;
  }

  /**
   * Whether a secret is in the value or an element of it, or may be: JSON of any type may be one.
   */
  boolean holdsSecret() {
    return secret || kind == Kind.ANY || (items != null && items.holdsSecret());
  }

  /** Whether its adapter needs another one around it that reads and writes null. */
  boolean isOrNull() {
    return nullable && kind != Kind.ANY;
  }

  /** Returns an expression that reads a value which is not null. */
  String read() {
    return switch (kind) {
      case LIST -> "readList(reader, " + element().adapter() + ")";
      case MAP -> isFree() ? "readObject(reader)" : "readMap(reader, " + element().adapter() + ")";
      case MODEL -> className + "JsonAdapter.INSTANCE.read(reader)";
      default -> kind.read;
    };
  }

  /** Returns a statement that writes the value of an expression which is not null. */
  String write(String value) {
    return switch (kind) {
      case LIST -> "writeList(writer, " + element().adapter() + ", " + value + ");";
      case MAP ->
          isFree()
              ? "writeAny(writer, " + value + ");"
              : "writeMap(writer, " + element().adapter() + ", " + value + ");";
      case MODEL -> className + "JsonAdapter.INSTANCE.write(writer, " + value + ");";
      case ANY -> "writeAny(writer, " + value + ");";
      default -> "writer.value(" + kind.written.formatted(value) + ");";
    };
  }

  /**
   * Returns an expression for the adapter. It is evaluated on each use: two models may need each
   * other.
   */
  String adapter() {
    String adapter =
        switch (kind) {
          case LIST -> "new ListJsonAdapter<>(" + element().adapter() + ")";
          case MAP -> "new MapJsonAdapter<>(" + element().adapter() + ")";
          case MODEL -> className + "JsonAdapter.INSTANCE";
          default -> "Scalars." + kind + "_ADAPTER";
        };
    return isOrNull() ? "ModelJsonAdapter.orNull(" + adapter + ")" : adapter;
  }
}
