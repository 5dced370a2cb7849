package io.github.accesstokens.outcomes;

import static io.github.accesstokens.outcomes.RawProvider.response;
import static io.github.accesstokens.outcomes.SecretResponses.envelope;
import static io.github.accesstokens.outcomes.SecretResponses.result;
import static io.github.accesstokens.outcomes.SecretResponses.rotated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Handover;
import io.github.accesstokens.HandoverException;
import io.github.accesstokens.LoggingInterceptor;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.RotationException;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.TestRun;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.logging.HttpLoggingInterceptor;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.SocketPolicy;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.parallel.Isolated;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Response;

/** Credentials and secrets appear in requests and results, and nowhere else. */
@Timeout(60)
@Isolated("LeakDetector changes the loggers and standard output of the process")
final class LeakTest {
  static final String MARK = "Zq9X";

  private static final String API_TOKEN = MARK + "-api-token-" + MARK;
  private static final String EMAIL = MARK + "@example.com";
  // Starts with the e-mail address, so that masking the address alone would leave the rest.
  private static final String API_KEY = EMAIL + "-api-key-" + MARK;
  private static final List<Credentials> CREDENTIALS =
      List.of(Credentials.apiToken(API_TOKEN), Credentials.apiEmailAndApiKey(EMAIL, API_KEY));
  // What a provider can repeat of each of these.
  private static final List<String> ECHOED = List.of(API_TOKEN, EMAIL + ' ' + API_KEY);
  private static final String ALL_ECHOED = String.join(" ", ECHOED);

  // The first has the format of the provider's secrets, the second has none.
  private static final List<String> SECRETS =
      List.of("cfast_" + MARK + "k".repeat(32) + MARK + "1a2b3c4d", MARK + "/new.secret+" + MARK);
  private static final String SECRET = SECRETS.get(1);

  private static final Rotation ROTATION = Rotation.of("an-account", "a-token");
  private static final OffsetDateTime LATER = OffsetDateTime.parse("2999-01-01T00:00:00Z");

  @AutoClose private final LeakDetector detector = new LeakDetector(MARK);

  @Nested
  class Responses {
    @Test
    void responseWithSecret_clientShowsNone() throws Exception {
      Set<String> outcomes = new TreeSet<>();
      for (String secret : SECRETS) {
        for (int i = 0; i < CREDENTIALS.size(); i++) {
          if (TestRun.EXHAUSTIVE || i == SECRETS.indexOf(secret)) {
            Map<String, byte[]> responses = SecretResponses.with(secret, ECHOED.get(i));
            callAll(responses, CREDENTIALS.get(i), secret, outcomes);
          }
        }
      }
      String secret = SECRETS.get(0);
      Map<String, byte[]> responses = SecretResponses.withSecretElsewhere(secret);
      callAll(responses, CREDENTIALS.get(0), secret, outcomes);

      assertNoLeak();
      assertThat(outcomes)
          .as("outcomes of these calls")
          .contains(
              "rotated", "REFUSED", "NO_RESPONSE", "STATUS", "CONTRADICTORY", "EMPTY", "MEDIA_TYPE")
          .contains("MALFORMED", "TRUNCATED", "NO_RESULT");
    }

    private void callAll(
        Map<String, byte[]> responses, Credentials credentials, String secret, Set<String> outcomes)
        throws Exception {
      for (Map.Entry<String, byte[]> each : responses.entrySet()) {
        try (RawProvider provider = RawProvider.responding(each.getValue())) {
          detector.scene(each.getKey());
          outcomes.add(callInAllWays(builder(provider.baseUrl(), credentials).build(), secret));
        }
      }
    }

