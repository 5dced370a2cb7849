package io.github.accesstokens.samples.service;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the store holds. Immutable: each transition returns another snapshot. Public,
 * because Moshi reads public records only.
 *
 * @param current the pair that requests use
 * @param other the new pair in {@link State#VERIFYING}, the previous one in {@link State#EXPIRING}
 * @param previousExpiresAt when the previous pair expires
 * @param rotatedAt when the newest pair arrived
 */
public record Snapshot(
    State state,
    Pair current,
    @Nullable Pair other,
    @Nullable Instant previousExpiresAt,
    Instant rotatedAt) {
  /** Refuses what Moshi leaves null because the file does not have it. */
  public Snapshot {
    requireNonNull(state, "state");
    requireNonNull(current, "current");
    requireNonNull(rotatedAt, "rotatedAt");
  }

  static Snapshot ready(Pair pair, Instant rotatedAt) {
    return new Snapshot(State.READY, pair, null, null, rotatedAt);
  }

  Snapshot ready() {
    return ready(current, rotatedAt);
  }

  Snapshot rotating() {
    return new Snapshot(State.ROTATING, current, null, null, rotatedAt);
  }

  Snapshot unknown() {
    return new Snapshot(State.UNKNOWN, current, null, null, rotatedAt);
  }

  Snapshot verifying(Pair next, @Nullable Instant previousExpiresAt, Instant now) {
    return new Snapshot(State.VERIFYING, current, next, previousExpiresAt, now);
  }

  /** Uses the other pair, and keeps the previous one until it expires. */
  Snapshot expiring(Pair next) {
    return new Snapshot(State.EXPIRING, next, current, previousExpiresAt, rotatedAt);
  }

  boolean isPreviousExpired(Instant now) {
    return previousExpiresAt != null && !now.isBefore(previousExpiresAt);
  }

  /** Returns the pair to try after this one was refused, or null if there is none. */
  @Nullable Pair alternativeTo(Pair refused) {
    return current.equals(refused) ? other : current;
  }
}
