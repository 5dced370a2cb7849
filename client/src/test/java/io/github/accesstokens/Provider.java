package io.github.accesstokens;

import io.github.accesstokens.api.Credentials;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;

/** A provider on a loopback port of its own. It starts when a test asks for its URL. */
final class Provider implements AutoCloseable {
  static final String ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
  static final String TOKEN = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
  static final Rotation ROTATION = Rotation.of(ACCOUNT, TOKEN);

  static final String ROTATED =
      """
      {"errors":[],"messages":[],"success":true,"result":{"client_secret":"new-secret"}}""";
  static final String REFUSED =
      """
      {"errors":[{"code":7003,"message":"No route for the URI"}],"messages":[],"success":false,\
      "result":null}""";

  // In a field, because java.util.logging drops the level of a logger that nothing refers to.
  private static final List<Logger> SERVER_LOGS =
      List.of(
          Logger.getLogger("okhttp3.mockwebserver.MockWebServer"),
          Logger.getLogger("mockwebserver3.MockWebServer"));

  static {
    // The server warns of broken connections, and these tests break them on purpose.
    SERVER_LOGS.forEach(log -> log.setLevel(Level.OFF));
  }

  final MockWebServer server = new MockWebServer();

  static MockResponse rotated() {
    return json(ROTATED);
  }

  static MockResponse json(String body) {
    return new MockResponse().setHeader("Content-Type", "application/json").setBody(body);
  }

  static MockResponse status(int status) {
    return new MockResponse().setResponseCode(status);
  }

  /** Reads the request and closes the connection. */
  static MockResponse disconnect() {
    return new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST);
  }

  /** Reads the request and keeps the connection open. */
  static MockResponse silence() {
    return new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE);
  }

  /** Responds to the next requests, in this order. */
  Provider enqueue(MockResponse... responses) {
    List.of(responses).forEach(server::enqueue);
    return this;
  }

  /** Responds to every request. */
  void respond(Function<RecordedRequest, MockResponse> responses) {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return responses.apply(request);
          }
        });
  }

  int requestCount() {
    return server.getRequestCount();
  }

  RecordedRequest takeRequest() throws InterruptedException {
    RecordedRequest request = server.takeRequest(10, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("no request arrived");
    }
    return request;
  }

  String url(String path) {
    return server.url(path).toString();
  }

  AccessTokensClient.Builder builder() {
    return AccessTokensClient.builder()
        .credentials(Credentials.apiToken("api-token"))
        .baseUrl(url("/client/v4/"));
  }

  AccessTokensClient client() {
    return builder().build();
  }

  AccessTokensClient client(Interceptor interceptor) {
    return builder()
        .httpClient(new OkHttpClient.Builder().addInterceptor(interceptor).build())
        .build();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
