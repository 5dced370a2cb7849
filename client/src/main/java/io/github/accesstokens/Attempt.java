package io.github.accesstokens;

import io.github.accesstokens.RotationNotAppliedException.Reason;
import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.RotateServiceTokenRequest;
import java.io.InterruptedIOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Request;
import okhttp3.Response;
import okio.Timeout;
import org.jspecify.annotations.Nullable;
import retrofit2.Invocation;

/** One attempt of a rotation: it sends the request once and reports the outcome. */
final class Attempt {
  static final String USER_AGENT = "access-tokens-client/" + ClientVersion.VERSION;
  private static final int MAX_REPORTED_ERRORS = 3;
  private static final int MAX_REPORTED_CHARACTERS = 200;

  private final Redaction redaction;
  private final Cancellation cancellation;
  private final Transmission transmission;
  private final Call call;
  private final @Nullable OffsetDateTime previousSecretExpiresAt;
  private final String serviceTokenId;

  /**
   * Creates an attempt.
   *
   * @param request the request as Retrofit built it
   * @param timeout the caller's limit on an attempt; 0 for the client's own limit
   */
  Attempt(RotationSettings settings, Request request, Timeout timeout, Cancellation cancellation) {
    this.redaction = settings.redaction;
    this.cancellation = cancellation;
    this.transmission = new Transmission(settings.authentication, settings.redaction);
    this.previousSecretExpiresAt = previousSecretExpiresAt(request);
    List<String> path = request.url().pathSegments();
    this.serviceTokenId = path.get(path.size() - 2);
    Request.Builder attached = transmission.attachTo(request);
    if (request.header("User-Agent") == null) {
      attached.header("User-Agent", USER_AGENT);
    }
    this.call = settings.calls.newCall(attached.build());
    if (timeout.timeoutNanos() != 0) {
      call.timeout().timeout(timeout.timeoutNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private static @Nullable OffsetDateTime previousSecretExpiresAt(Request request) {
    Invocation invocation = request.tag(Invocation.class);
    if (invocation != null) {
      for (Object argument : invocation.arguments()) {
        if (argument instanceof RotateServiceTokenRequest) {
          return ((RotateServiceTokenRequest) argument).getPreviousClientSecretExpiresAt();
        }
      }
    }
    return null;
  }

  void cancel() {
    call.cancel();
  }

  /** Sends the request. */
  Rotated run() throws RotationException {
    if (cancellation.isGivenUp()) {
      throw cancelled(null);
    }
    ReceivedResponse received;
    Throwable failure = null;
    try (Response response = call.execute()) {
      received =
          transmission.sent()
              ? transmission.response()
              // An interceptor responded in place of the provider.
              : ReceivedResponse.read(redaction, response.request(), response, call);
    } catch (Throwable e) {
      // Catches errors of interceptors too: they do not undo what was sent.
      received = transmission.response();
      failure = e;
    }
    if (received != null) {
      // The provider's response counts, whatever failed after it.
      return rotated(received);
    }
    if (transmission.refusedUnprocessed()) {
      throw new RotationNotAppliedException(
          Reason.REFUSED, "the provider refused the request before it processed it", true, null);
    }
    throw transmission.sent() ? noResponse(failure) : notSent(failure);
  }

  private Rotated rotated(ReceivedResponse received) throws RotationException {
    try {
      return rotated(received, serviceTokenId, previousSecretExpiresAt);
    } catch (RotationException e) {
      throw e;
    } catch (Throwable e) {
      // Catches errors too, for example a lack of memory: they do not undo what was sent.
      throw new RotationUnknownException(
          RotationUnknownException.Reason.NOT_PROCESSED,
          "the response could not be processed: " + e.getClass().getSimpleName(),
          previousSecretExpiresAt,
          SafeFailure.withoutSecrets(e, received.redaction));
    }
  }

  /** Returns the result if the token was rotated, and otherwise throws the outcome. */
  static Rotated rotated(
      ReceivedResponse received,
      String serviceTokenId,
      @Nullable OffsetDateTime previousSecretExpiresAt)
      throws RotationException {
    int status = received.redacted.code();
    DecodedBody body = DecodedBody.of(received);
    Outcome outcome = Outcome.of(status, body, serviceTokenId);
    if (outcome == Outcome.ROTATED) {
      return new Rotated(
          body,
          Objects.requireNonNull(body.token),
          Objects.requireNonNull(body.secret()),
          previousSecretExpiresAt,
          received.redacted);
    }
    ResponseSummary summary = new ResponseSummary(status, received.redacted.headers(), body.errors);
    String description = "the provider responded with " + status + reported(body.errors);
    if (outcome.unknown == null) {
      throw new RotationNotAppliedException(description, isRetryable(summary), summary);
    }
    throw new RotationUnknownException(
        outcome.unknown,
        description + detail(outcome.unknown, body, status),
        previousSecretExpiresAt,
        summary,
        body.held);
  }

  private static String detail(
      RotationUnknownException.Reason reason, DecodedBody body, int status) {
    switch (reason) {
      case STATUS:
        return "";
      case NO_RESULT:
        return ", but without a result";
      case NO_SECRET:
        return ", but without a secret";
      case DAMAGED_SECRET:
        return ", but the secret has characters that no secret has";
      case OTHER_TOKEN:
        return ", but with another service token";
      default:
        if (body.flaw == reason) {
          return ", but " + body.problem;
        }
        return body.success == null || body.success == (status / 100 == 2)
            ? ", but with a secret"
            : ", but its envelope says success: " + body.success;
    }
  }

  private static boolean isRetryable(ResponseSummary summary) {
    return summary.status == 429 || (summary.status / 100 == 4 && summary.retryAfter() != null);
  }

  private static String reported(List<EnvelopeMessage> errors) {
    StringBuilder reported = new StringBuilder();
    for (EnvelopeMessage error : errors.subList(0, Math.min(MAX_REPORTED_ERRORS, errors.size()))) {
      String message = error.getMessage().replaceAll("\\p{Cc}", "?");
      reported.append(reported.length() == 0 ? ":" : ";");
      if (!message.isEmpty()) {
        reported
            .append(' ')
            .append(message, 0, Math.min(MAX_REPORTED_CHARACTERS, message.length()));
      }
      // An error that was sent without a code has the code 0.
      if (error.getCode() != 0) {
        reported.append(" (").append(error.getCode()).append(')');
      }
    }
    return reported.toString();
  }

  private RotationUnknownException noResponse(@Nullable Throwable failure) {
    RotationUnknownException.Reason reason =
        failure instanceof InterruptedIOException
            ? RotationUnknownException.Reason.TIMEOUT
            : RotationUnknownException.Reason.NO_RESPONSE;
    String description = "no response arrived: " + SafeFailure.describe(failure);
    if (cancellation.isGivenUp()) {
      reason = RotationUnknownException.Reason.CANCELLED;
      description = "the call was cancelled after the request was sent";
    }
    return new RotationUnknownException(
        reason,
        description,
        previousSecretExpiresAt,
        SafeFailure.withoutSecrets(failure, redaction));
  }

  private RotationNotAppliedException notSent(@Nullable Throwable failure) {
    Throwable cause = SafeFailure.withoutSecrets(failure, redaction);
    return cancellation.isGivenUp()
        ? cancelled(cause)
        : new RotationNotAppliedException(
            Reason.NOT_SENT,
            "nothing was sent: " + SafeFailure.messageOrType(failure, cause),
            SafeFailure.isTransient(cause),
            cause);
  }

  static RotationNotAppliedException cancelled(@Nullable Throwable cause) {
    return new RotationNotAppliedException(
        Reason.CANCELLED, "the call was cancelled", false, cause);
  }
}
