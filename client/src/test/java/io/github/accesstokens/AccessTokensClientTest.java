package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import retrofit2.Response;

class AccessTokensClientTest {
  private static final String ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
  private static final String TOKEN = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
  private static final String ROTATED =
      "{\"errors\":[],\"messages\":[],\"success\":true,\"result\":{\"client_secret\":\"new-secret\"}}";
  private static final String REFUSED =
      "{\"errors\":[{\"code\":7003,\"message\":\"No route for the URI\"}],\"messages\":[],"
          + "\"success\":false,\"result\":null}";

  // Kept, since java.util.logging forgets the level of a logger that nobody refers to. The server
  // warns of connections that are cut on purpose.
  private static final Logger SERVER_LOG = Logger.getLogger(MockWebServer.class.getName());

  static {
    SERVER_LOG.setLevel(Level.SEVERE);
  }

  // Starts when it is asked for its address.
  @AutoClose private final MockWebServer server = new MockWebServer();

  @Test
  void rotationSendsTheDocumentedRequest() throws Exception {
    server.enqueue(new MockResponse().setBody(ROTATED));

    Rotated token = client(Credentials.apiToken("api-token")).rotate(ACCOUNT, TOKEN);

    assertThat(token.getClientSecret()).isEqualTo("new-secret");
    RecordedRequest request = server.takeRequest();
    assertThat(request.getRequestLine())
        .isEqualTo(
            "POST /client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/service_tokens"
                + "/f174e90a-fafe-4643-bbbc-4a0ed4fc8415/rotate HTTP/1.1");
    assertThat(request.getBodySize()).isZero();
    assertThat(request.getHeader("Content-Type")).isNull();
    assertThat(request.getHeader("Authorization")).isEqualTo("Bearer api-token");
    assertThat(request.getHeader("User-Agent")).startsWith("access-tokens-client/");
  }

  @Test
  void graceTimeIsSentAsTheBody() throws Exception {
    server.enqueue(new MockResponse().setBody(ROTATED));

    client(Credentials.apiEmailAndApiKey("user@example.com", "api-key"))
        .rotate(ACCOUNT, TOKEN, OffsetDateTime.parse("2999-12-01T10:00:00Z"));

    RecordedRequest request = server.takeRequest();
    assertThat(request.getBody().readUtf8())
        .isEqualTo("{\"previous_client_secret_expires_at\":\"2999-12-01T10:00:00Z\"}");
    assertThat(request.getHeader("Content-Type")).startsWith("application/json");
    assertThat(request.getHeader("X-Auth-Email")).isEqualTo("user@example.com");
    assertThat(request.getHeader("X-Auth-Key")).isEqualTo("api-key");
    assertThat(request.getHeader("Authorization")).isNull();
  }

  @Test
  void generatedInterfaceIsThereForAllElse() throws Exception {
    server.enqueue(new MockResponse().setResponseCode(201).setBody(ROTATED));

    Response<ServiceTokenEnvelope> response =
        client().serviceTokens().rotateServiceToken(ACCOUNT, TOKEN).execute();

    assertThat(response.code()).isEqualTo(201);
    assertThat(response.body()).extracting("result.clientSecret").isEqualTo("new-secret");
  }

  static Stream<Arguments> badIds() {
    return Stream.of(
        Arguments.of("", "must not be empty"),
        Arguments.of("a".repeat(37), "must have at most"),
        Arguments.of("a/b", "must not contain '/'"),
        Arguments.of("a?b", "must not contain '?'"),
        Arguments.of("a%2fb", "must not contain '%'"),
        Arguments.of("a#b", "must not contain '#'"),
        Arguments.of("..", "'..'"),
        Arguments.of(".", "'.'"),
        Arguments.of("a\nb", "control character at index 1"),
        Arguments.of("a\u0000b", "control character at index 1"));
  }

