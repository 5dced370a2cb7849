package io.github.accesstokens;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The retries and the time that one call has left. */
final class RetryBudget {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final Duration BACKOFF = Duration.ofMillis(500);
  private static final int MAX_DOUBLINGS = 4;
  private static final Duration SHORTEST_AFTER_429 = Duration.ofSeconds(1);

  /** Beyond its documented limit, the provider responds with 429 for this long. */
  private static final Duration RATE_LIMIT = Duration.ofMinutes(5);

  private final RetryPolicy policy;
  private final long start = System.nanoTime();
  private int retries;
  private int waits;

  RetryBudget(RetryPolicy policy) {
    this.policy = policy;
  }

  /** Returns how long to wait before a retry, or null if the call must not retry. */
  @Nullable Duration beforeRetry(RotationNotAppliedException failure) {
    if (!failure.isRetryable() || retries == policy.maxRetries || policy.timeout.isZero()) {
      return null;
    }
    if (failure.getCause() instanceof UnknownHostException) {
      // The JVM remembers an unknown host, by default for 10 seconds. A retry would not ask again.
      return null;
    }
    Duration requested = failure.getRetryAfter();
    if (failure.getStatus() == TOO_MANY_REQUESTS) {
      requested = requested == null ? RATE_LIMIT : longer(requested, SHORTEST_AFTER_429);
    }
    retries++;
    return withinTimeout(requested == null ? Duration.ZERO : requested);
  }

  /**
   * Returns how long to wait before the caller's own repeat, or null if the provider requests a
   * longer wait than the call has left.
   */
  @Nullable Duration beforeRepeat(RotationUnknownException failure) {
    Duration requested = failure.getRetryAfter();
    return requested == null ? backoff() : withinTimeout(requested);
  }

  private @Nullable Duration withinTimeout(Duration requested) {
    Duration wait = requested.plus(backoff());
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    return elapsed.plus(wait).compareTo(policy.timeout) > 0 ? null : wait;
  }

  /** Doubles with each wait, and is random so that callers do not retry together. */
  private Duration backoff() {
    long longest = BACKOFF.toMillis() << Math.min(waits++, MAX_DOUBLINGS);
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
