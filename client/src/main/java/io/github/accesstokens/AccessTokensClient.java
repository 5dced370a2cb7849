package io.github.accesstokens;

import io.github.accesstokens.api.AccessServiceTokensApi;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.api.InvalidArgumentException;
import io.github.accesstokens.model.ModelConverterFactory;
import io.github.accesstokens.model.RotateServiceTokenRequest;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.Retrofit;

/** Rotates service tokens of Cloudflare Access; immutable and safe for use by several threads. */
public final class AccessTokensClient {
  private final AccessServiceTokensApi serviceTokens;
  private final HttpUrl baseUrl;
  private final OkHttpClient http;

  AccessTokensClient(HttpUrl baseUrl, AccessServiceTokensApi serviceTokens, OkHttpClient http) {
    this.baseUrl = baseUrl;
    this.serviceTokens = serviceTokens;
    this.http = http;
  }

  /** Returns a builder for the public API, without credentials. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The generated Retrofit interface. A call of it answers if the token was rotated, and otherwise
   * fails with a {@link RotationException}, whether executed, enqueued or awaited.
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
  public Rotated rotate(String accountId, String serviceTokenId) throws RotationException {
    return rotate(Rotation.of(accountId, serviceTokenId));
  }

  /**
   * Replaces the secret of a service token; the previous one works until the given time.
   *
   * @throws IllegalArgumentException if an id could lead elsewhere or the time is past; nothing was
   *     sent
   * @throws RotationNotAppliedException if the secret is certainly the one it was
   * @throws RotationUnknownException if the rotation may have been applied
   */
  public Rotated rotate(
      String accountId, String serviceTokenId, OffsetDateTime previousSecretExpiresAt)
      throws RotationException {
    return rotate(
        Rotation.of(accountId, serviceTokenId)
            .withPreviousSecretExpiresAt(previousSecretExpiresAt));
  }

  /**
   * Replaces the secret of a service token.
   *
   * @throws IllegalArgumentException if an id could lead elsewhere or the time is past; nothing was
   *     sent
   * @throws RotationNotAppliedException if the secret is certainly the one it was
   * @throws RotationUnknownException if the rotation may have been applied
   * @throws HandoverException if the token was rotated, but its secret not handed over
   */
  public Rotated rotate(Rotation rotation) throws RotationException {
    return call(rotation).rotated();
  }

  /**
   * Returns a call for callbacks, and for coroutines through Retrofit's {@code await}. It answers
   * if the token was rotated, and otherwise fails with a {@link RotationException}. Cancelled after
   * the request went out, it fails with a {@link RotationUnknownException}; a coroutine that is
   * cancelled does not learn what became of its call, but a handover does.
   *
   * @throws IllegalArgumentException if an id could lead elsewhere or the time is past
   */
  public Call<Rotated> newCall(Rotation rotation) {
    return call(rotation);
  }

  private RotationCall<Rotated> call(Rotation rotation) {
    OffsetDateTime expiresAt = rotation.previousSecretExpiresAt();
    Call<ServiceTokenEnvelope> call;
    if (expiresAt == null) {
      call = serviceTokens.rotateServiceToken(rotation.accountId(), rotation.serviceTokenId());
    } else {
      if (!expiresAt.toInstant().isAfter(Instant.now())) {
        throw new InvalidArgumentException(
            "previous_client_secret_expires_at",
            "is in the past; give a later time, or none to revoke the previous secret at once");
      }
      call =
          serviceTokens.rotateServiceToken(
              rotation.accountId(),
              rotation.serviceTokenId(),
              RotateServiceTokenRequest.builder().previousClientSecretExpiresAt(expiresAt).build());
    }
    return ((RotationCall<ServiceTokenEnvelope>) call).with(rotation);
  }

  /**
   * Replaces the secret of a service token on a thread of the HTTP client. The future fails with a
   * {@link RotationException}. Cancelling it ends the call, but not the future: that completes with
   * the truth about the call.
   *
   * @throws IllegalArgumentException if an id could lead elsewhere or the time is past
   */
  public CompletableFuture<Rotated> rotateAsync(Rotation rotation) {
    return RotationFuture.of(newCall(rotation));
  }

  /**
   * Tries the new Client ID and Client Secret on a URL that Access protects: one request without
   * them, and one with them.
   *
   * @throws IllegalArgumentException if it is no URL, is not https and not loopback either, or has
   *     user info, or if the pair cannot be sent
   * @throws IOException if there is no answer
   */
  public Verification verify(String protectedUrl, Rotated rotated) throws IOException {
    return Verification.of(http, ServerUrl.parseProtected(protectedUrl), rotated);
  }

