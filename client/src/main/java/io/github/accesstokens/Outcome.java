package io.github.accesstokens;

import io.github.accesstokens.RotationUnknownException.Reason;
import org.jspecify.annotations.Nullable;

/** What a response means for the rotation: rotated, not applied, or unknown for a reason. */
final class Outcome {
  static final Outcome ROTATED = new Outcome("rotated", null);
  static final Outcome NOT_APPLIED = new Outcome("not applied", null);

  private final String name;

  /** Why the outcome is unknown; null if it is known. */
  final @Nullable Reason unknown;

  private Outcome(String name, @Nullable Reason unknown) {
    this.name = name;
    this.unknown = unknown;
  }

  private static Outcome unknown(Reason reason) {
    return new Outcome("unknown: " + reason, reason);
  }

  /** Decides the outcome. Depends on nothing but the arguments. */
  static Outcome of(int status, DecodedBody body) {
    boolean ok = status / 100 == 2;
    if (body.success != null && body.success != ok) {
      return unknown(Reason.CONTRADICTORY);
    }
    if (!ok) {
      return isRefusal(status, body.success != null) ? NOT_APPLIED : unknown(Reason.STATUS);
    }
    if (body.envelope == null) {
      return unknown(body.unreadable);
    }
    if (body.token() == null) {
      return unknown(Reason.NO_RESULT);
    }
    return body.secret() == null ? unknown(Reason.NO_SECRET) : ROTATED;
  }

  /**
   * Returns whether the status proves that the provider did not rotate.
   *
   * <p>A registered 4xx status proves it, and so does any 4xx status with the provider's own
   * failure envelope. The exception is 408: a gateway sends it too, for a provider that may go on.
   * Gateways also send unregistered statuses such as 499. Of the redirects, 307 and 308 ask for the
   * same request elsewhere, so nothing was done here. A 5xx status proves nothing.
   */
  private static boolean isRefusal(int status, boolean hasEnvelope) {
    if (status == 307 || status == 308) {
      return true;
    }
    boolean registered =
        (status >= 400 && status <= 407) || (status >= 409 && status <= 431) || status == 451;
    return registered || (status / 100 == 4 && hasEnvelope);
  }

  @Override
  public String toString() {
    return name;
  }
}
