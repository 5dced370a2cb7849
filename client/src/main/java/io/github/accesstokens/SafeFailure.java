package io.github.accesstokens;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.UnknownServiceException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Describes failures without their secrets: a message can repeat parts of the response. */
final class SafeFailure {
  static final String STREAM_RESET = "stream was reset: ";

  private SafeFailure() {}

  /** Returns the message if it cannot hold text of a response, and otherwise the type's name. */
  static String describe(@Nullable Throwable failure) {
    if (failure == null) {
      return "";
    }
    String message = failure.getMessage();
    if (message != null) {
      if (failure instanceof RedactedException
          || failure instanceof SocketException
          || failure instanceof UnknownHostException
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

  /** Returns a failure with a safe message, no cause and the same stack trace. */
  static IOException redacted(IOException failure) {
    String message = describe(failure);
    IOException redacted =
        failure instanceof InterruptedIOException
            ? new InterruptedIOException(message)
            : new RedactedException(message);
    redacted.setStackTrace(failure.getStackTrace());
    return redacted;
  }

  /** Returns a failure that no HTTP client retries. */
  static IOException notSentAgain() {
    return new RedactedException("the request was sent already and is not sent again");
  }

  /**
   * Returns whether OkHttp failed before it wrote the headers, because the HTTP/2 connection was
   * shut down. The class is internal to OkHttp. If a shrinker renamed it, this returns false, which
   * is safe.
   */
  static boolean isBeforeHeaders(IOException failure) {
    return failure.getClass().getName().endsWith(".ConnectionShutdownException");
  }

  /** Returns the failure, or null if it or one of its causes shows a secret. */
  static @Nullable Throwable withoutSecrets(@Nullable Throwable failure, Redaction redaction) {
    return failure == null || redaction.isShownBy(failure) ? null : failure;
  }

  /**
   * Returns the message of a failure, or its type if it has none.
   *
   * @param withoutSecrets the failure, or null if it shows a secret
   */
  static String messageOrType(@Nullable Throwable failure, @Nullable Throwable withoutSecrets) {
    String message = withoutSecrets == null ? null : withoutSecrets.getMessage();
    if (message != null) {
      return message;
    }
    return failure == null ? "nothing was reported" : failure.getClass().getName();
  }

  /** Returns whether a retry may succeed. A wrong certificate or setting stays wrong. */
  static boolean isTransient(@Nullable Throwable failure) {
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

  /**
   * A failure with a message from this class. It is a {@code ProtocolException}, because OkHttp
   * retries other failures on a new connection.
   */
  private static final class RedactedException extends ProtocolException {
    private static final long serialVersionUID = 1L;

    RedactedException(String message) {
      super(message);
    }
  }
}
