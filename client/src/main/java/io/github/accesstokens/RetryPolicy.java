package io.github.accesstokens;

import java.time.Duration;

/** How often, and until when, a call may retry. */
final class RetryPolicy {
  final int maxRetries;

  /** Counted from the start of the call. */
  final Duration timeout;

  RetryPolicy(int maxRetries, Duration timeout) {
    this.maxRetries = maxRetries;
    this.timeout = timeout;
  }

  /** Returns the budget of a call that starts now. */
  RetryBudget start() {
    return new RetryBudget(this);
  }
}
