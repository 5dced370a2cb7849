package io.github.accesstokens;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonEncodingException;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.EnvelopeMessageSource;
import io.github.accesstokens.model.ServiceToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * An envelope that is not as documented, read property by property. A property that cannot be read
 * is absent, and no other property is lost with it.
 *
 * <p>The properties that decide the outcome are strict: {@code success}, and {@code client_id} and
 * {@code client_secret} of {@code result}. Each must have its documented type and occur once.
 */
final class LenientEnvelope {
  private static final String CLIENT_ID = "client_id";
  private static final String CLIENT_SECRET = "client_secret";

  /** Limit the work and the memory that a hostile response costs. */
  private static final int MAX_ENTRIES = 1000;

  private static final int MAX_PATHS = 100;

  private final JsonAdapter<ServiceToken> tokens;
  private final Set<String> names = new HashSet<>();

  /** The properties of {@code result} that can be read, as JSON. */
  private final Map<String, ByteString> readable = new LinkedHashMap<>();

  /** The properties that are not as documented. Each is absent or incomplete. */
  final List<String> unreadablePaths = new ArrayList<>();

  final List<EnvelopeMessage> errors = new ArrayList<>();
  final List<EnvelopeMessage> messages = new ArrayList<>();
  @Nullable Boolean success;
  @Nullable ServiceToken token;

  /** Whether a strict property occurs twice. */
  boolean contradictory;

  /** Why the document proves nothing, in words; null if it is an envelope. */
  @Nullable String flaw;

  /** Reads a document as far as it is JSON. */
  LenientEnvelope(byte[] document, JsonAdapter<ServiceToken> tokens) {
    this.tokens = tokens;
    JsonReader reader = JsonReader.of(new Buffer().write(document));
    try {
      readEnvelope(reader);
      if (reader.peek() != JsonReader.Token.END_DOCUMENT) {
        flaw = "its body is not one JSON document";
      }
    } catch (JsonDataException e) {
      flaw = "its body is not as documented at path " + reader.getPath();
    } catch (IOException e) {
      flaw = "its body is not JSON";
      // They may repeat a secret, and the property that shows it as a secret did not arrive.
      errors.clear();
      messages.clear();
    }
    requireEntries("errors");
    requireEntries("messages");
    if (success == null) {
      unreadable("$.success", true);
    }
  }

