package io.github.accesstokens;

import static io.github.accesstokens.Provider.ACCOUNT;
import static io.github.accesstokens.Provider.ROTATED;
import static io.github.accesstokens.Provider.ROTATION;
import static io.github.accesstokens.Provider.TOKEN;
import static io.github.accesstokens.Provider.disconnect;
import static io.github.accesstokens.Provider.json;
import static io.github.accesstokens.Provider.rotated;
import static io.github.accesstokens.Provider.silence;
import static io.github.accesstokens.Provider.status;
import static io.github.accesstokens.RotationNotAppliedException.Reason.HANDOVER_NOT_READY;
import static io.github.accesstokens.RotationNotAppliedException.Reason.NOT_SENT;
import static io.github.accesstokens.RotationNotAppliedException.Reason.OVERLAPPING;
import static io.github.accesstokens.RotationNotAppliedException.Reason.REFUSED;
import static io.github.accesstokens.RotationUnknownException.Reason.CONTRADICTORY;
import static io.github.accesstokens.RotationUnknownException.Reason.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.accesstokens.model.ServiceToken;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.SocketPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Response;

/** A call sends one request, retries only when that is safe, and reports the right outcome. */
@Timeout(30)
class RotationCallTest {
  private static final InetAddress LOOPBACK = address(1);

  @AutoClose private final Provider provider = new Provider();
  private final List<Request> requests = new ArrayList<>();

  @Nested
  class SentOnce {
    @Test
    void everyRotation_hasAOneShotBody() throws Exception {
      provider.enqueue(rotated(), rotated());
      OffsetDateTime later = OffsetDateTime.parse("2999-01-01T00:00:00Z");
      AccessTokensClient client = provider.client(RotationCallTest.this::record);
      client.rotate(ROTATION);
      client.rotate(ROTATION.withPreviousSecretExpiresAt(later));
      assertThat(requests).hasSize(2).allMatch(request -> request.body().isOneShot());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 408, 500, 502, 503, 504})
    void unknownStatus_isNotSentAgain(int status) {
      MockResponse response =
          status(status).setHeader("Retry-After", "0").setHeader("Location", "/elsewhere");
      provider.enqueue(response, response);
      assertUnknown(provider.client());
      assertThat(provider.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 407, 408, 421, 503})
    void followUpOfTheHttpClient_isNotSent(int status) {
      provider.enqueue(
          status(status)
              .setHeader("Retry-After", "0")
              .setHeader("WWW-Authenticate", "Basic realm=\"x\"")
              .setHeader("Proxy-Authenticate", "Basic realm=\"x\""),
          rotated());
      OkHttpClient http =
          new OkHttpClient.Builder()
              .authenticator((route, response) -> response.request())
              .proxyAuthenticator((route, response) -> response.request())
              .build();
      AccessTokensClient client = provider.builder().httpClient(http).maxRetries(0).build();
      assertThatThrownBy(() -> client.rotate(ROTATION)).isInstanceOf(RotationException.class);
      assertThat(provider.requestCount()).isEqualTo(1);
    }

    @Test
    void connectionThatEndsAfterTheRequest_isNotReplaced() {
      provider.enqueue(disconnect(), rotated());
      assertUnknown(provider.client());
      assertThat(provider.requestCount()).isEqualTo(1);
    }

    @Test
    void unreachableAddress_nextOneIsUsed() throws Exception {
      provider.server.start(LOOPBACK, 0);
      provider.enqueue(rotated());
      AccessTokensClient client =
          provider
              .builder()
              .baseUrl("http://localhost:" + provider.server.getPort())
              .httpClient(httpWithAddresses(address(77), LOOPBACK))
              .maxRetries(0)
              .build();
      assertThat(client.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
    }

    @Test
    void requestLostAtOneAddress_isNotSentToTheNext() {
      provider.enqueue(disconnect(), rotated());
      OkHttpClient http = httpWithAddresses(LOOPBACK, LOOPBACK);
      assertUnknown(provider.builder().httpClient(http).build());
      assertThat(provider.requestCount()).isEqualTo(1);
    }

    private static OkHttpClient httpWithAddresses(InetAddress... addresses) {
      return new OkHttpClient.Builder().dns(host -> List.of(addresses)).build();
    }
  }

