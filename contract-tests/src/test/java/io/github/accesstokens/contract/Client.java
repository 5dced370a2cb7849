package io.github.accesstokens.contract;

import java.io.IOException;
import java.util.List;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** What the checks need of the client, so that a damaged one can stand in for it. */
interface Client {
  /**
   * A request as it went over the wire.
   *
   * @param credentials the security schemes in use, joined with {@code +}
   * @param body the text of the body, or null if there was none
   */
  record Sent(
      String credentials, String method, String path, Headers headers, @Nullable String body) {}

  Object decode(String schema, String json) throws IOException;

  String encode(String schema, Object model) throws IOException;

  /** Whether the operation takes a path parameter of this length. */
  boolean takes(String parameter, int length);

  /** One request for each way to authenticate, with and without a body. */
  List<Sent> sent();

  String baseUrl();
}
