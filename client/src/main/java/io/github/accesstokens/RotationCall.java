package io.github.accesstokens;

import io.github.accesstokens.RotationNotAppliedException.Reason;
import io.github.accesstokens.model.ServiceToken;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import okhttp3.Request;
import okio.Timeout;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Response;

/**
 * A call that rotates a token: it hands the secret over, retries what was certainly not applied,
 * and fails with a {@link RotationException} unless the token was rotated.
 */
final class RotationCall<T> implements Call<T> {
  /** The URLs of all rotations in progress in this process: two clients can share a token. */
  private static final Set<String> IN_PROGRESS =
      Collections.newSetFromMap(new ConcurrentHashMap<>());

  private final RotationSettings settings;
  private final Executor callbackExecutor;
  private final Call<ServiceTokenEnvelope> delegate;
  private final @Nullable Handover handover;
  private final int repeatsAfterUnknown;
  private final Function<Rotated, T> body;
  private final Timeout timeout = new Timeout();
  private final AtomicBoolean executed = new AtomicBoolean();
  private final Cancellation cancellation = new Cancellation();
  private volatile @Nullable Attempt attempt;

  /**
   * Creates a call.
   *
   * @param delegate Retrofit's own call; it provides the request and is never executed
   * @param body the part of a rotation that is the body of the response
   */
  RotationCall(
      RotationSettings settings,
      Executor callbackExecutor,
      Call<ServiceTokenEnvelope> delegate,
      @Nullable Handover handover,
      int repeatsAfterUnknown,
      Function<Rotated, T> body) {
    this.settings = settings;
    this.callbackExecutor = callbackExecutor;
    this.delegate = delegate;
    this.handover = handover;
    this.repeatsAfterUnknown = repeatsAfterUnknown;
    this.body = body;
  }

  /** Returns a call of the same request with the options of the rotation. */
  RotationCall<Rotated> with(Rotation rotation) {
    return new RotationCall<>(
        settings,
        callbackExecutor,
        delegate,
        rotation.handover(),
        rotation.repeatsAfterUnknown(),
        Function.identity());
  }

  /** Executes the call. */
  Rotated rotate() throws RotationException {
    markExecuted();
    return run();
  }

  @Override
  public Response<T> execute() throws RotationException {
    return response(rotate());
  }

  private Response<T> response(Rotated rotated) {
    return Response.success(body.apply(rotated), rotated.response());
  }

  @Override
  public void enqueue(Callback<T> callback) {
    markExecuted();
    try {
      settings.dispatcher.executorService().execute(() -> runFor(callback));
    } catch (RejectedExecutionException e) {
      callback.onFailure(
          this,
          new RotationNotAppliedException(
              Reason.NOT_SENT, "the HTTP client's executor accepts no more calls", false, e));
    }
  }

  private void markExecuted() {
    if (!executed.compareAndSet(false, true)) {
      throw new IllegalStateException("Already executed.");
    }
  }

  private void runFor(Callback<T> callback) {
    Response<T> response;
    try {
      response = response(run());
    } catch (Throwable e) {
      // Reports errors too; the caller would otherwise wait for a callback that never comes.
      callbackExecutor.execute(() -> callback.onFailure(this, e));
      return;
    }
    callbackExecutor.execute(() -> callback.onResponse(this, response));
  }

  private Rotated run() throws RotationException {
    Request request = delegate.request();
    String key = request.url().toString().toLowerCase(Locale.ROOT);
    if (!IN_PROGRESS.add(key)) {
      throw new RotationNotAppliedException(
          Reason.OVERLAPPING,
          "another rotation of this service token is in progress; wait for it",
          true,
          null);
    }
    Handover.Receiver receiver = null;
    try {
      receiver = prepareHandover();
      Rotated rotated = rotate(request);
      if (receiver != null) {
        handOver(receiver, rotated);
      }
      return rotated;
    } catch (RotationUnknownException e) {
      throw receiver == null ? e : handOver(receiver, e);
    } finally {
      IN_PROGRESS.remove(key);
      if (receiver != null) {
        close(receiver);
      }
    }
  }

