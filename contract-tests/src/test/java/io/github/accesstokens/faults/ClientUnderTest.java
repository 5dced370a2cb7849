package io.github.accesstokens.cuts;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.api.AccessServiceTokensApi;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.ModelConverterFactory;
import io.github.accesstokens.model.RotateServiceTokenRequest;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import io.github.accesstokens.provider.StubToken;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import okhttp3.OkHttpClient;
import retrofit2.Call;
import retrofit2.Response;
import retrofit2.Retrofit;

/** Who rotates a token with one call. */
enum Caller {
  /** The client under test. */
  CLIENT {
    @Override
    String secret(OkHttpClient http, String baseUrl, StubToken token, boolean grace, int retries)
        throws Exception {
      Rotation rotation = Rotation.of(token.accountId(), token.id());
      return AccessTokensClient.builder()
          .credentials(Credentials.apiToken(API_TOKEN))
          .baseUrl(baseUrl)
          .httpClient(http)
          .maxRetries(retries)
          .build()
          .rotate(grace ? rotation.withPreviousSecretExpiresAt(expiry()) : rotation)
          .getClientSecret();
    }
  },

  /** The generated interface alone, on an OkHttp that is as it comes. */
  OKHTTP_DEFAULTS {
    @Override
    String secret(OkHttpClient http, String baseUrl, StubToken token, boolean grace, int retries)
        throws Exception {
      Credentials credentials = Credentials.apiToken(API_TOKEN);
      AccessServiceTokensApi api =
          AccessServiceTokensApi.create(
              new Retrofit.Builder()
                  .baseUrl(baseUrl)
                  .client(
                      http.newBuilder()
                          .addInterceptor(
                              chain -> chain.proceed(credentials.authenticate(chain.request())))
                          .build())
                  .addConverterFactory(ModelConverterFactory.create())
                  .build());
      Call<ServiceTokenEnvelope> call =
          grace
              ? api.rotateServiceToken(
                  token.accountId(),
                  token.id(),
                  RotateServiceTokenRequest.builder()
                      .previousClientSecretExpiresAt(expiry())
                      .build())
              : api.rotateServiceToken(token.accountId(), token.id());
      Response<ServiceTokenEnvelope> response = call.execute();
      ServiceTokenEnvelope envelope =
          Objects.requireNonNull(response.body(), () -> "no success: " + response.code());
      return secret(envelope);
    }

    private static String secret(ServiceTokenEnvelope envelope) {
      return Objects.requireNonNull(Objects.requireNonNull(envelope.getResult()).getClientSecret());
    }
  };

  static final String API_TOKEN = "api-token";

  /** Rotates, and tells what came of it; any retries are of the caller's own making. */
  Told rotate(OkHttpClient http, String baseUrl, StubToken token, boolean grace, int retries) {
    try {
      return Told.rotated(secret(http, baseUrl, token, grace, retries));
    } catch (Exception e) {
      return Told.failed(e);
    }
  }

  abstract String secret(
      OkHttpClient http, String baseUrl, StubToken token, boolean grace, int retries)
      throws Exception;

  private static OffsetDateTime expiry() {
    return OffsetDateTime.now(ZoneOffset.UTC).plusDays(1).truncatedTo(ChronoUnit.SECONDS);
  }
}
