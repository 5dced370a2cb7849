package io.github.accesstokens;

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

  RotationNotAppliedException(
      Reason reason, String description, boolean retryable, @Nullable Throwable cause) {
    super("Not rotated: " + description, cause, null);
    this.reason = reason;
    this.retryable = retryable;
  }

  RotationNotAppliedException(String description, boolean retryable, AnswerSummary answer) {
    super("Not rotated: " + description, null, answer);
    this.reason = Reason.REFUSED;
    this.retryable = retryable;
  }

  /** Why it was not applied. */
  public Reason getReason() {
    return reason;
  }

  /** Whether the same call may succeed later; it was made again already as far as allowed. */
  public boolean isRetryable() {
    return retryable;
  }
}