    private String callInAllWays(AccessTokensClient client, String secret) throws Exception {
      detector.check("client", client);
      Rotation rotation = ROTATION.withPreviousSecretExpiresAt(LATER);
      detector.check("rotation", rotation);
      String outcome = rotate(client, rotation, secret);
      Call<Rotated> call = client.newCall(ROTATION);
      detector.check("call", call);
      detector.check("call", call.request());
      enqueue(call, secret);
      enqueue(client.serviceTokens().rotateServiceToken("an-account", "a-token"), secret);
      try {
        check(client.rotateAsync(rotation).get(20, TimeUnit.SECONDS), secret);
      } catch (ExecutionException e) {
        detector.check("future", e);
        check((RotationException) Objects.requireNonNull(e.getCause()), secret);
      }
      return outcome;
    }

    private <T> void enqueue(Call<T> call, String secret) throws Exception {
      CompletableFuture<Response<T>> future = new CompletableFuture<>();
      call.enqueue(
          new Callback<T>() {
            @Override
            public void onResponse(Call<T> call, Response<T> response) {
              future.complete(response);
            }

            @Override
            public void onFailure(Call<T> call, Throwable failure) {
              future.completeExceptionally(failure);
            }
          });
      try {
        Response<T> response = future.get(20, TimeUnit.SECONDS);
        detector.check("Retrofit's response", response);
        detector.check("Retrofit's reason phrase", response.message());
        detector.check("Retrofit's headers", response.headers());
        detector.checkWithBody("raw response", response.raw());
        if (response.body() instanceof Rotated rotated) {
          check(rotated, secret);
        } else if (response.body() instanceof ServiceTokenEnvelope envelope) {
          detector.check("envelope", envelope);
          assertThat(envelope.getResult()).extracting("clientSecret").isEqualTo(secret);
        }
      } catch (ExecutionException e) {
        check((RotationException) Objects.requireNonNull(e.getCause()), secret);
      }
    }

    @Test
    void responseWithSecretOverHttp2_clientShowsNone() throws Exception {
      for (int i = 0; i < CREDENTIALS.size(); i++) {
        String echo = envelope(true, SECRET + ECHOED.get(i), result(SECRET));
        try (MockWebServer server = new MockWebServer()) {
          server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
          server.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
          server.enqueue(new MockResponse().setHeader("X-Echo", SECRET).setBody(echo));
          server.enqueue(new MockResponse().setResponseCode(403).setBody(echo));
          server.enqueue(new MockResponse().setResponseCode(500).setBody(echo));
          server.enqueue(
              new MockResponse()
                  .setBody(echo)
                  .setSocketPolicy(SocketPolicy.DISCONNECT_DURING_RESPONSE_BODY));
          for (int error : new int[] {2, 7}) {
            server.enqueue(
                new MockResponse()
                    .setSocketPolicy(SocketPolicy.RESET_STREAM_AT_START)
                    .setHttp2ErrorCode(error));
          }
          AccessTokensClient client =
              builder("http://127.0.0.1:" + server.getPort(), CREDENTIALS.get(i))
                  .httpClient(watched().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build())
                  .build();
          for (int response = 0; response < 6; response++) {
            detector.scene("HTTP/2, response " + response);
            rotate(client, ROTATION, SECRET);
          }
          assertThat(server.getRequestCount()).isEqualTo(6);
        }
      }
      assertNoLeak();
    }

    @Test
    void responseWithSecret_verificationShowsNone() throws Exception {
      for (String secret : TestRun.EXHAUSTIVE ? SECRETS : List.of(SECRET)) {
        Rotated rotated = rotate(secret);
        for (Map.Entry<String, byte[]> each : SecretResponses.with(secret, ALL_ECHOED).entrySet()) {
          detector.scene("verify: " + each.getKey());
          byte[] refusal = response("403 X", "", new byte[0]);
          try (RawProvider provider =
              RawProvider.start(
                  (path, out) -> out.write(path.equals("/?1") ? refusal : each.getValue()))) {
            AccessTokensClient client = builder(provider.baseUrl(), CREDENTIALS.get(0)).build();
            for (String path : List.of("/?1", "/?2")) {
              try {
                detector.check(
                    "verification",
                    client.verify(provider.baseUrl() + path, rotated, Duration.ZERO));
              } catch (IOException e) {
                detector.check("verification", e);
              }
            }
          }
        }
      }
      assertNoLeak();
    }

