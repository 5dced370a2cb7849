package io.github.accesstokens.provider;

import java.util.List;
import java.util.Map;
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
  private final String documentedBody;
  private final String seenBody;

  /** A refusal with the documented envelope. */
  Refusal(int status, String reason) {
    this(status, CODE, reason, Map.of(), null);
  }

  /** A refusal with the documented envelope. Its pointer names the wrong part of the body. */
  Refusal(int status, String reason, String pointer) {
    this(status, CODE, reason, Map.of("source", Map.of("pointer", pointer)), null);
  }

  /**
   * A refusal.
   *
   * @param documented more properties of the error in the documented envelope
   * @param seen those that the real API was seen to send, or null if nobody has seen this refusal
   */
  private Refusal(
      int status,
      int code,
      String reason,
      Map<String, ?> documented,
      @Nullable Map<String, ?> seen) {
    super(reason);
    this.status = status;
    this.documentedBody = Responses.failure(code, reason, documented);
    this.seenBody = seen == null ? documentedBody : Responses.shortFailure(code, reason, seen);
  }

  static Refusal unknownRoute() {
    return new Refusal(404, 7003, "No route for the URI", Map.of(), null);
  }

  static Refusal missingPermission() {
    return new Refusal(403, 10000, "Authentication error", Map.of(), Map.of());
  }

  static Refusal wrongPlace() {
    String reason = "The API token may not be used from this place";
    return new Refusal(403, 9109, reason, Map.of(), Map.of());
  }

  static Refusal malformedHeader(String name, int code) {
    Object entry = Responses.error(code, "Malformed " + name, Map.of());
    Map<String, ?> seen = Map.of("error_chain", List.of(entry));
    return new Refusal(400, 6003, "Invalid request headers", Map.of(), seen);
  }

  /**
   * The response.
   *
   * @param documented whether it has the documented envelope even if the real API was seen to send
   *     less
   */
  MockResponse response(boolean documented) {
    return Responses.json(status, documented ? documentedBody : seenBody);
  }
}
