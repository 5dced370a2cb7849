package io.github.accesstokens;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.EnvelopeMessageSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okio.Buffer;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** Masks credentials and secrets in text that others wrote. */
final class Redaction {
  static final int MAX_CAUSES = 16;
  static final String MASK = "██";
  // The names after the first are no secrets: the reader passes over a name that it was told of
  // without making a string of it.
  private static final JsonReader.Options NAMES =
      JsonReader.Options.of(
          "client_secret",
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
  // What newer secrets of the provider look like, wherever one turns up.
  private static final String PREFIX = "cfast_";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9A-Za-z]+");
  // Each is looked for in each text; an answer has one.
  private static final int MAX_SECRETS = 16;

  static final Redaction NONE = new Redaction(Collections.emptyList());

  // Longest first, since one can be a part of another.
  private final List<String> secrets;

  private Redaction(List<String> secrets) {
    this.secrets = new ArrayList<>(secrets);
    this.secrets.sort((one, other) -> other.length() - one.length());
  }

  /** Masks whatever these credentials send. */
  static Redaction of(Credentials credentials, HttpUrl baseUrl) {
    return of(credentials.authenticate(new Request.Builder().url(baseUrl).build()).headers());
  }

  /** Masks the values of these headers. */
  static Redaction of(Headers headers) {
    List<String> secrets = new ArrayList<>();
    for (int i = 0; i < headers.size(); i++) {
      String value = headers.value(i);
      // Without the name of a scheme, which is no secret.
      String secret = value.substring(value.lastIndexOf(' ') + 1);
      if (!secret.isEmpty()) {
        secrets.add(secret);
      }
    }
    return new Redaction(secrets);
  }

  /** Masks this secret, too. */
  Redaction and(String secret) {
    List<String> more = new ArrayList<>(secrets);
    more.add(secret);
    return new Redaction(more);
  }

  /** Masks every {@code client_secret} of the document, too, as far as it is JSON. */
  Redaction andSecretsOf(byte[] document) {
    List<String> found = new ArrayList<>(secrets);
    try {
      find(JsonReader.of(new Buffer().write(document)), false, found);
    } catch (IOException | RuntimeException e) {
      // The secrets up to there are found.
    }
    return found.size() == secrets.size() ? this : new Redaction(found);
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

  /** The text with every secret masked. */
  String text(String text) {
    String masked = text;
    for (String secret : secrets) {
      masked = masked.replace(secret, MASK);
    }
    return masked.contains(PREFIX) ? FORM.matcher(masked).replaceAll(MASK) : masked;
  }

  /** The entries with every secret masked; the same list if there is none. */
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

  /** The headers without those that show a secret. */
  Headers headers(Headers headers) {
    Headers.Builder shown = null;
    for (int i = 0; i < headers.size(); i++) {
      if (shows(headers.name(i)) || shows(headers.value(i))) {
        shown = shown == null ? headers.newBuilder() : shown;
        shown.removeAll(headers.name(i));
      }
    }
    return shown == null ? headers : shown.build();
  }

  private boolean shows(@Nullable String text) {
    return text != null && !text(text).equals(text);
  }

  /** Whether the failure, its causes or what they suppress would show a secret. */
  boolean isShownBy(Throwable failure) {
    return isShownBy(failure, MAX_CAUSES);
  }

  private boolean isShownBy(@Nullable Throwable failure, int depth) {
    if (failure == null) {
      return false;
    }
    // Too deep to look at, or a circle: it might.
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

  /** The JSON document with every {@code client_secret} masked; null if it is not JSON. */
  @Nullable String json(byte[] document) {
    JsonReader reader = JsonReader.of(new Buffer().write(document));
    Buffer copy = new Buffer();
    JsonWriter writer = JsonWriter.of(copy);
    writer.setSerializeNulls(true);
    try {
      andSecretsOf(document).copy(reader, writer);
      return reader.peek() == JsonReader.Token.END_DOCUMENT ? copy.readUtf8() : null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private void copy(JsonReader reader, JsonWriter writer) throws IOException {
    switch (reader.peek()) {
      case BEGIN_ARRAY:
        reader.beginArray();
        writer.beginArray();
        while (reader.hasNext()) {
          copy(reader, writer);
        }
        reader.endArray();
        writer.endArray();
        break;
      case BEGIN_OBJECT:
        reader.beginObject();
        writer.beginObject();
        while (reader.hasNext()) {
          writer.name(text(reader.nextName()));
          copy(reader, writer);
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
        if (number && !shows(value)) {
          // As it is: to make a number of very many digits takes very long.
          try (BufferedSink raw = writer.valueSink()) {
            raw.writeUtf8(value);
          }
        } else {
          writer.value(text(value));
        }
    }
  }
}
