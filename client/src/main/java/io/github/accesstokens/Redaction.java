package io.github.accesstokens;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.EnvelopeMessageSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Masks credentials and secrets in text from outside this client. */
final class Redaction {
  static final int MAX_CAUSES = 16;
  static final String MASK = "██";

  private static final String SECRET_NAME = "client_secret";
  private static final ByteString QUOTED_SECRET_NAME =
      ByteString.encodeUtf8('"' + SECRET_NAME + '"');

  /** Only the first name holds a secret. Moshi skips the other names without creating strings. */
  private static final JsonReader.Options NAMES =
      JsonReader.Options.of(
          SECRET_NAME,
          "errors",
          "messages",
          "code",
          "message",
          "success",
          "result",
          "id",
          "client_id",
          "created_at",
          "updated_at",
          "duration",
          "name");

  /** The form of the provider's newer secrets. */
  private static final String PREFIX = "cfast_";

  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9A-Za-z]+");

  /** Shorter secrets are masked as whole words only: one letter would mask parts of most words. */
  private static final int SHORTEST_INSIDE_WORDS = 8;

  /** Headers that keep a value with a short secret: a number or a date can equal it by chance. */
  private static final Pattern KEPT_HEADERS =
      Pattern.compile("(?i)cf-ray|content-type|date|ratelimit(-policy)?|retry-after");

  /** Limits the work on a hostile response. A documented response has one secret. */
  private static final int MAX_SECRETS = 16;

  /** Longest first, because one secret can be a part of another. */
  private final List<String> secrets;

  private Redaction(List<String> secrets) {
    this.secrets = new ArrayList<>(secrets);
    Collections.sort(this.secrets, (one, other) -> other.length() - one.length());
  }

  /** Returns a redaction that masks the values that these credentials send. */
  static Redaction of(Credentials credentials, HttpUrl baseUrl) {
    return of(credentials.authenticate(new Request.Builder().url(baseUrl).build()).headers());
  }

  /** Returns a redaction that masks the values of these headers. */
  static Redaction of(Headers headers) {
    List<String> secrets = new ArrayList<>();
    for (int i = 0; i < headers.size(); i++) {
      String value = headers.value(i);
      // Leaves out the name of a scheme such as "Bearer", which is no secret.
      String secret = value.substring(value.lastIndexOf(' ') + 1);
      if (!secret.isEmpty()) {
        secrets.add(secret);
      }
    }
    return new Redaction(secrets);
  }

  /** Returns a redaction that masks these secrets too. */
  Redaction and(Collection<String> more) {
    List<String> all = new ArrayList<>(secrets);
    all.addAll(more);
    return new Redaction(all);
  }

  /** Returns a redaction that also masks each {@code client_secret} in the JSON document. */
  Redaction andSecretsOf(byte[] document) {
    List<String> found = new ArrayList<>(secrets);
    try {
      JsonReader reader = JsonReader.of(new Buffer().write(document));
      find(reader, false, found);
      // What follows the document may hold a secret too.
      if (reader.peek() != JsonReader.Token.END_DOCUMENT) {
        throw new IOException("more than one document");
      }
    } catch (IOException | RuntimeException e) {
      // The document is damaged, or nested too deeply for Moshi.
      findByName(document, found, value -> find(value, true, found));
    }
    return found.size() == secrets.size() ? this : new Redaction(found);
  }

  /** Returns each complete string that is the value of a {@code client_secret}, at any place. */
  static Set<String> completeSecrets(byte[] document) {
    Set<String> secrets = new LinkedHashSet<>();
    findByName(
        document,
        secrets,
        value -> {
          if (value.peek() == JsonReader.Token.STRING) {
            secrets.add(value.nextString());
          }
        });
    secrets.remove("");
    return secrets;
  }

  /** Reads the value of each {@code client_secret} until there are enough secrets. */
  private static void findByName(byte[] document, Collection<String> found, ValueReader values) {
    ByteString text = ByteString.of(document);
    Buffer source = new Buffer().write(text);
    for (int at = text.indexOf(QUOTED_SECRET_NAME);
        at >= 0 && found.size() < MAX_SECRETS;
        at = text.indexOf(QUOTED_SECRET_NAME, at + 1)) {
      Buffer property = new Buffer().writeByte('{');
      // Shares the bytes. A hostile document has very many names.
      source.copyTo(property, at, source.size() - at);
      try {
        JsonReader reader = JsonReader.of(property);
        reader.beginObject();
        reader.skipName();
        values.read(reader);
      } catch (IOException | RuntimeException e) {
        // This value is damaged or cut off. Another one may be whole.
      }
    }
  }

  private interface ValueReader {
    void read(JsonReader value) throws IOException;
  }

  private static void find(JsonReader reader, boolean secret, List<String> found)
      throws IOException {
    switch (reader.peek()) {
      case BEGIN_ARRAY:
        reader.beginArray();
        while (reader.hasNext()) {
          find(reader, secret, found);
        }
        reader.endArray();
        break;
      case BEGIN_OBJECT:
        reader.beginObject();
        while (reader.hasNext()) {
          if (secret) {
            add(reader.nextName(), found);
            find(reader, true, found);
            continue;
          }
          int name = reader.selectName(NAMES);
          if (name < 0) {
            reader.skipName();
          }
          find(reader, name == 0, found);
        }
        reader.endObject();
        break;
      case STRING:
      case NUMBER:
        if (secret) {
          add(reader.nextString(), found);
          break;
        }
        reader.skipValue();
        break;
      default:
        reader.skipValue();
    }
  }

  private static void add(String secret, List<String> found) throws IOException {
    if (!secret.isEmpty() && !found.contains(secret)) {
      found.add(secret);
      if (found.size() > MAX_SECRETS) {
        throw new IOException("more secrets than can be masked");
      }
    }
  }

  /** Returns the text with every secret masked. */
  String text(String text) {
    return mask(text, true);
  }

  private String mask(String text, boolean shortSecrets) {
    String masked = text;
    for (String secret : secrets) {
      if (secret.length() >= SHORTEST_INSIDE_WORDS) {
        masked = masked.replace(secret, MASK);
      } else if (shortSecrets) {
        masked = masked.replaceAll("(?<!\\w)" + Pattern.quote(secret) + "(?!\\w)", MASK);
      }
    }
    return masked.contains(PREFIX) ? FORM.matcher(masked).replaceAll(MASK) : masked;
  }

  /** Returns the entries with every secret masked; the same list if they show none. */
  List<EnvelopeMessage> entries(List<EnvelopeMessage> entries) {
    boolean shown = false;
    for (EnvelopeMessage entry : entries) {
      EnvelopeMessageSource source = entry.getSource();
      shown |=
          shows(entry.getMessage())
              || shows(entry.getDocumentationUrl())
              || (source != null && shows(source.getPointer()));
    }
    if (!shown) {
      return entries;
    }
    List<EnvelopeMessage> masked = new ArrayList<>(entries.size());
    for (EnvelopeMessage entry : entries) {
      EnvelopeMessageSource source = entry.getSource();
      masked.add(
          EnvelopeMessage.builder()
              .code(entry.getCode())
              .message(text(entry.getMessage()))
              .documentationUrl(textOrNull(entry.getDocumentationUrl()))
              .source(
                  source == null
                      ? null
                      : EnvelopeMessageSource.builder()
                          .pointer(textOrNull(source.getPointer()))
                          .build())
              .build());
    }
    return Collections.unmodifiableList(masked);
  }

  private @Nullable String textOrNull(@Nullable String text) {
    return text == null ? null : text(text);
  }

  /** Returns the headers without those that show a secret. */
  Headers headers(Headers headers) {
    Headers.Builder shown = null;
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      String value = headers.value(i);
      if (shows(name) || !headerValue(name, value).equals(value)) {
        shown = shown == null ? headers.newBuilder() : shown;
        shown.removeAll(name);
      }
    }
    return shown == null ? headers : shown.build();
  }

  /** Returns the value of a header with every secret masked. */
  String headerValue(String name, String value) {
    return mask(value, !KEPT_HEADERS.matcher(name).matches());
  }

  private boolean shows(@Nullable String text) {
    return text != null && !text(text).equals(text);
  }

  /** Returns whether the failure, a cause or a suppressed failure shows a secret. */
  boolean isShownBy(Throwable failure) {
    return isShownBy(failure, MAX_CAUSES);
  }

  private boolean isShownBy(@Nullable Throwable failure, int depth) {
    if (failure == null) {
      return false;
    }
    // Reports a deep or circular chain as shown, because it is not searched further.
    if (depth == 0 || shows(failure.toString()) || shows(failure.getMessage())) {
      return true;
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      if (isShownBy(suppressed, depth - 1)) {
        return true;
      }
    }
    return isShownBy(failure.getCause(), depth - 1);
  }

  /** Returns the JSON document with every secret masked, or null if it is not JSON. */
  @Nullable String json(byte[] document) {
    JsonReader reader = JsonReader.of(new Buffer().write(document));
    Buffer copy = new Buffer();
    JsonWriter writer = JsonWriter.of(copy);
    writer.setSerializeNulls(true);
    try {
      andSecretsOf(document).copy(reader, writer, false);
      return reader.peek() == JsonReader.Token.END_DOCUMENT ? copy.readUtf8() : null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /**
   * Copies a value.
   *
   * @param secret whether it is a secret by its name, however many there are
   */
  private void copy(JsonReader reader, JsonWriter writer, boolean secret) throws IOException {
    switch (reader.peek()) {
      case BEGIN_ARRAY:
        reader.beginArray();
        writer.beginArray();
        while (reader.hasNext()) {
          copy(reader, writer, secret);
        }
        reader.endArray();
        writer.endArray();
        break;
      case BEGIN_OBJECT:
        reader.beginObject();
        writer.beginObject();
        while (reader.hasNext()) {
          String name = reader.nextName();
          writer.name(secret ? MASK : text(name));
          copy(reader, writer, secret || name.equals(SECRET_NAME));
        }
        reader.endObject();
        writer.endObject();
        break;
      case BOOLEAN:
        writer.value(reader.nextBoolean());
        break;
      case NULL:
        reader.<Object>nextNull();
        writer.nullValue();
        break;
      default:
        boolean number = reader.peek() == JsonReader.Token.NUMBER;
        String value = reader.nextString();
        if (secret) {
          writer.value(value.isEmpty() ? value : MASK);
        } else if (number && !shows(value)) {
          // Copies the text, because parsing a number with very many digits takes very long.
          try (BufferedSink raw = writer.valueSink()) {
            raw.writeUtf8(value);
          }
        } else {
          writer.value(text(value));
        }
    }
  }
}