  @Nested
  class Interceptors {
    @Test
    void retryAfterAFailure_sendsNothing() {
      provider.enqueue(disconnect(), rotated());
      assertUnknown(
          provider.client(
              chain -> {
                try {
                  return chain.proceed(chain.request());
                } catch (IOException e) {
                  return chain.proceed(chain.request());
                }
              }));
      assertThat(provider.requestCount()).isEqualTo(1);
    }

    @Test
    void retryAfterAResponse_sendsNothingAndTheResponseCounts() {
      provider.enqueue(status(503), rotated());
      AccessTokensClient client =
          provider.client(
              chain -> {
                chain.proceed(chain.request()).close();
                return chain.proceed(chain.request());
              });
      assertThat(assertUnknown(client).getStatus()).isEqualTo(503);
      assertThat(provider.requestCount()).isEqualTo(1);
    }

    @Test
    void replacedBody_isNotSentAgain() {
      provider.enqueue(disconnect(), rotated());
      Interceptor replacing =
          chain -> chain.proceed(chain.request().newBuilder().post(emptyBody()).build());
      OkHttpClient http =
          new OkHttpClient.Builder()
              .addInterceptor(replacing)
              .addNetworkInterceptor(RotationCallTest.this::record)
              .build();
      AccessTokensClient client = provider.builder().httpClient(http).build();
      assertUnknown(client);
      assertThat(provider.requestCount()).isEqualTo(1);
      assertThat(requests).as("attempts of OkHttp").hasSize(1);
    }

