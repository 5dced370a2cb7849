package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.api.Credentials;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What stands below the calls of operations that a grown description may have. */
class AuthenticationInterceptorTest {
  // Starts when it is asked for its address.
  @AutoClose private final MockWebServer server = new MockWebServer();
  private final List<Request> shown = new ArrayList<>();

  @Test
  void credentialsAreSentAndNotShown() throws Exception {
    server.enqueue(new MockResponse());
    get(server.url("/client/v4/")).close();
    assertThat(shown).hasSize(2).allMatch(request -> request.header("Authorization") == null);
    assertThat(server.takeRequest().getHeader("Authorization")).isEqualTo("Bearer api-token");
  }

  @Test
  void anotherOriginGetsNothing() {
    assertThatThrownBy(() -> get(HttpUrl.get("http://localhost:1/client/v4/")))
        .isInstanceOf(ProtocolException.class);
    assertThat(server.getRequestCount()).isZero();
  }

  private Response get(HttpUrl baseUrl) throws IOException {
    return new OkHttpClient.Builder()
        .addNetworkInterceptor(
            chain -> {
              Response response = chain.proceed(chain.request());
              shown.add(chain.request());
              shown.add(response.request());
              return response;
            })
        .addNetworkInterceptor(
            new AuthenticationInterceptor(Credentials.apiToken("api-token"), baseUrl))
        .build()
        .newCall(new Request.Builder().url(server.url("/client/v4/zones")).build())
        .execute();
  }
}
