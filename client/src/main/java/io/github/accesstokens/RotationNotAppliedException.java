package io.github.accesstokens;

import org.jspecify.annotations.Nullable;

/** The rotation was certainly not applied, and the secret has not changed. */
public final class RotationNotAppliedException extends RotationException {
  private static final long serialVersionUID = 1L;

  /** Why it was not applied. */
  public enum Reason {
    /** The handover could not be prepared. */
    HANDOVER_NOT_READY,
    /** Another rotation of the same token was in progress in this process. */
    OVERLAPPING,
    /** The call was cancelled, or its thread interrupted, before anything was sent. */
    CANCELLED,
    /** No connection was made, or an interceptor failed or changed the host. */
    NOT_SENT,
    /** The provider refused the request. */
    REFUSED
  }

  private final Reason reason;
  private final boolean retryable;

  RotationNotAppliedException(
      Reason reason, String description, boolean retryable, @Nullable Throwable cause) {
    super("Not rotated: " + description, cause, ResponseSummary.NONE);
    this.reason = reason;
    this.retryable = retryable;
  }

  RotationNotAppliedException(String description, boolean retryable, ResponseSummary response) {
    super("Not rotated: " + description, null, response);
    this.reason = Reason.REFUSED;
    this.retryable = retryable;
  }

  /** Returns why it was not applied. */
  public Reason getReason() {
    return reason;
  }

  /** Returns whether the same call may succeed later. The allowed retries were made already. */
  public boolean isRetryable() {
    return retryable;
  }
}