    @Test
    void newRequest_isSentOnceWithCredentials() throws Exception {
      provider.enqueue(rotated());
      AccessTokensClient client =
          provider.client(
              chain -> {
                Request request =
                    new Request.Builder().url(chain.request().url()).post(emptyBody()).build();
                chain.proceed(request).close();
                return chain.proceed(request);
              });
      assertThat(client.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
      assertThat(provider.requestCount()).isEqualTo(1);
      assertThat(provider.takeRequest().getHeader("Authorization")).isEqualTo("Bearer api-token");
    }

    @Test
    void failureAfterTheResponse_keepsTheOutcome() throws Exception {
      provider.enqueue(rotated(), rotated());
      AccessTokensClient buggy =
          provider.client(
              chain -> {
                chain.proceed(chain.request()).close();
                throw new IllegalStateException("a bug");
              });
      assertThat(buggy.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
      AccessTokensClient broken =
          provider.client(
              chain -> {
                chain.proceed(chain.request()).close();
                throw new AssertionError("an error");
              });
      assertThat(broken.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
    }

    @Test
    void failureBeforeTheRequest_isNotApplied() {
      AccessTokensClient client =
          provider.client(
              chain -> {
                throw new IllegalStateException("a bug");
              });
      assertThatThrownBy(() -> client.rotate(ROTATION))
          .isInstanceOf(RotationNotAppliedException.class)
          .hasRootCauseMessage("a bug");
    }

    @Test
    void ownResponse_countsAsTheProviders() throws Exception {
      AccessTokensClient client =
          provider.client(
              chain ->
                  new okhttp3.Response.Builder()
                      .request(chain.request())
                      .protocol(Protocol.HTTP_1_1)
                      .code(200)
                      .message("OK")
                      .body(ResponseBody.create(ROTATED, null))
                      .build());
      assertThat(client.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
      assertThat(provider.requestCount()).isZero();
    }

    private static RequestBody emptyBody() {
      return RequestBody.create(new byte[0], null);
    }
  }

  @Nested
  class Http2 {
    private static final int INTERNAL_ERROR = 2;
    private static final int REFUSED_STREAM = 7;
    private static final List<Protocol> PROTOCOLS = List.of(Protocol.H2_PRIOR_KNOWLEDGE);

    // Sends no body: a frame of it could reach the closed stream first, and the server would reset
    // the
    // stream with another code.
    private final OkHttpClient http =
        new OkHttpClient.Builder()
            .protocols(PROTOCOLS)
            .addInterceptor(chain -> chain.proceed(chain.request().newBuilder().get().build()))
            .build();

    @BeforeEach
    void speakHttp2() {
      provider.server.setProtocols(PROTOCOLS);
    }

    @Test
    void refusedStream_isNotApplied() {
      provider.enqueue(reset(REFUSED_STREAM));
      AccessTokensClient client = provider.builder().httpClient(http).maxRetries(0).build();
      RotationNotAppliedException e = assertNotApplied(client, REFUSED);
      assertThat(e.isRetryable()).isTrue();
    }

    @Test
    void refusedStream_isRetried() throws Exception {
      provider.enqueue(reset(REFUSED_STREAM), rotated());
      AccessTokensClient client = provider.builder().httpClient(http).build();
      assertThat(client.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
    }

    @Test
    void otherReset_isUnknown() {
      provider.enqueue(reset(INTERNAL_ERROR));
      assertUnknown(provider.builder().httpClient(http).build());
    }

    private static MockResponse reset(int errorCode) {
      return new MockResponse()
          .setSocketPolicy(SocketPolicy.RESET_STREAM_AT_START)
          .setHttp2ErrorCode(errorCode);
    }
  }

  @Nested
  class Retries {
    @Test
    void temporaryRefusal_isRetried() throws Exception {
      provider.enqueue(status(429).setHeader("Retry-After", "0"), rotated());
      assertThat(provider.client().rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
    }

    @Test
    void permanentRefusal_isNotRetried() {
      provider.enqueue(status(403), rotated());
      assertNotApplied(provider.client(), REFUSED);
      assertThat(provider.requestCount()).isEqualTo(1);
    }

    @Test
    void repeatedRefusal_isRetriedAsOftenAsAllowed() {
      MockResponse refused = status(409).setHeader("Retry-After", "0");
      provider.enqueue(refused, refused, refused);
      RotationNotAppliedException e =
          assertNotApplied(provider.builder().maxRetries(1).build(), REFUSED);
      assertThat(e.getRetryAfter()).isEqualTo(Duration.ZERO);
      assertThat(provider.requestCount()).isEqualTo(2);
    }

    @Test
    void failedConnection_isNotAppliedAndRetried() throws Exception {
      OkHttpClient http = Provider.http(RotationCallTest.this::record);
      AccessTokensClient client = provider.unreachable().httpClient(http).maxRetries(1).build();
      RotationNotAppliedException e = assertNotApplied(client, NOT_SENT);
      assertThat(e).hasMessageStartingWith("Not rotated: nothing was sent");
      assertThat(e.isRetryable()).isTrue();
      assertThat(requests).hasSize(2);
    }

    @Test
    void unknownOutcome_isRepeatedOnlyIfAllowed() throws Exception {
      provider.enqueue(disconnect(), status(500), rotated());
      AccessTokensClient client = provider.client();
      assertUnknown(client);
      assertThat(provider.requestCount()).isEqualTo(1);
      assertThat(client.rotate(ROTATION.withRepeatsAfterUnknown(1)).getClientSecret())
          .isEqualTo("new-secret");
      assertThat(provider.requestCount()).isEqualTo(3);
    }

    @Test
    void refusedRepeat_leavesTheOutcomeUnknown() {
      provider.enqueue(disconnect(), status(403));
      AccessTokensClient client = provider.client();
      assertThatThrownBy(() -> client.rotate(ROTATION.withRepeatsAfterUnknown(1)))
          .isInstanceOf(RotationUnknownException.class)
          .satisfies(
              e ->
                  assertThat(e.getSuppressed())
                      .singleElement()
                      .isInstanceOf(RotationNotAppliedException.class));
    }
  }

  @Nested
  class Cancellations {
    @Test
    void cancelDuringTheWaitForARetry_isNotApplied() throws Exception {
      provider.enqueue(status(429).setHeader("Retry-After", "60"));
      CountDownLatch responded = new CountDownLatch(1);
      CompletableFuture<Rotated> future = clientThatWaits(responded).rotateAsync(ROTATION);
      assertThat(responded.await(10, TimeUnit.SECONDS)).as("response arrived").isTrue();
      future.cancel(true);
      assertThat(failureOf(future))
          .isInstanceOf(RotationNotAppliedException.class)
          .hasFieldOrPropertyWithValue("reason", RotationNotAppliedException.Reason.CANCELLED);
      assertThat(provider.requestCount()).isEqualTo(1);
    }

    @Test
    void interruptDuringTheWaitForARetry_isNotAppliedAndKept() throws Exception {
      provider.enqueue(status(429).setHeader("Retry-After", "60"));
      CountDownLatch responded = new CountDownLatch(1);
      AccessTokensClient client = clientThatWaits(responded);
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                failure.complete(catchThrowable(() -> client.rotate(ROTATION)));
                interrupted.complete(Thread.interrupted());
              });
      thread.start();
      assertThat(responded.await(10, TimeUnit.SECONDS)).as("response arrived").isTrue();
      thread.interrupt();
      assertThat(failure.get()).isInstanceOf(RotationNotAppliedException.class);
      assertThat(interrupted.get()).isTrue();
      assertThat(provider.requestCount()).isEqualTo(1);
    }

    @Test
    void cancelBeforeTheRequest_isNotApplied() {
      Call<Rotated> call = provider.client().newCall(ROTATION);
      call.cancel();
      assertThat(call.isCanceled()).isTrue();
      assertThatThrownBy(call::execute).isInstanceOf(RotationNotAppliedException.class);
      assertThat(provider.requestCount()).isZero();
    }

    @Test
    void cancelAfterTheRequest_isUnknown() throws Exception {
      provider.enqueue(silence(), silence());
      AccessTokensClient client = provider.client();

      CompletableFuture<Rotated> future = client.rotateAsync(ROTATION);
      provider.takeRequest();
      assertThat(future.cancel(true)).isFalse();
      assertCancelledUnknown(failureOf(future));

      Call<Rotated> call = client.newCall(ROTATION);
      CompletableFuture<Rotated> enqueued = enqueue(call);
      provider.takeRequest();
      call.cancel();
      assertCancelledUnknown(failureOf(enqueued));
    }

    private static void assertCancelledUnknown(@Nullable Throwable failure) {
      assertThat(failure)
          .isInstanceOf(RotationUnknownException.class)
          .hasFieldOrPropertyWithValue("reason", RotationUnknownException.Reason.CANCELLED);
    }

    /** Waits for minutes before a retry. Reports when a response arrived. */
    private AccessTokensClient clientThatWaits(CountDownLatch responded) {
      OkHttpClient http =
          Provider.http(
              chain -> {
                okhttp3.Response response = chain.proceed(chain.request());
                responded.countDown();
                return response;
              });
      return provider.builder().httpClient(http).retryTimeout(Duration.ofMinutes(5)).build();
    }
  }

  @Nested
  class Overlap {
    @Test
    void secondRotationOfAToken_isRefusedUntilTheFirstEnds() throws Exception {
      CompletableFuture<MockResponse> response = provider.respondLater();
      CompletableFuture<Rotated> first = provider.client().rotateAsync(ROTATION);
      provider.takeRequest();

      AccessTokensClient other = provider.client();
      assertThatThrownBy(() -> other.rotate(Rotation.of(ACCOUNT, TOKEN.toUpperCase(Locale.ROOT))))
          .isInstanceOf(RotationNotAppliedException.class)
          .hasFieldOrPropertyWithValue("reason", OVERLAPPING)
          .hasMessageContaining("another rotation of this service token is in progress");
      response.complete(rotated());
      assertThat(first.get().getClientSecret()).isEqualTo("new-secret");
      assertThat(other.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
    }
  }

  @Nested
  class WaysOfCalling {
    @Test
    void callbackAndFuture_getEachOutcome() throws Exception {
      provider.enqueue(rotated(), status(403), json("{}"), rotated(), status(403));
      AccessTokensClient client = provider.client();

      CompletableFuture<ServiceTokenEnvelope> generated =
          enqueue(client.serviceTokens().rotateServiceToken(ACCOUNT, TOKEN));
      assertThat(generated.get()).extracting("result.clientSecret").isEqualTo("new-secret");
      assertThat(failureOf(enqueue(client.newCall(ROTATION))))
          .isInstanceOf(RotationNotAppliedException.class);
      assertThat(failureOf(enqueue(client.newCall(ROTATION))))
          .isInstanceOf(RotationUnknownException.class);

      assertThat(client.rotateAsync(ROTATION).get().getClientSecret()).isEqualTo("new-secret");
      assertThat(failureOf(client.rotateAsync(ROTATION)))
          .isInstanceOf(RotationNotAppliedException.class);
    }

    @Test
    void executorThatIsShutDown_isNotApplied() {
      OkHttpClient http = new OkHttpClient();
      http.dispatcher().executorService().shutdown();
      AccessTokensClient client = provider.builder().httpClient(http).build();
      assertThat(failureOf(client.rotateAsync(ROTATION)))
          .isInstanceOf(RotationNotAppliedException.class);
    }

    @Test
    void call_isExecutedOnceAndItsCloneAgain() throws Exception {
      provider.enqueue(rotated(), rotated());
      Call<Rotated> call = provider.client().newCall(ROTATION);
      assertThat(call.isExecuted()).isFalse();
      assertThat(call.execute().body()).isNotNull();
      assertThat(call.isExecuted()).isTrue();
      assertThat(call.isCanceled()).isFalse();
      assertThatThrownBy(call::execute).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> enqueue(call)).isInstanceOf(IllegalStateException.class);
      assertThat(call.clone().execute().isSuccessful()).isTrue();
    }

    @Test
    void requestAndResponse_showNoCredentials() throws Exception {
      provider.enqueue(rotated());
      Call<Rotated> call = provider.client().newCall(ROTATION);
      Response<Rotated> response = call.execute();
      for (Request request :
          List.of(
              call.request(),
              response.raw().request(),
              response.raw().newBuilder().build().request())) {
        assertThat(request.headers().toString()).doesNotContainIgnoringCase("authorization");
      }
      assertThat(provider.takeRequest().getHeader("Authorization")).isEqualTo("Bearer api-token");
    }

    @Test
    void malformedResponse_isNotQuoted() {
      provider.enqueue(new MockResponse().setStatus("hush"));
      assertThat(assertUnknown(provider.client()))
          .hasMessageContaining("no response arrived: ProtocolException")
          .hasStackTraceContaining("okhttp3")
          .cause()
          .hasMessage("ProtocolException")
          .hasNoCause();
    }
  }

  @Nested
  class Handovers {
    @Test
    void handover_getsTheSecretBeforeTheCallReturns() throws Exception {
      provider.enqueue(rotated());
      Recorder handover = new Recorder(null);
      Rotated rotated = provider.client().rotate(ROTATION.withHandover(handover));
      assertThat(handover.steps).containsExactly("prepared", "received new-secret", "closed");
      assertThat(rotated.getClientSecret()).isEqualTo("new-secret");
    }

    @Test
    void handoverThatIsNotReady_isNotApplied() {
      IOException failure = new IOException("disk full");
      IllegalStateException bug = new IllegalStateException();
      assertNotReady(failure, () -> Recorder.fail(failure));
      assertNotReady(bug, () -> Recorder.fail(bug));
      assertThat(provider.requestCount()).isZero();
    }

    private void assertNotReady(Exception cause, Handover handover) {
      assertThatThrownBy(() -> provider.client().rotate(ROTATION.withHandover(handover)))
          .isInstanceOf(RotationNotAppliedException.class)
          .hasFieldOrPropertyWithValue("reason", HANDOVER_NOT_READY)
          .hasMessageNotContaining("null")
          .hasCause(cause);
    }

    @Test
    void failedHandover_leavesTheSecretToTheCaller() {
      provider.enqueue(rotated());
      Recorder handover = new Recorder(new IOException("disk full"));
      HandoverException e = failed(handover);
      assertThat(e.getStatus()).isEqualTo(200);
      assertThat(e).hasMessage("Rotated, but the handover failed: disk full");
      assertThat(e.getRotated().getClientSecret()).isEqualTo("new-secret");
      assertThat(handover.steps).containsExactly("prepared", "closed");
    }

    @Test
    void failureThatShowsTheSecret_isNotQuoted() {
      provider.enqueue(rotated());
      HandoverException e =
          failed(new Recorder(new IOException("no room", new IOException("for new-secret"))));
      assertThat(e).hasNoCause().hasMessageEndingWith(": java.io.IOException");
    }

    private HandoverException failed(Handover handover) {
      return catchThrowableOfType(
          HandoverException.class, () -> provider.client().rotate(ROTATION.withHandover(handover)));
    }

    @Test
    void refusedRotation_closesTheHandover() {
      provider.enqueue(status(403));
      Recorder handover = new Recorder(null);
      assertThatThrownBy(() -> provider.client().rotate(ROTATION.withHandover(handover)))
          .isInstanceOf(RotationNotAppliedException.class);
      assertThat(handover.steps).containsExactly("prepared", "closed");
    }

    @Test
    void unprovenSecret_isHandedOverApart() {
      provider.enqueue(rotated().setResponseCode(502));
      Recorder handover = new Recorder(null);
      RotationUnknownException e = unknown(handover);
      assertThat(handover.steps)
          .containsExactly("prepared", "received unproven new-secret", "closed");
      assertThat(e.getKeptIn()).isEqualTo("the recorder");
      assertThat(e)
          .hasMessageContaining("perhaps the one in the response, which is kept in the recorder,");
      assertThat(e.getReason()).isEqualTo(CONTRADICTORY);
      assertThat(e.getStatus()).isEqualTo(502);
      assertThat(e.getServiceToken()).extracting("clientSecret").isEqualTo("new-secret");
    }

    @Test
    void unprovenSecretOfAnEarlierAttempt_isHandedOver() {
      provider.enqueue(rotated().setResponseCode(502), disconnect());
      Recorder handover = new Recorder(null);
      RotationUnknownException e =
          catchThrowableOfType(
              RotationUnknownException.class,
              () ->
                  provider
                      .client()
                      .rotate(ROTATION.withHandover(handover).withRepeatsAfterUnknown(1)));
      assertThat(provider.requestCount()).isEqualTo(2);
      assertThat(handover.steps)
          .containsExactly("prepared", "received unproven new-secret", "closed");
      assertThat(e.getServiceToken()).isNull();
      assertThat(e)
          .hasMessageContaining("perhaps the one in an earlier response, which is kept in the rec");
    }

    @Test
    void severalUnprovenSecrets_areAllHandedOver() {
      String twice = "\"client_secret\":\"other-secret\",\"client_secret\"";
      provider.enqueue(json(ROTATED.replace("\"client_secret\"", twice)));
      Recorder handover = new Recorder(null);
      assertThat(unknown(handover).getKeptIn()).isEqualTo("the recorder and the recorder");
      assertThat(handover.steps)
          .containsExactly(
              "prepared",
              "received unproven other-secret",
              "received unproven new-secret",
              "closed");
    }

    @Test
    void unprovenSecretThatIsNotKept_isStillUnknown() {
      provider.enqueue(rotated().setResponseCode(502), rotated().setResponseCode(502));
      IOException failure = new IOException("disk full");
      RotationUnknownException e = unknown(new Recorder(failure));
      assertThat(e.getKeptIn()).isNull();
      assertThat(e).hasSuppressedException(failure).hasMessageNotContaining("is kept");
      RotationUnknownException shown = unknown(new Recorder(new IOException("no new-secret")));
      assertThat(shown.getSuppressed()).isEmpty();
    }

    @Test
    void unknownOutcomeWithoutASecret_handsNothingOver() {
      provider.enqueue(disconnect());
      Recorder handover = new Recorder(null);
      assertThat(unknown(handover).getKeptIn()).isNull();
      assertThat(handover.steps).containsExactly("prepared", "closed");
    }

    @Test
    void handoverInUse_isOverlapping() {
      HandoverInUseException failure = new HandoverInUseException("process 1 writes it");
      assertThatThrownBy(
              () -> provider.client().rotate(ROTATION.withHandover(() -> Recorder.fail(failure))))
          .isInstanceOf(RotationNotAppliedException.class)
          .hasFieldOrPropertyWithValue("reason", OVERLAPPING)
          .hasFieldOrPropertyWithValue("retryable", true)
          .hasMessageEndingWith("the handover is in use: process 1 writes it");
      assertThat(provider.requestCount()).isZero();
    }

    private RotationUnknownException unknown(Handover handover) {
      return catchThrowableOfType(
          RotationUnknownException.class,
          () -> provider.client().rotate(ROTATION.withHandover(handover)));
    }
  }

  @Nested
  class Timeouts {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void callTimeoutWithoutAResponse_isUnknown() throws Exception {
      AccessTokensClient client = warm(provider.builder().callTimeout(SHORT));
      provider.enqueue(silence());
      assertThat(assertUnknown(client))
          .hasFieldOrPropertyWithValue("reason", TIMEOUT)
          .hasMessage(
              "Unknown whether rotated: no response arrived: timeout; if the token was rotated, the"
                  + " new secret is lost and the previous one has expired; look at the token before"
                  + " you rotate again");
    }

    @Test
    void timeoutOfOneCall_isUnknown() throws Exception {
      AccessTokensClient client = warm(provider.builder());
      provider.enqueue(silence());
      Call<Rotated> call = client.newCall(ROTATION);
      call.timeout().timeout(SHORT.toMillis(), TimeUnit.MILLISECONDS);
      assertThatThrownBy(call::execute)
          .isInstanceOf(RotationUnknownException.class)
          .hasFieldOrPropertyWithValue("reason", TIMEOUT);
    }

    @Test
    void endlessResponse_isUnknownAfterTheCallersOwnLimit() throws Exception {
      OkHttpClient http = new OkHttpClient.Builder().callTimeout(SHORT).build();
      AccessTokensClient client = warm(provider.builder().httpClient(http));
      // Each byte arrives in time.
      provider.enqueue(rotated().throttleBody(1, 50, TimeUnit.MILLISECONDS));
      assertUnknown(client);
    }

    @Test
    void timeoutBeforeTheRequest_isNotApplied() throws IOException {
      // Accepts connections and never answers the TLS handshake.
      try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        AccessTokensClient client =
            provider
                .builder()
                .baseUrl("https://localhost:" + silent.getLocalPort())
                .callTimeout(SHORT)
                .build();
        assertThat(assertNotApplied(client, NOT_SENT))
            .hasMessage("Not rotated: nothing was sent: timeout");
      }
    }

    @Test
    void httpClientWithoutALimit_getsOne() {
      AtomicReference<Long> limit = new AtomicReference<>();
      AccessTokensClient client =
          provider.client(
              chain -> {
                limit.set(chain.call().timeout().timeoutNanos());
                throw new IOException("enough");
              });
      assertThatThrownBy(() -> client.rotate(ROTATION)).isInstanceOf(RotationException.class);
      assertThat(limit.get()).isEqualTo(Duration.ofSeconds(60).toNanos());
    }

    /** Loads classes first, so that a short time limit is left for the call alone. */
    private AccessTokensClient warm(AccessTokensClient.Builder builder) throws Exception {
      provider.enqueue(rotated());
      AccessTokensClient client = builder.build();
      Call<Rotated> first = client.newCall(ROTATION);
      first.timeout().timeout(20, TimeUnit.SECONDS);
      assertThat(first.execute().body()).isNotNull();
      return client;
    }
  }

  private static RotationUnknownException assertUnknown(AccessTokensClient client) {
    RotationUnknownException e =
        catchThrowableOfType(RotationUnknownException.class, () -> client.rotate(ROTATION));
    assertThat(e).as("unknown outcome").isNotNull();
    return e;
  }

  private static RotationNotAppliedException assertNotApplied(
      AccessTokensClient client, RotationNotAppliedException.Reason reason) {
    RotationNotAppliedException e =
        catchThrowableOfType(RotationNotAppliedException.class, () -> client.rotate(ROTATION));
    assertThat(e).hasFieldOrPropertyWithValue("reason", reason);
    return e;
  }

  private okhttp3.Response record(Interceptor.Chain chain) throws IOException {
    requests.add(chain.request());
    return chain.proceed(chain.request());
  }

  private static <T> CompletableFuture<T> enqueue(Call<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    call.enqueue(
        new Callback<T>() {
          @Override
          public void onResponse(Call<T> call, Response<T> response) {
            result.complete(response.body());
          }

          @Override
          public void onFailure(Call<T> call, Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    return result;
  }

  private static @Nullable Throwable failureOf(CompletableFuture<Rotated> future) {
    return catchThrowableOfType(ExecutionException.class, future::get).getCause();
  }

  private static InetAddress address(int lastByte) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) lastByte});
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Records the steps of a handover. */
  private static final class Recorder implements Handover, Handover.Receiver {
    private final List<String> steps = new ArrayList<>();
    private final @Nullable IOException failure;

    Recorder(@Nullable IOException failure) {
      this.failure = failure;
    }

    static <E extends Exception> Receiver fail(E failure) throws E {
      throw failure;
    }

    @Override
    public Receiver prepare() {
      steps.add("prepared");
      return this;
    }

    @Override
    public void receive(Rotated rotated) throws IOException {
      if (failure != null) {
        throw failure;
      }
      steps.add("received " + rotated.getClientSecret());
    }

    @Override
    public String receiveUnproven(ServiceToken token) throws IOException {
      if (failure != null) {
        throw failure;
      }
      steps.add("received unproven " + token.getClientSecret());
      return "the recorder";
    }

    @Override
    public void close() {
      steps.add("closed");
    }
  }
}