    @Test
    void responseWithSecretForAnotherClient_ourLogShowsNone() throws Exception {
      LoggingInterceptor logger =
          LoggingInterceptor.bodies(line -> detector.check("LoggingInterceptor", line));
      OkHttpClient http = new OkHttpClient.Builder().followRedirects(false).build();
      List<OkHttpClient> clients =
          List.of(
              http.newBuilder().addInterceptor(logger).build(),
              http.newBuilder().addNetworkInterceptor(logger).build());
      for (String secret : SECRETS) {
        for (Map.Entry<String, byte[]> each : SecretResponses.with(secret, ALL_ECHOED).entrySet()) {
          detector.scene(each.getKey());
          try (RawProvider provider = RawProvider.responding(each.getValue())) {
            Request request =
                new Request.Builder()
                    .url(provider.baseUrl())
                    .header("Authorization", "Bearer " + API_TOKEN)
                    .header("X-Auth-Email", EMAIL)
                    .header("X-Auth-Key", API_KEY)
                    .header("CF-Access-Client-Secret", secret)
                    .post(
                        RequestBody.create(
                            envelope(true, secret + ALL_ECHOED, result(secret)),
                            MediaType.get("application/json")))
                    .build();
            for (OkHttpClient client : clients) {
              try {
                client.newCall(request).execute().close();
              } catch (IOException e) {
                // The text of this exception is OkHttp's.
              }
            }
          }
        }
      }
      assertNoLeak();
    }
  }

  @Nested
  class Failures {
    @Test
    void handoverFailureWithSecret_exceptionShowsNone() throws Exception {
      try (RawProvider provider = RawProvider.responding(rotated(SECRET))) {
        for (Credentials credentials : CREDENTIALS) {
          AccessTokensClient client = builder(provider.baseUrl(), credentials).build();
          List<String> known =
              credentials == CREDENTIALS.get(0) ? List.of(API_TOKEN) : List.of(API_KEY, EMAIL);
          for (String text : known) {
            for (Throwable failure : failuresWith(text)) {
              detector.scene("preparation fails with " + failure.getClass() + ' ' + text);
              Handover unprepared =
                  () -> {
                    raise(failure);
                    throw new AssertionError();
                  };
              Throwable notApplied =
                  catchThrowable(() -> client.rotate(ROTATION.withHandover(unprepared)));
              if (failure instanceof Exception) {
                assertThat(notApplied).isInstanceOf(RotationNotAppliedException.class);
                detector.check("handover", notApplied);
              }
              checkReceiver(client, failure, text);
            }
          }
          for (Throwable failure : failuresWith(SECRET)) {
            checkReceiver(client, failure, SECRET);
          }
        }
      }
      assertNoLeak();
    }

    private void checkReceiver(AccessTokensClient client, Throwable failure, String text) {
      detector.scene("receiver fails with " + failure.getClass() + ' ' + text);
      Handover failing =
          () ->
              new Handover.Receiver() {
                @Override
                public void receive(Rotated rotated) {
                  LeakTest.<RuntimeException>raise(failure);
                }

                @Override
                public void close() {
                  // Must not change the outcome.
                  LeakTest.<RuntimeException>raise(failure);
                }
              };
      HandoverException thrown =
          (HandoverException) catchThrowable(() -> client.rotate(ROTATION.withHandover(failing)));
      detector.check("handover", thrown);
      check(thrown.getRotated(), SECRET);
    }

