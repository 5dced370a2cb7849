package io.github.accesstokens.samples.service;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the service reports to the people who run it. */
interface Monitor {
  /** The outcome of a rotation. */
  enum Outcome {
    ROTATED,
    NOT_APPLIED,
    UNKNOWN
  }

  /** Counts the outcome of a rotation. */
  void count(Outcome outcome);

  /** Observes the age of the newest pair; null if it cannot be read. */
  void observeAge(Supplier<@Nullable Duration> age);

  /** Asks a person to look. The message holds no secret. */
  void alert(String message);
}
