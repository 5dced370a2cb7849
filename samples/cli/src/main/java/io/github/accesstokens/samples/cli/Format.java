package io.github.accesstokens.samples.cli;

import static io.github.accesstokens.samples.cli.JsonRendering.rfc3339;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.model.ServiceToken;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The formats of a new secret. */
enum Format {
  ENV,
  JSON,
  KUBERNETES;

  /** The names as the help shows them. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.of(values()).map(JsonRendering::lowerCase).iterator();
    }
  }

  private static final Pattern SAFE_IN_A_SHELL = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");
  private static final String UNPROVEN = "CF_ACCESS_UNPROVEN";
  private static final String CLIENT_ID = "CF_ACCESS_CLIENT_ID";
  private static final String CLIENT_SECRET = "CF_ACCESS_CLIENT_SECRET";

  /** Returns what this format ignores at its start. */
  String blank() {
    // A JSON object stays in the first line.
    return this == JSON ? " " : "\n";
  }

  /**
   * Returns the Client ID and the secret in this format.
   *
   * @param proven whether the token was certainly rotated; otherwise the text says that it is
   *     unproven
   * @param previousExpiresAt when the previous secret expires; null if at once
   * @param secretName the name of a Kubernetes Secret; an unproven one gets another name
   * @throws IllegalArgumentException if they contain characters that this format cannot hold
   */
  String of(
      ServiceToken token,
      boolean proven,
      @Nullable OffsetDateTime previousExpiresAt,
      String secretName) {
    String clientId = token.getClientId();
    String clientSecret = token.getClientSecret();
    return switch (this) {
      case ENV ->
          (proven ? "" : UNPROVEN + "=true\n")
              + shellLine(CLIENT_ID, clientId)
              + shellLine(CLIENT_SECRET, clientSecret);
      case JSON -> json(token, proven, previousExpiresAt);
      case KUBERNETES ->
          """
          apiVersion: v1
          kind: Secret
          metadata:
            name: "%s"
          %stype: Opaque
          data:
          """
                  .formatted(
                      secretName + (proven ? "" : "-unproven"),
                      proven ? "" : "  labels:\n    unproven: \"true\"\n")
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

  // In quotes, because YAML reads a value of digits as a number.
  private static String dataLine(String key, @Nullable String value) {
    return value == null
        ? ""
        : "  %s: \"%s\"\n"
            .formatted(key, Base64.getEncoder().encodeToString(value.getBytes(UTF_8)));
  }

  private static String json(
      ServiceToken token, boolean proven, @Nullable OffsetDateTime previousExpiresAt) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    if (!proven) {
      json.put("unproven", true);
    }
    json.put("client_id", token.getClientId());
    json.put("client_secret", token.getClientSecret());
    json.put("id", token.getId());
    json.put("name", token.getName());
    json.put("updated_at", rfc3339(token.getUpdatedAt()));
    json.put("previous_secret_expires_at", rfc3339(previousExpiresAt));
    return JsonRendering.line(json);
  }
}
