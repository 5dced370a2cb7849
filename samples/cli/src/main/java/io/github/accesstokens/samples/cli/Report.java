package io.github.accesstokens.samples.cli;

import static io.github.accesstokens.samples.cli.Format.rfc3339;

import io.github.accesstokens.Rotated;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.ServiceToken;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code --json} prints: one object, whatever the outcome. */
final class Report {
  private final Map<String, @Nullable Object> object = new LinkedHashMap<>();

  private Report(String outcome, String serviceTokenId) {
    object.put("outcome", outcome);
    object.put("id", serviceTokenId);
  }

  /**
   * A rotation that was applied.
   *
   * @param keptBy the option that the secret went by; null if this report has to hold it
   */
  static Report rotated(String serviceTokenId, Rotated rotated, @Nullable String keptBy) {
    ServiceToken token = rotated.getToken();
    Report report = new Report("rotated", serviceTokenId);
    report.object.put("client_id", token.getClientId());
    if (keptBy == null) {
      report.object.put("client_secret", rotated.getClientSecret());
    }
    report.object.put("kept_by", keptBy);
    report.object.put("name", token.getName());
    report.object.put("updated_at", rfc3339(token.getUpdatedAt()));
    report.object.put("previous_secret_expires_at", rfc3339(rotated.getPreviousSecretExpiresAt()));
    report.object.put("messages", entries(rotated.getMessages()));
    return report;
  }

  static Report notApplied(String serviceTokenId, RotationNotAppliedException failure) {
    Report report = new Report("not_applied", serviceTokenId);
    report.object.put("message", failure.getMessage());
    report.object.put("reason", lowerCase(failure.getReason()));
    report.object.put("retryable", failure.isRetryable());
    report.answer(
        failure.getRetryAfter(), failure.getStatus(), failure.getErrors(), failure.getCfRay());
    return report;
  }

  static Report unknown(String serviceTokenId, RotationUnknownException failure) {
    Report report = new Report("unknown", serviceTokenId);
    report.object.put("message", failure.getMessage());
    report.object.put("reason", lowerCase(failure.getReason()));
    report.object.put("previous_secret_expires_at", rfc3339(failure.getPreviousSecretExpiresAt()));
    report.object.put("answer_held_secret", heldSecret(failure));
    report.answer(
        failure.getRetryAfter(), failure.getStatus(), failure.getErrors(), failure.getCfRay());
    return report;
  }

  /** A failure that nobody foresaw. */
  static Report unknown(String serviceTokenId, String message) {
    return new Report("unknown", serviceTokenId).with("message", message);
  }

  /** Adds one thing more. */
  Report with(String name, @Nullable Object value) {
    object.put(name, value);
    return this;
  }

  /** Whether an answer that proves nothing had a secret in it. */
  static boolean heldSecret(RotationUnknownException failure) {
    ServiceToken token = failure.getServiceToken();
    String secret = token == null ? null : token.getClientSecret();
    return secret != null && !secret.isEmpty();
  }

  static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The object in one line, perhaps with the secret. */
  String json() {
    return Format.json(object);
  }

  private void answer(
      @Nullable Duration retryAfter,
      int status,
      List<EnvelopeMessage> errors,
      @Nullable String cfRay) {
    object.put("retry_after", retryAfter == null ? null : retryAfter.toSeconds());
    object.put("status", status == 0 ? null : status);
    object.put("errors", entries(errors));
    object.put("cf_ray", cfRay);
  }

  private static List<Map<String, Object>> entries(List<EnvelopeMessage> entries) {
    return entries.stream().map(Report::entry).toList();
  }

  private static Map<String, Object> entry(EnvelopeMessage entry) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("code", entry.getCode());
    object.put("message", entry.getMessage());
    return object;
  }
}
