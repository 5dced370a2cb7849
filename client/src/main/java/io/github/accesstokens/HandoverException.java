package io.github.accesstokens;

import org.jspecify.annotations.Nullable;

/** The token was rotated, but the handover of its new secret failed: only this holds the secret. */
public final class HandoverException extends RotationException {
  private static final long serialVersionUID = 1L;

  private final transient Rotated rotated;

  HandoverException(String reason, Rotated rotated, @Nullable Throwable cause) {
    super("Rotated, but the handover failed: " + reason, cause, null);
    this.rotated = rotated;
  }

  /** What the rotation gave, with the secret; lost when this is serialized. */
  public Rotated getRotated() {
    return rotated;
  }
}
