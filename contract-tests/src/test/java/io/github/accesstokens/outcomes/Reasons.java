package io.github.accesstokens.outcomes;

import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;

/** The reasons that failed rotations give. */
final class Reasons {
  private Reasons() {}

  /** The reason of a failed rotation; any other failure is returned as it is. */
  static Object of(Throwable failure) {
    if (failure instanceof RotationNotAppliedException notApplied) {
      return notApplied.getReason();
    }
    return failure instanceof RotationUnknownException unknown ? unknown.getReason() : failure;
  }
}
