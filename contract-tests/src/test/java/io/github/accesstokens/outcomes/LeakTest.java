package io.github.accesstokens.truth;

import static io.github.accesstokens.truth.RawProvider.answer;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.logging.HttpLoggingInterceptor;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.SocketPolicy;
import okio.Buffer;
import okio.GzipSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Response;

/** Credentials and secrets are nowhere but where they belong, whatever happens. */
@Timeout(60)
final class LeakTest {
  private static final String MARK = "Zq9X";
  private static final String API_TOKEN = MARK + "-api-token-" + MARK;
  private static final String EMAIL = MARK + "@example.com";
  // Begins like the e-mail address: that one alone, masked, would leave the rest.
  private static final String API_KEY = EMAIL + "-api-key-" + MARK;
  private static final List<Credentials> CREDENTIALS =
      List.of(Credentials.apiToken(API_TOKEN), Credentials.apiEmailAndApiKey(EMAIL, API_KEY));

  /** What a provider can repeat of each of these. */
  private static final List<String> ECHOED = List.of(API_TOKEN, EMAIL + ' ' + API_KEY);

  /** Of the form that secrets have, and of none. */
  private static final String DOCUMENTED = "cfast_" + MARK + "k".repeat(32) + MARK + "1a2b3c4d";

  private static final List<String> SECRETS = List.of(DOCUMENTED, MARK + "/new.secret+" + MARK);

  private static final String ALL_ECHOED = String.join(" ", ECHOED);
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final Rotation ROTATION = Rotation.of("an-account", "a-token");
  private static final OffsetDateTime LATER = OffsetDateTime.parse("2999-01-01T00:00:00Z");

  private final Evidence evidence = new Evidence(MARK);

  @AfterEach
  void restore() {
    evidence.close();
  }

  /** An envelope that repeats a text in all places that are for people. */
  private static String envelope(boolean success, String echo, String result) {
    String entries =
        "[{\"code\":1000,\"message\":\"you said "
            + echo
            + "\",\"documentation_url\":\"https://example.com/?"
            + echo
            + "\",\"source\":{\"pointer\":\"/"
            + echo
            + "\"}}]";
    return "{\"errors\":"
        + entries
        + ",\"messages\":"
        + entries
        + ",\"success\":"
        + success
        + ",\"result\":"
        + result
        + "}";
  }

  private static String result(String secret) {
    return "{\"id\":\"an-id\",\"client_id\":\"an-id.access\",\"client_secret\":\""
        + secret
        + "\",\"name\":\"CI\"}";
  }

  private static void put(Map<String, byte[]> all, String status, String headers, String body) {
    String name = all.size() + ": " + status + ' ' + headers.trim();
    all.put(name.replace(MARK, "*"), answer(status, headers, body.getBytes(UTF_8)));
  }