  private static void close(Handover.Receiver receiver) {
    try {
      receiver.close();
    } catch (Throwable e) {
      // The outcome of the rotation matters more than a resource that stays open.
    }
  }

  private Handover.@Nullable Receiver prepareHandover() throws RotationNotAppliedException {
    if (handover == null) {
      return null;
    }
    try {
      return Objects.requireNonNull(handover.prepare(), "prepare() returned null");
    } catch (Throwable e) {
      boolean inUse = e instanceof HandoverInUseException;
      Throwable cause = SafeFailure.withoutSecrets(e, settings.redaction);
      throw new RotationNotAppliedException(
          inUse ? Reason.OVERLAPPING : Reason.HANDOVER_NOT_READY,
          (inUse ? "the handover is in use: " : "the handover is not ready: ")
              + SafeFailure.messageOrType(e, cause),
          inUse,
          cause);
    }
  }

  private void handOver(Handover.Receiver receiver, Rotated rotated) throws HandoverException {
    try {
      receiver.receive(rotated);
    } catch (Throwable e) {
      // Catches errors too, because the secret would be lost with them.
      Redaction redaction =
          settings.redaction.and(Collections.singleton(rotated.getClientSecret()));
      Throwable cause = SafeFailure.withoutSecrets(e, redaction);
      throw new HandoverException(SafeFailure.messageOrType(e, cause), rotated, cause);
    }
  }

  private RotationUnknownException handOver(
      Handover.Receiver receiver, RotationUnknownException unknown) {
    String places = null;
    Map<String, ServiceToken> secrets = unknown.secrets();
    Redaction redaction = settings.redaction.and(secrets.keySet());
    for (ServiceToken token : secrets.values()) {
      try {
        String place = receiver.receiveUnproven(token);
        if (place != null) {
          places = places == null ? place : places + " and " + place;
        }
      } catch (Throwable e) {
        Throwable failure = SafeFailure.withoutSecrets(e, redaction);
        if (failure != null) {
          unknown.addSuppressed(failure);
        }
      }
    }
    return places == null ? unknown : unknown.keptIn(places);
  }

  private Rotated rotate(Request request) throws RotationException {
    RetryBudget budget = settings.retry.start();
    int repeats = repeatsAfterUnknown;
    // The last attempt that may have been applied. A later refusal does not undo it.
    RotationUnknownException unknown = null;
    while (true) {
      Duration wait;
      try {
        return attempt(request);
      } catch (RotationUnknownException e) {
        if (unknown != null) {
          e.addSuppressed(unknown);
        }
        unknown = e;
        wait = repeats-- > 0 ? budget.beforeRepeat(e) : null;
        if (wait == null) {
          throw e;
        }
      } catch (RotationNotAppliedException e) {
        wait = budget.beforeRetry(e);
        if (wait == null) {
          if (unknown == null) {
            throw e;
          }
          unknown.addSuppressed(e);
          throw unknown;
        }
      }
      if (!cancellation.sleep(wait)) {
        throw unknown == null ? Attempt.cancelled(null) : unknown;
      }
    }
  }

  private Rotated attempt(Request request) throws RotationException {
    Attempt next = new Attempt(settings, request, timeout, cancellation);
    // Published before it checks for a cancellation, so that cancel() misses no attempt.
    attempt = next;
    return next.run();
  }

  @Override
  public boolean isExecuted() {
    return executed.get();
  }

  /** Ends the call as soon as possible. It still reports the right outcome. */
  @Override
  public void cancel() {
    cancellation.cancel();
    Attempt running = attempt;
    if (running != null) {
      running.cancel();
    }
  }

  @Override
  public boolean isCanceled() {
    return cancellation.isCancelled();
  }

  @Override
  public RotationCall<T> clone() {
    return new RotationCall<>(
        settings, callbackExecutor, delegate, handover, repeatsAfterUnknown, body);
  }

  /** Returns the request, without credentials. */
  @Override
  public Request request() {
    return delegate.request();
  }

  /** Returns the limit on each attempt, which replaces the client's call timeout. */
  @Override
  public Timeout timeout() {
    return timeout;
  }
}
