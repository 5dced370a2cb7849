package io.github.accesstokens;

import static io.github.accesstokens.Provider.ROTATION;
import static io.github.accesstokens.Provider.rotated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.mockwebserver.MockWebServer;
import okio.Buffer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Interceptors that write the body of a rotation themselves, as loggers do. */
@Timeout(30)
class TransmissionTest {
  private static final Rotation WITH_BODY =
      ROTATION.withPreviousSecretExpiresAt(OffsetDateTime.parse("2999-01-01T00:00:00Z"));
  private static final String BODY =
      """
      {"previous_client_secret_expires_at":"2999-01-01T00:00:00Z"}""";

  @AutoClose private final Provider provider = new Provider();
  private final List<String> logged = new ArrayList<>();

  @Test
  void loggedBodyAndFailedConnection_areNotApplied() throws IOException {
    assertNotSent(provider.unreachable().httpClient(Provider.http(this::log)));
  }

  @Test
  void loggedBodyAndFailureOnTheConnection_areNotApplied() {
    Interceptor failing =
        chain -> {
          log(chain.request().body());
          throw new IOException("before the request");
        };
    OkHttpClient http = new OkHttpClient.Builder().addNetworkInterceptor(failing).build();
    assertNotSent(provider.builder().httpClient(http));
    assertThat(provider.requestCount()).isZero();
  }

  private void assertNotSent(AccessTokensClient.Builder builder) {
    AccessTokensClient client = builder.maxRetries(0).build();
    assertThatThrownBy(() -> client.rotate(WITH_BODY))
        .isInstanceOf(RotationNotAppliedException.class)
        .hasFieldOrPropertyWithValue("reason", RotationNotAppliedException.Reason.NOT_SENT);
    assertThat(logged).containsExactly(BODY);
  }

  @Test
  void loggedBody_isStillSent() throws Exception {
    provider.enqueue(rotated());
    provider.client(this::log).rotate(WITH_BODY);
    assertThat(logged).containsExactly(BODY);
    assertThat(provider.takeRequest().getBody().readUtf8()).isEqualTo(BODY);
  }

  @Test
  void ownBody_isLoggedAndSent() throws Exception {
    provider.enqueue(rotated());
    provider.client(LoggingInterceptor.bodies(logged::add)).rotate(WITH_BODY);
    assertThat(logged).contains(BODY);
    assertThat(provider.takeRequest().getBody().readUtf8()).isEqualTo(BODY);
  }

  @Test
  void oneShotBodyOfAnInterceptor_isSentAndNotLogged() throws Exception {
    provider.enqueue(rotated());
    RequestBody replacement =
        new OneShotBody(RequestBody.create("{\"once\":1}", null), () -> logged.add("written"));
    Interceptor replacing =
        chain -> chain.proceed(chain.request().newBuilder().post(replacement).build());
    OkHttpClient http = Provider.http(replacing, LoggingInterceptor.bodies(logged::add));
    provider.builder().httpClient(http).build().rotate(ROTATION);
    assertThat(logged).containsOnlyOnce("written").noneMatch(line -> line.contains("once"));
    assertThat(provider.takeRequest().getBody().readUtf8()).isEqualTo("{\"once\":1}");
  }

  /** Another frame of an HTTP/2 connection may have flushed the headers. */
  @ParameterizedTest
  @CsvSource({
    "HTTP_1_1, RotationNotAppliedException",
    "H2_PRIOR_KNOWLEDGE, RotationUnknownException"
  })
  void failureAfterTheHeaders_isUnknownWithHttp2(Protocol protocol, String outcome)
      throws IOException {
    EventListener failing =
        new EventListener() {
          @Override
          public void requestHeadersEnd(Call call, Request request) {
            throw new IllegalStateException("after the headers");
          }
        };
    OkHttpClient http =
        new OkHttpClient.Builder().protocols(List.of(protocol)).eventListener(failing).build();
    try (MockWebServer server = new MockWebServer()) {
      server.setProtocols(List.of(protocol));
      server.start();
      AccessTokensClient client =
          provider.builder().baseUrl(server.url("/").toString()).httpClient(http).build();
      assertThatThrownBy(() -> client.rotate(ROTATION))
          .extracting(e -> e.getClass().getSimpleName())
          .isEqualTo(outcome);
    }
  }

  private Response log(Interceptor.Chain chain) throws IOException {
    log(chain.request().body());
    return chain.proceed(chain.request());
  }

  private void log(RequestBody body) throws IOException {
    Buffer written = new Buffer();
    body.writeTo(written);
    logged.add(written.readUtf8());
  }
}