  /** Answers that hold the secret. */
  private static Map<String, byte[]> answers(String secret, String echoed) throws IOException {
    Map<String, byte[]> all = new LinkedHashMap<>();
    String plain = envelope(true, "", result(secret));
    String echo = envelope(true, secret + ' ' + echoed, result(secret));
    String failure = envelope(false, secret + ' ' + echoed, result(secret));
    for (String status : List.of("200 OK", "204 OK", "308 X", "403 X", "408 X", "429 X", "500 X")) {
      put(all, status, JSON, plain);
      put(all, status, JSON, echo);
      put(all, status, JSON, failure);
      put(all, status, JSON, envelope(false, echoed, "null"));
      put(all, status, JSON, envelope(true, echoed, "null"));
      put(all, status, "Content-Type: text/html\r\n", "<p>" + secret + ' ' + echoed);
    }
    put(all, "200 " + secret, JSON, plain);
    put(all, "403 " + echoed, JSON, "");
    for (String header :
        List.of(
            "X-Secret: " + secret,
            "X-" + echoed + ": 1",
            secret + ": 1",
            "cf-ray: " + secret,
            "cf-ray: " + echoed,
            "Retry-After: " + secret,
            "Date: " + echoed,
            "Location: https://127.0.0.1/?" + secret + echoed,
            "Set-Cookie: a=" + secret,
            "Content-Type: " + secret,
            "Content-Type: text/plain; charset=" + echoed,
            "Content-Encoding: " + secret,
            "WWW-Authenticate: Basic realm=\"" + echoed + "\"",
            secret + echoed)) {
      for (String status : List.of("200 OK", "307 X", "401 X", "500 X")) {
        put(all, status, header + "\r\n", plain);
      }
    }
    // Not as documented
    put(all, "200 OK", JSON, plain.replace("\"an-id\"", "7"));
    put(all, "200 OK", JSON, failure.replace("\"an-id\"", "7"));
    put(all, "403 X", JSON, failure.replace("\"an-id\"", "7"));
    put(all, "403 X", JSON, envelope(false, secret, "{\"inner\":[" + result(secret) + "]}"));
    put(
        all,
        "200 OK",
        JSON,
        plain.replace("\"" + secret, "[\"" + secret).replace("\",\"name", "\"],\"name"));
    put(all, "200 OK", JSON, envelope(true, secret, "{\"client_secret\":{\"" + secret + "\":1}}"));
    put(all, "200 OK", JSON, "{\"" + secret + "\":" + plain + "}");
    put(all, "200 OK", JSON, plain.replace("\"name\":\"CI\"", "\"" + secret + "\":1"));
    put(
        all,
        "200 OK",
        JSON,
        plain.replace("\"name\":\"CI\"", "\"client_secret\":\"" + secret + "\""));
    put(all, "200 OK", JSON, plain.replace("\"name\":\"CI\"", "\"created_at\":\"" + secret + "\""));
    put(all, "200 OK", JSON, plain.replace("1000", "\"" + secret + "\""));
    put(all, "200 OK", JSON, plain + secret);
    put(all, "200 OK", JSON, secret);
    put(all, "200 OK", JSON, "[" + plain + "]");
    for (int length = plain.indexOf(secret); length < plain.length(); length += 12) {
      put(all, "200 OK", JSON, plain.substring(0, length));
      put(all, "200 OK", JSON + "Content-Length: 9999\r\n", plain.substring(0, length));
    }
    // Not HTTP
    String chunked = JSON + "Transfer-Encoding: chunked\r\n";
    put(all, "200 OK", chunked, secret + "\r\n");
    put(all, "200 OK", chunked, "5\r\n{\"a\":\r\n" + secret + "\r\n");
    put(all, "200 OK", chunked, "5\r\n{\"a\":" + secret + "\r\n");
    String length = Integer.toHexString(plain.length());
    put(
        all,
        "200 OK",
        chunked,
        length + "\r\n" + plain + "\r\n0\r\nX-Secret: " + secret + "\r\n\r\n");
    put(all, "200 OK", JSON + "Content-Length: " + secret + "\r\n", plain);
    put(all, "200 OK", JSON + "Content-Encoding: gzip\r\n", plain);
    all.put("status line", (secret + "\r\n\r\n").getBytes(ISO_8859_1));
    all.put("status", ("HTTP/1.1 " + secret + "\r\n\r\n").getBytes(ISO_8859_1));
    all.put("version", ("HTTP/" + secret + " 200 OK\r\n\r\n").getBytes(ISO_8859_1));
    all.put("after 100", ("HTTP/1.1 100 X\r\n\r\n" + secret + "\r\n\r\n").getBytes(ISO_8859_1));
    all.put("no HTTP", (plain + echoed).getBytes(ISO_8859_1));
    Buffer gzip = new Buffer();
    try (GzipSink sink = new GzipSink(gzip)) {
      sink.write(new Buffer().writeUtf8(echo), echo.length());
    }
    byte[] zipped = gzip.readByteArray();
    all.put("gzip", answer("200 OK", "Content-Encoding: gzip\r\n", zipped));
    byte[] cut = Arrays.copyOf(zipped, zipped.length - 4);
    all.put("cut gzip", answer("200 OK", "Content-Encoding: gzip\r\n", cut));
    return all;
  }

