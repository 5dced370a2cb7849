package io.github.accesstokens.provider;

import okhttp3.Headers;
import okhttp3.mockwebserver.RecordedRequest;

/**
 * A request as a {@link StubProvider} received it.
 *
 * @param method the HTTP method
 * @param path the path with the query, as it was sent
 * @param headers the headers, credentials included
 * @param body the body, empty if there was none
 */
public record ReceivedRequest(String method, String path, Headers headers, String body) {
  static ReceivedRequest of(RecordedRequest request) {
    return new ReceivedRequest(
        String.valueOf(request.getMethod()),
        String.valueOf(request.getPath()),
        request.getHeaders(),
        request.getBody().readUtf8());
  }

  /** Method and path alone: the rest can hold credentials. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
