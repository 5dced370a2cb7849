package io.github.accesstokens;

import static io.github.accesstokens.Provider.ACCOUNT;
import static io.github.accesstokens.Provider.ROTATION;
import static io.github.accesstokens.Provider.TOKEN;
import static io.github.accesstokens.Provider.rotated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.api.AccessServiceTokensApi;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.api.InvalidArgumentException;
import io.github.accesstokens.model.RotateServiceTokenRequest;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.mockwebserver.RecordedRequest;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import retrofit2.Response;

@Timeout(30)
class AccessTokensClientTest {
  @AutoClose private final Provider provider = new Provider();

  @Nested
  class Requests {
    @Test
    void rotation_sendsTheDocumentedRequest() throws Exception {
      provider.enqueue(rotated());

      Rotated rotated = provider.client().rotate(ACCOUNT, TOKEN);

      assertThat(rotated.getClientSecret()).isEqualTo("new-secret");
      RecordedRequest request = provider.takeRequest();
      assertThat(request.getRequestLine())
          .isEqualTo(
              "POST /client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/service_tokens"
                  + "/f174e90a-fafe-4643-bbbc-4a0ed4fc8415/rotate HTTP/1.1");
      assertThat(request.getBodySize()).isZero();
      assertThat(request.getHeader("Content-Type")).isNull();
      assertThat(request.getHeader("Authorization")).isEqualTo("Bearer api-token");
      assertThat(request.getHeader("User-Agent")).startsWith("access-tokens-client/");
    }

    @Test
    void expiryAndApiKey_areSentInBodyAndHeaders() throws Exception {
      provider.enqueue(rotated());

      OffsetDateTime expiry = OffsetDateTime.parse("2999-12-01T10:00:00Z");
      Rotated rotated =
          AccessTokensClient.builder()
              .credentials(Credentials.apiEmailAndApiKey("user@example.com", "api-key"))
              .baseUrl(provider.url("/client/v4/"))
              .build()
              .rotate(ACCOUNT, TOKEN, expiry);

      assertThat(rotated.getPreviousSecretExpiresAt()).isEqualTo(expiry);

      RecordedRequest request = provider.takeRequest();
      assertThat(request.getBody().readUtf8())
          .isEqualTo("{\"previous_client_secret_expires_at\":\"2999-12-01T10:00:00Z\"}");
      assertThat(request.getHeader("Content-Type")).startsWith("application/json");
      assertThat(request.getHeaders().toMultimap())
          .containsEntry("x-auth-email", List.of("user@example.com"))
          .containsEntry("x-auth-key", List.of("api-key"));
      assertThat(request.getHeader("Authorization")).isNull();
    }

    @Test
    void generatedInterface_returnsStatusAndEnvelope() throws Exception {
      provider.enqueue(rotated().setResponseCode(201));

      Response<ServiceTokenEnvelope> response =
          provider.client().serviceTokens().rotateServiceToken(ACCOUNT, TOKEN).execute();

      assertThat(response.code()).isEqualTo(201);
      assertThat(response.body()).extracting("result.clientSecret").isEqualTo("new-secret");
    }

    @Test
    void badArgument_isNamedAndNothingIsSent() {
      AccessTokensClient client = provider.client();
      assertRefused("account_id", () -> client.rotate("a/b", TOKEN));
      assertRefused("service_token_id", () -> client.rotate(ACCOUNT, "a/b"));
      // Longer than any limit. The contract tests check the limits of the description.
      String tooLong = "a".repeat(100_000);
      assertRefused("account_id", () -> client.rotate(tooLong, TOKEN))
          .hasMessageMatching(".* must have at most \\d+ characters, but has 100000");
      assertRefused("service_token_id", () -> client.rotate(ACCOUNT, tooLong))
          .hasMessageMatching(".* must have at most \\d+ characters, but has 100000");
      AccessServiceTokensApi api = client.serviceTokens();
      assertRefused("account_id", () -> api.rotateServiceToken("a/b", TOKEN));
      assertRefused("service_token_id", () -> api.rotateServiceToken(ACCOUNT, "a/b"));
      RotateServiceTokenRequest body = RotateServiceTokenRequest.builder().build();
      assertRefused("account_id", () -> api.rotateServiceToken("a/b", TOKEN, body));
      assertRefused("service_token_id", () -> api.rotateServiceToken(ACCOUNT, "a/b", body));
      OffsetDateTime past = OffsetDateTime.parse("2014-01-01T05:20:00Z");
      assertRefused("previous_client_secret_expires_at", () -> client.rotate(ACCOUNT, TOKEN, past))
          .hasMessageContaining(" is in the past");
      assertThat(provider.requestCount()).isZero();
    }
  }