  /** Answers that show the secret where only its form tells that it is one. */
  private static Map<String, byte[]> answersWithASecretElsewhere() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (String status : List.of("200 OK", "307 X", "403 X", "500 X")) {
      put(all, status, JSON, envelope(false, DOCUMENTED, "null"));
      put(all, status, JSON, envelope(true, DOCUMENTED, "null"));
      put(all, status, JSON, envelope(false, "", "{\"secret\":\"" + DOCUMENTED + "\"}"));
      put(all, status, JSON + "X-Secret: " + DOCUMENTED + "\r\n", "");
      put(all, status, JSON + "cf-ray: " + DOCUMENTED + "\r\n", "");
      put(all, status, JSON + DOCUMENTED + ": 1\r\n", "");
      put(all, status, JSON, "{\"" + DOCUMENTED + "\":1}");
      put(all, status, JSON, "\"" + DOCUMENTED + "\"");
    }
    return all;
  }

  @Test
  void noAnswerMakesTheClientShowASecret() throws Exception {
    Set<String> truths = new TreeSet<>();
    for (String secret : SECRETS) {
      for (int i = 0; i < CREDENTIALS.size(); i++) {
        drive(answers(secret, ECHOED.get(i)), CREDENTIALS.get(i), secret, truths);
      }
    }
    drive(answersWithASecretElsewhere(), CREDENTIALS.get(0), DOCUMENTED, truths);
    assertNoLeak();
    assertThat(truths)
        .as("what was told on the way")
        .contains(
            "rotated", "REFUSED", "NO_ANSWER", "STATUS", "CONTRADICTORY", "EMPTY", "MEDIA_TYPE")
        .contains("MALFORMED", "TRUNCATED", "NO_RESULT");
  }

  private void drive(
      Map<String, byte[]> answers, Credentials credentials, String secret, Set<String> truths)
      throws Exception {
    for (Map.Entry<String, byte[]> each : answers.entrySet()) {
      try (RawProvider provider = RawProvider.answering(each.getValue())) {
        evidence.scene(each.getKey());
        truths.add(see(builder(provider.baseUrl(), credentials).build(), secret));
      }
    }
  }

  /** Calls in all ways there are. */
  private String see(AccessTokensClient client, String secret) throws Exception {
    evidence.see("client", client);
    Rotation rotation = ROTATION.withPreviousSecretExpiresAt(LATER);
    evidence.see("rotation", rotation);
    String truth = "rotated";
    try {
      see(client.rotate(rotation), secret);
    } catch (RotationException e) {
      see(e, secret);
      truth =
          e instanceof RotationUnknownException unknown
              ? unknown.getReason().name()
              : ((RotationNotAppliedException) e).getReason().name();
    }
    Call<Rotated> call = client.newCall(ROTATION);
    evidence.see("call", call);
    evidence.see("call", call.request());
    see(call, secret);
    see(client.serviceTokens().rotateServiceToken("an-account", "a-token"), secret);
    try {
      see(client.rotateAsync(rotation).get(20, TimeUnit.SECONDS), secret);
    } catch (ExecutionException e) {
      evidence.see("future", e);
      see((RotationException) Objects.requireNonNull(e.getCause()), secret);
    }
    return truth;
  }

  private <T> void see(Call<T> call, String secret) throws Exception {
    CompletableFuture<Response<T>> answered = new CompletableFuture<>();
    call.enqueue(
        new Callback<T>() {
          @Override
          public void onResponse(Call<T> call, Response<T> response) {
            answered.complete(response);
          }

          @Override
          public void onFailure(Call<T> call, Throwable failure) {
            answered.completeExceptionally(failure);
          }
        });
    try {
      Response<T> response = answered.get(20, TimeUnit.SECONDS);
      evidence.see("Retrofit's response", response);
      evidence.see("Retrofit's reason phrase", response.message());
      evidence.see("Retrofit's headers", response.headers());
      evidence.seeWithBody("raw response", response.raw());
      if (response.body() instanceof Rotated rotated) {
        see(rotated, secret);
      } else if (response.body() instanceof ServiceTokenEnvelope envelope) {
        evidence.see("envelope", envelope);
        assertThat(envelope.getResult()).extracting("clientSecret").isEqualTo(secret);
      }
    } catch (ExecutionException e) {
      see((RotationException) Objects.requireNonNull(e.getCause()), secret);
    }
  }

  private void see(Rotated rotated, String secret) {
    evidence.see("rotated", rotated);
    evidence.see("rotated", rotated.getToken());
    evidence.see("rotated", rotated.getMessages());
    evidence.see("rotated", rotated.getCfRay());
    assertThat(rotated.getClientSecret()).isEqualTo(secret);
    assertThat(rotated.getToken().getClientSecret()).isEqualTo(secret);
  }

  private void see(RotationException failure, String secret) throws Exception {
    evidence.see("failure", failure);
    if (failure instanceof RotationUnknownException unknown
        && unknown.getServiceToken() != null
        && unknown.getServiceToken().getClientSecret() != null) {
      assertThat(unknown.getServiceToken().getClientSecret()).isEqualTo(secret);
    }
  }

  private void assertNoLeak() {
    assertThat(evidence.leaks().stream().limit(50)).isEmpty();
  }

  /** With everybody looking on who can. */
  private AccessTokensClient.Builder builder(String baseUrl, Credentials credentials) {
    evidence.see("credentials", credentials);
    AccessTokensClient.Builder builder =
        AccessTokensClient.builder()
            .credentials(credentials)
            .baseUrl(baseUrl)
            .callTimeout(Duration.ofSeconds(20))
            .maxRetries(0)
            .httpClient(onlookers().build());
    evidence.see("builder", builder);
    return builder;
  }

  private OkHttpClient.Builder onlookers() {
    HttpLoggingInterceptor theirs =
        new HttpLoggingInterceptor(line -> evidence.see("OkHttp's logger", line));
    theirs.setLevel(HttpLoggingInterceptor.Level.BODY);
    LoggingInterceptor ours =
        LoggingInterceptor.bodies(line -> evidence.see("LoggingInterceptor", line));
    return new OkHttpClient.Builder()
        .addInterceptor(theirs)
        .addInterceptor(ours)
        .addInterceptor(evidence.interceptor("interceptor"))
        .addNetworkInterceptor(theirs)
        .addNetworkInterceptor(ours)
        .addNetworkInterceptor(evidence.interceptor("network interceptor"));
  }

  @Test
  void noAnswerMakesVerificationShowTheSecret() throws Exception {
    for (String secret : SECRETS) {
      Rotated rotated = rotated(secret);
      for (Map.Entry<String, byte[]> each : answers(secret, ALL_ECHOED).entrySet()) {
        evidence.scene("verify: " + each.getKey());
        try (RawProvider provider =
            RawProvider.start(
                (path, out) -> {
                  boolean first = path.equals("/?1");
                  out.write(first ? answer("403 X", "", new byte[0]) : each.getValue());
                })) {
          AccessTokensClient client = builder(provider.baseUrl(), CREDENTIALS.get(0)).build();
          for (String path : List.of("/?1", "/?2")) {
            try {
              evidence.see("verification", client.verify(provider.baseUrl() + path, rotated));
            } catch (IOException e) {
              evidence.see("verification", e);
            }
          }
        }
      }
    }
    assertNoLeak();
  }

  private Rotated rotated(String secret) throws Exception {
    try (RawProvider provider =
        RawProvider.answering(
            answer("200 OK", JSON, envelope(true, "", result(secret)).getBytes(UTF_8)))) {
      return builder(provider.baseUrl(), CREDENTIALS.get(0)).build().rotate(ROTATION);
    }
  }

  @Test
  void secretThatCannotBeVerifiedIsNotShown() throws Exception {
    for (String secret : List.of(MARK + "\\n" + MARK, MARK + "\u00e9")) {
      Rotated rotated = rotated(secret);
      AccessTokensClient client = builder("http://127.0.0.1:1", CREDENTIALS.get(0)).build();
      Throwable failure = catchThrowable(() -> client.verify("http://127.0.0.1:1/", rotated));
      assertThat(failure).isInstanceOf(IllegalArgumentException.class);
      evidence.see("verification", failure);
    }
    assertNoLeak();
  }

  @Test
  void logOfAnyHttpClientShowsNoSecret() throws Exception {
    LoggingInterceptor logger =
        LoggingInterceptor.bodies(line -> evidence.see("LoggingInterceptor", line));
    for (String secret : SECRETS) {
      for (Map.Entry<String, byte[]> each : answers(secret, ALL_ECHOED).entrySet()) {
        evidence.scene(each.getKey());
        for (boolean network : List.of(true, false)) {
          try (RawProvider provider = RawProvider.answering(each.getValue())) {
            OkHttpClient.Builder http = new OkHttpClient.Builder().followRedirects(false);
            OkHttpClient client =
                (network ? http.addNetworkInterceptor(logger) : http.addInterceptor(logger))
                    .build();
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
            client.newCall(request).execute().close();
          } catch (IOException e) {
            // The caller's own affair: it says what this HTTP client always says.
          }
        }
      }
    }
    assertNoLeak();
  }

  @Test
  void failureOfAHandoverShowsNoSecretWhereverItHasIt() throws Exception {
    byte[] answer =
        answer("200 OK", JSON, envelope(true, "", result(SECRETS.get(1))).getBytes(UTF_8));
    try (RawProvider provider = RawProvider.answering(answer)) {
      for (Credentials credentials : CREDENTIALS) {
        AccessTokensClient client = builder(provider.baseUrl(), credentials).build();
        for (String words : List.of(SECRETS.get(1), API_TOKEN, API_KEY, EMAIL)) {
          boolean known =
              words.equals(SECRETS.get(1))
                  || words.equals(API_TOKEN) == (credentials == CREDENTIALS.get(0));
          for (Throwable failure : known ? failures(words) : List.<Throwable>of()) {
            evidence.scene("receiver fails with " + failure.getClass() + ' ' + words);
            HandoverException handover =
                (HandoverException)
                    catchThrowable(
                        () -> client.rotate(ROTATION.withHandover(receiving(() -> raise(failure)))));
            evidence.see("handover", handover);
            see(handover.getRotated(), SECRETS.get(1));

            if (!words.equals(SECRETS.get(1))) {
              evidence.scene("preparation fails with " + failure.getClass() + ' ' + words);
              Throwable unprepared =
                  catchThrowable(
                      () ->
                          client.rotate(
                              ROTATION.withHandover(
                                  () -> {
                                    raise(failure);
                                    throw new AssertionError();
                                  })));
              if (failure instanceof Exception) {
                assertThat(unprepared).isInstanceOf(RotationNotAppliedException.class);
                evidence.see("handover", unprepared);
              }
            }
          }
        }
      }
    }
    assertNoLeak();
  }

  private static Handover receiving(Runnable action) {
    return () ->
        new Handover.Receiver() {
          @Override
          public void receive(Rotated rotated) {
            action.run();
          }

          @Override
          public void close() {
            // Too late to change what is told.
            action.run();
          }
        };
  }

  /** Failures that have these words, in one place each. */
  private static List<Throwable> failures(String words) {
    IOException suppressing = new IOException("a failure");
    suppressing.addSuppressed(new IOException("another", new IOException(words)));
    IOException deep = new IOException(words);
    for (int i = 0; i < 40; i++) {
      deep = new IOException("wrapped", deep);
    }
    IOException inACircle = new IOException("a circle");
    IOException other = new IOException(words, inACircle);
    inACircle.initCause(other);
    return List.of(
        new IOException(words),
        new IllegalStateException("it is " + words + "!"),
        new IOException("a failure", new IOException("its cause", new IOException(words))),
        new IOException("a failure", new AssertionError(words)),
        suppressing,
        deep,
        inACircle,
        new ShyException(words),
        new AssertionError(words),
        new Exception(words));
  }

  /** Does not tell all in its {@code toString()}. */
  private static final class ShyException extends IOException {
    private static final long serialVersionUID = 1L;

    ShyException(String message) {
      super(message);
    }

    @Override
    public String getLocalizedMessage() {
      return "something else";
    }
  }

  /** Throws it undeclared, as Kotlin does. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void raise(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void failureOfAnInterceptorShowsNoCredentialAndHidesNoTruth() throws Exception {
    String secret = SECRETS.get(1);
    byte[] answer = answer("200 OK", JSON, envelope(true, "", result(secret)).getBytes(UTF_8));
    try (RawProvider provider = RawProvider.answering(answer)) {
      for (Throwable failure : failures(API_TOKEN)) {
        evidence.scene("interceptor fails with " + failure.getClass());
        OkHttpClient before =
            onlookers()
                .addInterceptor(
                    chain -> {
                      LeakTest.<RuntimeException>raise(failure);
                      return chain.proceed(chain.request());
                    })
                .build();
        int requests = provider.requests();
        Throwable notApplied =
            catchThrowable(
                () ->
                    builder(provider.baseUrl(), CREDENTIALS.get(0))
                        .httpClient(before)
                        .build()
                        .rotate(ROTATION));
        assertThat(notApplied).isInstanceOf(RotationNotAppliedException.class);
        evidence.see("failure", notApplied);
        assertThat(provider.requests()).isEqualTo(requests);

        OkHttpClient after =
            onlookers()
                .addInterceptor(
                    chain -> {
                      chain.proceed(chain.request()).close();
                      LeakTest.<RuntimeException>raise(failure);
                      throw new AssertionError();
                    })
                .build();
        see(
            builder(provider.baseUrl(), CREDENTIALS.get(0))
                .httpClient(after)
                .build()
                .rotate(ROTATION),
            secret);
      }
    }
    // The interceptors above have seen the one below fail, in its own words.
    assertThat(evidence.leaks())
        .allMatch(
            leak ->
                leak.contains("interceptor,")
                    || leak.contains("listener")
                    || leak.contains("logger"));
  }

  @Test
  void failuresWithoutAnAnswerShowNoCredential() throws Exception {
    Set<Object> reasons = new HashSet<>();
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch arrived = new CountDownLatch(3);
    try (RawProvider silent =
            RawProvider.start(
                (path, out) -> {
                  arrived.countDown();
                  end.await();
                });
        RawProvider cutting = RawProvider.start((path, out) -> {})) {
      for (Credentials credentials : CREDENTIALS) {
        evidence.scene("no answer");
        AccessTokensClient cut = builder(cutting.baseUrl(), credentials).build();
        reasons.add(reason(() -> cut.rotate(ROTATION)));
        reasons.add(reason(() -> cut.rotate(ROTATION.withRepeatsAfterUnknown(1))));

        evidence.scene("nobody there");
        AccessTokensClient nobody = builder("http://127.0.0.1:1", credentials).build();
        reasons.add(reason(() -> nobody.rotate(ROTATION)));

        evidence.scene("no address");
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

        evidence.scene("no TLS");
        AccessTokensClient plain =
            builder(cutting.baseUrl().replace("http:", "https:"), credentials).build();
        reasons.add(reason(() -> plain.rotate(ROTATION)));

        evidence.scene("no time");
        AccessTokensClient hasty =
            builder(silent.baseUrl(), credentials).callTimeout(Duration.ofMillis(200)).build();
        reasons.add(reason(() -> hasty.rotate(ROTATION)));

        evidence.scene("interrupted");
        Thread.currentThread().interrupt();
        reasons.add(reason(() -> hasty.rotate(ROTATION)));
        assertThat(Thread.interrupted()).isTrue();
      }
      evidence.scene("overlap and cancellation");
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
                  evidence.see("future", e);
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
            RotationUnknownException.Reason.NO_ANSWER,
            RotationUnknownException.Reason.TIMEOUT,
            RotationUnknownException.Reason.CANCELLED);
  }

  /** A call that fails. */
  private interface Failing {
    void call() throws Throwable;
  }

  private @Nullable Object reason(Failing call) throws Exception {
    Throwable failure = catchThrowable(call::call);
    evidence.see("failure", failure);
    return failure instanceof RotationUnknownException unknown
        ? unknown.getReason()
        : ((RotationNotAppliedException) failure).getReason();
  }

  @Test
  void credentialThatCannotBeSentIsNotShown() throws Exception {
    for (String end :
        List.of("\n", "\r\nX-Other: 1", "\u00e9", "\u0000", " ", "\ud800", "\u2028")) {
      String value = MARK + end + MARK;
      for (Failing failing :
          List.<Failing>of(
              () -> Credentials.apiToken(value),
              () -> Credentials.apiEmailAndApiKey(value, API_KEY),
              () -> Credentials.apiEmailAndApiKey(EMAIL, value),
              () -> environment(Map.of("CLOUDFLARE_API_TOKEN", value)),
              () -> environment(Map.of("CLOUDFLARE_EMAIL", value, "CLOUDFLARE_API_KEY", API_KEY)),
              () -> environment(Map.of("CLOUDFLARE_EMAIL", EMAIL, "CLOUDFLARE_API_KEY", value)))) {
        Throwable refused = catchThrowable(failing::call);
        assertThat(refused).isInstanceOf(IllegalArgumentException.class).hasNoCause();
        evidence.see("refusal", refused);
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
  void nothingIsShownOverHttp2() throws Exception {
    String secret = SECRETS.get(1);
    for (int credentials = 0; credentials < CREDENTIALS.size(); credentials++) {
      String echo = envelope(true, secret + ECHOED.get(credentials), result(secret));
      try (MockWebServer server = new MockWebServer()) {
        server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        server.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
        server.enqueue(new MockResponse().setHeader("X-Echo", secret).setBody(echo));
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
            builder("http://127.0.0.1:" + server.getPort(), CREDENTIALS.get(credentials))
                .httpClient(onlookers().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build())
                .build();
        for (int i = 0; i < 6; i++) {
          evidence.scene("HTTP/2, answer " + i);
          try {
            see(client.rotate(ROTATION), secret);
          } catch (RotationException e) {
            see(e, secret);
          }
        }
        assertThat(server.getRequestCount()).isEqualTo(6);
      }
    }
    assertNoLeak();
  }

  @Test
  void aLeakWouldBeSeen() throws Exception {
    byte[] answer = answer("200 OK", JSON, envelope(true, "", result(DOCUMENTED)).getBytes(UTF_8));
    try (RawProvider provider = RawProvider.answering(answer)) {
      Request request =
          new Request.Builder()
              .url(provider.baseUrl())
              .header("X-Auth-Key", API_KEY)
              .post(RequestBody.create(new byte[0], null))
              .build();
      onlookers().build().newCall(request).execute().close();
    }
    assertThat(evidence.leaks())
        .anyMatch(leak -> leak.contains("OkHttp's logger: X-Auth-Key: "))
        .anyMatch(leak -> leak.contains("OkHttp's logger: ") && leak.contains("client_secret"))
        .anyMatch(leak -> leak.contains(": network interceptor, request, header: X-Auth-Key: "))
        .anyMatch(leak -> leak.contains(": interceptor, body: "));
    System.out.println(MARK);
    assertThat(evidence.leaks()).anyMatch(leak -> leak.contains("standard output: "));
  }
}
