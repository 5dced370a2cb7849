package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.api.Credentials;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Cache;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {
  // Starts when it is asked for its address.
  @AutoClose private final MockWebServer server = new MockWebServer();
  private String secret = "new-secret";
  private int without = 403;
  private int with = 200;

  @BeforeEach
  void answer() {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            if (request.getMethod().equals("POST")) {
              return new MockResponse()
                  .setBody(
                      "{\"errors\":[],\"messages\":[],\"success\":true,\"result\":"
                          + "{\"client_id\":\"id.access\",\"client_secret\":\""
                          + secret
                          + "\"}}");
            }
            boolean pair =
                "id.access".equals(request.getHeader("CF-Access-Client-Id"))
                    && "new-secret".equals(request.getHeader("CF-Access-Client-Secret"));
            return new MockResponse()
                .setResponseCode(pair || request.getHeader("Cookie") != null ? with : without)
                .setHeader("Cache-Control", "max-age=60")
                .setHeader("Set-Cookie", pair ? "CF_Authorization=yes" : "other=1; Max-Age=0")
                .setHeader("Location", "/login");
          }
        });
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
  void pairIsTriedAgainstThePageWithoutIt(int without, int with, Verification verification)
      throws IOException {
    this.without = without;
    this.with = with;
    AccessTokensClient client = client();
    Rotated rotated = client.rotate("account", "token");
    assertThat(client.verify(server.url("/page?x=1").toString(), rotated)).isEqualTo(verification);
  }

  @Test
  void answerOfEarlierDoesNotOpenThePage(@TempDir File directory) throws Exception {
    // As the provider does: who was let in once gets in with a cookie, or out of the cache.
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
    OkHttpClient own =
        new OkHttpClient.Builder().cookieJar(jar).cache(new Cache(directory, 1 << 20)).build();
    AccessTokensClient client =
        AccessTokensClient.builder()
            .credentials(Credentials.apiToken("my-api-token"))
            .baseUrl(server.url("/").toString())
            .httpClient(own)
            .build();
    Rotated rotated = client.rotate("account", "token");
    for (int i = 0; i < 2; i++) {
      assertThat(client.verify(server.url("/").toString(), rotated))
          .isEqualTo(Verification.ACCEPTED);
    }
    assertThat(server.getRequestCount()).isEqualTo(5);
    assertThat(cookies).isEmpty();
  }

  @Test
  void noRedirectIsFollowedAndNoCredentialOfTheApiSent() throws Exception {
    without = 302;
    AccessTokensClient client = client();
    assertThat(client.verify(server.url("/").toString(), client.rotate("account", "token")))
        .isEqualTo(Verification.ACCEPTED);
    // The rotation, and two tries.
    assertThat(server.getRequestCount()).isEqualTo(3);
    server.takeRequest();
    assertThat(server.takeRequest().getHeader("Authorization")).isNull();
    assertThat(server.takeRequest().getHeader("Authorization")).isNull();
  }

  @Test
  void callersInterceptorsDoNotSeeTheSecret() throws Exception {
    StringBuilder seen = new StringBuilder();
    OkHttpClient own =
        new OkHttpClient.Builder()
            .addNetworkInterceptor(
                chain -> {
                  seen.append(chain.request().headers());
                  return chain.proceed(chain.request());
                })
            .build();
    AccessTokensClient client = builder().httpClient(own).build();
    assertThat(client.verify(server.url("/").toString(), client.rotate("account", "token")))
        .isEqualTo(Verification.ACCEPTED);
    assertThat(seen.toString()).contains("User-Agent").doesNotContain("new-secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://example.com/", "ftp://example.com/", "https://hush@example.com/", "hush"})
  void badUrlIsNamedAndNotShown(String url) throws Exception {
    AccessTokensClient client = client();
    Rotated rotated = client.rotate("account", "token");
    assertThatThrownBy(() -> client.verify(url, rotated))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("protectedUrl ")
        .hasMessageNotContaining("hush");
  }

  @Test
  void secretThatNoHeaderCanCarryIsNotShown() throws Exception {
    secret = "hush\\nhush";
    AccessTokensClient client = client();
    Rotated rotated = client.rotate("account", "token");
    assertThatThrownBy(() -> client.verify(server.url("/").toString(), rotated))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("client_secret ")
        .hasMessageNotContaining("hush");
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  private AccessTokensClient client() {
    return builder().build();
  }

  private AccessTokensClient.Builder builder() {
    return AccessTokensClient.builder()
        .credentials(Credentials.apiToken("api-token"))
        .baseUrl(server.url("/").toString());
  }
}
