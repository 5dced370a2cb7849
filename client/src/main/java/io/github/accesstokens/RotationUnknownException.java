package io.github.accesstokens;

import io.github.accesstokens.model.ServiceToken;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * The rotation may have been applied: the request was sent, and no response proves the outcome.
 *
 * <p>If it was applied, the previous secret has expired, or expires at {@link
 * #getPreviousSecretExpiresAt()}, and the new one is lost, unless {@link #getServiceToken()} holds
 * it. Do not call again at once: each rotation makes another secret and ends the grace period of
 * the one before. Find out first. Without a grace period, {@link AccessTokensClient#verify} shows
 * it: the token was rotated if a protected page accepted the old pair before and refuses it now.
 * Otherwise look at the token's page in the account. Its {@code updated_at} is only a hint, because
 * any edit moves it.
 */
public final class RotationUnknownException extends RotationException {
  private static final long serialVersionUID = 1L;

  /** Why it is unknown. */
  public enum Reason {
    /** The connection ended before a response arrived. */
    NO_RESPONSE,
    /** No response arrived in time. */
    TIMEOUT,
    /** The call was cancelled, or its thread interrupted, after the request was sent. */
    CANCELLED,
    /** The status proves nothing, for example that of a gateway. */
    STATUS,
    /** The status and the envelope, or parts of the envelope, contradict each other. */
    CONTRADICTORY,
    /** The response has no body. */
    EMPTY,
    /** The response is not JSON, according to its Content-Type. */
    MEDIA_TYPE,
    /** The response is not the documented JSON. */
    MALFORMED,
    /** The response was cut off, or its compression is damaged. */
    TRUNCATED,
    /** The response has more than 1 MiB. */
    TOO_LARGE,
    /** The response is a success without a result. */
    NO_RESULT,
    /** The response is a success without a secret. */
    NO_SECRET,
    /** The secret has control characters or bytes that are not UTF-8. */
    DAMAGED_SECRET,
    /** The response is the success of another service token. */
    OTHER_TOKEN,
    /** This process failed while it decoded the response, for example for lack of memory. */
    NOT_PROCESSED
  }

  private final Reason reason;
  private final String description;
  private final @Nullable OffsetDateTime previousSecretExpiresAt;
  private final @Nullable String keptIn;
  private final transient @Nullable ServiceToken serviceToken;

  RotationUnknownException(
      Reason reason,
      String description,
      @Nullable OffsetDateTime previousSecretExpiresAt,
      @Nullable Throwable cause) {
    this(reason, description, previousSecretExpiresAt, cause, ResponseSummary.NONE, null, null);
  }

  RotationUnknownException(
      Reason reason,
      String description,
      @Nullable OffsetDateTime previousSecretExpiresAt,
      ResponseSummary response,
      @Nullable ServiceToken serviceToken) {
    this(reason, description, previousSecretExpiresAt, null, response, serviceToken, null);
  }

  private RotationUnknownException(
      Reason reason,
      String description,
      @Nullable OffsetDateTime previousSecretExpiresAt,
      @Nullable Throwable cause,
      ResponseSummary response,
      @Nullable ServiceToken serviceToken,
      @Nullable String keptIn) {
    super(message(description, previousSecretExpiresAt, serviceToken, keptIn), cause, response);
    this.reason = reason;
    this.description = description;
    this.previousSecretExpiresAt = previousSecretExpiresAt;
    this.serviceToken = serviceToken;
    this.keptIn = keptIn;
  }

  /** Returns the same failure after a handover has kept the secret of the response. */
  RotationUnknownException keptIn(@Nullable String place) {
    if (place == null) {
      return this;
    }
    RotationUnknownException kept =
        new RotationUnknownException(
            reason,
            description,
            previousSecretExpiresAt,
            getCause(),
            response(),
            serviceToken,
            place);
    kept.setStackTrace(getStackTrace());
    for (Throwable suppressed : getSuppressed()) {
      kept.addSuppressed(suppressed);
    }
    return kept;
  }

  private static String message(
      String description,
      @Nullable OffsetDateTime expiresAt,
      @Nullable ServiceToken serviceToken,
      @Nullable String keptIn) {
    boolean held = serviceToken != null && serviceToken.getClientSecret() != null;
    return "Unknown whether rotated: "
        + description
        + "; if the token was rotated, the new secret is "
        + (held ? "perhaps the one in the response" : "lost")
        + (keptIn == null ? "" : ", which is kept in " + keptIn + ",")
        + " and the previous one "
        + (expiresAt == null ? "has expired" : "expires at " + expiresAt)
        + "; look at the token before you rotate again";
  }

  /** Returns why it is unknown. */
  public Reason getReason() {
    return reason;
  }

  /** Returns when the previous secret expires if the token was rotated; null if at once. */
  public @Nullable OffsetDateTime getPreviousSecretExpiresAt() {
    return previousSecretExpiresAt;
  }

  /**
   * Returns the token in the response, or null. Its secret may be the current one: verify the
   * secret before you use it. Serialization drops it.
   */
  public @Nullable ServiceToken getServiceToken() {
    return serviceToken;
  }

  /**
   * Returns where the handover keeps the secret of {@link #getServiceToken()}, in words; null if it
   * keeps none.
   */
  public @Nullable String getKeptIn() {
    return keptIn;
  }
}
