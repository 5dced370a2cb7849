package io.github.accesstokens;

import io.github.accesstokens.api.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.QueueDispatcher;
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
          Logger.getLogger("okhttp3.OkHttpClient"),
          Logger.getLogger("okhttp3.mockwebserver.MockWebServer"),
          Logger.getLogger("mockwebserver3.MockWebServer"));

  static {
    // The server warns of broken connections, and these tests break them on purpose.
    SERVER_LOGS.forEach(log -> log.setLevel(Level.OFF));
  }

  final MockWebServer server = new MockWebServer();
  private final Socket unreachable = new Socket();

  Provider() {
    // A request without a response gets 404, instead of a wait for the end of the test.
    QueueDispatcher queue = new QueueDispatcher();
    queue.setFailFast(true);
    server.setDispatcher(queue);
  }

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
  void enqueue(MockResponse... responses) {
    List.of(responses).forEach(server::enqueue);
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

  /** Responds to every request when the test completes the response. */
  CompletableFuture<MockResponse> respondLater() {
    CompletableFuture<MockResponse> response = new CompletableFuture<>();
    respond(request -> response.join());
    return response;
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

  /** Returns a client for a port that is bound, so that it is nobody else's, and not listening. */
  AccessTokensClient.Builder unreachable() throws IOException {
    unreachable.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return builder().baseUrl("http://127.0.0.1:" + unreachable.getLocalPort());
  }

  AccessTokensClient client(Interceptor interceptor) {
    return builder().httpClient(http(interceptor)).build();
  }

  /** Returns an HTTP client with interceptors that run in this order. */
  static OkHttpClient http(Interceptor... interceptors) {
    OkHttpClient.Builder http = new OkHttpClient.Builder();
    List.of(interceptors).forEach(http::addInterceptor);
    return http.build();
  }

  @Override
  public void close() throws IOException {
    unreachable.close();
    server.close();
  }
}
