package io.github.accesstokens;

import io.github.accesstokens.model.EnvelopeMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rotation failed: {@link RotationNotAppliedException}, {@link RotationUnknownException} or
 * {@link HandoverException}. Neither its message nor that of a cause shows a credential or a
 * secret.
 */
public abstract class RotationException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Null after deserialization. */
  private final transient @Nullable ResponseSummary response;

  RotationException(String message, @Nullable Throwable cause, ResponseSummary response) {
    super(message, cause);
    this.response = response;
  }

  final ResponseSummary response() {
    return response == null ? ResponseSummary.NONE : response;
  }

  /** Returns the HTTP status of the response; 0 if there was none. */
  public int getStatus() {
    return response().status;
  }

  /**
   * Returns the errors that the provider reported; empty if the response had no envelope. An error
   * without a code has the code 0.
   */
  public List<EnvelopeMessage> getErrors() {
    return response().errors;
  }

  /** Returns the wait that the provider requests, a day at most; null if it requests none. */
  public @Nullable Duration getRetryAfter() {
    return response().retryAfter();
  }

  /** Returns the {@code cf-ray} header, which the provider's support asks for, or null. */
  public @Nullable String getCfRay() {
    return response().cfRay();
  }
}
