package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
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
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Response;

/** One call sends one request, is tried again only when that is safe, and tells what is true. */
@Timeout(30)
class RotationCallTest {
  private static final String ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
  private static final String TOKEN = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
  private static final Rotation ROTATION = Rotation.of(ACCOUNT, TOKEN);
  private static final String ROTATED =
      "{\"errors\":[],\"messages\":[],\"success\":true,\"result\":{\"client_secret\":\"new-secret\"}}";

  // Kept, since java.util.logging forgets the level of a logger that nobody refers to. The server
  // warns of connections that are cut on purpose.
  private static final Logger SERVER_LOG = Logger.getLogger(MockWebServer.class.getName());

  static {
    SERVER_LOG.setLevel(Level.SEVERE);
  }

  // Starts when it is asked for its address.
  @AutoClose private final MockWebServer server = new MockWebServer();

  // Sent once

  @Test
  void bodyIsOneShotEvenWhereTheDocumentedCallHasNone() throws Exception {
    server.enqueue(rotated());
    server.enqueue(rotated());
    List<RequestBody> bodies = new ArrayList<>();
    AccessTokensClient client =
        client(
            chain -> {
              bodies.add(chain.request().body());
              return chain.proceed(chain.request());
            });
    client.rotate(ROTATION);
    client.rotate(
        ROTATION.withPreviousSecretExpiresAt(OffsetDateTime.parse("2999-01-01T00:00:00Z")));
    assertThat(bodies).hasSize(2).allMatch(RequestBody::isOneShot);
  }

