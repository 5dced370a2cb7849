package io.github.accesstokens.provider;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.Moshi;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import okhttp3.MediaType;
import org.jspecify.annotations.Nullable;

/** Reads the optional body of a rotate request. Refuses everything that is not documented. */
final class RotateBody {
  private static final String PROPERTY = "previous_client_secret_expires_at";
  private static final JsonAdapter<Object> JSON = new Moshi.Builder().build().adapter(Object.class);

  // OffsetDateTime.parse alone also accepts times without seconds and offsets with seconds.
  private static final Pattern RFC_3339 =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)");

  private RotateBody() {}

  /** When the previous secret expires; null if the request does not say it. */
  static @Nullable Instant previousSecretExpiresAt(ReceivedRequest request, Instant now)
      throws Refusal {
    if (request.body().isEmpty()) {
      return null;
    }
    String contentType = request.header("Content-Type");
    MediaType mediaType = contentType == null ? null : MediaType.parse(contentType);
    if (mediaType == null
        || !mediaType.type().equals("application")
        || !mediaType.subtype().equals("json")) {
      throw new Refusal(400, "The body's content type is not application/json");
    }
    Map<?, ?> body = parse(request.body());
    for (Object name : body.keySet()) {
      if (!name.equals(PROPERTY)) {
        throw new Refusal(400, "Unknown property in the body: " + name);
      }
    }
    return body.isEmpty() ? null : time(body.get(PROPERTY), now);
  }

  private static Map<?, ?> parse(String body) throws Refusal {
    try {
      if (JSON.fromJson(body) instanceof Map<?, ?> object) {
        return object;
      }
    } catch (IOException | JsonDataException e) {
      // Not JSON: refused below, like JSON that is not an object.
    }
    throw new Refusal(400, "The body is not a JSON object");
  }

  private static Instant time(@Nullable Object value, Instant now) throws Refusal {
    if (value instanceof String text) {
      // RFC 3339 allows lower-case "t" and "z".
      String upperCase = text.toUpperCase(Locale.ROOT);
      if (RFC_3339.matcher(upperCase).matches()) {
        try {
          Instant time = OffsetDateTime.parse(upperCase).toInstant();
          if (time.isBefore(now)) {
            throw new Refusal(400, PROPERTY + " is in the past", "/" + PROPERTY);
          }
          return time;
        } catch (DateTimeException e) {
          // Not a time: refused below, like a value that does not match the pattern.
        }
      }
    }
    throw new Refusal(400, PROPERTY + " is not an RFC 3339 date-time", "/" + PROPERTY);
  }
}
