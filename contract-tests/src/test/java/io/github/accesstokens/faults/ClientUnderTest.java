package io.github.accesstokens.faults;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.api.AccessServiceTokensApi;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.ModelConverterFactory;
import io.github.accesstokens.model.RotateServiceTokenRequest;
import io.github.accesstokens.model.ServiceToken;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import io.github.accesstokens.provider.StubToken;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import okhttp3.OkHttpClient;
import retrofit2.Retrofit;

/** Which client rotates a token. */
enum ClientUnderTest {
  /** The client of this project. */
  ACCESS_TOKENS {
    @Override
    String secret(OkHttpClient http, String baseUrl, StubToken token, boolean grace, int retries)
        throws Exception {
      Rotation rotation = Rotation.of(token.accountId(), token.id());
      return AccessTokensClient.builder()
          .credentials(CREDENTIALS)
          .baseUrl(baseUrl)
          .httpClient(http)
          .maxRetries(retries)
          .build()
          .rotate(grace ? rotation.withPreviousSecretExpiresAt(tomorrow()) : rotation)
          .getClientSecret();
    }
  },

  /** The generated interface alone, on an OkHttp with its default settings. */
  OKHTTP_DEFAULTS {
    @Override
    String secret(OkHttpClient http, String baseUrl, StubToken token, boolean grace, int retries)
        throws Exception {
      OkHttpClient authenticated =
          http.newBuilder()
              .addInterceptor(chain -> chain.proceed(CREDENTIALS.authenticate(chain.request())))
              .build();
      AccessServiceTokensApi api =
          AccessServiceTokensApi.create(
              new Retrofit.Builder()
                  .baseUrl(baseUrl)
                  .client(authenticated)
                  .addConverterFactory(ModelConverterFactory.create())
                  .build());
      RotateServiceTokenRequest body =
          RotateServiceTokenRequest.builder().previousClientSecretExpiresAt(tomorrow()).build();
      ServiceTokenEnvelope envelope =
          (grace
                  ? api.rotateServiceToken(token.accountId(), token.id(), body)
                  : api.rotateServiceToken(token.accountId(), token.id()))
              .execute()
              .body();
      ServiceToken rotated = Objects.requireNonNull(envelope, "no success").getResult();
      return Objects.requireNonNull(Objects.requireNonNull(rotated).getClientSecret());
    }
  };

  static final String API_TOKEN = "api-token";
  private static final Credentials CREDENTIALS = Credentials.apiToken(API_TOKEN);

  /**
   * Rotates once.
   *
   * @param retries how often {@link #ACCESS_TOKENS} may retry
   */
  ReportedOutcome rotate(
      OkHttpClient http, String baseUrl, StubToken token, boolean grace, int retries) {
    try {
      return ReportedOutcome.rotated(secret(http, baseUrl, token, grace, retries));
    } catch (Exception e) {
      return ReportedOutcome.failed(e);
    }
  }

  abstract String secret(
      OkHttpClient http, String baseUrl, StubToken token, boolean grace, int retries)
      throws Exception;

  private static OffsetDateTime tomorrow() {
    return OffsetDateTime.now(ZoneOffset.UTC).plusDays(1).truncatedTo(ChronoUnit.SECONDS);
  }
}
