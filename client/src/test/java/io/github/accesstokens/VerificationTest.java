package io.github.accesstokens;

import static io.github.accesstokens.Provider.ROTATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.api.InvalidArgumentException;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.Cache;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {
  private static final String LOGIN = "302 https://team.cloudflareaccess.com/login";
  private static final Duration LONG = Duration.ofHours(1);

  @AutoClose private final Provider provider = new Provider();
  private String secret = "new-secret";
  private String without = LOGIN;
  private String with = "200";
  private @Nullable String withoutLater;
  private String withWrongSecret = LOGIN;
  private String withAtFirst = "200";
  private int acceptedFromTry;
  private int tries;

  @BeforeEach
  void rotateAndProtectPages() {
    provider.respond(
        request -> request.getMethod().equals("POST") ? rotated() : protectedPage(request));
  }

  private MockResponse rotated() {
    return Provider.json(
        """
        {"errors":[],"messages":[],"success":true,"result":\
        {"client_id":"id.access","client_secret":"%s"}}"""
            .formatted(secret));
  }

  private MockResponse protectedPage(RecordedRequest request) {
    String sent = request.getHeader("CF-Access-Client-Secret");
    assertThat(request.getHeader("CF-Access-Client-Id"))
        .isEqualTo(sent == null ? null : "id.access");
    String response;
    if (request.getHeader("Cookie") != null || request.getHeader("Authorization") != null) {
      response = "200";
    } else if (sent == null) {
      response = tries++ == 0 || withoutLater == null ? without : withoutLater;
    } else if (!sent.equals("new-secret")) {
      response = withWrongSecret;
    } else {
      response = tries < acceptedFromTry ? withAtFirst : with;
    }
    if (response.equals("cut")) {
      return Provider.disconnect();
    }
    MockResponse page =
        Provider.status(Integer.parseInt(response.substring(0, 3)))
            .setHeader("Cache-Control", "max-age=60")
            .setHeader("Set-Cookie", "CF_Authorization=yes");
    String location = response.substring(3).strip();
    return location.isEmpty()
        ? page
        // Each redirect has a query of its own.
        : page.setHeader("Location", location + "?request=" + request.getSequenceNumber());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # without the pair | with the pair | with a wrong secret | result
          200                | 200           | 200                 | UNPROTECTED
          204                | 403           | 403                 | UNPROTECTED
          LOGIN              | 200           | LOGIN               | ACCEPTED
          LOGIN              | 204           | LOGIN               | ACCEPTED
          401                | 200           | 401                 | ACCEPTED
          403                | 299           | 403                 | ACCEPTED
          LOGIN              | LOGIN         | LOGIN               | REFUSED
          LOGIN              | 403           | 403                 | REFUSED
          LOGIN              | 401           | 401                 | REFUSED
          401                | 403           | 403                 | REFUSED
          403                | LOGIN         | LOGIN               | REFUSED
          # everybody gets the same
          401                | 401           | 401                 | INCONCLUSIVE
          403                | 403           | 403                 | INCONCLUSIVE
          404                | 404           | 404                 | INCONCLUSIVE
          500                | 500           | 500                 | INCONCLUSIVE
          302 /login         | 302 /login    | 302 /login          | INCONCLUSIVE
          # the application responds to the pair
          LOGIN              | 401           | LOGIN               | INCONCLUSIVE
          LOGIN              | 403           | LOGIN               | INCONCLUSIVE
          LOGIN              | 401           | 403                 | INCONCLUSIVE
          403                | 401           | 403                 | INCONCLUSIVE
          LOGIN              | OTHER_LOGIN   | LOGIN               | INCONCLUSIVE
          LOGIN              | 302 /login    | LOGIN               | INCONCLUSIVE
          LOGIN              | 404           | LOGIN               | INCONCLUSIVE
          LOGIN              | 503           | LOGIN               | INCONCLUSIVE
          # hosts that only look like the login host
          302 https://cloudflareaccess.com.example.com/ | 200 | 200  | INCONCLUSIVE
          302 https://evilcloudflareaccess.com/         | 200 | 200  | INCONCLUSIVE
          # Access does not respond like this without a pair
          302 /login         | 200           | 302 /login          | INCONCLUSIVE
          404                | 200           | 404                 | INCONCLUSIVE
          500                | 403           | 403                 | INCONCLUSIVE
          429                | LOGIN         | LOGIN               | INCONCLUSIVE
          """)
  void responses_giveTheResult(
      String without, String with, String withWrongSecret, Verification verification)
      throws Exception {
    this.without = response(without);
    this.with = response(with);
    this.withWrongSecret = response(withWrongSecret);
    assertThat(verify(provider.client())).isEqualTo(verification);
  }

  private static String response(String name) {
    return switch (name) {
      case "LOGIN" -> LOGIN;
      case "OTHER_LOGIN" -> "302 https://other.cloudflareaccess.com/login";
      default -> name;
    };
  }

  /** A firewall that limits the rate responds with 403 to all requests after the first one. */
  @Test
  void pageThatChangesWithoutThePair_isInconclusive() throws Exception {
    with = "403";
    withWrongSecret = "403";
    withoutLater = "403";
    assertThat(verify(provider.client())).isEqualTo(Verification.INCONCLUSIVE);
  }

  @Test
  void refusedPreviousPair_meansRotated() throws Exception {
    AccessTokensClient client = provider.client();
    String url = provider.url("/page");
    assertThat(client.verify(url, "id.access", "new-secret", Duration.ZERO))
        .isEqualTo(Verification.ACCEPTED);

    provider.respond(
        request -> {
          if (request.getMethod().equals("POST")) {
            with = LOGIN;
            return Provider.disconnect();
          }
          return protectedPage(request);
        });
    assertThatThrownBy(() -> client.rotate(ROTATION)).isInstanceOf(RotationUnknownException.class);

    assertThat(client.verify(url, "id.access", "new-secret", Duration.ZERO))
        .isEqualTo(Verification.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {LOGIN, "403", "503", "cut"})
  void pairThatIsAcceptedAtTheThirdTry_isAccepted(String atFirst) throws Exception {
    withAtFirst = atFirst;
    acceptedFromTry = 3;
    assertThat(verify(provider.client(), LONG)).isEqualTo(Verification.ACCEPTED);
    assertThat(tries).isEqualTo(3);
  }

  @Test
  void zeroTime_isOneTry() throws Exception {
    with = LOGIN;
    assertThat(verify(provider.client(), Duration.ZERO)).isEqualTo(Verification.REFUSED);
    assertThat(tries).isEqualTo(1);
  }

  @Test
  void refusedPair_isTriedAgainAfterAPause() throws Exception {
    with = LOGIN;
    assertThat(verify(provider.client(), Duration.ofMillis(300))).isEqualTo(Verification.REFUSED);
    // One rotation, and two requests for each of at most three tries.
    assertThat(provider.requestCount()).isBetween(1 + 2 + 2, 1 + 2 * 3);
  }

  @Test
  void openPage_isNotTriedAgain() throws Exception {
    without = "200";
    assertThat(verify(provider.client(), LONG)).isEqualTo(Verification.UNPROTECTED);
    assertThat(tries).isEqualTo(1);
  }

  @Test
  void timeThatEndsWithoutAResponse_throws() {
    with = "cut";
    assertThatThrownBy(() -> verify(provider.client(), Duration.ofMillis(1)))
        .isInstanceOf(IOException.class)
        .hasMessage("the connection ended");
  }

  @ParameterizedTest
  @CsvSource({
    "1, PT0S, PT1M, PT0.2S",
    "2, PT1S, PT1M, PT0.4S",
    "6, PT10S, PT1M, PT6.4S",
    "99, PT10S, PT1M, PT6.4S",
    "99, PT59S, PT1M, PT1S",
    "1, PT0S, PT0S, PT0S",
    "9, PT1M, PT1M, PT0S",
    "9, PT2M, PT1M, PT0S",
    "1, PT0S, PT2562047788015215H, PT0.2S",
  })
  void pause_growsAndStaysWithinTheTime(
      int tries, Duration elapsed, Duration within, Duration pause) {
    assertThat(Verifier.pause(tries, elapsed, within)).isEqualTo(pause);
  }

  @Test
  void interruptedPause_endsTheTriesAndKeepsTheInterrupt() throws Exception {
    with = LOGIN;
    Thread caller = Thread.currentThread();
    CompletableFuture<Void> interrupter =
        CompletableFuture.runAsync(
            () -> {
              while (!isPausing(caller)) {
                Thread.onSpinWait();
              }
              caller.interrupt();
            });
    assertThatThrownBy(() -> verify(provider.client(), LONG))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    interrupter.get(10, TimeUnit.SECONDS);
  }

  private static boolean isPausing(Thread thread) {
    return Stream.of(thread.getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().equals(Verifier.class.getName())
                    && frame.getMethodName().equals("sleep"));
  }

  @Test
  void interruptedRequest_endsTheTriesAndKeepsTheInterrupt() {
    OkHttpClient http =
        new OkHttpClient.Builder()
            .dns(
                host -> {
                  Thread.currentThread().interrupt();
                  throw new UnknownHostException(host);
                })
            .build();
    AccessTokensClient client = provider.builder().httpClient(http).build();
    assertThatThrownBy(
            () -> client.verify("https://app.example.com/", "id.access", "new-secret", LONG))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void brokenResponse_isNotTriedAgain() {
    AccessTokensClient client = provider.client();
    provider.respond(request -> Provider.status(204).setBody("not allowed"));
    assertThatThrownBy(() -> client.verify(provider.url("/"), "id.access", "new-secret", LONG))
        .isInstanceOf(ProtocolException.class);
    assertThat(provider.requestCount()).isEqualTo(1);
  }

  @Test
  void negativeTime_isRefused() {
    assertThatThrownBy(() -> verify(provider.client(), Duration.ofNanos(-1)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessage("within must not be negative, but is PT-0.000000001S");
    assertThat(tries).isZero();
  }

  @Test
  void requests_nameThisClient() throws Exception {
    with = "403";
    assertThat(verify(provider.client())).isEqualTo(Verification.INCONCLUSIVE);
    for (int i = 0; i < 4; i++) {
      assertThat(provider.takeRequest().getHeader("User-Agent"))
          .startsWith("access-tokens-client/");
    }
  }

  @Test
  void authenticatorOfTheCaller_isNotUsed() throws Exception {
    without = "401";
    OkHttpClient http =
        new OkHttpClient.Builder()
            .authenticator(
                (route, response) ->
                    response.request().newBuilder().header("Authorization", "Basic x").build())
            .build();
    assertThat(verify(provider.builder().httpClient(http).build()))
        .isEqualTo(Verification.ACCEPTED);
  }

  /** OkHttp asks the authenticator of the proxy for any 407, also for one of the protected page. */
  @Test
  void authenticatorOfTheProxy_isNotUsedForThePage() throws Exception {
    without = "407";
    OkHttpClient http =
        new OkHttpClient.Builder()
            .proxy(provider.server.toProxyAddress())
            .proxyAuthenticator(
                (route, response) ->
                    response.request().newBuilder().header("Proxy-Authorization", "x").build())
            .build();
    AccessTokensClient client = provider.builder().httpClient(http).build();
    assertThat(client.verify(provider.url("/"), "id.access", "new-secret", Duration.ZERO))
        .isEqualTo(Verification.INCONCLUSIVE);
    assertThat(provider.takeRequest().getHeader("Proxy-Authorization")).isNull();
    assertThat(provider.requestCount()).isEqualTo(1);
  }

  @Test
  void cookiesAndCache_areNotUsed(@TempDir File directory) throws Exception {
    List<Cookie> cookies = new ArrayList<>();
    CookieJar jar =
        new CookieJar() {
          @Override
          public void saveFromResponse(HttpUrl url, List<Cookie> received) {
            cookies.addAll(received);
          }

          @Override
          public List<Cookie> loadForRequest(HttpUrl url) {
            return cookies;
          }
        };
    OkHttpClient http =
        new OkHttpClient.Builder().cookieJar(jar).cache(new Cache(directory, 1 << 20)).build();
    AccessTokensClient client = provider.builder().httpClient(http).build();
    Rotated rotated = client.rotate(ROTATION);
    for (int i = 0; i < 2; i++) {
      assertThat(client.verify(provider.url("/"), rotated, Duration.ZERO))
          .isEqualTo(Verification.ACCEPTED);
    }
    assertThat(provider.requestCount()).as("one rotation, and two pairs of requests").isEqualTo(5);
    assertThat(cookies).isEmpty();
  }

  @Test
  void redirect_isNotFollowedAndCredentialsAreNotSent() throws Exception {
    assertThat(verify(provider.client())).isEqualTo(Verification.ACCEPTED);
    assertThat(provider.requestCount()).as("one rotation, and a pair of requests").isEqualTo(3);
    provider.takeRequest();
    assertThat(provider.takeRequest().getHeader("Authorization")).isNull();
    assertThat(provider.takeRequest().getHeader("Authorization")).isNull();
  }

  @Test
  void interceptors_doNotSeeTheSecret() throws Exception {
    StringBuilder seen = new StringBuilder();
    Interceptor interceptor =
        chain -> {
          seen.append(chain.request().headers());
          return chain.proceed(chain.request());
        };
    OkHttpClient http =
        new OkHttpClient.Builder()
            .addInterceptor(interceptor)
            .addNetworkInterceptor(interceptor)
            .build();
    assertThat(verify(provider.builder().httpClient(http).build()))
        .isEqualTo(Verification.ACCEPTED);
    assertThat(seen.toString()).contains("User-Agent").doesNotContain("new-secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://example.com/", "ftp://example.com/", "https://hush@example.com/", "hush"})
  void badUrl_isRefusedAndNotShown(String url) throws Exception {
    AccessTokensClient client = provider.client();
    Rotated rotated = client.rotate(ROTATION);
    assertThatThrownBy(() -> client.verify(url, rotated, Duration.ZERO))
        .isInstanceOf(InvalidArgumentException.class)
        .hasFieldOrPropertyWithValue("name", "protectedUrl")
        .hasMessageStartingWith("protectedUrl ")
        .hasMessageNotContaining("hush");
    assertThatThrownBy(() -> AccessTokensClient.checkProtectedUrl(url))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageStartingWith("protectedUrl ")
        .hasMessageNotContaining("hush");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hush\nhush", "hush hush", "hush\u007f"})
  void secretThatNoHeaderCanCarry_isNotSentAndNotShown(String secret) {
    assertThatThrownBy(
            () -> provider.client().verify(provider.url("/"), "id", secret, Duration.ZERO))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageStartingWith("client_secret ")
        .hasMessageNotContaining("hush");
    assertThat(provider.requestCount()).isZero();
  }

  private Verification verify(AccessTokensClient client) throws Exception {
    return verify(client, Duration.ZERO);
  }

  private Verification verify(AccessTokensClient client, Duration within) throws Exception {
    return client.verify(provider.url("/page?x=1"), client.rotate(ROTATION), within);
  }
}
