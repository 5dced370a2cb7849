package io.github.accesstokens.provider;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.mockwebserver.MockResponse;
import okio.Buffer;
import okio.GzipSink;
import org.jspecify.annotations.Nullable;

/**
 * The documented envelopes. They do not use the client's models, so that a difference between the
 * two shows in a test.
 */
final class Responses {
  // A failure has "result": null, so nulls are written.
  private static final JsonAdapter<Object> JSON =
      new Moshi.Builder().build().adapter(Object.class).serializeNulls();

  private Responses() {}

  static MockResponse success(Map<String, Object> result) {
    return envelope(200, List.of(), result);
  }

  static MockResponse failure(int status, int code, String message, @Nullable String pointer) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("message", message);
    if (pointer != null) {
      error.put("source", Map.of("pointer", pointer));
    }
    return envelope(status, List.of(error), null);
  }

  static MockResponse raw(int status, String contentType, String body) {
    return new MockResponse()
        .setResponseCode(status)
        .setHeader("Content-Type", contentType)
        .setBody(body);
  }

  static void gzip(MockResponse response) {
    Buffer body = response.getBody();
    if (body == null) {
      return;
    }
    Buffer compressed = new Buffer();
    try (GzipSink sink = new GzipSink(compressed)) {
      sink.write(body, body.size());
    } catch (IOException e) {
      // A buffer in memory does not fail.
      throw new UncheckedIOException(e);
    }
    response.setBody(compressed).setHeader("Content-Encoding", "gzip");
  }

  /** Removes the body, but not its length: a response to HEAD has the headers of one to GET. */
  static void removeBody(MockResponse response) {
    String length = response.getHeaders().get("Content-Length");
    response.setBody("");
    if (length != null) {
      response.setHeader("Content-Length", length);
    }
  }

  private static MockResponse envelope(
      int status, List<?> errors, @Nullable Map<String, Object> result) {
    Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
    envelope.put("errors", errors);
    envelope.put("messages", List.of());
    envelope.put("success", result != null);
    envelope.put("result", result);
    return raw(status, "application/json", JSON.toJson(envelope));
  }
}