    @Test
    void interceptorFailureWithCredential_showsNoneAndKeepsTheOutcome() throws Exception {
      try (RawProvider provider = RawProvider.responding(rotated(SECRET))) {
        for (Throwable failure : failuresWith(API_TOKEN)) {
          detector.scene("interceptor fails with " + failure.getClass());
          int requests = provider.requests();
          Throwable notApplied =
              catchThrowable(
                  () ->
                      rotate(
                          provider,
                          chain -> {
                            LeakTest.<RuntimeException>raise(failure);
                            return chain.proceed(chain.request());
                          }));
          assertThat(notApplied).isInstanceOf(RotationNotAppliedException.class);
          detector.check("failure", notApplied);
          assertThat(provider.requests()).isEqualTo(requests);

          Rotated rotated =
              rotate(
                  provider,
                  chain -> {
                    chain.proceed(chain.request()).close();
                    LeakTest.<RuntimeException>raise(failure);
                    throw new AssertionError();
                  });
          check(rotated, SECRET);
        }
      }
      // The interceptors that are called before see the failure itself.
      assertThat(detector.leaks())
          .allMatch(
              leak ->
                  leak.contains("interceptor,")
                      || leak.contains("listener")
                      || leak.contains("logger"));
    }

    private Rotated rotate(RawProvider provider, Interceptor failing) throws Exception {
      return builder(provider.baseUrl(), CREDENTIALS.get(0))
          .httpClient(watched().addInterceptor(failing).build())
          .build()
          .rotate(ROTATION);
    }

    @Test
    void noResponse_failureShowsNoCredential() throws Exception {
      Set<Object> reasons = new HashSet<>();
      CountDownLatch end = new CountDownLatch(1);
      CountDownLatch arrived = new CountDownLatch(3);
      try (RawProvider silent =
              RawProvider.start(
                  (path, out) -> {
                    arrived.countDown();
                    end.await();
                  });
          RawProvider closing = RawProvider.start((path, out) -> {})) {
        for (Credentials credentials : CREDENTIALS) {
          detector.scene("no response");
          AccessTokensClient cut = builder(closing.baseUrl(), credentials).build();
          reasons.add(reason(() -> cut.rotate(ROTATION)));
          reasons.add(reason(() -> cut.rotate(ROTATION.withRepeatsAfterUnknown(1))));

          detector.scene("connection refused");
          AccessTokensClient refused = builder("http://127.0.0.1:1", credentials).build();
          reasons.add(reason(() -> refused.rotate(ROTATION)));

          detector.scene("host not resolved");
          OkHttpClient http =
              new OkHttpClient.Builder()
                  .dns(
                      host -> {
                        throw new UnknownHostException(host + ' ' + ALL_ECHOED);
                      })
                  .build();
          AccessTokensClient unresolved =
              builder("https://unresolved.example", credentials).httpClient(http).build();
          reasons.add(reason(() -> unresolved.rotate(ROTATION)));

          detector.scene("no TLS");
          AccessTokensClient noTls =
              builder(closing.baseUrl().replace("http:", "https:"), credentials).build();
          reasons.add(reason(() -> noTls.rotate(ROTATION)));

          detector.scene("timeout");
          AccessTokensClient hasty =
              builder(silent.baseUrl(), credentials).callTimeout(Duration.ofMillis(200)).build();
          reasons.add(reason(() -> hasty.rotate(ROTATION)));

          detector.scene("interrupted");
          Thread.currentThread().interrupt();
          reasons.add(reason(() -> hasty.rotate(ROTATION)));
          assertThat(Thread.interrupted()).isTrue();
        }
        detector.scene("overlap and cancellation");
        AccessTokensClient patient = builder(silent.baseUrl(), CREDENTIALS.get(1)).build();
        CompletableFuture<Rotated> first = patient.rotateAsync(ROTATION);
        assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();
        reasons.add(reason(() -> patient.rotate(ROTATION)));
        first.cancel(true);
        reasons.add(
            reason(
                () -> {
                  try {
                    first.get(20, TimeUnit.SECONDS);
                  } catch (ExecutionException e) {
                    detector.check("future", e);
                    throw Objects.requireNonNull(e.getCause());
                  }
                }));
      } finally {
        end.countDown();
      }
      assertNoLeak();
      assertThat(reasons)
          .containsExactlyInAnyOrder(
              RotationNotAppliedException.Reason.NOT_SENT,
              RotationNotAppliedException.Reason.CANCELLED,
              RotationNotAppliedException.Reason.OVERLAPPING,
              RotationUnknownException.Reason.NO_RESPONSE,
              RotationUnknownException.Reason.TIMEOUT,
              RotationUnknownException.Reason.CANCELLED);
    }

