package io.github.accesstokens;

import io.github.accesstokens.model.EnvelopeMessage;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rotation was certainly not applied: nothing was sent, or the provider refused. */
public final class RotationNotAppliedException extends RotationException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient List<EnvelopeMessage> errors;
  private final @Nullable String cfRay;

  RotationNotAppliedException(String reason) {
    this(reason, null);
  }

  RotationNotAppliedException(String reason, @Nullable Throwable cause) {
    super("Not rotated: " + reason, cause);
    this.status = 0;
    this.errors = Collections.emptyList();
    this.cfRay = null;
  }

  RotationNotAppliedException(
      String reason, int status, List<EnvelopeMessage> errors, @Nullable String cfRay) {
    super("Not rotated: " + reason, null);
    this.status = status;
    this.errors = errors;
    this.cfRay = cfRay;
  }

  /** HTTP status of the provider's refusal; 0 if nothing was sent. */
  public int getStatus() {
    return status;
  }

  /** What the provider said; empty if nothing was sent or the answer held no envelope. */
  public List<EnvelopeMessage> getErrors() {
    // Not kept when serialized.
    return errors == null ? Collections.emptyList() : errors;
  }

  /** The {@code cf-ray} header, which the provider's support asks for, or null. */
  public @Nullable String getCfRay() {
    return cfRay;
  }
}