  /**
   * Checks a URL for {@link #verify} before a rotation, when a mistake costs nothing.
   *
   * @throws InvalidArgumentException if it is no URL, is neither https nor loopback, or has user
   *     info
   */
  public static void checkProtectedUrl(String protectedUrl) {
    ServerUrl.parseProtected(protectedUrl);
  }

  @Override
  public String toString() {
    return "AccessTokensClient{baseUrl=" + baseUrl + '}';
  }

  /** Builds an {@link AccessTokensClient}. */
  public static final class Builder {
    private static final String BASE_URL_VARIABLE = "CLOUDFLARE_BASE_URL";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);

    private @Nullable Credentials credentials;
    private HttpUrl baseUrl = HttpUrl.get(AccessServiceTokensApi.BASE_URL);
    private @Nullable OkHttpClient httpClient;
    private @Nullable Duration connectTimeout;
    private @Nullable Duration callTimeout;
    private int maxRetries = 2;
    private Duration retryTimeout = Duration.ofSeconds(60);

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
      String url = variables.get(BASE_URL_VARIABLE);
      try {
        return url == null || url.isEmpty() ? this : baseUrl(url);
      } catch (InvalidArgumentException e) {
        throw e.withName(BASE_URL_VARIABLE);
      }
    }

    /**
     * Where the API is served; the public API unless given.
     *
     * @throws IllegalArgumentException if it is no URL, is not https and not loopback either, or
     *     has user info, a query or a fragment
     */
    public Builder baseUrl(String baseUrl) {
      this.baseUrl = ServerUrl.parseBase(baseUrl);
      return this;
    }

    /**
     * A client whose pool, proxy, timeouts and interceptors are used; not changed itself. Its
     * interceptors see neither credentials nor secrets, and whatever they do, a call sends once.
     * Its event listeners watch the wire, though: the request that they are shown has credentials.
     */
    public Builder httpClient(OkHttpClient httpClient) {
      this.httpClient = Objects.requireNonNull(httpClient, "httpClient");
      return this;
    }

    /** Limit on making a connection; 10 seconds unless {@link #httpClient} brings its own. */
    public Builder connectTimeout(Duration connectTimeout) {
      this.connectTimeout = positive("connectTimeout", connectTimeout);
      return this;
    }

    /** Limit on an attempt, answer included; 60 seconds unless {@link #httpClient} has its own. */
    public Builder callTimeout(Duration callTimeout) {
      this.callTimeout = positive("callTimeout", callTimeout);
      return this;
    }

    /**
     * How often a rotation is tried again that was certainly not applied; 2 unless given, and 0 for
     * never.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxRetries(int maxRetries) {
      if (maxRetries < 0) {
        throw new InvalidArgumentException(
            "maxRetries", "must not be negative, but is " + maxRetries);
      }
      this.maxRetries = maxRetries;
      return this;
    }

    /**
     * How long after its begin a call may still try again; 60 seconds unless given, and zero for
     * never. What the provider asks to wait is waited for, or not tried again at all.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder retryTimeout(Duration retryTimeout) {
      if (retryTimeout.isNegative()) {
        throw new InvalidArgumentException(
            "retryTimeout", "must not be negative, but is " + retryTimeout);
      }
      this.retryTimeout = retryTimeout;
      return this;
    }

    private static Duration positive(String name, Duration timeout) {
      if (timeout.isNegative() || timeout.isZero()) {
        throw new InvalidArgumentException(name, "must be positive, but is " + timeout);
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
      OkHttpClient.Builder http =
          httpClient == null
              ? new OkHttpClient.Builder()
                  .connectTimeout(CONNECT_TIMEOUT)
                  // The limit on the call bounds these too.
                  .readTimeout(Duration.ZERO)
                  .writeTimeout(Duration.ZERO)
              : httpClient.newBuilder();
      if (connectTimeout != null) {
        http.connectTimeout(connectTimeout);
      }
      if (callTimeout != null) {
        http.callTimeout(callTimeout);
      } else if (httpClient == null || httpClient.callTimeoutMillis() == 0) {
        http.callTimeout(CALL_TIMEOUT);
      }
      http.followRedirects(false).followSslRedirects(false);
      OkHttpClient unauthenticated = http.build();
      AuthenticationInterceptor authentication =
          new AuthenticationInterceptor(credentials, baseUrl);
      Retrofit retrofit =
          new Retrofit.Builder()
              .baseUrl(baseUrl)
              .client(unauthenticated.newBuilder().addNetworkInterceptor(authentication).build())
              .addCallAdapterFactory(
                  new RotationCallAdapterFactory(
                      unauthenticated,
                      authentication,
                      Redaction.of(credentials, baseUrl),
                      new Retry(maxRetries, retryTimeout)))
              .addConverterFactory(ModelConverterFactory.create())
              .build();
      return new AccessTokensClient(
          baseUrl, AccessServiceTokensApi.create(retrofit), unauthenticated);
    }
  }
}
