package io.github.accesstokens;

import java.io.IOException;

/**
 * Another rotation uses the same handover at this moment. {@link Handover#prepare} throws it, and
 * the rotation fails as {@link RotationNotAppliedException.Reason#OVERLAPPING}.
 */
public final class HandoverInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message that says who uses the handover, as far as known. */
  public HandoverInUseException(String message) {
    super(message);
  }
}
