package io.github.accesstokens;

import io.github.accesstokens.model.ServiceToken;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * The rotation may have been applied: the request went out, and no answer tells what became of it.
 *
 * <p>If it was, the previous secret has stopped working, or does so at {@link
 * #getPreviousSecretExpiresAt()}, and the new one is lost. Do not simply call again: each rotation
 * makes another secret, and cuts the grace time of the one before. Look at the token first: its
 * {@code updated_at} tells whether it was rotated.
 */
public final class RotationUnknownException extends RotationException {
  private static final long serialVersionUID = 1L;

  /** Why it is unknown. */
  public enum Reason {
    /** The connection ended before an answer. */
    NO_ANSWER,
    /** No answer came in time. */
    TIMEOUT,
    /** The call was cancelled, or its thread interrupted, after the request went out. */
    CANCELLED,
    /** The status says nothing of what became of the request, such as that of a gateway. */
    STATUS,
    /** Status and envelope contradict each other. */
    CONTRADICTORY,
    /** The answer has no body. */
    EMPTY,
    /** The answer is not JSON, and says so. */
    MEDIA_TYPE,
    /** The answer is not the JSON that is documented. */
    MALFORMED,
    /** The answer broke off. */
    TRUNCATED,
    /** The answer has more than 1 MiB. */
    TOO_LARGE,
    /** The answer is a success without a result. */
    NO_RESULT,
    /** The answer is a success without a secret. */
    NO_SECRET
  }

  private final Reason reason;
  private final @Nullable OffsetDateTime previousSecretExpiresAt;
  private final transient @Nullable ServiceToken serviceToken;

  RotationUnknownException(
      Reason reason,
      String description,
      @Nullable OffsetDateTime previousSecretExpiresAt,
      @Nullable Throwable cause) {
    super(message(description, previousSecretExpiresAt, null), cause, null);
    this.reason = reason;
    this.previousSecretExpiresAt = previousSecretExpiresAt;
    this.serviceToken = null;
  }

  RotationUnknownException(
      Reason reason,
      String description,
      @Nullable OffsetDateTime previousSecretExpiresAt,
      AnswerSummary answer,
      @Nullable ServiceToken serviceToken) {
    super(message(description, previousSecretExpiresAt, serviceToken), null, answer);
    this.reason = reason;
    this.previousSecretExpiresAt = previousSecretExpiresAt;
    this.serviceToken = serviceToken;
  }

  private static String message(
      String description, @Nullable OffsetDateTime expiresAt, @Nullable ServiceToken serviceToken) {
    boolean held = serviceToken != null && serviceToken.getClientSecret() != null;
    return "Unknown whether rotated: "
        + description
        + "; if it was, the new secret is "
        + (held ? "perhaps the one that came along" : "lost")
        + " and the previous one "
        + (expiresAt == null ? "has stopped working" : "stops working at " + expiresAt)
        + ", so look at the token before you rotate again";
  }

  /** Why it is unknown. */
  public Reason getReason() {
    return reason;
  }

  /** When the previous secret stops working if it was rotated; null if it did at once. */
  public @Nullable OffsetDateTime getPreviousSecretExpiresAt() {
    return previousSecretExpiresAt;
  }

  /**
   * What a contradictory answer held in place of a result, perhaps with the current secret; to be
   * tried out before it is used. Null as a rule.
   */
  public @Nullable ServiceToken getServiceToken() {
    return serviceToken;
  }
}
