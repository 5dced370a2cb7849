package io.github.accesstokens.provider;

import okhttp3.mockwebserver.MockResponse;
import org.jspecify.annotations.Nullable;

/** The reason for refusing a request. It is thrown before anything has changed. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  // The documentation names one code, 7003 for an unknown route. For every other refusal the stub
  // uses the smallest code that the documentation allows, and its own message.
  private static final int CODE = 1000;

  private final int status;
  private final String reason;
  private final @Nullable String pointer;

  Refusal(int status, String reason) {
    this(status, reason, null);
  }

  Refusal(int status, String reason, @Nullable String pointer) {
    super(reason);
    this.status = status;
    this.reason = reason;
    this.pointer = pointer;
  }

  MockResponse response() {
    return Responses.failure(status, CODE, reason, pointer);
  }
}
