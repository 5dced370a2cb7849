package io.github.accesstokens;

import static io.github.accesstokens.Provider.ROTATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.api.InvalidArgumentException;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Cache;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {
  @AutoClose private final Provider provider = new Provider();
  private String secret = "new-secret";
  private int without = 403;
  private int with = 200;

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
    boolean pair =
        "id.access".equals(request.getHeader("CF-Access-Client-Id"))
            && "new-secret".equals(request.getHeader("CF-Access-Client-Secret"));
    return Provider.status(pair || request.getHeader("Cookie") != null ? with : without)
        .setHeader("Cache-Control", "max-age=60")
        .setHeader("Set-Cookie", pair ? "CF_Authorization=yes" : "other=1; Max-Age=0")
        .setHeader("Location", "/login");
  }

  @ParameterizedTest
  @CsvSource({
    "302, 200, ACCEPTED",
    "401, 200, ACCEPTED",
    "403, 200, ACCEPTED",
    "403, 403, REFUSED",
    "302, 302, REFUSED",
    "401, 401, REFUSED",
    "200, 200, UNPROTECTED",
    "404, 404, INCONCLUSIVE",
    "403, 500, INCONCLUSIVE",
    "500, 200, INCONCLUSIVE",
  })
  void statusesWithoutAndWithThePair_giveTheResult(int without, int with, Verification verification)
      throws Exception {
    this.without = without;
    this.with = with;
    assertThat(verify(provider.client())).isEqualTo(verification);
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
    without = 302;
    assertThat(verify(provider.client())).isEqualTo(Verification.ACCEPTED);
    assertThat(provider.requestCount()).as("one rotation, and a pair of requests").isEqualTo(3);
    provider.takeRequest();
    assertThat(provider.takeRequest().getHeader("Authorization")).isNull();
    assertThat(provider.takeRequest().getHeader("Authorization")).isNull();
  }

  @Test
  void interceptors_doNotSeeTheSecret() throws Exception {
    StringBuilder seen = new StringBuilder();
    OkHttpClient http =
        new OkHttpClient.Builder()
            .addNetworkInterceptor(
                chain -> {
                  seen.append(chain.request().headers());
                  return chain.proceed(chain.request());
                })
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

  @Test
  void secretThatNoHeaderCanCarry_isNotSentAndNotShown() {
    assertThatThrownBy(
            () -> provider.client().verify(provider.url("/"), "id", "hush\nhush", Duration.ZERO))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageStartingWith("client_secret ")
        .hasMessageNotContaining("hush");
    assertThat(provider.requestCount()).isZero();
  }

  private Verification verify(AccessTokensClient client) throws Exception {
    return client.verify(provider.url("/page?x=1"), client.rotate(ROTATION), Duration.ZERO);
  }
}
