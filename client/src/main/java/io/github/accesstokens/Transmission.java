package io.github.accesstokens;

import java.io.IOException;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The request of one attempt on the network: it is sent at most once, and this class records
 * whether it was.
 *
 * <p>It runs in the last network interceptor. It adds the credentials and keeps the response, so
 * interceptors above it, such as a logger, see neither a secret nor a message that may repeat one.
 */
final class Transmission {
  private final AuthenticationInterceptor authentication;
  private final Redaction redaction;
  private @Nullable RequestBody ownBody;
  private volatile boolean onNetwork;
  private volatile boolean bodyWritten;
  private volatile boolean sent;
  private volatile boolean refusedUnprocessed;
  private volatile @Nullable ReceivedResponse response;

  Transmission(AuthenticationInterceptor authentication, Redaction redaction) {
    this.authentication = authentication;
    this.redaction = redaction;
  }

  /** Returns the request with a one-shot body and with this transmission as a tag. */
  Request.Builder attachTo(Request request) {
    Request.Builder attached = request.newBuilder().tag(Transmission.class, this);
    RequestBody body = request.body();
    if (body != null) {
      ownBody = oneShot(body);
      attached.method(request.method(), ownBody);
    }
    return attached;
  }

  private RequestBody oneShot(RequestBody body) {
    return new OneShotBody(
        body,
        () -> {
          // An interceptor such as a logger may also write the body; that sends nothing.
          if (onNetwork) {
            bodyWritten = true;
            sent = true;
          }
        });
  }

  /** HTTP/2 may flush the headers with another frame, such as its reply to the settings. */
  private static boolean mayFlushHeadersEarly(@Nullable Connection connection) {
    return connection == null
        || (connection.protocol() != Protocol.HTTP_1_1
            && connection.protocol() != Protocol.HTTP_1_0);
  }

  /** Returns whether the request still has the body of its transmission, which can be re-read. */
  static boolean hasOwnBody(Request request) {
    Transmission transmission = request.tag(Transmission.class);
    return transmission != null && transmission.ownBody == request.body();
  }

  /** Returns whether a byte of the request may have left this process. */
  boolean sent() {
    return sent;
  }

  /** Returns whether the provider refused the HTTP/2 stream unprocessed (RFC 9113, 8.7). */
  boolean refusedUnprocessed() {
    return refusedUnprocessed;
  }

  /** Returns the response, or null if none arrived. */
  @Nullable ReceivedResponse response() {
    return response;
  }

  /** Returns the transmission of a call, or null if the call is no rotation. */
  static @Nullable Transmission of(Call call) {
    // The request of the call, because an interceptor may have built another one without tags.
    return call.request().tag(Transmission.class);
  }

  /** Sends the request. */
  Response send(Interceptor.Chain chain) throws IOException {
    if (sent) {
      throw SafeFailure.notSentAgain();
    }
    Request request = chain.request();
    RequestBody body = request.body();
    Request.Builder authenticated =
        authentication
            .authenticate(request)
            .newBuilder()
            // The body is decoded by ReceivedResponse, which knows gzip only.
            .header("Accept-Encoding", "gzip")
            // OkHttp would flush the headers and wait before it asks for the body.
            .removeHeader("Expect");
    if (body != null && body != ownBody) {
      // An interceptor replaced the body.
      authenticated.method(request.method(), oneShot(body));
    }
    // With HTTP/1.1, OkHttp asks for the body before it flushes the headers, so nothing has left
    // the process yet. With HTTP/2, another frame of the connection may flush the headers.
    sent = body == null || mayFlushHeadersEarly(chain.connection());
    onNetwork = true;
    ReceivedResponse received;
    try {
      received =
          ReceivedResponse.read(
              redaction, request, chain.proceed(authenticated.build()), chain.call());
    } catch (IOException e) {
      if (!sent || (!bodyWritten && SafeFailure.isBeforeHeaders(e))) {
        sent = false;
        throw e;
      }
      refusedUnprocessed = (SafeFailure.STREAM_RESET + "REFUSED_STREAM").equals(e.getMessage());
      throw SafeFailure.redacted(e);
    } finally {
      onNetwork = false;
    }
    response = received;
    if (received.truncated != null) {
      throw SafeFailure.redacted(received.truncated);
    }
    return received.redacted;
  }
}
