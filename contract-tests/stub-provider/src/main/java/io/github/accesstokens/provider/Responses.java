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
 * The envelopes of the real API. They do not use the client's models, so that a difference between
 * the two shows in a test.
 */
final class Responses {
  // A failure has "result": null, so nulls are written.
  private static final JsonAdapter<Object> JSON =
      new Moshi.Builder().build().adapter(Object.class).serializeNulls();

  private Responses() {}

  static MockResponse success(Map<String, Object> result) {
    return json(200, envelope(List.of(), result));
  }

  /** The documented envelope of a failure. */
  static String failure(int code, String message, Map<String, ?> more) {
    return envelope(List.of(error(code, message, more)), null);
  }

  /** The envelope of a failure as the real API was seen to send it. */
  static String shortFailure(int code, String message, Map<String, ?> more) {
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put("success", false);
    envelope.put("errors", List.of(error(code, message, more)));
    return JSON.toJson(envelope);
  }

  static Map<String, Object> error(int code, String message, Map<String, ?> more) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("message", message);
    error.putAll(more);
    return error;
  }

  static MockResponse json(int status, String body) {
    return raw(status, "application/json", body);
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

  private static String envelope(List<?> errors, @Nullable Map<String, Object> result) {
    Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
    envelope.put("errors", errors);
    envelope.put("messages", List.of());
    envelope.put("success", result != null);
    envelope.put("result", result);
    return JSON.toJson(envelope);
  }
}
