package io.github.accesstokens.provider;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import okhttp3.mockwebserver.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request that a {@link StubProvider} received.
 *
 * @param method the HTTP method
 * @param path the path and the query, exactly as sent
 * @param headers the values of each header, credentials included; looking up a name ignores case
 * @param body the body, empty if there was none
 */
public record ReceivedRequest(
    String method, String path, Map<String, List<String>> headers, String body) {
  /** Copies the headers. */
  public ReceivedRequest {
    Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    headers = Collections.unmodifiableMap(copy);
  }

  static ReceivedRequest of(RecordedRequest request) {
    return new ReceivedRequest(
        String.valueOf(request.getMethod()),
        String.valueOf(request.getPath()),
        request.getHeaders().toMultimap(),
        request.getBody().readUtf8());
  }

  /** The first value of a header; null if the request does not have it. */
  public @Nullable String header(String name) {
    List<String> values = headerValues(name);
    return values.isEmpty() ? null : values.get(0);
  }

  List<String> headerValues(String name) {
    return headers.getOrDefault(name, List.of());
  }

  /** Method and path only: headers and body can hold credentials. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
