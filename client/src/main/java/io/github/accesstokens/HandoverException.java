package io.github.accesstokens;

import org.jspecify.annotations.Nullable;

/** The token was rotated, but the handover failed. Only this exception holds the new secret. */
public final class HandoverException extends RotationException {
  private static final long serialVersionUID = 1L;

  private final transient Rotated rotated;

  HandoverException(String reason, Rotated rotated, @Nullable Throwable cause) {
    super("Rotated, but the handover failed: " + reason, cause, rotated.summary());
    this.rotated = rotated;
  }

  /** Returns the rotation with its secret. Serialization drops it. */
  public Rotated getRotated() {
    return rotated;
  }
}
