package io.github.accesstokens.samples.cli;

import io.github.accesstokens.Rotated;
import io.github.accesstokens.RotationException;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.RotationUnknownException.Reason;
import io.github.accesstokens.model.EnvelopeMessage;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders an outcome as the lines that people read on standard error. No line has a secret. */
final class TextRendering {
  private final List<String> lines = new ArrayList<>();

  private TextRendering() {}

  static void print(PrintStream err, @Nullable String serviceTokenId, Outcome outcome) {
    TextRendering text = new TextRendering();
    text.add(serviceTokenId, outcome);
    // Some of the text comes from the provider, and a terminal obeys control characters.
    text.lines.forEach(line -> err.println(line.replaceAll("\\p{Cc}", "?")));
  }

  private void add(@Nullable String serviceTokenId, Outcome outcome) {
    if (outcome instanceof Outcome.Verified verified) {
      // The lines about the rotation were printed before the verification.
      add(verified);
    } else if (outcome instanceof Outcome.Applied applied) {
      addRotated(serviceTokenId, applied);
      addSecret(applied);
    } else if (outcome instanceof Outcome.Ready) {
      addReady();
    } else if (outcome instanceof Outcome.NotApplied notApplied) {
      add(notApplied.failure());
    } else if (outcome instanceof Outcome.Unknown unknown) {
      add(unknown);
    } else if (outcome instanceof Outcome.Checked checked) {
      add(checked);
    } else if (outcome instanceof Outcome.Unexpected unexpected) {
      error(unexpected.message());
    } else if (outcome instanceof Outcome.BadInput badInput) {
      error(badInput.problem());
    } else if (outcome instanceof Outcome.DemonstrationFailed demonstration) {
      error("the demonstration failed: " + demonstration.failure());
    }
  }

  private void addRotated(@Nullable String serviceTokenId, Outcome.Applied applied) {
    Rotated rotated = applied.rotated();
    String name = applied.masked(rotated.getToken().getName());
    String expiresAt = JsonRendering.rfc3339(rotated.getPreviousSecretExpiresAt());
    lines.add(
        "Rotated the service token "
            + (name == null ? serviceTokenId : '"' + name + "\" (" + serviceTokenId + ")")
            + ".");
    lines.add(
        "The previous secret "
            + (expiresAt == null ? "expired at once." : "works until " + expiresAt + "."));
    for (EnvelopeMessage message : rotated.getMessages()) {
      Long code = JsonRendering.code(message);
      lines.add(
          "Provider message: " + message.getMessage() + (code == null ? "" : " (" + code + ")"));
    }
  }

  private void addSecret(Outcome.Applied applied) {
    if (applied instanceof Outcome.Kept kept) {
      lines.add("The new secret was kept by " + kept.option() + ".");
    } else if (applied instanceof Outcome.Printed printed) {
      if (printed.failure() == null) {
        lines.add("The new secret is on standard output. Keep it: it is not shown again.");
      } else {
        error(printed.failure() + "; standard output has the new secret");
      }
    } else if (applied instanceof Outcome.NotPrinted failed) {
      error(
          (failed.failure() == null ? "rotated" : failed.failure())
              + "; standard output failed, so the new secret is "
              + (failed.file() == null ? "lost: rotate again" : "in " + failed.file()));
    }
  }

  private void add(Outcome.Verified verified) {
    String problem =
        switch (verified.result()) {
          case ACCEPTED -> null;
          case REFUSED -> "the URL of --verify refused the new secret";
          case UNPROTECTED -> "the URL of --verify is open to requests without a secret";
          case INCONCLUSIVE ->
              verified.failure() == null
                  ? "the URL of --verify neither accepted nor refused the new secret"
                  : "the URL of --verify gave no result: " + verified.failure();
        };
    if (problem == null) {
      lines.add(
          "Verified: the URL of --verify accepted the new secret, and refused a request without"
              + " it.");
    } else {
      error("rotated and kept, but not verified: " + problem);
    }
  }

  private void addReady() {
    lines.add("Dry run: the provider got no request and no credential.");
    lines.add(
        "Checked: the options, the form of the credentials, where the new secret goes, and the"
            + " connection to the provider.");
    lines.add(
        "Not checked: whether the provider accepts the credentials and knows the service token, and"
            + " whether the page of --verify responds.");
  }

  private void add(RotationNotAppliedException failure) {
    error(failure.getMessage());
    Duration retryAfter = failure.getRetryAfter();
    if (!failure.isRetryable()) {
      lines.add("A retry does not help unless something changes.");
    } else if (retryAfter == null) {
      lines.add("A later retry may help.");
    } else {
      lines.add("A retry may help after " + retryAfter.toSeconds() + " s.");
    }
    addRay(failure);
  }

  private void add(Outcome.Unknown unknown) {
    RotationUnknownException failure = unknown.failure();
    error(failure.getMessage());
    for (Throwable suppressed : failure.getSuppressed()) {
      error(suppressed.getMessage());
    }
    if (unknown.hasSecret()) {
      addUnproven(unknown, failure.getReason() == Reason.OTHER_TOKEN);
    }
    lines.add(
        failure.getPreviousSecretExpiresAt() == null
            ? "Try the old pair on a protected page: rotate --check-pair URL. If it was accepted"
                + " before and is refused now, the token was rotated."
            : "The grace period keeps the old pair accepted, so the old pair proves nothing before"
                + " that time.");
    lines.add(
        "Then look at the token on the pages of the account. Its updated_at is only a hint: any"
            + " edit moves it.");
    lines.add(
        "Do not rotate again before you know: each rotation creates another secret and shortens the"
            + " grace period of the previous one.");
    addRay(failure);
  }

  private void addUnproven(Outcome.Unknown unknown, boolean ofAnotherToken) {
    String place = unknown.place();
    lines.add(
        (ofAnotherToken
                ? "The response held the secret of another service token."
                : "The response held a secret, perhaps the current one.")
            + (place == null
                ? " Standard output failed, so that secret is lost."
                : " It is " + place + ", marked as unproven."));
    if (ofAnotherToken) {
      lines.add(
          "Do not use that secret for this token. Its Client ID names the token that it belongs"
              + " to.");
    } else if (place != null) {
      lines.add(
          "Try that secret on a protected page: rotate --check-pair URL. If it is accepted, the"
              + " token was rotated, and the secret is the current one.");
    }
  }

  private void add(Outcome.Checked checked) {
    if (checked.failure() != null) {
      error("the URL of --check-pair gave no result: " + checked.failure());
    }
  }

  private void addRay(RotationException failure) {
    if (failure.getCfRay() != null) {
      lines.add("For the provider's support: cf-ray " + failure.getCfRay());
    }
  }

  private void error(@Nullable String problem) {
    lines.add("rotate: " + problem);
  }
}
