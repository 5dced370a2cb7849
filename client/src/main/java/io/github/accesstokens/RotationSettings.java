package io.github.accesstokens;

import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** What all rotations of a client share. Immutable. */
final class RotationSettings {
  private final OkHttpClient http;
  final AuthenticationInterceptor authentication;
  final Redaction redaction;
  final RetryPolicy retry;

  /**
   * Creates settings.
   *
   * @param http the HTTP client; this class adds the network interceptor of {@link Transmission}
   */
  RotationSettings(
      OkHttpClient http,
      AuthenticationInterceptor authentication,
      Redaction redaction,
      RetryPolicy retry) {
    // The last network interceptor: no other one runs between it and the socket.
    this.http = http.newBuilder().addNetworkInterceptor(Transmission::intercept).build();
    this.authentication = authentication;
    this.redaction = redaction;
    this.retry = retry;
  }

  /** Returns the dispatcher whose executor runs asynchronous calls. */
  Dispatcher dispatcher() {
    return http.dispatcher();
  }

  /**
   * Returns a call with a connection of its own, which is closed when the call ends. On a pooled
   * connection that the provider has closed, a request is lost and its outcome is unknown.
   */
  Call newCall(Request request) {
    // Holds no idle connection, and no other call shares it.
    ConnectionPool pool = new ConnectionPool(0, 1, TimeUnit.MINUTES);
    return http.newBuilder().connectionPool(pool).build().newCall(request);
  }
}
