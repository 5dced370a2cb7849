package io.github.accesstokens.model;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The base of all generated adapters. Types are strict; failures name the path, not the value. */
abstract class ModelJsonAdapter<T> extends JsonAdapter<T> {
  abstract T read(JsonReader reader) throws IOException;

  abstract void write(JsonWriter writer, T value) throws IOException;

  @Override
  public final T fromJson(JsonReader reader) throws IOException {
    try {
      return read(reader);
    } catch (IllegalArgumentException | DateTimeException e) {
      // Leaves out the cause, because its message repeats the text.
      throw new JsonDataException("Malformed value at path " + pathOfLast(reader));
    }
  }

  @Override
  public final void toJson(JsonWriter writer, @Nullable T value) throws IOException {
    if (value == null) {
      throw new NullPointerException("value is null; wrap the adapter with nullSafe()");
    }
    write(writer, value);
  }

  static String readString(JsonReader reader) throws IOException {
    return expect(JsonReader.Token.STRING, reader).nextString();
  }

  static JsonReader number(JsonReader reader) throws IOException {
    return expect(JsonReader.Token.NUMBER, reader);
  }

  static Object readObject(JsonReader reader) throws IOException {
    return Objects.requireNonNull(
        readAny(expect(JsonReader.Token.BEGIN_OBJECT, reader)), "an object is not null");
  }

  static @Nullable Object readAny(JsonReader reader) throws IOException {
    return reader.readJsonValue();
  }

  /** Moshi itself reads numbers as strings and strings as numbers. */
  private static JsonReader expect(JsonReader.Token expected, JsonReader reader)
      throws IOException {
    JsonReader.Token token = reader.peek();
    if (token != expected) {
      throw new JsonDataException(
          "Expected " + expected + " but was " + token + " at path " + reader.getPath());
    }
    return reader;
  }

  static boolean skipNull(JsonReader reader) throws IOException {
    if (reader.peek() != JsonReader.Token.NULL) {
      return false;
    }
    reader.nextNull();
    return true;
  }

  static boolean once(boolean seen, JsonReader reader) {
    if (seen) {
      throw new JsonDataException("Duplicate property at path " + reader.getPath());
    }
    return true;
  }

  /** Returns a failure for the object that was just read to its end. */
  static JsonDataException missing(String name, JsonReader reader) {
    return new JsonDataException(
        "Required property is missing at path " + pathOfLast(reader) + "." + name);
  }

  /** After an element of an array, the path of the reader names the next element. */
  private static String pathOfLast(JsonReader reader) {
    String path = reader.getPath();
    int bracket = path.lastIndexOf('[');
    if (bracket < 0 || !path.endsWith("]")) {
      return path;
    }
    int next = Integer.parseInt(path.substring(bracket + 1, path.length() - 1));
    return path.substring(0, bracket + 1) + (next - 1) + "]";
  }

  static <E> List<E> readList(JsonReader reader, JsonAdapter<E> items) throws IOException {
    reader.beginArray();
    if (!reader.hasNext()) {
      reader.endArray();
      return Collections.emptyList();
    }
    E first = items.fromJson(reader);
    if (!reader.hasNext()) {
      reader.endArray();
      // The most common list takes a fourth of the memory this way.
      return Collections.singletonList(first);
    }
    List<E> list = new ArrayList<>();
    list.add(first);
    do {
      list.add(items.fromJson(reader));
    } while (reader.hasNext());
    reader.endArray();
    return Collections.unmodifiableList(list);
  }

  static <E> void writeList(JsonWriter writer, JsonAdapter<E> items, List<E> list)
      throws IOException {
    writer.beginArray();
    for (E item : list) {
      items.toJson(writer, item);
    }
    writer.endArray();
  }

  static <E> Map<String, E> readMap(JsonReader reader, JsonAdapter<E> items) throws IOException {
    Map<String, E> map = new LinkedHashMap<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      once(map.containsKey(name), reader);
      map.put(name, items.fromJson(reader));
    }
    reader.endObject();
    return Collections.unmodifiableMap(map);
  }

  static <E> void writeMap(JsonWriter writer, JsonAdapter<E> items, Map<String, E> map)
      throws IOException {
    writer.beginObject();
    for (Map.Entry<String, E> entry : map.entrySet()) {
      writer.name(entry.getKey());
      items.toJson(writer, entry.getValue());
    }
    writer.endObject();
  }

  /** Moshi leaves out nulls by default, even inside a free-form object. */
  static void writeAny(JsonWriter writer, @Nullable Object value) throws IOException {
    boolean serializeNulls = writer.getSerializeNulls();
    writer.setSerializeNulls(true);
    try {
      writer.jsonValue(value);
    } finally {
      writer.setSerializeNulls(serializeNulls);
    }
  }
}
