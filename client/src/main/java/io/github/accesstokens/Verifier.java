package io.github.accesstokens;

import io.github.accesstokens.api.InvalidArgumentException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import okhttp3.Authenticator;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Requests a protected URL without and with a Client ID and its Client Secret.
 *
 * <p>Access responds to a missing or wrong pair with a redirect to its login host, 401 or 403. An
 * application behind Access and a firewall in front of it send 401 and 403 too, and no known header
 * separates them. If the two responses differ, two more requests decide. One has a wrong secret,
 * which never reaches the application. The other is the first one again: its response changes if a
 * firewall started to limit the rate meanwhile.
 *
 * <p>In the table, "login" is a redirect to the login host.
 *
 * <pre>
 * without the pair   with the pair     with a wrong secret  without it again  result
 * -----------------  ----------------  -------------------  ----------------  ------------
 * 2xx                                                                         UNPROTECTED
 * login, 401 or 403  2xx                                                      ACCEPTED
 * login              the same login                                           REFUSED
 * 401 or 403         the same status                                          INCONCLUSIVE
 * login, 401 or 403  another of these  as with the pair     as at first       REFUSED
 * login, 401 or 403  another of these  as with the pair     anything else     INCONCLUSIVE
 * login, 401 or 403  another of these  anything else                          INCONCLUSIVE
 * login, 401 or 403  anything else                                            INCONCLUSIVE
 * anything else                                                               INCONCLUSIVE
 * </pre>
 */
final class Verifier {
  private static final String LOGIN_DOMAIN = ".cloudflareaccess.com";
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final int MAX_DOUBLINGS = 5;

  private final OkHttpClient http;
  private final Request withoutPair;
  private final Request withPair;
  private final Request withWrongSecret;

  Verifier(OkHttpClient http, HttpUrl url, String clientId, String clientSecret) {
    OkHttpClient.Builder own = http.newBuilder();
    // The requests hold the secret, so no interceptor of the caller sees them.
    own.interceptors().clear();
    own.networkInterceptors().clear();
    // A cached response proves nothing. A cookie or a password of the caller lets anybody in.
    own.cache(null).cookieJar(CookieJar.NO_COOKIES).authenticator(Authenticator.NONE);
    own.proxyAuthenticator(connectOnly(http.proxyAuthenticator()));
    this.http = own.build();
    Request.Builder request =
        new Request.Builder().url(url).header("User-Agent", Attempt.USER_AGENT);
    withoutPair = request.build();
    withPair =
        request
            .header("CF-Access-Client-Secret", checked("client_secret", clientSecret))
            .header("CF-Access-Client-Id", checked("client_id", clientId))
            .build();
    withWrongSecret = withPair.newBuilder().header("CF-Access-Client-Secret", "wrong").build();
  }

  /**
   * OkHttp asks for credentials of the proxy after any 407, also after one of the protected URL.
   */
  private static Authenticator connectOnly(Authenticator proxy) {
    return (route, response) ->
        response.request().method().equals("CONNECT") ? proxy.authenticate(route, response) : null;
  }

  /** OkHttp's own check shows the value in its message. */
  private static String checked(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) <= ' ' || value.charAt(i) >= 0x7f) {
        throw new InvalidArgumentException(name, "cannot be sent in a header");
      }
    }
    return value;
  }

  /** Tries until the result is final or the time is over. */
  Verification verify(Duration within) throws IOException {
    long start = System.nanoTime();
    for (int tries = 1; ; tries++) {
      Verification verification = null;
      IOException failure = null;
      try {
        verification = verify();
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException(SafeFailure.describe(e));
        }
        failure = SafeFailure.redacted(e);
        if (!SafeFailure.isTransient(e)) {
          throw failure;
        }
      }
      Duration pause = pause(tries, Duration.ofNanos(System.nanoTime() - start), within);
      boolean last =
          pause.isZero()
              || verification == Verification.ACCEPTED
              || verification == Verification.UNPROTECTED;
      if (last && failure != null) {
        throw failure;
      }
      if (last) {
        return Objects.requireNonNull(verification);
      }
      sleep(pause);
    }
  }

  /** Returns the pause before the next try, or zero if the time is over. */
  static Duration pause(int tries, Duration elapsed, Duration within) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(tries - 1, MAX_DOUBLINGS));
    Duration left = within.minus(elapsed);
    return left.isNegative() ? Duration.ZERO : left.compareTo(pause) < 0 ? left : pause;
  }

  private static void sleep(Duration pause) throws InterruptedIOException {
    try {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted before the next try");
    }
  }

  private Verification verify() throws IOException {
    Response without = send(withoutPair);
    if (without.isSuccessful()) {
      return Verification.UNPROTECTED;
    }
    if (!isRefusal(without)) {
      return Verification.INCONCLUSIVE;
    }
    Response with = send(withPair);
    if (with.isSuccessful()) {
      return Verification.ACCEPTED;
    }
    boolean refused;
    if (!isRefusal(with)) {
      refused = false;
    } else if (isSame(with, without)) {
      refused = isLogin(with);
    } else {
      refused = isSame(with, send(withWrongSecret)) && isSame(without, send(withoutPair));
    }
    return refused ? Verification.REFUSED : Verification.INCONCLUSIVE;
  }

  /** Returns the response without its body. */
  private Response send(Request request) throws IOException {
    try (Response response = http.newCall(request).execute()) {
      return response;
    }
  }

  private static boolean isRefusal(Response response) {
    return isLogin(response) || response.code() == 401 || response.code() == 403;
  }

  private static boolean isLogin(Response response) {
    HttpUrl target = target(response);
    return response.isRedirect() && target != null && target.host().endsWith(LOGIN_DOMAIN);
  }

  private static boolean isSame(Response one, Response other) {
    return one.code() == other.code() && Objects.equals(target(one), target(other));
  }

  /** Returns where a redirect leads, without the query, which can differ with each request. */
  private static @Nullable HttpUrl target(Response response) {
    String location = response.header("Location");
    HttpUrl target = location == null ? null : response.request().url().resolve(location);
    return target == null ? null : target.newBuilder().query(null).fragment(null).build();
  }
}