    private Object reason(Executable failing) {
      Throwable failure = catchThrowable(failing::execute);
      detector.check("failure", failure);
      return Reasons.of(failure);
    }
  }

  @Nested
  class Arguments {
    @Test
    void unsendableCredential_isRefusedAndNotShown() {
      for (String end :
          List.of("\n", "\r\nX-Other: 1", "\u00e9", "\u0000", " ", "\ud800", "\u2028")) {
        String value = MARK + end + MARK;
        for (Executable refused :
            List.<Executable>of(
                () -> Credentials.apiToken(value),
                () -> Credentials.apiEmailAndApiKey(value, API_KEY),
                () -> Credentials.apiEmailAndApiKey(EMAIL, value),
                () -> environment(Map.of("CLOUDFLARE_API_TOKEN", value)),
                () -> environment(Map.of("CLOUDFLARE_EMAIL", value, "CLOUDFLARE_API_KEY", API_KEY)),
                () ->
                    environment(Map.of("CLOUDFLARE_EMAIL", EMAIL, "CLOUDFLARE_API_KEY", value)))) {
          Throwable refusal = catchThrowable(refused::execute);
          assertThat(refusal).isInstanceOf(IllegalArgumentException.class).hasNoCause();
          detector.check("refusal", refusal);
        }
      }
      assertThatThrownBy(
              () -> environment(Map.of("CLOUDFLARE_API_TOKEN", MARK, "CLOUDFLARE_API_KEY", MARK)))
          .hasMessageNotContaining(MARK);
      assertThatThrownBy(() -> AccessTokensClient.builder().baseUrl("https://u:" + MARK + "@h/"))
          .hasMessageNotContaining(MARK);
      assertNoLeak();
    }

    private static void environment(Map<String, String> variables) {
      AccessTokensClient.builder().environment(variables);
    }

    @Test
    void unsendableSecret_verificationRefusesItAndDoesNotShowIt() throws Exception {
      AccessTokensClient client = builder("http://127.0.0.1:1", CREDENTIALS.get(0)).build();
      for (String secret : List.of(MARK + "\n" + MARK, MARK + "\u00e9")) {
        Throwable failure =
            catchThrowable(
                () -> client.verify("http://127.0.0.1:1/", "an-id", secret, Duration.ZERO));
        assertThat(failure).isInstanceOf(IllegalArgumentException.class);
        detector.check("verification", failure);
      }
      assertNoLeak();
    }
  }

  @Test
  void leak_isDetected() throws Exception {
    try (RawProvider provider = RawProvider.responding(rotated(SECRETS.get(0)))) {
      Request request =
          new Request.Builder()
              .url(provider.baseUrl())
              .header("X-Auth-Key", API_KEY)
              .post(RequestBody.create(new byte[0], null))
              .build();
      watched().build().newCall(request).execute().close();
    }
    assertThat(detector.leaks())
        .anyMatch(leak -> leak.contains("OkHttp's logger: X-Auth-Key: "))
        .anyMatch(leak -> leak.contains("OkHttp's logger: ") && leak.contains("client_secret"))
        .anyMatch(leak -> leak.contains(": network interceptor, request, header: X-Auth-Key: "))
        .anyMatch(leak -> leak.contains(": interceptor, body: "));
    System.out.println(MARK);
    assertThat(detector.leaks()).anyMatch(leak -> leak.contains("standard output: "));
  }

