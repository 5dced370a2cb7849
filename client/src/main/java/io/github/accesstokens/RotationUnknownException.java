package io.github.accesstokens;

import io.github.accesstokens.model.ServiceToken;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    /** The response is the success of another service token, and so is its secret. */
    OTHER_TOKEN,
    /** This process failed while it decoded the response, for example for lack of memory. */
    NOT_PROCESSED
  }

  private final Reason reason;
  private final String description;
  private final @Nullable OffsetDateTime previousSecretExpiresAt;
  private final @Nullable String keptIn;

  /** Null after deserialization. */
  private final transient @Nullable List<ServiceToken> held;

  RotationUnknownException(
      Reason reason,
      String description,
      @Nullable OffsetDateTime previousSecretExpiresAt,
      @Nullable Throwable cause) {
    this(
        reason,
        description,
        previousSecretExpiresAt,
        cause,
        ResponseSummary.NONE,
        Collections.emptyList(),
        null);
  }

  RotationUnknownException(
      Reason reason,
      String description,
      @Nullable OffsetDateTime previousSecretExpiresAt,
      ResponseSummary response,
      List<ServiceToken> held) {
    this(reason, description, previousSecretExpiresAt, null, response, held, null);
  }

  private RotationUnknownException(
      Reason reason,
      String description,
      @Nullable OffsetDateTime previousSecretExpiresAt,
      @Nullable Throwable cause,
      ResponseSummary response,
      List<ServiceToken> held,
      @Nullable String keptIn) {
    super(message(reason, description, previousSecretExpiresAt, held, keptIn), cause, response);
    this.reason = reason;
    this.description = description;
    this.previousSecretExpiresAt = previousSecretExpiresAt;
    this.held = held;
    this.keptIn = keptIn;
  }

  /** Returns the same failure after a handover has kept the secret of the response. */
  RotationUnknownException keptIn(String place) {
    RotationUnknownException kept =
        new RotationUnknownException(
            reason, description, previousSecretExpiresAt, getCause(), response(), held(), place);
    kept.setStackTrace(getStackTrace());
    for (Throwable suppressed : getSuppressed()) {
      kept.addSuppressed(suppressed);
    }
    return kept;
  }

  private static String message(
      Reason reason,
      String description,
      @Nullable OffsetDateTime expiresAt,
      List<ServiceToken> held,
      @Nullable String keptIn) {
    String secret = "lost";
    if (reason != Reason.OTHER_TOKEN && !DecodedBody.bySecret(held).isEmpty()) {
      secret = "perhaps the one in the response";
    } else if (reason != Reason.OTHER_TOKEN && keptIn != null) {
      secret = "perhaps the one in an earlier response";
    }
    return "Unknown whether rotated: "
        + description
        + "; if the token was rotated, the new secret is "
        + secret
        + (keptIn == null ? "" : kept(reason) + keptIn + ",")
        + " and the previous one "
        + (expiresAt == null ? "has expired" : "expires at " + expiresAt)
        + "; look at the token before you rotate again";
  }

  private static String kept(Reason reason) {
    return reason == Reason.OTHER_TOKEN
        ? ", the one of the other token is kept in "
        : ", which is kept in ";
  }

  private List<ServiceToken> held() {
    return held == null ? Collections.emptyList() : held;
  }

  /** Returns the token once for each secret that this or an earlier attempt received. */
  Map<String, ServiceToken> secrets() {
    Map<String, ServiceToken> secrets = new LinkedHashMap<>();
    for (Throwable earlier : getSuppressed()) {
      if (earlier instanceof RotationUnknownException) {
        secrets.putAll(((RotationUnknownException) earlier).secrets());
      }
    }
    secrets.putAll(DecodedBody.bySecret(held()));
    return secrets;
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
   * secret before you use it. If the response has several secrets, this is the last one, and a
   * {@link Handover} gets each. Serialization drops it.
   */
  public @Nullable ServiceToken getServiceToken() {
    List<ServiceToken> tokens = held();
    return tokens.isEmpty() ? null : tokens.get(tokens.size() - 1);
  }

  /**
   * Returns where the handover keeps the secrets of the response and of earlier responses of the
   * same call, in words; null if it keeps none.
   */
  public @Nullable String getKeptIn() {
    return keptIn;
  }
}
