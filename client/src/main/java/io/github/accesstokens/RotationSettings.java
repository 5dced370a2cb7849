package io.github.accesstokens;

import okhttp3.OkHttpClient;

/** What all rotations of a client share. Immutable. */
final class RotationSettings {
  final OkHttpClient http;
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
}
