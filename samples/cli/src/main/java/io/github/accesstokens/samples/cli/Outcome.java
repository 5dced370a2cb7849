package io.github.accesstokens.samples.cli;

import io.github.accesstokens.Rotated;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.Verification;
import io.github.accesstokens.model.ServiceToken;
import org.jspecify.annotations.Nullable;

/** How a run of the command ended. */
sealed interface Outcome {
  /** Returns the exit code; {@code --help} explains each. */
  default int exitCode() {
    if (this instanceof NotApplied || this instanceof DemonstrationFailed) {
      return 1;
    } else if (this instanceof BadInput) {
      return 2;
    } else if (this instanceof Unknown || this instanceof Unexpected) {
      return 3;
    } else if (this instanceof Lost || (this instanceof Printed p && p.failure() != null)) {
      return 4;
    } else if (this instanceof Verified v && v.result() != Verification.ACCEPTED) {
      return 5;
    }
    return 0;
  }

  /** The token was rotated. */
  sealed interface Applied extends Outcome {
    Rotated rotated();
  }

  /** An option, such as {@code --exec}, kept the new secret. */
  record Kept(Rotated rotated, String option) implements Applied {}

  /** The new secret is on standard output, perhaps because an option failed to keep it. */
  record Printed(Rotated rotated, @Nullable String failure) implements Applied {}

  /** The new secret is lost, because standard output failed. */
  record Lost(Rotated rotated, @Nullable String failure) implements Applied {}

  /** The new secret was tried on a URL. The failure says why there is no result. */
  record Verified(Applied before, Verification result, @Nullable String failure)
      implements Applied {
    @Override
    public Rotated rotated() {
      return before.rotated();
    }
  }

  /** The token was not rotated. */
  record NotApplied(RotationNotAppliedException failure) implements Outcome {}

  /** The token was perhaps rotated. */
  record Unknown(RotationUnknownException failure) implements Outcome {
    /** Whether the response contained a secret. */
    boolean hasSecret() {
      ServiceToken token = failure.getServiceToken();
      String secret = token == null ? null : token.getClientSecret();
      return secret != null && !secret.isEmpty();
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

  record Demonstrated() implements Outcome {}

  record DemonstrationFailed(@Nullable String failure) implements Outcome {}
}
