package io.github.accesstokens.samples.service;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the store holds. Immutable: each transition returns another snapshot.
 *
 * @param current the pair that requests use
 * @param other the new pair in {@link State#VERIFYING}, the previous one in {@link State#EXPIRING}
 * @param previousExpiresAt when the previous pair expires
 * @param rotatedAt when the newest pair arrived
 */
record Snapshot(
    State state,
    Pair current,
    @Nullable Pair other,
    @Nullable Instant previousExpiresAt,
    Instant rotatedAt) {
  /** Reads what {@link #toMap} wrote. Throws a {@link RuntimeException} if anything is missing. */
  static Snapshot of(Map<String, String> map) {
    String expiry = map.get("previous_expires_at");
    return new Snapshot(
        State.valueOf(requireNonNull(map.get("state"))),
        requireNonNull(Pair.of(map, "current")),
        Pair.of(map, "other"),
        expiry == null ? null : Instant.parse(expiry),
        Instant.parse(requireNonNull(map.get("rotated_at"))));
  }

  Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("state", state.name());
    current.putInto(map, "current");
    if (other != null) {
      other.putInto(map, "other");
    }
    if (previousExpiresAt != null) {
      map.put("previous_expires_at", previousExpiresAt.toString());
    }
    map.put("rotated_at", rotatedAt.toString());
    return map;
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