  /** A client with an observer in every place that OkHttp has. */
  private AccessTokensClient.Builder builder(String baseUrl, Credentials credentials) {
    detector.check("credentials", credentials);
    AccessTokensClient.Builder builder =
        AccessTokensClient.builder()
            .credentials(credentials)
            .baseUrl(baseUrl)
            .callTimeout(Duration.ofSeconds(20))
            .maxRetries(0)
            .httpClient(watched().build());
    detector.check("builder", builder);
    return builder;
  }

  private OkHttpClient.Builder watched() {
    HttpLoggingInterceptor okHttpLogger =
        new HttpLoggingInterceptor(line -> detector.check("OkHttp's logger", line));
    okHttpLogger.setLevel(HttpLoggingInterceptor.Level.BODY);
    LoggingInterceptor ourLogger =
        LoggingInterceptor.bodies(line -> detector.check("LoggingInterceptor", line));
    return new OkHttpClient.Builder()
        .addInterceptor(okHttpLogger)
        .addInterceptor(ourLogger)
        .addInterceptor(detector.interceptor("interceptor"))
        .addNetworkInterceptor(okHttpLogger)
        .addNetworkInterceptor(ourLogger)
        .addNetworkInterceptor(detector.interceptor("network interceptor"));
  }

  private Rotated rotate(String secret) throws Exception {
    try (RawProvider provider = RawProvider.responding(rotated(secret))) {
      return builder(provider.baseUrl(), CREDENTIALS.get(0)).build().rotate(ROTATION);
    }
  }

  /** Rotates and checks what comes back; returns "rotated" or the reason of the failure. */
  private String rotate(AccessTokensClient client, Rotation rotation, String secret) {
    try {
      check(client.rotate(rotation), secret);
      return "rotated";
    } catch (RotationException e) {
      check(e, secret);
      return Reasons.of(e).toString();
    }
  }

  private void check(Rotated rotated, String secret) {
    detector.check("rotated", rotated);
    detector.check("rotated", rotated.getToken());
    detector.check("rotated", rotated.getMessages());
    detector.check("rotated", rotated.getCfRay());
    assertThat(rotated.getClientSecret()).isEqualTo(secret);
    assertThat(rotated.getToken().getClientSecret()).isEqualTo(secret);
  }

  private void check(RotationException failure, String secret) {
    detector.check("failure", failure);
    if (failure instanceof RotationUnknownException unknown
        && unknown.getServiceToken() != null
        && unknown.getServiceToken().getClientSecret() != null) {
      assertThat(unknown.getServiceToken().getClientSecret()).isEqualTo(secret);
    }
  }

  private void assertNoLeak() {
    assertThat(detector.leaks().stream().limit(50)).isEmpty();
  }

  /** Failures that contain a text, each in one place. */
  private static List<Throwable> failuresWith(String text) {
    IOException suppressing = new IOException("a failure");
    suppressing.addSuppressed(new IOException("another", new IOException(text)));
    IOException deep = new IOException(text);
    for (int i = 0; i < 40; i++) {
      deep = new IOException("wrapped", deep);
    }
    IOException circular = new IOException("a circle");
    circular.initCause(new IOException(text, circular));
    return List.of(
        new IOException(text),
        new IllegalStateException("it is " + text + "!"),
        new IOException("a failure", new IOException("its cause", new IOException(text))),
        new IOException("a failure", new AssertionError(text)),
        suppressing,
        deep,
        circular,
        new HidingException(text),
        new AssertionError(text),
        new Exception(text));
  }

  /** Its {@code toString()} leaves its message out. */
  private static final class HidingException extends IOException {
    private static final long serialVersionUID = 1L;

    HidingException(String message) {
      super(message);
    }

    @Override
    public String getLocalizedMessage() {
      return "something else";
    }
  }

  /** Throws a checked exception that is not declared, as Kotlin can. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void raise(Throwable failure) throws T {
    throw (T) failure;
  }
}
