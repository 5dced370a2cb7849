package io.github.accesstokens.provider;

import java.time.Duration;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.SocketPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong with one rotate request. Faults are immutable. One fault can be {@link
 * StubProvider#enqueue enqueued} several times.
 *
 * <p>A fault that applies the rotation checks the request first. A bad request is refused as usual,
 * and uses up the fault.
 */
public final class Fault {
  static final Fault NONE = new Fault(true, Duration.ZERO, SocketPolicy.KEEP_OPEN, 0, null);

  private final boolean applies;
  private final Duration delay;
  private final SocketPolicy socketPolicy;
  private final int informational;

  /** Replaces the real response, unless it is null. */
  private final @Nullable MockResponse replacement;

  private Fault(
      boolean applies,
      Duration delay,
      SocketPolicy socketPolicy,
      int informational,
      @Nullable MockResponse replacement) {
    this.applies = applies;
    this.delay = delay;
    this.socketPolicy = socketPolicy;
    this.informational = informational;
    this.replacement = replacement;
  }

  /**
   * Responds with this status and the documented failure envelope. The rotation is not applied.
   *
   * @throws IllegalArgumentException if the status is not from 400 to 599
   */
  public static Fault status(int status) {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status must be from 400 to 599: " + status);
    }
    Refusal refusal = new Refusal(status, "Fault of the stub: status " + status);
    return responding(false, refusal.response(true));
  }

  /**
   * Responds with exactly this status and body. The rotation is not applied.
   *
   * @throws IllegalArgumentException if the status is not from 200 to 599
   */
  public static Fault respond(int status, String contentType, String body) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status must be from 200 to 599: " + status);
    }
    return responding(false, Responses.raw(status, contentType, body));
  }

  /** Handles the request as usual, but delays the response. Closing the provider ends the delay. */
  public static Fault delay(Duration delay) {
    return new Fault(true, delay, SocketPolicy.KEEP_OPEN, 0, null);
  }

  /**
   * Handles the request as usual, but sends this many responses with status 103 before the real
   * one. Only for HTTP/1.1.
   */
  public static Fault informational(int count) {
    return new Fault(true, Duration.ZERO, SocketPolicy.KEEP_OPEN, count, null);
  }

  /** Reads the request, then closes the connection. The rotation is not applied. */
  public static Fault cutBeforeApplying() {
    return new Fault(false, Duration.ZERO, SocketPolicy.DISCONNECT_AFTER_REQUEST, 0, null);
  }

  /** Applies the rotation, then closes the connection without a response. */
  public static Fault cutAfterApplying() {
    return new Fault(true, Duration.ZERO, SocketPolicy.DISCONNECT_AFTER_REQUEST, 0, null);
  }

  /** Applies the rotation, then closes the connection in the middle of the response's body. */
  public static Fault cutDuringResponse() {
    return new Fault(true, Duration.ZERO, SocketPolicy.DISCONNECT_DURING_RESPONSE_BODY, 0, null);
  }

  /** The same fault with this response header. Only for {@link #status} and {@link #respond}. */
  public Fault header(String name, String value) {
    return responding(applies, copyOfReplacement().setHeader(name, value));
  }

  /**
   * The same fault with this {@code retry-after}. Only for {@link #status} and {@link #respond}.
   */
  public Fault retryAfter(String value) {
    return header("retry-after", value);
  }

  /** The same status with an HTML page. Only for {@link #status} and {@link #respond}. */
  public Fault htmlBody() {
    return responding(
        applies,
        copyOfReplacement()
            .setHeader("Content-Type", "text/html; charset=utf-8")
            .setBody("<!DOCTYPE html><title>Error</title><h1>Error</h1>\n"));
  }

  /**
   * The same response, but the rotation is applied. Only for {@link #status} and {@link #respond}.
   */
  public Fault afterApplying() {
    return responding(true, copyOfReplacement());
  }

  boolean applies() {
    return applies;
  }

  Duration delay() {
    return delay;
  }

  boolean isInformational() {
    return informational > 0;
  }

  MockResponse disturb(MockResponse real) {
    // A copy, because two connections can get the same fault at once.
    MockResponse response = replacement == null ? real : replacement.clone();
    // The server writes the status line as it is, so the line can hold whole responses.
    String before = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(informational);
    return response.setStatus(before + response.getStatus()).setSocketPolicy(socketPolicy);
  }

  private static Fault responding(boolean applies, MockResponse replacement) {
    return new Fault(applies, Duration.ZERO, SocketPolicy.KEEP_OPEN, 0, replacement);
  }

  private MockResponse copyOfReplacement() {
    if (replacement == null) {
      throw new IllegalStateException(
          "Only status(...) and respond(...) have a response to change");
    }
    return replacement.clone();
  }
}
