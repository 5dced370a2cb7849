package io.github.accesstokens;

import okhttp3.Call;
import okhttp3.Dispatcher;

/** What all rotations of a client share. Immutable. */
final class RotationSettings {
  /** Its executor runs asynchronous calls. */
  final Dispatcher dispatcher;

  /** Each of its calls has a connection of its own. */
  final Call.Factory calls;

  final AuthenticationInterceptor authentication;
  final Redaction redaction;
  final RetryPolicy retry;

  RotationSettings(
      Dispatcher dispatcher,
      Call.Factory calls,
      AuthenticationInterceptor authentication,
      RetryPolicy retry) {
    this.dispatcher = dispatcher;
    this.calls = calls;
    this.authentication = authentication;
    this.redaction = authentication.redaction();
    this.retry = retry;
  }
}
