package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.api.Credentials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class LoggingInterceptorTest {
  private static final String ROTATED =
      "{\"errors\":[],\"messages\":[{\"code\":1000,\"message\":\"it is hush\"}],\"success\":true,"
          + "\"result\":{\"client_secret\":\"hush\",\"name\":\"CI\"}}";
  private static final String MASKED =
      "{\"errors\":[],\"messages\":[{\"code\":1000,\"message\":\"it is ██\"}],\"success\":true,"
          + "\"result\":{\"client_secret\":\"██\",\"name\":\"CI\"}}";

  // Starts when it is asked for its address.
  @AutoClose private final MockWebServer server = new MockWebServer();
  private final List<String> lines = new ArrayList<>();

  @Test
  void rotationIsLoggedWithItsBodiesButNoSecret() throws Exception {
    server.enqueue(json(ROTATED));
    Rotated rotated =
        AccessTokensClient.builder()
            .credentials(Credentials.apiToken("hush-token"))
            .baseUrl(server.url("/").toString())
            .httpClient(
                new OkHttpClient.Builder()
                    .addNetworkInterceptor(LoggingInterceptor.bodies(lines::add))
                    .build())
            .build()
            .rotate("an-account", "a-token");
    assertThat(rotated.getClientSecret()).isEqualTo("hush");
    assertThat(lines)
        .contains(
            "--> POST " + server.url("/accounts/an-account/access/service_tokens/a-token/rotate"))
        .contains(MASKED)
        .noneMatch(line -> line.contains("hush"));
  }

  @Test
  void anyOtherHttpClientIsLoggedTheSameWay() throws Exception {
    server.enqueue(json(ROTATED).setHeader("Set-Cookie", "hush"));
    Request request =
        new Request.Builder()
            .url(server.url("/"))
            .header("authorization", "Bearer hush")
            .header("X-Auth-Key", "hush")
            .header("x-auth-email", "hush")
            .header("CF-Access-Client-Secret", "hush")
            .header("Cookie", "hush")
            .header("X-Other", "shown")
            .post(RequestBody.create("{\"client_secret\":\"hush\"}", MediaType.get("text/json")))
            .build();
    try (Response response =
        http(LoggingInterceptor.bodies(lines::add)).newCall(request).execute()) {
      assertThat(response.body().string()).as("the caller's body").isEqualTo(ROTATED);
    }
    assertThat(lines)
        .contains("authorization: ██", "X-Auth-Key: ██", "x-auth-email: ██", "X-Other: shown")
        .contains("CF-Access-Client-Secret: ██", "Cookie: ██", "Set-Cookie: ██")
        .contains("{\"client_secret\":\"██\"}", MASKED)
        .noneMatch(line -> line.contains("hush"));
  }

  @Test
  void whatIsNotJsonIsCountedAndNotShown() throws Exception {
    server.enqueue(new MockResponse().setBody("{\"client_secret\":\"hush"));
    server.enqueue(json("\"" + "x".repeat(2 << 20) + "\""));
    OkHttpClient http = http(LoggingInterceptor.bodies(lines::add));
    for (int i = 0; i < 2; i++) {
      http.newCall(new Request.Builder().url(server.url("/")).build()).execute().close();
    }
    assertThat(lines)
        .contains("(22 bytes that are not JSON)", "(1048577 bytes that are not JSON)")
        .noneMatch(line -> line.contains("hush"));
  }

  @Test
  void headersAloneAreLoggedWithoutBodies() throws Exception {
    server.enqueue(json(ROTATED));
    http(LoggingInterceptor.headers(lines::add))
        .newCall(new Request.Builder().url(server.url("/")).build())
        .execute()
        .close();
    assertThat(lines)
        .contains("<-- 200 " + server.url("/"), "Content-Type: application/json")
        .noneMatch(line -> line.contains("success"));
  }

  @Test
  void failureIsLoggedWithoutTheWordsOfTheAnswer() throws IOException {
    server.enqueue(new MockResponse().setStatus("hush"));
    OkHttpClient http = http(LoggingInterceptor.bodies(lines::add));
    assertThatThrownBy(
            () -> http.newCall(new Request.Builder().url(server.url("/")).build()).execute())
        .isInstanceOf(IOException.class);
    assertThat(lines).last().isEqualTo("<-- failed: ProtocolException");
  }

  private static MockResponse json(String body) {
    return new MockResponse().setHeader("Content-Type", "application/json").setBody(body);
  }

  private static OkHttpClient http(LoggingInterceptor interceptor) {
    return new OkHttpClient.Builder().addInterceptor(interceptor).build();
  }
}
