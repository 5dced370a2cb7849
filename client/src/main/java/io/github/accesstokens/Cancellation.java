package io.github.accesstokens;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether the caller gave up: cancelled the call, or interrupted its thread. */
final class Cancellation {
  private final CountDownLatch cancelled = new CountDownLatch(1);

  void cancel() {
    cancelled.countDown();
  }

  boolean isCancelled() {
    return cancelled.getCount() == 0;
  }

  boolean isGivenUp() {
    return isCancelled() || Thread.currentThread().isInterrupted();
  }

  /** Waits, and returns false as soon as the caller gives up. */
  boolean sleep(Duration wait) {
    try {
      return !cancelled.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
