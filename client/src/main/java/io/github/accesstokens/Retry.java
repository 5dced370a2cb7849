package io.github.accesstokens;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The budget of one call for attempts after the first. */
final class Retry {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final Duration BACKOFF = Duration.ofMillis(500);
  private static final int MAX_DOUBLINGS = 4;
  private static final Duration SHORTEST_AFTER_429 = Duration.ofSeconds(1);
  // Past the documented limit everything is answered 429 for so long.
  private static final Duration RATE_LIMIT = Duration.ofMinutes(5);

  private final int maxRetries;
  private final Duration timeout;
  private final long start = System.nanoTime();
  private int retries;
  private int waits;

  Retry(int maxRetries, Duration timeout) {
    this.maxRetries = maxRetries;
    this.timeout = timeout;
  }

  /** The whole budget, for a call that begins now. */
  Retry start() {
    return new Retry(maxRetries, timeout);
  }

  /** How long to wait before the rotation is tried again; null if it is not. */
  @Nullable Duration beforeRetry(RotationNotAppliedException failure) {
    if (!failure.isRetryable() || retries == maxRetries || timeout.isZero()) {
      return null;
    }
    Duration asked = failure.getRetryAfter();
    if (failure.getStatus() == TOO_MANY_REQUESTS) {
      asked = asked == null ? RATE_LIMIT : longer(asked, SHORTEST_AFTER_429);
    }
    retries++;
    return fitting(asked == null ? Duration.ZERO : asked);
  }

  /** How long to wait before a repeat that the caller allowed; null if the provider asks longer. */
  @Nullable Duration beforeRepeat(RotationUnknownException failure) {
    Duration asked = failure.getRetryAfter();
    return asked == null ? backoff() : fitting(asked);
  }

  private @Nullable Duration fitting(Duration asked) {
    Duration wait = asked.plus(backoff());
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    return elapsed.plus(wait).compareTo(timeout) > 0 ? null : wait;
  }

  /** Twice as long each time, and no two callers alike. */
  private Duration backoff() {
    long longest = BACKOFF.toMillis() << Math.min(waits++, MAX_DOUBLINGS);
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
