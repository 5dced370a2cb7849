package io.github.accesstokens.samples.android;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.HandoverException;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.RotationNotAppliedException;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Response;

/** Rotates the app's service token. The process has one. Its methods are for the main thread. */
final class TokenRotation {
  private static final Duration GRACE = Duration.ofDays(1);

  /** How a rotation ended. */
  enum State {
    ROTATED,
    NOT_APPLIED,
    /** Perhaps rotated. Nothing is sent until the user has found out and resolves it. */
    UNKNOWN,
    /** Rotated, but the storage failed. The next start stores the pair and sends nothing. */
    NOT_STORED
  }

  private final AccessTokensClient client;
  private final PairStore store;
  private final String accountId;
  private final String serviceTokenId;
  private @Nullable Rotated notStored;
  private boolean running;

  TokenRotation(
      AccessTokensClient client, PairStore store, String accountId, String serviceTokenId) {
    this.client = client;
    this.store = store;
    this.accountId = accountId;
    this.serviceTokenId = serviceTokenId;
  }

  /** Returns whether the outcome of an earlier rotation, perhaps of an earlier process, is open. */
  boolean isUnknown() {
    return store.isRotating() && !running && notStored == null;
  }

  /** Allows rotations again, after the user has looked at the token's page in the account. */
  void resolve() {
    if (isUnknown()) {
      store.forgetRotation();
    }
  }

  /** Rotates. The listener is called on the main thread. */
  void start(Consumer<State> listener) {
    if (running) {
      listener.accept(State.NOT_APPLIED);
    } else if (notStored != null) {
      listener.accept(storeAgain(notStored));
    } else if (isUnknown()) {
      listener.accept(State.UNKNOWN);
    } else {
      running = true;
      client.newCall(rotation()).enqueue(reportingTo(listener));
    }
  }

  private Rotation rotation() {
    return Rotation.of(accountId, serviceTokenId)
        // Running services keep the previous secret for a day.
        .withPreviousSecretExpiresAt(OffsetDateTime.now(ZoneOffset.UTC).plus(GRACE))
        .withHandover(store);
  }

  /** Retrofit calls back on the main thread of Android. */
  private Callback<Rotated> reportingTo(Consumer<State> listener) {
    return new Callback<Rotated>() {
      @Override
      public void onResponse(Call<Rotated> call, Response<Rotated> response) {
        running = false;
        listener.accept(State.ROTATED);
      }

      @Override
      public void onFailure(Call<Rotated> call, Throwable failure) {
        running = false;
        listener.accept(failed(failure));
      }
    };
  }

  private State failed(Throwable failure) {
    if (failure instanceof RotationNotAppliedException notApplied) {
      // Without a handover, this rotation has marked nothing.
      if (notApplied.getReason() != RotationNotAppliedException.Reason.HANDOVER_NOT_READY) {
        store.forgetRotation();
      }
      return State.NOT_APPLIED;
    }
    if (failure instanceof HandoverException kept) {
      notStored = kept.getRotated();
      return State.NOT_STORED;
    }
    return State.UNKNOWN;
  }

  private State storeAgain(Rotated rotated) {
    try {
      store.store(rotated);
      notStored = null;
      return State.ROTATED;
    } catch (IOException e) {
      return State.NOT_STORED;
    }
  }
}