  private void readEnvelope(JsonReader reader) throws IOException {
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      boolean first = names.add(name);
      switch (name) {
        case "success":
          contradictory |= !first;
          if (reader.peek() == JsonReader.Token.BOOLEAN) {
            success = reader.nextBoolean();
          } else {
            next(reader);
          }
          break;
        case "result":
          contradictory |= !first;
          readResult(reader);
          break;
        case "errors":
          readEntries(reader, "$.errors", first ? errors : new ArrayList<>());
          break;
        case "messages":
          readEntries(reader, "$.messages", first ? messages : new ArrayList<>());
          break;
        default:
          next(reader);
      }
    }
    reader.endObject();
  }

  private void readResult(JsonReader reader) throws IOException {
    if (reader.peek() == JsonReader.Token.NULL) {
      reader.nextNull();
      return;
    }
    if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
      next(reader);
      unreadable("$.result", true);
      return;
    }
    try {
      Set<String> own = new HashSet<>();
      reader.beginObject();
      while (reader.hasNext()) {
        String name = reader.nextName();
        boolean strict = name.equals(CLIENT_ID) || name.equals(CLIENT_SECRET);
        contradictory |= strict && !own.add(name);
        ByteString value = next(reader);
        try {
          if (tokens.fromJson(document(Collections.singletonMap(name, value))) != null) {
            readable.put(name, value);
          }
        } catch (JsonDataException e) {
          // The path of an unknown property that is nested too deeply is longer.
          if (String.valueOf(e.getMessage()).endsWith(" at path $." + name)) {
            unreadable("$.result." + name, strict);
          }
        }
      }
      reader.endObject();
    } finally {
      // Keeps what is complete, even if the document is cut off after it.
      token = tokens.fromJson(document(readable));
    }
  }

  private static Buffer document(Map<String, ByteString> properties) throws IOException {
    Buffer document = new Buffer();
    JsonWriter writer = JsonWriter.of(document);
    writer.beginObject();
    for (Map.Entry<String, ByteString> property : properties.entrySet()) {
      writer.name(property.getKey());
      try (BufferedSink value = writer.valueSink()) {
        value.write(property.getValue());
      }
    }
    writer.endObject();
    return document;
  }

  /** Reads the next value as JSON text, because Moshi refuses values that are nested deeply. */
  private static ByteString next(JsonReader reader) throws IOException {
    try (BufferedSource value = reader.nextSource()) {
      return value.readByteString();
    }
  }

  private void readEntries(JsonReader reader, String path, List<EnvelopeMessage> entries)
      throws IOException {
    if (reader.peek() != JsonReader.Token.BEGIN_ARRAY) {
      addEntry(value(next(reader)), path, entries);
      unreadable(path, false);
      return;
    }
    reader.beginArray();
    for (int i = 0; reader.hasNext(); i++) {
      ByteString entry = next(reader);
      if (i < MAX_ENTRIES) {
        addEntry(value(entry), path + '[' + i + ']', entries);
      }
    }
    reader.endArray();
  }

  private static @Nullable Object value(ByteString json) throws IOException {
    try {
      return JsonReader.of(new Buffer().write(json)).readJsonValue();
    } catch (JsonDataException e) {
      return null;
    } catch (JsonEncodingException e) {
      // Throws again, unless the value is a number beyond double.
      JsonReader.of(new Buffer().write(json)).skipValue();
      return null;
    }
  }

  /** Adds an entry that has a code or a message, and the entries of its {@code error_chain}. */
  private void addEntry(@Nullable Object value, String path, List<EnvelopeMessage> entries) {
    Map<?, ?> entry =
        value instanceof Map ? (Map<?, ?>) value : Collections.singletonMap("message", value);
    Long code = code(entry.get("code"));
    String message = text(entry.get("message"));
    if (code == null || message == null) {
      unreadable(path, false);
    }
    if (code != null || message != null) {
      Object source = entry.get("source");
      entries.add(
          EnvelopeMessage.builder()
              .code(code == null ? 0 : code)
              .message(message == null ? "" : message)
              .documentationUrl(text(entry.get("documentation_url")))
              .source(
                  source instanceof Map
                      ? EnvelopeMessageSource.builder()
                          .pointer(text(((Map<?, ?>) source).get("pointer")))
                          .build()
                      : null)
              .build());
    }
    Object chain = entry.get("error_chain");
    if (chain instanceof List) {
      for (Object cause : (List<?>) chain) {
        if (cause instanceof Map && entries.size() < MAX_ENTRIES) {
          Map<Object, Object> flat = new LinkedHashMap<>((Map<?, ?>) cause);
          flat.remove("error_chain");
          addEntry(flat, path, entries);
        }
      }
    }
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String ? (String) value : null;
  }

  /** Moshi reads every number as a double. */
  private static @Nullable Long code(@Nullable Object value) {
    if (value instanceof Double && (Double) value == ((Double) value).longValue()) {
      return ((Double) value).longValue();
    }
    String digits = text(value);
    return digits != null && digits.matches("\\d{1,18}") ? Long.valueOf(digits) : null;
  }

  private void requireEntries(String name) {
    if (!names.contains(name)) {
      unreadable("$." + name, false);
    }
  }

  private void unreadable(String path, boolean strict) {
    if (strict && flaw == null) {
      flaw = "its body is not as documented at path " + path;
    }
    if (unreadablePaths.size() < MAX_PATHS && !unreadablePaths.contains(path)) {
      unreadablePaths.add(path);
    }
  }
}
