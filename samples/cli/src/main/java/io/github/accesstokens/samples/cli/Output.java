package io.github.accesstokens.samples.cli;

import static java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import io.github.accesstokens.RotationException;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.ServiceToken;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The forms in which an outcome is told. */
enum Output {
  TEXT,
  JSON,
  ENV;

  // What is not known is null, not absent.
  private static final JsonAdapter<Object> ADAPTER =
      new Moshi.Builder().build().adapter(Object.class).serializeNulls();
  private static final Pattern SAFE_IN_A_SHELL = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");

  /**
   * A rotation that was applied.
   *
   * @param previousExpiresAt when the previous secret stops working; null if it did at once
   */
  record Rotated(
      String serviceTokenId, ServiceToken token, @Nullable OffsetDateTime previousExpiresAt) {

    /** In two lines, without the secret. */
    String summary() {
      String name = token.getName();
      String which =
          name == null ? serviceTokenId : '"' + printable(name) + "\" (" + serviceTokenId + ")";
      String previous =
          previousExpiresAt == null
              ? "stopped working at once"
              : "works until " + ISO_OFFSET_DATE_TIME.format(previousExpiresAt);
      return "Rotated the service token " + which + ".\nThe previous secret " + previous + ".";
    }
  }

  /** The outcome for standard output; the secret is left out if a file has it. */
  String rotated(Rotated rotated, @Nullable Path secretFile) {
    return switch (this) {
      case TEXT -> text(rotated, secretFile);
      case JSON -> json(rotated, secretFile);
      case ENV -> env(rotated.token(), secretFile == null);
    };
  }

  /** The content of a file that keeps the secret. */
  String secretFile(Rotated rotated) {
    return this == JSON ? json(rotated, null) : env(rotated.token(), true);
  }

  /** What standard output has of a failure: only those who read JSON look there. */
  String failed(String outcome, String serviceTokenId, RotationException failure) {
    if (this != JSON) {
      return "";
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("outcome", outcome);
    object.put("id", serviceTokenId);
    object.put("message", failure.getMessage());
    if (failure instanceof RotationNotAppliedException refusal) {
      object.put("status", refusal.getStatus() == 0 ? null : refusal.getStatus());
      object.put("errors", refusal.getErrors().stream().map(Output::error).toList());
      object.put("cf_ray", refusal.getCfRay());
    }
    return ADAPTER.toJson(object) + "\n";
  }

  private static Map<String, Object> error(EnvelopeMessage error) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("code", error.getCode());
    object.put("message", error.getMessage());
    return object;
  }

  /** The text without what steers a terminal, since some of it comes from the provider. */
  static String printable(String text) {
    return text.replaceAll("\\p{Cc}", "?");
  }

  private static String text(Rotated rotated, @Nullable Path secretFile) {
    ServiceToken token = rotated.token();
    StringBuilder text = new StringBuilder(rotated.summary()).append('\n');
    if (token.getClientId() != null) {
      text.append("  Client ID      ").append(printable(token.getClientId())).append('\n');
    }
    text.append("  Client Secret  ");
    return secretFile == null
        ? text.append(token.getClientSecret())
            .append("\nStore the secret now: it is not shown again.\n")
            .toString()
        : text.append("in ").append(secretFile).append('\n').toString();
  }

  private static String json(Rotated rotated, @Nullable Path secretFile) {
    ServiceToken token = rotated.token();
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("outcome", "rotated");
    object.put("id", rotated.serviceTokenId());
    object.put("client_id", token.getClientId());
    if (secretFile == null) {
      object.put("client_secret", token.getClientSecret());
    } else {
      object.put("secret_file", secretFile.toString());
    }
    object.put("name", token.getName());
    object.put("updated_at", rfc3339(token.getUpdatedAt()));
    object.put("previous_secret_expires_at", rfc3339(rotated.previousExpiresAt()));
    return ADAPTER.toJson(object) + "\n";
  }

  private static @Nullable String rfc3339(@Nullable OffsetDateTime time) {
    return time == null ? null : ISO_OFFSET_DATE_TIME.format(time);
  }

  private static String env(ServiceToken token, boolean withSecret) {
    return line("CF_ACCESS_CLIENT_ID", token.getClientId())
        + (withSecret ? line("CF_ACCESS_CLIENT_SECRET", token.getClientSecret()) : "");
  }

  private static String line(String variable, @Nullable String value) {
    if (value == null) {
      return "";
    }
    String quoted =
        SAFE_IN_A_SHELL.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
    return variable + "=" + quoted + "\n";
  }
}
