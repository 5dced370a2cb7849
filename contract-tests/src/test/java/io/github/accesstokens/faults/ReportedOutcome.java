package io.github.accesstokens.cuts;

import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import org.jspecify.annotations.Nullable;

/**
 * What a call told.
 *
 * @param secret the one that is current, if it told so
 * @param failure what it threw otherwise
 */
record Told(Truth truth, @Nullable String secret, @Nullable Throwable failure) {
  /** What a call can tell. */
  enum Truth {
    ROTATED,
    NOT_APPLIED,
    UNKNOWN,
    /** Something else, which is wrong whatever happened. */
    NONE
  }

  static Told rotated(String secret) {
    return new Told(Truth.ROTATED, secret, null);
  }

  static Told failed(Throwable failure) {
    Truth truth =
        failure instanceof RotationNotAppliedException
            ? Truth.NOT_APPLIED
            : failure instanceof RotationUnknownException ? Truth.UNKNOWN : Truth.NONE;
    return new Told(truth, null, failure);
  }

  /** Whether it is true of a token that was rotated so often and has this secret. */
  boolean isTrue(int rotations, String currentSecret) {
    return switch (truth) {
      case ROTATED -> rotations == 1 && currentSecret.equals(secret);
      case NOT_APPLIED -> rotations == 0;
      case UNKNOWN -> rotations <= 1;
      case NONE -> false;
    };
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return truth + (failure == null ? "" : " (" + failure + ")");
  }
}
