package io.github.accesstokens;

import static io.github.accesstokens.Provider.ROTATION;
import static io.github.accesstokens.Provider.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.api.Credentials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.mockwebserver.MockResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoggingInterceptorTest {
  private static final String ROTATED =
      """
      {"errors":[],"messages":[{"code":1000,"message":"it is hush"}],"success":true,\
      "result":{"client_secret":"hush","name":"CI"}}""";
  private static final String MASKED = ROTATED.replace("hush", "██");

  @AutoClose private final Provider provider = new Provider();
  private final List<String> lines = new ArrayList<>();

  @Test
  void rotation_isLoggedWithItsBodiesMasked() throws Exception {
    provider.enqueue(json(ROTATED));
    OkHttpClient http =
        new OkHttpClient.Builder()
            .addNetworkInterceptor(LoggingInterceptor.bodies(lines::add))
            .build();
    Rotated rotated =
        AccessTokensClient.builder()
            .credentials(Credentials.apiToken("hush-token"))
            .baseUrl(provider.url("/"))
            .httpClient(http)
            .build()
            .rotate(ROTATION);
    assertThat(rotated.getClientSecret()).isEqualTo("hush");
    assertThat(lines)
        .contains("--> POST " + provider.takeRequest().getRequestUrl(), MASKED)
        .noneMatch(line -> line.contains("hush"));
  }

  @Test
  void otherRequest_isLoggedWithHeadersAndBodiesMasked() throws Exception {
    provider.enqueue(json(ROTATED));
    Request request =
        new Request.Builder()
            .url(provider.url("/"))
            .header("authorization", "Bearer hush")
            .header("X-Other", "shown")
            .post(RequestBody.create("{\"client_secret\":\"hush\"}", MediaType.get("text/json")))
            .build();
    try (Response response =
        http(LoggingInterceptor.bodies(lines::add)).newCall(request).execute()) {
      assertThat(response.body().string()).as("the caller's body").isEqualTo(ROTATED);
    }
    assertThat(lines)
        .contains("authorization: ██", "X-Other: shown")
        .contains("{\"client_secret\":\"██\"}", MASKED)
        .noneMatch(line -> line.contains("hush"));
  }

  /** One header at a time: a secret of another header would mask the value too. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "Proxy-Authorization",
        "X-Auth-Email",
        "X-Auth-Key",
        "CF-Access-Client-Secret",
        "Cookie",
        "Set-Cookie"
      })
  void secretHeader_isMaskedInBothDirections(String name) throws Exception {
    String sent = "sent-in-" + name;
    String received = "received-in-" + name;
    provider.enqueue(json("\"" + sent + "\"").setHeader(name, received).setHeader("X-Echo", sent));
    Request request =
        new Request.Builder().url(provider.url("/?" + sent)).header(name, sent).build();
    http(LoggingInterceptor.bodies(lines::add)).newCall(request).execute().close();
    assertThat(lines)
        .filteredOn(line -> line.startsWith(name + ": "))
        .containsExactly(name + ": ██", name + ": ██");
    assertThat(lines)
        .contains("X-Echo: ██", "\"██\"")
        .noneMatch(line -> line.contains(sent) || line.contains(received));
  }

  @Test
  void bodyThatIsNotJson_isCountedAndNotShown() throws Exception {
    provider.enqueue(json("{\"client_secret\":\"hush"), json("\"" + "x".repeat(2 << 20) + "\""));
    get(LoggingInterceptor.bodies(lines::add));
    get(LoggingInterceptor.bodies(lines::add));
    assertThat(lines)
        .contains("(22 bytes that are not JSON)", "(more than 1048576 bytes)")
        .noneMatch(line -> line.contains("hush"));
  }

  @Test
  void manySecrets_areAllMasked() throws Exception {
    String secrets =
        IntStream.range(0, 40)
            .mapToObj(i -> "{\"client_secret\":\"hush-%02d\"}".formatted(i))
            .collect(Collectors.joining(",", "[", "]"));
    provider.enqueue(json(secrets));
    get(LoggingInterceptor.bodies(lines::add));
    assertThat(lines)
        .anyMatch(line -> line.contains("\"client_secret\":\"██\""))
        .noneMatch(line -> line.contains("hush"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cf-ray", "Content-Type", "Date", "Ratelimit", "Ratelimit-Policy", "Retry-After"})
  void shortCredential_keepsHeadersWithAMeaning(String name) throws Exception {
    provider.enqueue(json("{}").setHeader("X-Echo", "you sent 1").setHeader(name, "a/1"));
    Request request =
        new Request.Builder().url(provider.url("/")).header("Authorization", "Bearer 1").build();
    OkHttpClient http = Provider.http(LoggingInterceptor.headers(lines::add));
    http.newCall(request).execute().close();
    assertThat(lines).contains("Authorization: ██", name + ": a/1", "X-Echo: you sent ██");
  }

  @Test
  void headersOnly_logsNoBodies() throws Exception {
    provider.enqueue(json(ROTATED));
    get(LoggingInterceptor.headers(lines::add));
    assertThat(lines)
        .contains("<-- 200 " + provider.url("/"), "Content-Type: application/json")
        .noneMatch(line -> line.contains("success"));
  }

  @Test
  void failure_isLoggedWithoutTextOfTheResponse() {
    provider.enqueue(new MockResponse().setStatus("hush"));
    assertThatThrownBy(() -> get(LoggingInterceptor.bodies(lines::add)))
        .isInstanceOf(IOException.class);
    assertThat(lines).last().isEqualTo("<-- failed: ProtocolException");
  }

  private void get(LoggingInterceptor interceptor) throws IOException {
    Request request = new Request.Builder().url(provider.url("/")).build();
    http(interceptor).newCall(request).execute().close();
  }

  private static OkHttpClient http(LoggingInterceptor interceptor) {
    return new OkHttpClient.Builder().addInterceptor(interceptor).build();
  }
}