  @ParameterizedTest
  @MethodSource("badIds")
  void badIdIsNamedAndNothingIsSent(String id, String message) {
    AccessTokensClient client = client();
    assertThatThrownBy(() -> client.rotate(id, TOKEN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("account_id ")
        .hasMessageContaining(message);
    assertThatThrownBy(() -> client.rotate(ACCOUNT, id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("service_token_id ")
        .hasMessageContaining(message);
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void graceTimeInThePastIsNamedAndNothingIsSent() {
    AccessTokensClient client = client();
    assertThatThrownBy(
            () -> client.rotate(ACCOUNT, TOKEN, OffsetDateTime.parse("2014-01-01T05:20:00Z")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("previous_client_secret_expires_at is in the past");
    assertThat(server.getRequestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hush\nhush", "hush\r", "hush hush", "hush\u0000", "hush\u00e4"})
  void badCredentialIsNamedAndNotShown(String value) {
    assertThatThrownBy(() -> Credentials.apiToken(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("api_token ")
        .hasMessageNotContaining("hush");
    assertThatThrownBy(() -> Credentials.apiEmailAndApiKey(value, "key"))
        .hasMessageStartingWith("api_email ")
        .hasMessageNotContaining("hush");
    assertThatThrownBy(() -> Credentials.apiEmailAndApiKey("user@example.com", value))
        .hasMessageStartingWith("api_key ")
        .hasMessageNotContaining("hush");
  }

  @Test
  void credentialsAreNotShown() {
    assertThat(Credentials.apiToken("hush")).hasToString("Credentials{api_token=██}");
    assertThat(Credentials.apiEmailAndApiKey("hush", "hush"))
        .hasToString("Credentials{api_email=██, api_key=██}");
    assertThat(client().toString()).doesNotContain("api-token");
  }

  @ParameterizedTest
  @CsvSource({
    "http://api.example.com/, must be https",
    "http://127.0.0.1.example.com/, must be https",
    "http://localhost.example.com/, must be https",
    "ftp://example.com/, is not an http or https URL",
    "example.com, is not an http or https URL",
    "https://hush@example.com/, user info",
    "https://user:hush@example.com/, user info",
    "https://example.com/?token=hush, a query",
    "https://example.com/#hush, a fragment",
  })
  void badBaseUrlIsNamedAndNotShown(String url, String message) {
    assertThatThrownBy(() -> AccessTokensClient.builder().baseUrl(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("baseUrl ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:1/x",
        "http://127.1.2.3/",
        "http://[::1]/",
        "https://a.example/"
      })
  void goodBaseUrlIsTaken(String url) {
    AccessTokensClient.Builder builder = AccessTokensClient.builder();
    assertThat(builder.baseUrl(url)).isSameAs(builder);
  }

  @Test
  void exactlyOneSchemeIsNeeded() {
    assertThatThrownBy(() -> AccessTokensClient.builder().build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("credentials are missing");
    AccessTokensClient.Builder builder =
        AccessTokensClient.builder().credentials(Credentials.apiToken("a"));
    assertThatThrownBy(() -> builder.credentials(Credentials.apiToken("b")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("credentials are already given");
  }

  @ParameterizedTest
  @CsvSource({
    "'',   '',    '',    'CLOUDFLARE_API_TOKEN is not set, and neither are'",
    "hush, mail,  hush,  'CLOUDFLARE_API_TOKEN and CLOUDFLARE_API_KEY are both set'",
    "'',   mail,  '',    'CLOUDFLARE_API_KEY is not set'",
    "'',   '',    hush,  'CLOUDFLARE_EMAIL is not set'",
  })
  void environmentMustHoldExactlyOneScheme(String token, String email, String key, String message) {
    Map<String, String> variables =
        Map.of("CLOUDFLARE_API_TOKEN", token, "CLOUDFLARE_EMAIL", email, "CLOUDFLARE_API_KEY", key);
    assertThatThrownBy(() -> AccessTokensClient.builder().environment(variables))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("hush");
  }

  @Test
  void environmentGivesCredentialsAndBaseUrl() throws Exception {
    server.enqueue(new MockResponse().setBody(ROTATED));
    AccessTokensClient.builder()
        .environment(
            Map.of(
                "CLOUDFLARE_API_TOKEN",
                "from-environment",
                "CLOUDFLARE_BASE_URL",
                server.url("/client/v4").toString()))
        .build()
        .rotate(ACCOUNT, TOKEN);
    assertThat(server.takeRequest().getHeader("Authorization"))
        .isEqualTo("Bearer from-environment");
  }

  @Test
  void refusalIsNotApplied() {
    server.enqueue(
        new MockResponse().setResponseCode(404).setHeader("cf-ray", "ray").setBody(REFUSED));

    RotationNotAppliedException e =
        catchThrowableOfType(
            RotationNotAppliedException.class, () -> client().rotate(ACCOUNT, TOKEN));

    assertThat(e)
        .hasMessage("Not rotated: the provider responded with 404: No route for the URI (7003)");
    assertThat(e.getStatus()).isEqualTo(404);
    assertThat(e.getCfRay()).isEqualTo("ray");
    assertThat(e.getErrors()).singleElement().extracting("code").isEqualTo(7003);
  }

  @Test
  void refusalInHtmlIsNotAppliedEither() {
    server.enqueue(new MockResponse().setResponseCode(403).setBody("<html>no</html>"));
    RotationNotAppliedException e =
        catchThrowableOfType(
            RotationNotAppliedException.class, () -> client().rotate(ACCOUNT, TOKEN));
    assertThat(e.getStatus()).isEqualTo(403);
    assertThat(e.getErrors()).isEmpty();
  }

  @Test
  void unreachableProviderIsNotApplied() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    AccessTokensClient client =
        AccessTokensClient.builder()
            .credentials(Credentials.apiToken("api-token"))
            .baseUrl("http://127.0.0.1:" + closed)
            .build();
    assertThatThrownBy(() -> client.rotate(ACCOUNT, TOKEN))
        .isInstanceOf(RotationNotAppliedException.class)
        .hasMessageStartingWith("Not rotated: nothing was sent");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "<html></html>",
        "{\"errors\":[],\"messages\":[],\"success\":true}",
        "{\"errors\":[],\"messages\":[],\"success\":true,\"result\":{}}",
        "{\"errors\":[],\"messages\":[],\"success\":false,\"result\":{\"client_secret\":\"s\"}}",
        "{\"errors\":[],\"messages\":[],\"success\":true,\"result\":{\"client_secret\":1}}",
        "{\"errors\":[],\"messages\":[],\"success\":true,\"result\":{\"client_sec"
      })
  void successWithoutASecretIsUnknown(String body) {
    server.enqueue(new MockResponse().setBody(body));
    assertThatThrownBy(() -> client().rotate(ACCOUNT, TOKEN))
        .isInstanceOf(RotationUnknownException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 408, 500, 502, 503, 504})
  void nothingIsSentAgain(int status) {
    MockResponse answer =
        new MockResponse()
            .setResponseCode(status)
            .setHeader("Retry-After", "0")
            .setHeader("Location", "/elsewhere");
    server.enqueue(answer);
    server.enqueue(answer);

    assertThatThrownBy(() -> client().rotate(ACCOUNT, TOKEN))
        .isInstanceOf(RotationUnknownException.class);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void nothingIsSentAgainOnAStaleConnection() throws Exception {
    server.enqueue(new MockResponse().setBody(ROTATED));
    server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST));
    server.enqueue(new MockResponse().setBody(ROTATED));
    AccessTokensClient client = client();
    client.rotate(ACCOUNT, TOKEN);

    assertThatThrownBy(() -> client.rotate(ACCOUNT, TOKEN))
        .isInstanceOf(RotationUnknownException.class);
    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  @Test
  void silenceIsUnknown() {
    server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE));
    AccessTokensClient client = builder().callTimeout(Duration.ofMillis(200)).build();
    assertThatThrownBy(() -> client.rotate(ACCOUNT, TOKEN))
        .isInstanceOf(RotationUnknownException.class)
        .hasMessage(
            "Unknown whether rotated: no response arrived: timeout; if it was, the new secret is lost and"
                + " the previous one has expired; look at the token before you rotate again");
  }

  @Test
  void callersInterceptorsDoNotSeeCredentials() throws Exception {
    server.enqueue(new MockResponse().setBody(ROTATED));
    OkHttpClient own =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  assertThat(chain.request().header("Authorization")).isNull();
                  return chain.proceed(
                      chain.request().newBuilder().header("User-Agent", "own").build());
                })
            .build();
    builder().httpClient(own).build().rotate(ACCOUNT, TOKEN);
    assertThat(server.takeRequest().getHeader("User-Agent")).isEqualTo("own");
  }

  @Test
  void callersEventListenersWatchTheWire() throws Exception {
    server.enqueue(new MockResponse().setBody(ROTATED));
    List<String> seen = new ArrayList<>();
    OkHttpClient own =
        new OkHttpClient.Builder()
            .eventListener(
                new EventListener() {
                  @Override
                  public void requestHeadersEnd(Call call, Request request) {
                    seen.add(String.valueOf(request.header("Authorization")));
                    seen.add(String.valueOf(call.request().header("Authorization")));
                  }
                })
            .build();
    builder().httpClient(own).build().rotate(ACCOUNT, TOKEN);
    assertThat(seen).containsExactly("Bearer api-token", "null");
  }

  @Test
  void credentialsDoNotGoToAnotherHost() throws IOException {
    try (MockWebServer other = new MockWebServer()) {
      other.start();
      OkHttpClient own =
          new OkHttpClient.Builder()
              .addInterceptor(
                  chain -> chain.proceed(chain.request().newBuilder().url(other.url("/")).build()))
              .build();
      AccessTokensClient client = builder().httpClient(own).build();
      assertThatThrownBy(() -> client.rotate(ACCOUNT, TOKEN))
          .isInstanceOf(RotationNotAppliedException.class);
      assertThat(other.getRequestCount()).isZero();
    }
  }

  @Test
  void timeoutBeforeTheRequestIsNotApplied() throws IOException {
    // Takes connections, but never answers the TLS handshake.
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      AccessTokensClient client =
          AccessTokensClient.builder()
              .credentials(Credentials.apiToken("api-token"))
              .baseUrl("https://localhost:" + silent.getLocalPort())
              .callTimeout(Duration.ofMillis(200))
              .build();
      assertThatThrownBy(() -> client.rotate(ACCOUNT, TOKEN))
          .isInstanceOf(RotationNotAppliedException.class)
          .hasMessage("Not rotated: nothing was sent: timeout");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S"})
  void timeoutsMustBePositive(Duration timeout) {
    assertThatThrownBy(() -> AccessTokensClient.builder().callTimeout(timeout))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("callTimeout ");
    assertThatThrownBy(() -> AccessTokensClient.builder().connectTimeout(timeout))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("connectTimeout ");
  }

  private AccessTokensClient client() {
    return client(Credentials.apiToken("api-token"));
  }

  private AccessTokensClient client(Credentials credentials) {
    return AccessTokensClient.builder()
        .credentials(credentials)
        .baseUrl(server.url("/client/v4/").toString())
        .build();
  }

  private AccessTokensClient.Builder builder() {
    return AccessTokensClient.builder()
        .credentials(Credentials.apiToken("api-token"))
        .baseUrl(server.url("/client/v4/").toString());
  }
}
