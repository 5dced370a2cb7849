package io.github.accesstokens;

import com.squareup.moshi.JsonAdapter;
import io.github.accesstokens.RotationNotAppliedException.Reason;
import io.github.accesstokens.model.RotateServiceTokenRequest;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.net.UnknownServiceException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.Timeout;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Response;

/**
 * A call that tells one of three truths: an answer if the token was rotated, otherwise a {@link
 * RotationException}.
 */
final class RotationCall<T> implements Call<T> {
  // Of the whole process: two clients can rotate the same token.
  private static final Set<String> UNDER_WAY = ConcurrentHashMap.newKeySet();
  private static final JsonAdapter<RotateServiceTokenRequest> REQUESTS =
      Answer.MOSHI.adapter(RotateServiceTokenRequest.class);
  private static final String USER_AGENT = "access-tokens-client/" + ClientVersion.VERSION;

  private final RotationCallAdapterFactory calls;
  private final Executor callbacks;
  private final Call<ServiceTokenEnvelope> call;
  private final @Nullable Handover handover;
  private final int repeatsAfterUnknown;
  private final Function<Rotated, T> view;
  private final Timeout timeout = new Timeout();
  private final AtomicBoolean executed = new AtomicBoolean();
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private volatile okhttp3.@Nullable Call attempt;

  /**
   * Makes a call.
   *
   * @param callbacks where callbacks are run
   * @param call Retrofit's own, which has the request and is not executed itself
   * @param view what of the rotation is the body of the answer
   */
  RotationCall(
      RotationCallAdapterFactory calls,
      Executor callbacks,
      Call<ServiceTokenEnvelope> call,
      @Nullable Handover handover,
      int repeatsAfterUnknown,
      Function<Rotated, T> view) {
    this.calls = calls;
    this.callbacks = callbacks;
    this.call = call;
    this.handover = handover;
    this.repeatsAfterUnknown = repeatsAfterUnknown;
    this.view = view;
  }

  /** The same request, with whatever else is asked of the rotation. */
  RotationCall<Rotated> with(Rotation rotation) {
    return new RotationCall<>(
        calls,
        callbacks,
        call,
        rotation.handover(),
        rotation.repeatsAfterUnknown(),
        Function.identity());
  }

  /** Executes the call. */
  Rotated rotated() throws RotationException {
    start();
    return run();
  }

  @Override
  public Response<T> execute() throws RotationException {
    return answer(rotated());
  }

  private Response<T> answer(Rotated rotated) {
    return Response.success(view.apply(rotated), rotated.response());
  }

  @Override
  public void enqueue(Callback<T> callback) {
    start();
    try {
      calls.http().dispatcher().executorService().execute(() -> runFor(callback));
    } catch (RejectedExecutionException e) {
      callback.onFailure(
          this,
          new RotationNotAppliedException(
              Reason.NOT_SENT, "the HTTP client's executor takes no more calls", false, e));
    }
  }

  private void start() {
    if (!executed.compareAndSet(false, true)) {
      throw new IllegalStateException("Already executed.");
    }
  }

  private void runFor(Callback<T> callback) {
    Response<T> response;
    try {
      response = answer(run());
    } catch (Throwable e) {
      // Even an error: whoever waits for the callback would wait for ever.
      callbacks.execute(() -> callback.onFailure(this, e));
      return;
    }
    callbacks.execute(() -> callback.onResponse(this, response));
  }

  private Rotated run() throws RotationException {
    Request request = call.request();
    String token = request.url().toString().toLowerCase(Locale.ROOT);
    if (!UNDER_WAY.add(token)) {
      throw new RotationNotAppliedException(
          Reason.OVERLAPPING,
          "another rotation of this service token is under way; wait for it",
          true,
          null);
    }
    Handover.Receiver receiver = null;
    try {
      receiver = prepared();
      Rotated rotated = rotate(request);
      if (receiver != null) {
        handOver(receiver, rotated);
      }
      return rotated;
    } finally {
      UNDER_WAY.remove(token);
      if (receiver != null) {
        close(receiver);
      }
    }
  }

  private static void close(Handover.Receiver receiver) {
    try {
      receiver.close();
    } catch (Throwable e) {
      // What became of the rotation matters more than what is left over.
    }
  }

  private Handover.@Nullable Receiver prepared() throws RotationNotAppliedException {
    if (handover == null) {
      return null;
    }
    try {
      return Objects.requireNonNull(handover.prepare(), "prepare() returned null");
    } catch (Throwable e) {
      Throwable cause = unlessShown(e, calls.redaction());
      throw new RotationNotAppliedException(
          Reason.HANDOVER_NOT_READY,
          "the handover is not ready: " + (cause == null ? e.getClass().getName() : e.getMessage()),
          false,
          cause);
    }
  }

  private void handOver(Handover.Receiver receiver, Rotated rotated) throws HandoverException {
    try {
      receiver.receive(rotated);
    } catch (Throwable e) {
      // Even an error, or the secret would be lost with it.
      Throwable cause = unlessShown(e, calls.redaction().and(rotated.getClientSecret()));
      throw new HandoverException(
          cause == null ? e.getClass().getName() : String.valueOf(e.getMessage()), rotated, cause);
    }
  }

