package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.model.ServiceToken;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The forms in which a secret is handed over. */
enum Format {
  ENV,
  JSON,
  KUBERNETES;

  // What is not known is null, not absent.
  private static final JsonAdapter<Object> ADAPTER =
      new Moshi.Builder().build().adapter(Object.class).serializeNulls();
  private static final Pattern STEERS_A_TERMINAL = Pattern.compile("[\u007f-\u009f]");
  private static final Pattern SAFE_IN_A_SHELL = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");
  private static final String CLIENT_ID = "CF_ACCESS_CLIENT_ID";
  private static final String CLIENT_SECRET = "CF_ACCESS_CLIENT_SECRET";

  /**
   * The pair in this form.
   *
   * @param secretName the name of a Kubernetes Secret
   * @throws IllegalArgumentException if it has characters that this form cannot hold
   */
  String of(Rotated rotated, String secretName) {
    String clientId = rotated.getToken().getClientId();
    String clientSecret = rotated.getClientSecret();
    return switch (this) {
      case ENV -> shellLine(CLIENT_ID, clientId) + shellLine(CLIENT_SECRET, clientSecret);
      case JSON -> json(object(rotated));
      case KUBERNETES ->
          """
          apiVersion: v1
          kind: Secret
          metadata:
            name: "%s"
          type: Opaque
          data:
          """
                  .formatted(secretName)
              + dataLine(CLIENT_ID, clientId)
              + dataLine(CLIENT_SECRET, clientSecret);
    };
  }

  private static String shellLine(String variable, @Nullable String value) {
    if (value == null) {
      return "";
    }
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("no environment variable can hold a NUL character");
    }
    String quoted =
        SAFE_IN_A_SHELL.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
    return variable + "=" + quoted + "\n";
  }

  // Quoted all the same: digits alone would be a number.
  private static String dataLine(String key, @Nullable String value) {
    return value == null
        ? ""
        : "  %s: \"%s\"\n"
            .formatted(key, Base64.getEncoder().encodeToString(value.getBytes(UTF_8)));
  }

  private static Map<String, @Nullable Object> object(Rotated rotated) {
    ServiceToken token = rotated.getToken();
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("client_id", token.getClientId());
    object.put("client_secret", rotated.getClientSecret());
    object.put("id", token.getId());
    object.put("name", token.getName());
    object.put("updated_at", rfc3339(token.getUpdatedAt()));
    object.put("previous_secret_expires_at", rfc3339(rotated.getPreviousSecretExpiresAt()));
    return object;
  }

  /** One line. */
  static String json(Map<String, @Nullable Object> object) {
    return STEERS_A_TERMINAL
            .matcher(ADAPTER.toJson(object))
            .replaceAll(c -> "\\\\u%04x".formatted((int) c.group().charAt(0)))
        + "\n";
  }

  static @Nullable String rfc3339(@Nullable OffsetDateTime time) {
    return time == null ? null : ISO_OFFSET_DATE_TIME.format(time);
  }
}
