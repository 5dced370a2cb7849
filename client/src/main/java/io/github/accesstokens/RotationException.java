package io.github.accesstokens;

import io.github.accesstokens.model.EnvelopeMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rotation that did not end as asked: {@link RotationNotAppliedException}, {@link
 * RotationUnknownException} or {@link HandoverException}. No message, nor that of a cause, shows a
 * credential or a secret.
 */
public abstract class RotationException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable AnswerSummary answer;

  RotationException(String message, @Nullable Throwable cause, @Nullable AnswerSummary answer) {
    super(message, cause);
    this.answer = answer;
  }

  /** HTTP status of the answer that this failure is about; 0 if there was none. */
  public int getStatus() {
    return AnswerSummary.status(answer);
  }

  /** What the provider said; empty if there was no answer or it held no envelope. */
  public List<EnvelopeMessage> getErrors() {
    return AnswerSummary.errors(answer);
  }

  /** How long the provider asks to wait, a day at most; null if it did not say. */
  public @Nullable Duration getRetryAfter() {
    return AnswerSummary.retryAfter(answer);
  }

  /** The {@code cf-ray} header, which the provider's support asks for, or null. */
  public @Nullable String getCfRay() {
    return AnswerSummary.cfRay(answer);
  }
}
