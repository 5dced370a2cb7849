package io.github.accesstokens;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.util.Objects;
import javax.net.ssl.SSLException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way over the network: goes out once at most, and knows whether it did.
 *
 * <p>It stands below every other interceptor, adds the credentials and keeps the answer to itself:
 * whatever stands above, such as a logger, sees neither a secret nor a message that may repeat one.
 */
final class Transmission {
  private static final String STREAM_RESET = "stream was reset: ";

  private final AuthenticationInterceptor authentication;
  private final Redaction redaction;
  private volatile boolean sent;
  private volatile boolean refusedUnprocessed;
  private volatile @Nullable Answer answer;

  Transmission(AuthenticationInterceptor authentication, Redaction redaction) {
    this.authentication = authentication;
    this.redaction = redaction;
  }

  /** Whether anything of the request may have left this process. */
  boolean sent() {
    return sent;
  }

  /** Whether the provider's HTTP/2 said that it did not begin with the request (RFC 9113, 8.7). */
  boolean refusedUnprocessed() {
    return refusedUnprocessed;
  }

  /** What came back, or null. */
  @Nullable Answer answer() {
    return answer;
  }

  /** Hands a request to the transmission that is the tag of its call. */
  static Response intercept(Interceptor.Chain chain) throws IOException {
    // Of the call, not the chain: interceptors may have made the request anew, without its tags.
    Request asked = chain.call().request();
    return Objects.requireNonNull(asked.tag(Transmission.class), "transmission").transmit(chain);
  }

  private Response transmit(Interceptor.Chain chain) throws IOException {
    if (sent) {
      throw new QuietException("the request went out already and is not sent again");
    }
    Request request = chain.request();
    RequestBody body = request.body();
    Request.Builder once =
        authentication
            .authenticate(request)
            .newBuilder()
            // What is read here has to be decoded here.
            .header("Accept-Encoding", "gzip")
            // With this one the headers would go out before the body.
            .removeHeader("Expect");
    if (body == null) {
      sent = true;
    } else {
      // The headers are not out, or not whole, before the body is asked for.
      once.method(request.method(), new OneShotBody(body, this));
    }
    Answer received;
    try {
      received = Answer.read(redaction, request, chain.proceed(once.build()), chain.call());
    } catch (IOException e) {
      if (!sent) {
        throw e;
      }
      refusedUnprocessed = (STREAM_RESET + "REFUSED_STREAM").equals(e.getMessage());
      throw quiet(e);
    }
    answer = received;
    if (received.brokenOff() != null) {
      throw quiet(received.brokenOff());
    }
    return received.shown();
  }

  /** To be told before the first byte of the body, and so of the request, leaves this process. */
  void sending() {
    sent = true;
  }

  /** The failure without the words of the answer. */
  static IOException quiet(IOException failure) {
    String words = withoutItsWords(failure);
    IOException quiet =
        failure instanceof InterruptedIOException
            ? new InterruptedIOException(words)
            : new QuietException(words);
    quiet.setStackTrace(failure.getStackTrace());
    return quiet;
  }

  /** Describes a failure; the message of a malformed answer can repeat parts of it. */
  static String withoutItsWords(@Nullable Throwable failure) {
    if (failure == null) {
      return "";
    }
    String message = failure.getMessage();
    if (message != null) {
      if (failure instanceof QuietException
          || failure instanceof SocketException
          || failure instanceof InterruptedIOException
          || failure instanceof SSLException
          || message.startsWith(STREAM_RESET)
          || message.equals("Canceled")) {
        return message;
      }
      if (message.startsWith("unexpected end of stream")) {
        return "the connection ended";
      }
    }
    return failure.getClass().getSimpleName();
  }

  /**
   * A failure whose message was written here. Of this type, since OkHttp would make up for others
   * with another connection, if an interceptor has replaced the body.
   */
  private static final class QuietException extends ProtocolException {
    private static final long serialVersionUID = 1L;

    QuietException(String message) {
      super(message);
    }
  }
}
