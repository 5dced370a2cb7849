package io.github.accesstokens.samples.cli;

import io.github.accesstokens.Rotated;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.Verification;
import io.github.accesstokens.model.ServiceToken;
import org.jspecify.annotations.Nullable;

/** How a run of the command ended. */
sealed interface Outcome {
  int NOT_APPLIED = 1;
  int UNKNOWN = 3;
  int NOT_VERIFIED = 5;

  /** The mask of the client. */
  String MASK = "\u2588\u2588";

  /** Returns the exit code; {@code --help} explains each. */
  default int exitCode() {
    if (this instanceof NotApplied || this instanceof DemonstrationFailed) {
      return NOT_APPLIED;
    } else if (this instanceof BadInput) {
      return 2;
    } else if (this instanceof Unknown || this instanceof Unexpected) {
      return UNKNOWN;
    } else if (this instanceof NotPrinted || (this instanceof Printed p && p.failure() != null)) {
      return 4;
    } else if ((this instanceof Verified v && v.result() != Verification.ACCEPTED)
        || (this instanceof Checked c && c.result() != Verification.ACCEPTED)) {
      return NOT_VERIFIED;
    }
    return 0;
  }

  /** Returns whether standard output got this outcome together with the secret. */
  default boolean isPrinted() {
    return this instanceof Printed
        || (this instanceof Unknown unknown && unknown.isSecretPrinted());
  }

  /** The token was rotated. */
  sealed interface Applied extends Outcome {
    Rotated rotated();

    /** Masks a text of the response that repeats the secret. */
    default @Nullable String masked(@Nullable String text) {
      return text != null && text.contains(rotated().getClientSecret()) ? MASK : text;
    }
  }

  /** An option, such as {@code --exec}, kept the new secret. */
  record Kept(Rotated rotated, String option) implements Applied {}

  /** The new secret is on standard output, perhaps because an option failed to keep it. */
  record Printed(Rotated rotated, @Nullable String failure) implements Applied {}

  /** Standard output failed. The new secret is in a file, or lost if the file is null. */
  record NotPrinted(Rotated rotated, @Nullable String failure, @Nullable String file)
      implements Applied {}

  /** The new secret was tried on a URL. The failure says why there is no result. */
  record Verified(Applied before, Verification result, @Nullable String failure)
      implements Applied {
    @Override
    public Rotated rotated() {
      return before.rotated();
    }
  }

  /** A dry run found that a rotation could be sent. */
  record Ready() implements Outcome {}

  /** The token was not rotated. */
  record NotApplied(RotationNotAppliedException failure) implements Outcome {}

  /**
   * The token was perhaps rotated.
   *
   * @param keptBy the option that kept the secret of the response, or standard output; null if the
   *     response held none, or if it is lost
   */
  record Unknown(RotationUnknownException failure, @Nullable String keptBy) implements Outcome {
    static final String STANDARD_OUTPUT = "standard output";

    Unknown keptBy(@Nullable String place) {
      return new Unknown(failure, place);
    }

    /** Whether the response contained a secret. */
    boolean hasSecret() {
      ServiceToken token = failure.getServiceToken();
      String secret = token == null ? null : token.getClientSecret();
      return secret != null && !secret.isEmpty();
    }

    /** Returns where the secret is, in words; null if it is lost. */
    @Nullable String place() {
      if (keptBy == null) {
        return null;
      }
      return (isSecretPrinted() ? "on " : keptBy.startsWith("--") ? "kept by " : "in ") + keptBy;
    }

    boolean isSecretPrinted() {
      return STANDARD_OUTPUT.equals(keptBy);
    }
  }

  /** The command failed, and the token was perhaps rotated. */
  record Unexpected(Class<?> exception) implements Outcome {
    /** Names the exception's type alone, because its message may hold a credential. */
    String message() {
      return "Unknown whether rotated: " + exception.getName();
    }
  }

  /** An option or a variable was refused, and nothing was sent. */
  record BadInput(String problem) implements Outcome {}

  /** A pair was tried on a URL. The failure says why there is no result. */
  record Checked(Verification result, @Nullable String failure) implements Outcome {}

  record Demonstrated() implements Outcome {}

  record DemonstrationFailed(@Nullable String failure) implements Outcome {}
}
