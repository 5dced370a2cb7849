package io.github.accesstokens.samples.cli;

import static java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.RotationException;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.ServiceToken;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Renders an outcome as the JSON object that {@code --json} prints. */
final class JsonRendering {
  private static final JsonAdapter<Object> ADAPTER =
      new Moshi.Builder().build().adapter(Object.class).serializeNulls();
  // A terminal obeys them, and Moshi does not escape them.
  private static final Pattern CONTROL_CHARACTERS = Pattern.compile("[\u007f-\u009f]");

  private JsonRendering() {}

  /** Returns one line, with the secret unless an option kept it; empty if nothing was attempted. */
  static String of(@Nullable String serviceTokenId, Outcome outcome) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    if (outcome instanceof Outcome.Checked checked) {
      json.put("verification", lowerCase(checked.result()));
      json.put("message", checked.failure());
      return line(json);
    }
    json.put("outcome", "unknown");
    json.put("id", serviceTokenId);
    if (outcome instanceof Outcome.Applied applied) {
      json.put("outcome", "rotated");
      put(json, applied);
    } else if (outcome instanceof Outcome.Ready) {
      json.put("outcome", "ready");
    } else if (outcome instanceof Outcome.NotApplied notApplied) {
      RotationNotAppliedException failure = notApplied.failure();
      json.put("outcome", "not_applied");
      json.put("message", failure.getMessage());
      json.put("reason", lowerCase(failure.getReason()));
      json.put("retryable", failure.isRetryable());
      putResponse(json, failure);
    } else if (outcome instanceof Outcome.Unknown unknown) {
      RotationUnknownException failure = unknown.failure();
      json.put("message", failure.getMessage());
      json.put("reason", lowerCase(failure.getReason()));
      json.put("previous_secret_expires_at", rfc3339(failure.getPreviousSecretExpiresAt()));
      json.put("answer_held_secret", unknown.hasSecret());
      json.put("unproven_kept_by", unknown.keptBy());
      ServiceToken token = failure.getServiceToken();
      if (token != null && unknown.isSecretPrinted()) {
        json.put("unproven", true);
        json.put("client_id", token.getClientId());
        json.put("client_secret", token.getClientSecret());
      }
      putResponse(json, failure);
    } else if (outcome instanceof Outcome.Unexpected unexpected) {
      json.put("message", unexpected.message());
    } else {
      return "";
    }
    return line(json);
  }

  private static void put(Map<String, @Nullable Object> json, Outcome.Applied applied) {
    Rotated rotated = applied.rotated();
    Outcome.Applied secret =
        applied instanceof Outcome.Verified verified ? verified.before() : applied;
    json.put("client_id", applied.masked(rotated.getToken().getClientId()));
    if (secret instanceof Outcome.Kept kept) {
      json.put("kept_by", kept.option());
    } else if (secret instanceof Outcome.NotPrinted failed) {
      json.put("kept_by", failed.file());
    } else {
      json.put("client_secret", rotated.getClientSecret());
      json.put("kept_by", null);
    }
    json.put("name", applied.masked(rotated.getToken().getName()));
    json.put("updated_at", rfc3339(rotated.getToken().getUpdatedAt()));
    json.put("previous_secret_expires_at", rfc3339(rotated.getPreviousSecretExpiresAt()));
    json.put("messages", list(rotated.getMessages()));
    if (applied instanceof Outcome.Verified verified) {
      json.put("verification", lowerCase(verified.result()));
    } else if (applied instanceof Outcome.Printed printed && printed.failure() != null) {
      json.put("message", printed.failure());
    } else if (applied instanceof Outcome.NotPrinted failed) {
      json.put("message", failed.failure());
    }
  }

  private static void putResponse(Map<String, @Nullable Object> json, RotationException failure) {
    Duration retryAfter = failure.getRetryAfter();
    json.put("retry_after", retryAfter == null ? null : retryAfter.toSeconds());
    json.put("status", failure.getStatus() == 0 ? null : failure.getStatus());
    json.put("errors", list(failure.getErrors()));
    json.put("cf_ray", failure.getCfRay());
  }

  private static List<Map<String, @Nullable Object>> list(List<EnvelopeMessage> messages) {
    return messages.stream().map(JsonRendering::object).toList();
  }

  private static Map<String, @Nullable Object> object(EnvelopeMessage message) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("code", code(message));
    json.put("message", message.getMessage());
    return json;
  }

  /** Returns the code, or null if the provider sent none: the client then says 0. */
  static @Nullable Long code(EnvelopeMessage message) {
    return message.getCode() == 0 ? null : message.getCode();
  }

  static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static @Nullable String rfc3339(@Nullable OffsetDateTime time) {
    return time == null ? null : ISO_OFFSET_DATE_TIME.format(time);
  }

  /** Returns the object in one line; what is null stays. */
  static String line(Map<String, @Nullable Object> json) {
    return CONTROL_CHARACTERS
            .matcher(ADAPTER.toJson(json))
            .replaceAll(c -> "\\\\u%04x".formatted((int) c.group().charAt(0)))
        + "\n";
  }
}