  private Rotated rotate(Request request) throws RotationException {
    Retry retry = calls.retry().start();
    int repeats = repeatsAfterUnknown;
    // An attempt that may have been applied: whatever comes after it does not undo that.
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
        wait = repeats-- > 0 ? retry.beforeRepeat(e) : null;
        if (wait == null) {
          throw e;
        }
      } catch (RotationNotAppliedException e) {
        wait = retry.beforeRetry(e);
        if (wait == null) {
          if (unknown == null) {
            throw e;
          }
          unknown.addSuppressed(e);
          throw unknown;
        }
      }
      if (!pause(wait)) {
        throw unknown == null ? cancelled(null) : unknown;
      }
    }
  }

  /** Waits; false if the call was cancelled or the thread interrupted, at once. */
  private boolean pause(Duration wait) {
    try {
      return !cancelled.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static RotationNotAppliedException cancelled(@Nullable Throwable cause) {
    return new RotationNotAppliedException(
        Reason.CANCELLED, "the call was cancelled", false, cause);
  }

  private Rotated attempt(Request request) throws RotationException {
    Transmission transmission = new Transmission(calls.authentication(), calls.redaction());
    Request.Builder once = request.newBuilder().tag(Transmission.class, transmission);
    if (request.body() != null) {
      once.method(request.method(), new OneShotBody(request.body(), null));
    }
    if (request.header("User-Agent") == null) {
      once.header("User-Agent", USER_AGENT);
    }
    okhttp3.Call transmitted = calls.http().newCall(once.build());
    if (timeout.timeoutNanos() != 0) {
      transmitted.timeout().timeout(timeout.timeoutNanos(), TimeUnit.NANOSECONDS);
    }
    attempt = transmitted;
    if (isCanceled() || Thread.currentThread().isInterrupted()) {
      throw cancelled(null);
    }
    Answer answer;
    Throwable failure = null;
    try (okhttp3.Response response = transmitted.execute()) {
      // An answer that an interceptor made up, if nothing was sent.
      answer =
          transmission.sent()
              ? transmission.answer()
              : Answer.read(calls.redaction(), response.request(), response, transmitted);
    } catch (Throwable e) {
      // Even an error of an interceptor: it does not undo what was sent.
      answer = transmission.answer();
      failure = e;
    }
    OffsetDateTime previousSecretExpiresAt = previousSecretExpiresAt(request);
    if (answer != null) {
      // Whatever became of it above: this is what the provider said.
      return answer.rotated(previousSecretExpiresAt);
    }
    if (transmission.refusedUnprocessed()) {
      throw new RotationNotAppliedException(
          Reason.REFUSED, "the provider refused the request before it began with it", true, null);
    }
    throw transmission.sent() ? unanswered(failure, previousSecretExpiresAt) : unsent(failure);
  }

  private static @Nullable OffsetDateTime previousSecretExpiresAt(Request request) {
    RequestBody body = request.body();
    try {
      if (body == null || body.contentLength() == 0) {
        return null;
      }
      Buffer json = new Buffer();
      body.writeTo(json);
      RotateServiceTokenRequest asked = REQUESTS.fromJson(json);
      return asked == null ? null : asked.getPreviousClientSecretExpiresAt();
    } catch (IOException e) {
      // The converter has written it to memory.
      throw new UncheckedIOException(e);
    }
  }

  private RotationUnknownException unanswered(
      @Nullable Throwable failure, @Nullable OffsetDateTime previousSecretExpiresAt) {
    String description = "no answer came: " + Transmission.withoutItsWords(failure);
    RotationUnknownException.Reason reason =
        failure instanceof InterruptedIOException
            ? RotationUnknownException.Reason.TIMEOUT
            : RotationUnknownException.Reason.NO_ANSWER;
    if (isGivenUp()) {
      description = "the call was cancelled after the request went out";
      reason = RotationUnknownException.Reason.CANCELLED;
    }
    return new RotationUnknownException(
        reason, description, previousSecretExpiresAt, unlessShown(failure, calls.redaction()));
  }

  private RotationNotAppliedException unsent(@Nullable Throwable failure) {
    Throwable cause = unlessShown(failure, calls.redaction());
    return isGivenUp()
        ? cancelled(cause)
        : new RotationNotAppliedException(
            Reason.NOT_SENT,
            "nothing was sent: " + (cause == null ? "an interceptor failed" : cause.getMessage()),
            isTransient(cause),
            cause);
  }

  private boolean isGivenUp() {
    return isCanceled() || Thread.currentThread().isInterrupted();
  }

  /** Whether another attempt may find things changed: a certificate or a setting stays wrong. */
  private static boolean isTransient(@Nullable Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < Redaction.MAX_CAUSES; depth++) {
      if (cause instanceof CertificateException
          || cause instanceof SSLPeerUnverifiedException
          || cause instanceof UnknownServiceException
          || cause instanceof ProtocolException) {
        return false;
      }
      cause = cause.getCause();
    }
    return failure instanceof IOException;
  }

  private static @Nullable Throwable unlessShown(@Nullable Throwable failure, Redaction redaction) {
    return failure == null || redaction.isShownBy(failure) ? null : failure;
  }

  @Override
  public boolean isExecuted() {
    return executed.get();
  }

  /** Ends the call as soon as may be; what it then tells is still true. */
  @Override
  public void cancel() {
    cancelled.countDown();
    okhttp3.Call running = attempt;
    if (running != null) {
      running.cancel();
    }
  }

  @Override
  public boolean isCanceled() {
    return cancelled.getCount() == 0;
  }

  @Override
  public RotationCall<T> clone() {
    return new RotationCall<>(calls, callbacks, call, handover, repeatsAfterUnknown, view);
  }

  /** The request, without credentials. */
  @Override
  public Request request() {
    return call.request();
  }

  /** Limits each attempt, in place of the client's call timeout. */
  @Override
  public Timeout timeout() {
    return timeout;
  }
}