  @Test
  void callersInterceptorCannotSendAgainWhatGotNoAnswer() {
    server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST));
    server.enqueue(rotated());
    AccessTokensClient client =
        client(
            chain -> {
              try {
                return chain.proceed(chain.request());
              } catch (IOException e) {
                return chain.proceed(chain.request());
              }
            });
    assertThatThrownBy(() -> client.rotate(ROTATION)).isInstanceOf(RotationUnknownException.class);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void callersInterceptorCannotSendAgainWhatWasAnswered() {
    server.enqueue(new MockResponse().setResponseCode(503));
    server.enqueue(rotated());
    AccessTokensClient client =
        client(
            chain -> {
              chain.proceed(chain.request()).close();
              return chain.proceed(chain.request());
            });
    assertThatThrownBy(() -> client.rotate(ROTATION))
        .isInstanceOfSatisfying(
            RotationUnknownException.class, e -> assertThat(e.getStatus()).isEqualTo(503));
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void bodyThatAnInterceptorReplacedIsNotSentAgainEither() throws Exception {
    server.enqueue(rotated());
    server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST));
    server.enqueue(rotated());
    List<Interceptor.Chain> passes = new ArrayList<>();
    OkHttpClient own =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain ->
                    chain.proceed(
                        chain
                            .request()
                            .newBuilder()
                            .post(RequestBody.create(new byte[0], null))
                            .build()))
            .addNetworkInterceptor(
                chain -> {
                  passes.add(chain);
                  return chain.proceed(chain.request());
                })
            .build();
    AccessTokensClient client = builder().httpClient(own).build();
    client.rotate(ROTATION);
    assertThatThrownBy(() -> client.rotate(ROTATION)).isInstanceOf(RotationUnknownException.class);
    assertThat(server.getRequestCount()).isEqualTo(2);
    assertThat(passes).as("tries, the second one's included").hasSize(2);
  }

  @Test
  void requestThatAnInterceptorMadeAnewIsSentOnceAndWithCredentials() throws Exception {
    server.enqueue(rotated());
    AccessTokensClient client =
        client(
            chain -> {
              Request anew =
                  new Request.Builder()
                      .url(chain.request().url())
                      .post(RequestBody.create(new byte[0], null))
                      .build();
              chain.proceed(anew).close();
              return chain.proceed(anew);
            });
    assertThat(client.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
    assertThat(server.getRequestCount()).isEqualTo(1);
    assertThat(server.takeRequest().getHeader("Authorization")).isEqualTo("Bearer api-token");
  }

  @Test
  void whatTheProviderSaidHoldsThoughAnInterceptorFailsAfterwards() throws Exception {
    server.enqueue(rotated());
    server.enqueue(rotated());
    AccessTokensClient buggy =
        client(
            chain -> {
              chain.proceed(chain.request()).close();
              throw new IllegalStateException("a bug");
            });
    assertThat(buggy.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
    AccessTokensClient broken =
        client(
            chain -> {
              chain.proceed(chain.request()).close();
              throw new AssertionError("an error");
            });
    assertThat(broken.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
  }

  @Test
  void interceptorThatFailsBeforeTheRequestMeansNotApplied() {
    AccessTokensClient client =
        client(
            chain -> {
              throw new IllegalStateException("a bug");
            });
    assertThatThrownBy(() -> client.rotate(ROTATION))
        .isInstanceOf(RotationNotAppliedException.class)
        .hasRootCauseMessage("a bug");
  }

  @Test
  void answerThatAnInterceptorMakesUpIsTakenForTheProviders() throws Exception {
    AccessTokensClient client =
        client(
            chain ->
                new okhttp3.Response.Builder()
                    .request(chain.request())
                    .protocol(Protocol.HTTP_1_1)
                    .code(200)
                    .message("OK")
                    .body(ResponseBody.create(ROTATED, null))
                    .build());
    assertThat(client.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
    assertThat(server.getRequestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 407, 408, 421, 503})
  void noFollowUpOfTheHttpClientSendsAgain(int status) {
    MockResponse answer =
        new MockResponse()
            .setResponseCode(status)
            .setHeader("Retry-After", "0")
            .setHeader("WWW-Authenticate", "Basic realm=\"x\"")
            .setHeader("Proxy-Authenticate", "Basic realm=\"x\"");
    server.enqueue(answer);
    server.enqueue(rotated());
    OkHttpClient own =
        new OkHttpClient.Builder()
            .authenticator((route, response) -> response.request())
            .proxyAuthenticator((route, response) -> response.request())
            .build();
    AccessTokensClient client = builder().httpClient(own).maxRetries(0).build();
    assertThatThrownBy(() -> client.rotate(ROTATION)).isInstanceOf(RotationException.class);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void addressThatCannotBeReachedLeavesTheOthers() throws Exception {
    server.enqueue(rotated());
    // Nobody listens there: the server is on one loopback address alone.
    InetAddress dead = InetAddress.getByAddress(new byte[] {127, 0, 0, 77});
    InetAddress alive = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    OkHttpClient own = new OkHttpClient.Builder().dns(host -> List.of(dead, alive)).build();
    try (MockWebServer oneAddress = new MockWebServer()) {
      oneAddress.start(alive, 0);
      oneAddress.enqueue(rotated());
      AccessTokensClient client =
          builder()
              .baseUrl("http://localhost:" + oneAddress.getPort())
              .httpClient(own)
              .maxRetries(0)
              .build();
      assertThat(client.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
    }
  }

  @Test
  void addressThatTookTheRequestIsTheLast() throws IOException {
    server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST));
    server.enqueue(rotated());
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    OkHttpClient own = new OkHttpClient.Builder().dns(host -> List.of(loopback, loopback)).build();
    AccessTokensClient client = builder().httpClient(own).build();
    assertThatThrownBy(() -> client.rotate(ROTATION)).isInstanceOf(RotationUnknownException.class);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void http2StreamRefusedUnprocessedIsNotApplied() throws Exception {
    try (MockWebServer http2 = http2()) {
      http2.enqueue(refusedStream());
      AccessTokensClient client = http2Client(http2).maxRetries(0).build();
      assertThatThrownBy(() -> client.rotate(ROTATION))
          .isInstanceOfSatisfying(
              RotationNotAppliedException.class,
              e -> {
                assertThat(e.getReason()).isEqualTo(RotationNotAppliedException.Reason.REFUSED);
                assertThat(e.isRetryable()).isTrue();
              });
    }
  }

  @Test
  void http2StreamRefusedUnprocessedIsTriedAgain() throws Exception {
    try (MockWebServer http2 = http2()) {
      http2.enqueue(refusedStream());
      http2.enqueue(rotated());
      assertThat(http2Client(http2).build().rotate(ROTATION).getClientSecret())
          .isEqualTo("new-secret");
    }
  }

  @Test
  void http2StreamThatIsResetOtherwiseIsUnknown() throws Exception {
    try (MockWebServer http2 = http2()) {
      // INTERNAL_ERROR
      http2.enqueue(refusedStream().setHttp2ErrorCode(2));
      AccessTokensClient client = http2Client(http2).build();
      assertThatThrownBy(() -> client.rotate(ROTATION))
          .isInstanceOf(RotationUnknownException.class);
    }
  }

  // Tried again

  @Test
  void refusalThatPassesIsTriedAgain() throws Exception {
    server.enqueue(new MockResponse().setResponseCode(429).setHeader("Retry-After", "0"));
    server.enqueue(rotated());
    assertThat(client().rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
  }

  @Test
  void refusalThatStaysIsNotTriedAgain() {
    server.enqueue(new MockResponse().setResponseCode(403));
    server.enqueue(rotated());
    assertThatThrownBy(() -> client().rotate(ROTATION))
        .isInstanceOf(RotationNotAppliedException.class);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void retriesAreAsManyAsAllowed() {
    for (int i = 0; i < 3; i++) {
      server.enqueue(new MockResponse().setResponseCode(409).setHeader("Retry-After", "0"));
    }
    AccessTokensClient client = builder().maxRetries(1).build();
    assertThatThrownBy(() -> client.rotate(ROTATION))
        .isInstanceOfSatisfying(
            RotationNotAppliedException.class,
            e -> assertThat(e.getRetryAfter()).isEqualTo(Duration.ZERO));
    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  @Test
  void unknownIsNotRepeatedUnlessAllowed() throws Exception {
    server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST));
    server.enqueue(new MockResponse().setResponseCode(500));
    server.enqueue(rotated());
    AccessTokensClient client = client();
    assertThatThrownBy(() -> client.rotate(ROTATION)).isInstanceOf(RotationUnknownException.class);
    assertThat(server.getRequestCount()).isEqualTo(1);
    assertThat(client.rotate(ROTATION.withRepeatsAfterUnknown(1)).getClientSecret())
        .isEqualTo("new-secret");
    assertThat(server.getRequestCount()).isEqualTo(3);
  }

  @Test
  void whatWasUnknownStaysSoThoughTheRepeatIsRefused() {
    server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST));
    server.enqueue(new MockResponse().setResponseCode(403));
    AccessTokensClient client = client();
    assertThatThrownBy(() -> client.rotate(ROTATION.withRepeatsAfterUnknown(1)))
        .isInstanceOf(RotationUnknownException.class)
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .singleElement()
                    .isInstanceOf(RotationNotAppliedException.class));
  }

  @Test
  void budgetsMustNotBeNegative() {
    AccessTokensClient.Builder builder = AccessTokensClient.builder();
    assertThatThrownBy(() -> builder.maxRetries(-1)).hasMessageStartingWith("maxRetries ");
    assertThatThrownBy(() -> builder.retryTimeout(Duration.ofMillis(-1)))
        .hasMessageStartingWith("retryTimeout ");
    assertThatThrownBy(() -> ROTATION.withRepeatsAfterUnknown(-1))
        .hasMessageStartingWith("repeats ");
  }

  // Given up

  @Test
  void cancellingEndsTheWaitForARetryAtOnce() throws Exception {
    server.enqueue(new MockResponse().setResponseCode(429).setHeader("Retry-After", "60"));
    CountDownLatch answered = new CountDownLatch(1);
    AccessTokensClient client = patientClient(answered);
    CompletableFuture<Rotated> future = client.rotateAsync(ROTATION);
    answered.await();
    future.cancel(true);
    assertThat(failureOf(future))
        .isInstanceOfSatisfying(
            RotationNotAppliedException.class,
            e -> assertThat(e.getReason()).isEqualTo(RotationNotAppliedException.Reason.CANCELLED));
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void interruptingEndsTheWaitForARetryAtOnce() throws Exception {
    server.enqueue(new MockResponse().setResponseCode(429).setHeader("Retry-After", "60"));
    CountDownLatch answered = new CountDownLatch(1);
    AccessTokensClient client = patientClient(answered);
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              failure.complete(catchThrowable(() -> client.rotate(ROTATION)));
              interrupted.complete(Thread.interrupted());
            });
    thread.start();
    answered.await();
    thread.interrupt();
    assertThat(failure.get()).isInstanceOf(RotationNotAppliedException.class);
    assertThat(interrupted.get()).isTrue();
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void cancellingBeforeTheRequestIsNotApplied() {
    Call<Rotated> call = client().newCall(ROTATION);
    call.cancel();
    assertThat(call.isCanceled()).isTrue();
    assertThatThrownBy(call::execute).isInstanceOf(RotationNotAppliedException.class);
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void cancellingAfterTheRequestWentOutIsUnknown() throws Exception {
    server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE));
    server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE));
    AccessTokensClient client = client();

    CompletableFuture<Rotated> future = client.rotateAsync(ROTATION);
    server.takeRequest();
    assertThat(future.cancel(true)).isFalse();
    assertCancelledUnknown(failureOf(future));

    Outcome<Rotated> outcome = new Outcome<>();
    Call<Rotated> call = client.newCall(ROTATION);
    call.enqueue(outcome);
    server.takeRequest();
    call.cancel();
    assertCancelledUnknown((Throwable) outcome.take());
  }

  // One at a time

  @Test
  void rotationOfTheSameTokenIsRefusedWhileAnotherIsUnderWay() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            arrived.countDown();
            go.await();
            return rotated();
          }
        });
    CompletableFuture<Rotated> first = client().rotateAsync(ROTATION);
    arrived.await();

    AccessTokensClient other = client();
    assertThatThrownBy(() -> other.rotate(Rotation.of(ACCOUNT, TOKEN.toUpperCase(Locale.ROOT))))
        .isInstanceOfSatisfying(
            RotationNotAppliedException.class,
            e ->
                assertThat(e.getReason()).isEqualTo(RotationNotAppliedException.Reason.OVERLAPPING))
        .hasMessageContaining("another rotation of this service token is under way");
    go.countDown();
    assertThat(first.get().getClientSecret()).isEqualTo("new-secret");
    assertThat(other.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
  }

  // Ways of calling

  @Test
  void callbackGetsTheSameTruths() throws Exception {
    server.enqueue(rotated());
    server.enqueue(new MockResponse().setResponseCode(403));
    server.enqueue(new MockResponse().setBody("{}"));
    AccessTokensClient client = client();

    Outcome<ServiceTokenEnvelope> generated = new Outcome<>();
    client.serviceTokens().rotateServiceToken(ACCOUNT, TOKEN).enqueue(generated);
    assertThat(generated.take())
        .isInstanceOfSatisfying(
            ServiceTokenEnvelope.class,
            envelope ->
                assertThat(envelope).extracting("result.clientSecret").isEqualTo("new-secret"));

    Outcome<Rotated> refused = new Outcome<>();
    client.newCall(ROTATION).enqueue(refused);
    assertThat(refused.take()).isInstanceOf(RotationNotAppliedException.class);

    Outcome<Rotated> unknown = new Outcome<>();
    client.newCall(ROTATION).enqueue(unknown);
    assertThat(unknown.take()).isInstanceOf(RotationUnknownException.class);
  }

  @Test
  void futureGetsTheSameTruths() throws Exception {
    server.enqueue(rotated());
    server.enqueue(new MockResponse().setResponseCode(403));
    AccessTokensClient client = client();
    assertThat(client.rotateAsync(ROTATION).get().getClientSecret()).isEqualTo("new-secret");
    assertThat(failureOf(client.rotateAsync(ROTATION)))
        .isInstanceOf(RotationNotAppliedException.class);
  }

  @Test
  void callbackComesEvenWhenTheHttpClientIsShutDown() throws Exception {
    OkHttpClient own = new OkHttpClient();
    own.dispatcher().executorService().shutdown();
    AccessTokensClient client = builder().httpClient(own).build();
    assertThat(failureOf(client.rotateAsync(ROTATION)))
        .isInstanceOf(RotationNotAppliedException.class);
  }

  @Test
  void callIsMadeOnceButItsCloneAgain() throws Exception {
    server.enqueue(rotated());
    server.enqueue(rotated());
    Call<Rotated> call = client().newCall(ROTATION);
    assertThat(call.execute().body()).isNotNull();
    assertThat(call.isExecuted()).isTrue();
    assertThatThrownBy(call::execute).isInstanceOf(IllegalStateException.class);
    assertThat(call.clone().execute().isSuccessful()).isTrue();
  }

  @Test
  void timeoutOfTheCallIsThatOfAnAttempt() {
    server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE));
    Call<Rotated> call = client().newCall(ROTATION);
    call.timeout().timeout(200, TimeUnit.MILLISECONDS);
    assertThatThrownBy(call::execute)
        .isInstanceOfSatisfying(
            RotationUnknownException.class,
            e -> assertThat(e.getReason()).isEqualTo(RotationUnknownException.Reason.TIMEOUT));
  }

  @Test
  void requestsAndAnswersShownToOthersHaveNoCredentials() throws Exception {
    server.enqueue(rotated());
    Call<Rotated> call = client().newCall(ROTATION);
    Response<Rotated> response = call.execute();
    for (Request request :
        List.of(
            call.request(),
            response.raw().request(),
            response.raw().newBuilder().build().request())) {
      assertThat(request.headers().toString()).doesNotContainIgnoringCase("authorization");
    }
    assertThat(server.takeRequest().getHeader("Authorization")).isEqualTo("Bearer api-token");
  }

  @Test
  void failureDoesNotRepeatWhatTheAnswerSaid() {
    server.enqueue(new MockResponse().setStatus("hush"));
    AccessTokensClient client = client();
    assertThatThrownBy(() -> client.rotate(ROTATION))
        .isInstanceOf(RotationUnknownException.class)
        .hasMessageContaining("no answer came: ProtocolException")
        .hasStackTraceContaining("okhttp3")
        .satisfies(e -> assertThat(e.getCause()).hasMessage("ProtocolException").hasNoCause());
  }

  // Handed over

  @Test
  void handoverGetsTheSecretBeforeTheCallReturns() throws Exception {
    server.enqueue(rotated());
    Recorder handover = new Recorder();
    Rotated rotated = client().rotate(ROTATION.withHandover(handover));
    assertThat(handover.steps).containsExactly("prepared", "received new-secret", "closed");
    assertThat(rotated.getClientSecret()).isEqualTo("new-secret");
  }

  @Test
  void handoverThatIsNotReadyMeansNotApplied() {
    for (Exception unready : List.of(new IOException("disk full"), new IllegalStateException())) {
      Recorder handover = new Recorder();
      handover.unready = unready;
      assertThatThrownBy(() -> client().rotate(ROTATION.withHandover(handover)))
          .isInstanceOfSatisfying(
              RotationNotAppliedException.class,
              e ->
                  assertThat(e.getReason())
                      .isEqualTo(RotationNotAppliedException.Reason.HANDOVER_NOT_READY))
          .hasCause(unready);
    }
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void handoverThatFailsLeavesTheSecretWithTheCaller() {
    server.enqueue(rotated());
    Recorder handover = new Recorder();
    handover.failure = new IOException("disk full");
    HandoverException e =
        catchThrowableOfType(
            HandoverException.class, () -> client().rotate(ROTATION.withHandover(handover)));
    assertThat(e).hasMessage("Rotated, but the handover failed: disk full");
    assertThat(e.getRotated().getClientSecret()).isEqualTo("new-secret");
    assertThat(handover.steps).last().isEqualTo("closed");
  }

  @Test
  void handoverThatShowsTheSecretInItsFailureIsNotQuoted() {
    server.enqueue(rotated());
    Recorder handover = new Recorder();
    handover.failure = new IOException("no room", new IOException("for new-secret"));
    HandoverException e =
        catchThrowableOfType(
            HandoverException.class, () -> client().rotate(ROTATION.withHandover(handover)));
    assertThat(e).hasNoCause().hasMessageEndingWith(": java.io.IOException");
  }

  @Test
  void handoverIsClosedWhenThereIsNothingToHandOver() {
    server.enqueue(new MockResponse().setResponseCode(403));
    Recorder handover = new Recorder();
    assertThatThrownBy(() -> client().rotate(ROTATION.withHandover(handover)))
        .isInstanceOf(RotationNotAppliedException.class);
    assertThat(handover.steps).containsExactly("prepared", "closed");
  }

  // Time

  @Test
  void callersClientWithoutALimitGetsOne() throws IOException {
    // Drips for ever, each byte in time.
    server.enqueue(rotated().throttleBody(1, 50, TimeUnit.MILLISECONDS));
    OkHttpClient own = new OkHttpClient.Builder().callTimeout(Duration.ofMillis(300)).build();
    AccessTokensClient client = builder().httpClient(own).build();
    assertThatThrownBy(() -> client.rotate(ROTATION)).isInstanceOf(RotationUnknownException.class);

    AtomicReference<Long> limit = new AtomicReference<>();
    AccessTokensClient unlimited =
        client(
            chain -> {
              limit.set(chain.call().timeout().timeoutNanos());
              throw new IOException("enough");
            });
    assertThatThrownBy(() -> unlimited.rotate(ROTATION)).isInstanceOf(RotationException.class);
    assertThat(limit.get()).isEqualTo(Duration.ofSeconds(60).toNanos());
  }

  @Test
  void connectionThatIsNeverMadeIsNotAppliedAndTriedAgain() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    List<Request> attempts = new ArrayList<>();
    OkHttpClient own =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  attempts.add(chain.request());
                  return chain.proceed(chain.request());
                })
            .build();
    AccessTokensClient client =
        builder().baseUrl("http://127.0.0.1:" + closed).httpClient(own).maxRetries(1).build();
    assertThatThrownBy(() -> client.rotate(ROTATION))
        .isInstanceOfSatisfying(
            RotationNotAppliedException.class, e -> assertThat(e.isRetryable()).isTrue());
    assertThat(attempts).hasSize(2);
  }

  private static void assertCancelledUnknown(Throwable failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            RotationUnknownException.class,
            e -> assertThat(e.getReason()).isEqualTo(RotationUnknownException.Reason.CANCELLED));
  }

  private static Throwable failureOf(CompletableFuture<Rotated> future) {
    Throwable failure = catchThrowableOfType(ExecutionException.class, future::get).getCause();
    return Objects.requireNonNull(failure);
  }

  private static MockResponse rotated() {
    return new MockResponse().setHeader("Content-Type", "application/json").setBody(ROTATED);
  }

  private static MockWebServer http2() throws IOException {
    MockWebServer http2 = new MockWebServer();
    http2.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
    http2.start();
    return http2;
  }

  private static MockResponse refusedStream() {
    return new MockResponse()
        .setSocketPolicy(SocketPolicy.RESET_STREAM_AT_START)
        .setHttp2ErrorCode(7);
  }

  private AccessTokensClient.Builder http2Client(MockWebServer http2) {
    return AccessTokensClient.builder()
        .credentials(Credentials.apiToken("api-token"))
        .baseUrl(http2.url("/").toString())
        .httpClient(
            new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build());
  }

  private AccessTokensClient client() {
    return builder().build();
  }

  private AccessTokensClient client(Interceptor interceptor) {
    return builder()
        .httpClient(new OkHttpClient.Builder().addInterceptor(interceptor).build())
        .build();
  }

  /** Waits for minutes before it tries again, and tells when it has an answer. */
  private AccessTokensClient patientClient(CountDownLatch answered) {
    OkHttpClient own =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  okhttp3.Response response = chain.proceed(chain.request());
                  answered.countDown();
                  return response;
                })
            .build();
    return builder().httpClient(own).retryTimeout(Duration.ofMinutes(5)).build();
  }

  private AccessTokensClient.Builder builder() {
    return AccessTokensClient.builder()
        .credentials(Credentials.apiToken("api-token"))
        .baseUrl(server.url("/client/v4/").toString());
  }

  private static final class Outcome<T> implements Callback<T> {
    private final BlockingQueue<Object> outcomes = new LinkedBlockingQueue<>();

    @Override
    public void onResponse(Call<T> call, Response<T> response) {
      outcomes.add(response.body());
    }

    @Override
    public void onFailure(Call<T> call, Throwable failure) {
      outcomes.add(failure);
    }

    Object take() throws InterruptedException {
      return outcomes.take();
    }
  }

  private static final class Recorder implements Handover {
    private final List<String> steps = new ArrayList<>();
    private Exception unready = new IOException();
    private IOException failure = new IOException();

    @Override
    public Receiver prepare() throws IOException {
      if (unready instanceof RuntimeException bug) {
        throw bug;
      }
      if (unready.getMessage() != null) {
        throw (IOException) unready;
      }
      steps.add("prepared");
      return new Receiver() {
        @Override
        public void receive(Rotated rotated) throws IOException {
          if (failure.getMessage() != null) {
            throw failure;
          }
          steps.add("received " + rotated.getClientSecret());
        }

        @Override
        public void close() {
          steps.add("closed");
        }
      };
    }
  }
}
