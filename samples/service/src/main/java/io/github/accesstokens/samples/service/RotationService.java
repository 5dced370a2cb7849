package io.github.accesstokens.samples.service;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Handover;
import io.github.accesstokens.HandoverException;
import io.github.accesstokens.HandoverInUseException;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.Verification;
import io.github.accesstokens.model.ServiceToken;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;

/**
 * Rotates a service token on a schedule. The state is in the store, so a restart continues where
 * the last process ended. Several instances can share a store: only one of them works at a time.
 */
final class RotationService {
  /**
   * What to rotate, and when.
   *
   * @param every the age of a pair at which it is rotated; longer than the grace period
   * @param grace how long the previous pair works after a rotation
   * @param verifyWithin how long one verification tries
   */
  record Settings(
      String accountId,
      String serviceTokenId,
      String protectedUrl,
      Duration every,
      Duration grace,
      Duration verifyWithin) {}

  private final AccessTokensClient client;
  private final PairStore store;
  private final Settings settings;
  private final Monitor monitor;
  private final Clock clock;

  RotationService(
      AccessTokensClient client, PairStore store, Settings settings, Monitor monitor, Clock clock) {
    this.client = client;
    this.store = store;
    this.settings = settings;
    this.monitor = monitor;
    this.clock = clock;
    monitor.observeAge(this::age);
  }

  /** Does all steps that are due. Call it from a schedule, for example once a minute. */
  void tick() {
    try {
      while (step()) {
        // The next state may have a step that is due too.
      }
    } catch (HandoverInUseException e) {
      // Another instance works on the store.
    } catch (IOException | RuntimeException e) {
      monitor.alert("the rotation of the pair in " + store + " failed: " + e);
    }
  }

  /** Does the next step if it is due, and returns whether the state changed. */
  private boolean step() throws IOException {
    Snapshot before = store.read();
    Instant now = clock.instant();
    if (before.state() == State.UNKNOWN) {
      monitor.alert(
          "a rotation of the pair in "
              + store
              + " has an unknown outcome; nothing rotates until somebody adopts a pair");
    }
    if (!isDue(before, now)) {
      return false;
    }
    Instant previousExpiresAt = now.plus(settings.grace());
    try (Handover.Receiver lock =
        store.handover(secret -> rotated(before, secret, previousExpiresAt, now)).prepare()) {
      if (!store.read().equals(before)) {
        return true; // Another instance was faster.
      }
      return switch (before.state()) {
        case READY -> rotate(before, previousExpiresAt, now, lock);
        case ROTATING -> {
          // This instance holds the lock, so the process that wrote the state has ended.
          monitor.count(Monitor.Outcome.UNKNOWN);
          yield write(before.unknown());
        }
        case VERIFYING -> verify(before, now);
        case EXPIRING -> write(before.ready());
        case UNKNOWN -> false;
      };
    }
  }

  private boolean isDue(Snapshot snapshot, Instant now) {
    return switch (snapshot.state()) {
      case READY -> !now.isBefore(snapshot.rotatedAt().plus(settings.every()));
      case ROTATING, VERIFYING -> true;
      case EXPIRING -> snapshot.previousExpiresAt() == null || snapshot.isPreviousExpired(now);
      case UNKNOWN -> false;
    };
  }

  private boolean rotate(
      Snapshot before, Instant previousExpiresAt, Instant now, Handover.Receiver receiver)
      throws IOException {
    Rotation rotation =
        Rotation.of(settings.accountId(), settings.serviceTokenId())
            .withHandover(() -> new Open(receiver));
    if (!settings.grace().isZero()) {
      rotation = rotation.withPreviousSecretExpiresAt(previousExpiresAt.atOffset(ZoneOffset.UTC));
    }
    Call<Rotated> call = client.newCall(rotation); // Throws if an argument is invalid.
    write(before.rotating());
    try {
      call.execute();
      monitor.count(Monitor.Outcome.ROTATED);
      return true;
    } catch (RotationNotAppliedException e) {
      write(before);
      monitor.count(Monitor.Outcome.NOT_APPLIED);
      monitor.alert("the pair was not rotated: " + e.getMessage());
      return false;
    } catch (RotationUnknownException e) {
      write(before.unknown());
      monitor.count(Monitor.Outcome.UNKNOWN);
      monitor.alert("the outcome of the rotation is unknown: " + e.getMessage());
      return true;
    } catch (HandoverException e) {
      monitor.count(Monitor.Outcome.ROTATED);
      // The secret is still in memory, so there is a second way to store it.
      String secret = e.getRotated().getClientSecret();
      return write(rotated(before, secret, previousExpiresAt, now));
    }
  }

  /** Uses the new pair when Access accepts it, or when the previous one has expired. */
  private boolean verify(Snapshot before, Instant now) throws IOException {
    Pair next = Objects.requireNonNull(before.other());
    if (!before.isPreviousExpired(now)) {
      Verification verification =
          client.verify(
              settings.protectedUrl(),
              next.clientId(),
              next.clientSecret(),
              settings.verifyWithin());
      if (verification != Verification.ACCEPTED) {
        monitor.alert("the new pair is not accepted yet: " + verification);
        return false;
      }
    }
    return write(before.expiring(next));
  }

  private boolean write(Snapshot snapshot) throws IOException {
    store.write(snapshot);
    return true;
  }

  /** A rotation does not change the Client ID. */
  private static Snapshot rotated(
      Snapshot before, String secret, Instant previousExpiresAt, Instant now) {
    return before.verifying(new Pair(before.current().clientId(), secret), previousExpiresAt, now);
  }

  private @Nullable Duration age() {
    try {
      return Duration.between(store.read().rotatedAt(), clock.instant());
    } catch (IOException e) {
      return null;
    }
  }

  /** The receiver that {@link #step} prepared. Its lock lasts longer than the rotation. */
  private record Open(Handover.Receiver receiver) implements Handover.Receiver {
    @Override
    public void receive(Rotated rotated) throws IOException {
      receiver.receive(rotated);
    }

    @Override
    public @Nullable String receiveUnproven(ServiceToken token) throws IOException {
      return receiver.receiveUnproven(token);
    }

    @Override
    public void close() {
      // The step closes the receiver.
    }
  }
}