  @Nested
  class Settings {
    @Test
    void credentials_areNamedInFailuresAndNeverShown() {
      String bad = "hush\nhush";
      assertRefused("api_token", () -> Credentials.apiToken(bad)).hasMessageNotContaining("hush");
      assertRefused("api_email", () -> Credentials.apiEmailAndApiKey(bad, "key"))
          .hasMessageNotContaining("hush");
      assertRefused("api_key", () -> Credentials.apiEmailAndApiKey("user@example.com", bad))
          .hasMessageNotContaining("hush");
      assertThat(Credentials.apiToken("hush")).hasToString("Credentials{api_token=██}");
      assertThat(Credentials.apiEmailAndApiKey("hush", "hush"))
          .hasToString("Credentials{api_email=██, api_key=██}");
      assertThat(provider.client().toString()).doesNotContain("api-token");
    }

    @Test
    void credentials_areRequiredOnce() {
      AccessTokensClient.Builder builder = AccessTokensClient.builder();
      assertThatThrownBy(builder::build)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("credentials are missing");
      builder.credentials(Credentials.apiToken("a"));
      assertThatThrownBy(() -> builder.credentials(Credentials.apiToken("b")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("credentials are already given");
    }

    @ParameterizedTest
    @CsvSource({
      "http://api.example.com/, must be https",
      "http://127.0.0.1.example.com/, must be https",
      "http://localhost.example.com/, must be https",
      "ftp://example.com/, is not an http or https URL",
      "example.com, is not an http or https URL",
      "https://hush@example.com/, user info",
      "https://user:hush@example.com/, user info",
      "https://example.com/?token=hush, a query",
      "https://example.com/#hush, a fragment",
    })
    void badBaseUrl_isRefusedAndNotShown(String url, String problem) {
      assertRefused("baseUrl", () -> AccessTokensClient.builder().baseUrl(url))
          .hasMessageContaining(problem)
          .hasMessageNotContaining("hush");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://localhost:1/x",
          "http://127.1.2.3/",
          "http://[::1]/",
          "https://a.example/"
        })
    void goodBaseUrl_isAccepted(String url) {
      AccessTokensClient.Builder builder = AccessTokensClient.builder();
      assertThat(builder.baseUrl(url)).isSameAs(builder);
    }

    @Test
    void negativeLimits_areRefused() {
      AccessTokensClient.Builder builder = AccessTokensClient.builder();
      Duration negative = Duration.ofMillis(-1);
      assertRefused("maxRetries", () -> builder.maxRetries(-1));
      assertRefused("retryTimeout", () -> builder.retryTimeout(negative));
      assertRefused("repeats", () -> ROTATION.withRepeatsAfterUnknown(-1));
      assertRefused("callTimeout", () -> builder.callTimeout(negative));
      assertRefused("callTimeout", () -> builder.callTimeout(Duration.ZERO));
      assertRefused("connectTimeout", () -> builder.connectTimeout(negative));
      assertRefused("connectTimeout", () -> builder.connectTimeout(Duration.ZERO));
    }
  }

  @Nested
  class CallersHttpClient {
    @Test
    void interceptors_seeNoCredentials() throws Exception {
      provider.enqueue(rotated());
      provider
          .client(
              chain -> {
                assertThat(chain.request().header("Authorization")).isNull();
                return chain.proceed(
                    chain.request().newBuilder().header("User-Agent", "own").build());
              })
          .rotate(ROTATION);
      assertThat(provider.takeRequest().getHeader("User-Agent")).isEqualTo("own");
    }

    @Test
    void eventListeners_seeWhatIsSent() throws Exception {
      provider.enqueue(rotated());
      List<String> seen = new ArrayList<>();
      OkHttpClient http =
          new OkHttpClient.Builder()
              .eventListener(
                  new EventListener() {
                    @Override
                    public void requestHeadersEnd(Call call, Request request) {
                      seen.add(String.valueOf(request.header("Authorization")));
                      seen.add(String.valueOf(call.request().header("Authorization")));
                    }
                  })
              .build();
      provider.builder().httpClient(http).build().rotate(ROTATION);
      assertThat(seen).containsExactly("Bearer api-token", "null");
    }

    @Test
    void requestToAnotherHost_isNotSent() throws IOException {
      try (Provider other = new Provider()) {
        String elsewhere = other.url("/");
        AccessTokensClient client =
            provider.client(
                chain -> chain.proceed(chain.request().newBuilder().url(elsewhere).build()));
        assertThatThrownBy(() -> client.rotate(ROTATION))
            .isInstanceOf(RotationNotAppliedException.class);
        assertThat(other.requestCount()).isZero();
      }
    }
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(String name, ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOf(InvalidArgumentException.class)
        .hasFieldOrPropertyWithValue("name", name)
        .hasMessageStartingWith(name + " ");
  }
}
