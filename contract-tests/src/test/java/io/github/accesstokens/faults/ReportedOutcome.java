package io.github.accesstokens.faults;

import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import org.jspecify.annotations.Nullable;

/**
 * The outcome that a call reported.
 *
 * @param secret the new secret, if the call returned one
 * @param failure what the call threw otherwise
 */
record ReportedOutcome(Kind kind, @Nullable String secret, @Nullable Throwable failure) {
  /** The three outcomes of a rotation, and {@code OTHER} for a failure that is none of them. */
  enum Kind {
    ROTATED,
    NOT_APPLIED,
    UNKNOWN,
    OTHER
  }

  static ReportedOutcome rotated(String secret) {
    return new ReportedOutcome(Kind.ROTATED, secret, null);
  }

  static ReportedOutcome failed(Throwable failure) {
    Kind kind =
        failure instanceof RotationNotAppliedException
            ? Kind.NOT_APPLIED
            : failure instanceof RotationUnknownException ? Kind.UNKNOWN : Kind.OTHER;
    return new ReportedOutcome(kind, null, failure);
  }

  /** Whether this fits a token that was rotated so often and now has this secret. */
  boolean matches(int rotations, String currentSecret) {
    return switch (kind) {
      case ROTATED -> rotations == 1 && currentSecret.equals(secret);
      case NOT_APPLIED -> rotations == 0;
      case UNKNOWN -> rotations <= 1;
      case OTHER -> false;
    };
  }

  /** Leaves the secret out. */
  @Override
  public String toString() {
    return kind + (failure == null ? "" : " (" + failure + ")");
  }
}
