package io.github.accesstokens;

import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.EnvelopeMessageSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Masks credentials and secrets in text that others wrote. */
final class Redaction {
  static final int MAX_CAUSES = 16;
  static final String MASK = "██";
  private static final String SECRET = "client_secret";

  static final Redaction NONE = new Redaction(Collections.emptyList());

  private final List<String> secrets;

  private Redaction(List<String> secrets) {
    this.secrets = secrets;
  }

  /** Masks whatever these credentials send. */
  static Redaction of(Credentials credentials, HttpUrl baseUrl) {
    Request request = credentials.authenticate(new Request.Builder().url(baseUrl).build());
    List<String> secrets = new ArrayList<>();
    for (int i = 0; i < request.headers().size(); i++) {
      String value = request.headers().value(i);
      // Without the name of a scheme, which is no secret.
      secrets.add(value.substring(value.lastIndexOf(' ') + 1));
    }
    return new Redaction(secrets);
  }

  /** Masks this secret, too. */
  Redaction and(@Nullable String secret) {
    if (secret == null || secret.isEmpty()) {
      return this;
    }
    List<String> more = new ArrayList<>(secrets);
    more.add(secret);
    return new Redaction(more);
  }

  /** The text with every secret masked. */
  String text(String text) {
    String masked = text;
    for (String secret : secrets) {
      masked = masked.replace(secret, MASK);
    }
    return masked;
  }

  /** The entries with every secret masked; the same list if there is none. */
  List<EnvelopeMessage> entries(List<EnvelopeMessage> entries) {
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
    return masked.equals(entries) ? entries : masked;
  }

  private @Nullable String textOrNull(@Nullable String text) {
    return text == null ? null : text(text);
  }

  /** Whether the failure, its causes or what they suppress would show a secret. */
  boolean isShownBy(Throwable failure) {
    return isShownBy(failure, MAX_CAUSES);
  }

  private boolean isShownBy(@Nullable Throwable failure, int depth) {
    if (failure == null) {
      return false;
    }
    String text = failure.toString();
    // Too deep to look at, or a circle: it might.
    if (depth == 0 || !text(text).equals(text)) {
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
  @Nullable String json(Buffer document) {
    try {
      List<String> found = new ArrayList<>(secrets);
      Redaction all = new Redaction(found);
      // Twice: what the first pass finds may stand earlier in the document, too.
      all.copy(document.clone(), found);
      return all.copy(document.clone(), found);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private String copy(BufferedSource document, List<String> found) throws IOException {
    JsonReader reader = JsonReader.of(document);
    Buffer copy = new Buffer();
    JsonWriter writer = JsonWriter.of(copy);
    writer.setSerializeNulls(true);
    copyValue(reader, writer, false, found);
    if (reader.peek() != JsonReader.Token.END_DOCUMENT) {
      throw new IOException("more than one document");
    }
    return copy.readUtf8();
  }

  private void copyValue(JsonReader reader, JsonWriter writer, boolean secret, List<String> found)
      throws IOException {
    switch (reader.peek()) {
      case BEGIN_ARRAY:
        reader.beginArray();
        writer.beginArray();
        while (reader.hasNext()) {
          copyValue(reader, writer, secret, found);
        }
        reader.endArray();
        writer.endArray();
        break;
      case BEGIN_OBJECT:
        reader.beginObject();
        writer.beginObject();
        while (reader.hasNext()) {
          String name = reader.nextName();
          writer.name(text(name));
          copyValue(reader, writer, secret || name.equals(SECRET), found);
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
          if (!value.isEmpty() && !found.contains(value)) {
            found.add(value);
          }
          writer.value(MASK);
        } else if (number && text(value).equals(value)) {
          writer.value(new BigDecimal(value));
        } else {
          writer.value(text(value));
        }
    }
  }
}
