package io.github.accesstokens.provider;

import java.time.Duration;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.SocketPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with one rotate request. Immutable, and good for more than one {@link
 * StubProvider#enqueue}.
 *
 * <p>A fault that applies the rotation checks the request first: one that deserves a refusal gets
 * that instead.
 */
public final class Fault {
  static final Fault NONE = new Fault(true, Duration.ZERO, SocketPolicy.KEEP_OPEN, null);

  private final boolean applies;
  private final Duration delay;
  private final SocketPolicy socketPolicy;

  /** Takes the place of the real answer. */
  private final @Nullable MockResponse answer;

  private Fault(
      boolean applies, Duration delay, SocketPolicy socketPolicy, @Nullable MockResponse answer) {
    this.applies = applies;
    this.delay = delay;
    this.socketPolicy = socketPolicy;
    this.answer = answer;
  }

  /**
   * Answers with this status and the failure envelope, and applies nothing.
   *
   * @throws IllegalArgumentException if the status is not from 400 to 599
   */
  public static Fault status(int status) {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status must be from 400 to 599: " + status);
    }
    return answering(new Refusal(status, "The stub was told to answer " + status).answer());
  }

  /**
   * Answers with exactly this, and applies nothing.
   *
   * @throws IllegalArgumentException if the status is not from 200 to 599
   */
  public static Fault answer(int status, String contentType, String body) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("status must be from 200 to 599: " + status);
    }
    return answering(Answers.raw(status, contentType, body));
  }

  /** Handles the request as ever, but holds the answer back; closing the provider ends the wait. */
  public static Fault delay(Duration delay) {
    return new Fault(true, delay, SocketPolicy.KEEP_OPEN, null);
  }

  /** Reads the request, applies nothing and closes the connection without an answer. */
  public static Fault cutBeforeApplying() {
    return new Fault(false, Duration.ZERO, SocketPolicy.DISCONNECT_AFTER_REQUEST, null);
  }

  /** Applies the rotation and closes the connection without an answer. */
  public static Fault cutAfterApplying() {
    return new Fault(true, Duration.ZERO, SocketPolicy.DISCONNECT_AFTER_REQUEST, null);
  }

  /** Applies the rotation and closes the connection in the middle of the answer's body. */
  public static Fault cutDuringAnswer() {
    return new Fault(true, Duration.ZERO, SocketPolicy.DISCONNECT_DURING_RESPONSE_BODY, null);
  }

  /** The same answer with this header. Only for {@link #status} and {@link #answer}. */
  public Fault header(String name, String value) {
    return answering(replacement().setHeader(name, value)).applying(applies);
  }

  /**
   * The same answer with this {@code retry-after}. Only for {@link #status} and {@link #answer}.
   */
  public Fault retryAfter(String value) {
    return header("retry-after", value);
  }

  /** An HTML page with the same status. Only for {@link #status} and {@link #answer}. */
  public Fault htmlBody() {
    return answering(
            replacement()
                .setHeader("Content-Type", "text/html; charset=utf-8")
                .setBody("<!DOCTYPE html><title>Error</title><h1>Error</h1>\n"))
        .applying(applies);
  }

  /**
   * The same answer, once the rotation is applied. Only for {@link #status} and {@link #answer}.
   */
  public Fault afterApplying() {
    return answering(replacement()).applying(true);
  }

  boolean applies() {
    return applies;
  }

  Duration delay() {
    return delay;
  }

  MockResponse disturb(MockResponse real) {
    // A copy, since the same fault can be answered on two connections at once.
    return (answer == null ? real : answer.clone()).setSocketPolicy(socketPolicy);
  }

  private static Fault answering(MockResponse answer) {
    return new Fault(false, Duration.ZERO, SocketPolicy.KEEP_OPEN, answer);
  }

  private Fault applying(boolean applies) {
    return new Fault(applies, delay, socketPolicy, answer);
  }

  private MockResponse replacement() {
    if (answer == null) {
      throw new IllegalStateException("Only status(...) and answer(...) have an answer to change");
    }
    return answer.clone();
  }
}
