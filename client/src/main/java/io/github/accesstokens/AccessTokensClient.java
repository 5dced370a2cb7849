package io.github.accesstokens;

import io.github.accesstokens.api.AccessServiceTokensApi;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.ModelConverterFactory;
import io.github.accesstokens.model.RotateServiceTokenRequest;
import io.github.accesstokens.model.ServiceToken;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import retrofit2.Retrofit;

/** Rotates service tokens of Cloudflare Access; immutable and safe for use by several threads. */
public final class AccessTokensClient {
  private final AccessServiceTokensApi serviceTokens;
  private final HttpUrl baseUrl;

  private AccessTokensClient(HttpUrl baseUrl, OkHttpClient httpClient) {
    this.baseUrl = baseUrl;
    this.serviceTokens =
        AccessServiceTokensApi.create(
            new Retrofit.Builder()
                .baseUrl(baseUrl)
                .client(httpClient)
                .addConverterFactory(ModelConverterFactory.create())
                .build());
  }

  /** Returns a builder for the public API, without credentials. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The generated Retrofit interface, for callbacks, coroutines and whatever {@code rotate} lacks.
   */
  public AccessServiceTokensApi serviceTokens() {
    return serviceTokens;
  }

  /**
   * Replaces the secret of a service token; the previous one stops working at once.
   *
   * @throws IllegalArgumentException if an id could lead elsewhere; nothing was sent
   * @throws RotationNotAppliedException if the secret is certainly the one it was
   * @throws RotationUnknownException if the rotation may have been applied
   */
  public ServiceToken rotate(String accountId, String serviceTokenId) throws RotationException {
    return Rotation.execute(serviceTokens.rotateServiceToken(accountId, serviceTokenId));
  }

  /**
   * Replaces the secret of a service token; the previous one works until the given time.
   *
   * @throws IllegalArgumentException if an id could lead elsewhere or the time is past; nothing was
   *     sent
   * @throws RotationNotAppliedException if the secret is certainly the one it was
   * @throws RotationUnknownException if the rotation may have been applied
   */
  public ServiceToken rotate(
      String accountId, String serviceTokenId, OffsetDateTime previousClientSecretExpiresAt)
      throws RotationException {
    if (!previousClientSecretExpiresAt.toInstant().isAfter(Instant.now())) {
      throw new IllegalArgumentException(
          "previous_client_secret_expires_at is in the past; give a later time, or none to revoke"
              + " the previous secret at once");
    }
    return Rotation.execute(
        serviceTokens.rotateServiceToken(
            accountId,
            serviceTokenId,
            RotateServiceTokenRequest.builder()
                .previousClientSecretExpiresAt(previousClientSecretExpiresAt)
                .build()));
  }

  @Override
  public String toString() {
    return "AccessTokensClient{baseUrl=" + baseUrl + '}';
  }

  /** Builds an {@link AccessTokensClient}. */
  public static final class Builder {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);

    private @Nullable Credentials credentials;
    private HttpUrl baseUrl = HttpUrl.get(AccessServiceTokensApi.BASE_URL);
    private @Nullable OkHttpClient httpClient;
    private @Nullable Duration connectTimeout;
    private @Nullable Duration callTimeout;

    Builder() {}

    /**
     * What requests are authenticated with; required, once.
     *
     * @throws IllegalStateException if there are credentials already
     */
    public Builder credentials(Credentials credentials) {
      if (this.credentials != null) {
        throw new IllegalStateException("credentials are already given; use exactly one scheme");
      }
      this.credentials = Objects.requireNonNull(credentials, "credentials");
      return this;
    }

    /**
     * Takes the credentials, and the base URL if there is one, from variables of conventional
     * names: {@code CLOUDFLARE_API_TOKEN}, or {@code CLOUDFLARE_EMAIL} and {@code
     * CLOUDFLARE_API_KEY}; {@code CLOUDFLARE_BASE_URL}. An empty variable counts as absent.
     *
     * @throws IllegalArgumentException if there are no credentials, half of a pair or both schemes
     */
    public Builder environment(Map<String, String> variables) {
      credentials(EnvironmentCredentials.of(variables));
      String url = variables.get("CLOUDFLARE_BASE_URL");
      return url == null || url.isEmpty() ? this : baseUrl(url);
    }

    /**
     * Where the API is served; the public API unless given.
     *
     * @throws IllegalArgumentException if it is no URL, is not https and not loopback either, or
     *     has user info, a query or a fragment
     */
    public Builder baseUrl(String baseUrl) {
      this.baseUrl = BaseUrl.parse(baseUrl);
      return this;
    }

    /** A client whose pool, proxy, timeouts and interceptors are used; not changed itself. */
    public Builder httpClient(OkHttpClient httpClient) {
      this.httpClient = Objects.requireNonNull(httpClient, "httpClient");
      return this;
    }

    /** Limit on making a connection; 10 seconds unless {@link #httpClient} brings its own. */
    public Builder connectTimeout(Duration connectTimeout) {
      this.connectTimeout = positive("connectTimeout", connectTimeout);
      return this;
    }

    /** Limit on a whole call; 60 seconds unless {@link #httpClient} brings its own. */
    public Builder callTimeout(Duration callTimeout) {
      this.callTimeout = positive("callTimeout", callTimeout);
      return this;
    }

    private static Duration positive(String name, Duration timeout) {
      if (timeout.isNegative() || timeout.isZero()) {
        throw new IllegalArgumentException(name + " must be positive, but is " + timeout);
      }
      return timeout;
    }

    /**
     * Returns the client.
     *
     * @throws IllegalStateException if there are no credentials
     */
    public AccessTokensClient build() {
      if (credentials == null) {
        throw new IllegalStateException(
            "credentials are missing; give an API token, or an e-mail address with its API key");
      }
      OkHttpClient.Builder http;
      if (httpClient == null) {
        http =
            new OkHttpClient.Builder()
                .connectTimeout(CONNECT_TIMEOUT)
                .callTimeout(CALL_TIMEOUT)
                // The limit on the call bounds these too.
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO);
      } else {
        http = httpClient.newBuilder();
      }
      if (connectTimeout != null) {
        http.connectTimeout(connectTimeout);
      }
      if (callTimeout != null) {
        http.callTimeout(callTimeout);
      }
      http.followRedirects(false)
          .followSslRedirects(false)
          .retryOnConnectionFailure(false)
          .addInterceptor(new SendOnceInterceptor(credentials, baseUrl))
          .addNetworkInterceptor(SendOnceInterceptor.MARK_SENT);
      return new AccessTokensClient(baseUrl, http.build());
    }
  }
}
