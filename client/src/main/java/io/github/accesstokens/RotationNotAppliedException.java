package io.github.accesstokens;

import io.github.accesstokens.model.EnvelopeMessage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rotation was certainly not applied; the secret is the one it was. */
public final class RotationNotAppliedException extends RotationException {
  private static final long serialVersionUID = 1L;

  /** Why it was not applied. */
  public enum Reason {
    /** The handover could not be made ready. */
    HANDOVER_NOT_READY,
    /** Another rotation of the same token was under way in this process. */
    OVERLAPPING,
    /** The call was cancelled, or its thread interrupted, before anything was sent. */
    CANCELLED,
    /** No connection came about, or an interceptor led the request astray. */
    NOT_SENT,
    /** The provider answered that it did not. */
    REFUSED
  }

  private final Reason reason;
  private final boolean retryable;
  private final transient @Nullable AnswerSummary answer;

  RotationNotAppliedException(
      Reason reason, String description, boolean retryable, @Nullable Throwable cause) {
    super("Not rotated: " + description, cause);
    this.reason = reason;
    this.retryable = retryable;
    this.answer = null;
  }

  RotationNotAppliedException(String description, boolean retryable, AnswerSummary answer) {
    super("Not rotated: " + description, null);
    this.reason = Reason.REFUSED;
    this.retryable = retryable;
    this.answer = answer;
  }

  /** Why it was not applied. */
  public Reason getReason() {
    return reason;
  }

  /** Whether the same call may succeed later; it was made again already as far as allowed. */
  public boolean isRetryable() {
    return retryable;
  }

  /** How long the provider asks to wait, a day at most; null if it did not say. */
  public @Nullable Duration getRetryAfter() {
    return AnswerSummary.retryAfter(answer);
  }

  /** HTTP status of the provider's refusal; 0 if there was no answer. */
  public int getStatus() {
    return AnswerSummary.status(answer);
  }

  /** What the provider said; empty if there was no answer or it held no envelope. */
  public List<EnvelopeMessage> getErrors() {
    return AnswerSummary.errors(answer);
  }

  /** The {@code cf-ray} header, which the provider's support asks for, or null. */
  public @Nullable String getCfRay() {
    return AnswerSummary.cfRay(answer);
  }
}
