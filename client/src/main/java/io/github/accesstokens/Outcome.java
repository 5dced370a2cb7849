package io.github.accesstokens;

import io.github.accesstokens.RotationUnknownException.Reason;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a response means for the rotation: rotated, not applied, or unknown for a reason. */
final class Outcome {
  static final Outcome ROTATED = new Outcome("rotated", null);
  static final Outcome NOT_APPLIED = new Outcome("not applied", null);

  /** No secret has these. The last stands for bytes that are not UTF-8. */
  private static final Pattern DAMAGED = Pattern.compile("[\\p{Cc}\uFFFD]");

  private static final Pattern UUID_FORM =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

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

  /**
   * Decides the outcome. Depends on nothing but the arguments.
   *
   * @param serviceTokenId the token that the request asked to rotate
   */
  static Outcome of(int status, DecodedBody body, String serviceTokenId) {
    boolean ok = status / 100 == 2;
    if (body.flaw == Reason.CONTRADICTORY || body.contradicts(ok)) {
      return unknown(Reason.CONTRADICTORY);
    }
    if (!ok) {
      return isRefusal(status, body.isProvidersRefusal()) ? NOT_APPLIED : unknown(Reason.STATUS);
    }
    if (body.flaw != null) {
      return unknown(body.flaw);
    }
    if (body.token == null) {
      return unknown(Reason.NO_RESULT);
    }
    String secret = body.secret();
    if (secret == null) {
      return unknown(Reason.NO_SECRET);
    }
    if (DAMAGED.matcher(secret).find()) {
      return unknown(Reason.DAMAGED_SECRET);
    }
    return isOther(body.token.getId(), serviceTokenId) ? unknown(Reason.OTHER_TOKEN) : ROTATED;
  }

  /** Compares UUIDs only: the documented example has an id of another form. */
  private static boolean isOther(@Nullable String id, String requested) {
    return id != null
        && UUID_FORM.matcher(id).matches()
        && UUID_FORM.matcher(requested).matches()
        && !id.equalsIgnoreCase(requested);
  }

  /**
   * Returns whether the status proves that the provider did not rotate.
   *
   * <p>A registered 4xx status proves it, and so does any 4xx status with the provider's own
   * failure envelope. The exception is 408: a gateway sends it too, for a provider that may go on.
   * Gateways also send unregistered statuses such as 499. Of the redirects, 307 and 308 ask for the
   * same request elsewhere, so nothing was done here. A 5xx status proves nothing.
   */
  private static boolean isRefusal(int status, boolean isProviders) {
    if (status == 307 || status == 308) {
      return true;
    }
    boolean registered =
        (status >= 400 && status <= 407) || (status >= 409 && status <= 431) || status == 451;
    return registered || (status / 100 == 4 && isProviders);
  }

  @Override
  public String toString() {
    return name;
  }
}
