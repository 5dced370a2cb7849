package io.github.accesstokens.provider;

import okhttp3.mockwebserver.MockResponse;
import org.jspecify.annotations.Nullable;

/** The reason for refusing a request. It is thrown before anything has changed. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  // The documentation names one code, 7003 for an unknown route. For refusals that are neither
  // documented nor seen, the stub uses the smallest code that the documentation allows, and its
  // own message.
  private static final int CODE = 1000;

  private final int status;
  private final int code;
  private final String reason;
  private final @Nullable String pointer;

  /** The errors as the real API was seen to send them, or null if nobody has seen this refusal. */
  private final @Nullable String seenErrors;

  /** A refusal with the documented envelope. */
  Refusal(int status, String reason) {
    this(status, CODE, reason, null, null);
  }

  /** A refusal with the documented envelope. Its pointer names the wrong part of the body. */
  Refusal(int status, String reason, String pointer) {
    this(status, CODE, reason, pointer, null);
  }

  private Refusal(
      int status, int code, String reason, @Nullable String pointer, @Nullable String seenErrors) {
    super(reason);
    this.status = status;
    this.code = code;
    this.reason = reason;
    this.pointer = pointer;
    this.seenErrors = seenErrors;
  }

  static Refusal missingPermission() {
    return seen(403, 10000, "Authentication error", "");
  }

  static Refusal wrongPlace() {
    return seen(403, 9109, "The API token may not be used from this place", "");
  }

  static Refusal malformedHeader(String name, int code) {
    return seen(
        400,
        6003,
        "Invalid request headers",
        ",\"error_chain\":[{\"code\":%d,\"message\":\"Malformed %s\"}]".formatted(code, name));
  }

  private static Refusal seen(int status, int code, String reason, String more) {
    return new Refusal(
        status,
        code,
        reason,
        null,
        "[{\"code\":%d,\"message\":\"%s\"%s}]".formatted(code, reason, more));
  }

  /**
   * The response.
   *
   * @param documented whether it has the documented envelope even if the real API was seen to send
   *     less
   */
  MockResponse response(boolean documented) {
    return documented || seenErrors == null
        ? Responses.failure(status, code, reason, pointer)
        : Responses.raw(
            status, "application/json", "{\"success\":false,\"errors\":" + seenErrors + "}");
  }
}
