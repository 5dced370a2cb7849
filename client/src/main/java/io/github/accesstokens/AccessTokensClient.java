package io.github.accesstokens;

import io.github.accesstokens.api.AccessServiceTokensApi;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.api.InvalidArgumentException;
import io.github.accesstokens.model.ModelConverterFactory;
import io.github.accesstokens.model.RotateServiceTokenRequest;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
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

/** Rotates service tokens of Cloudflare Access. Immutable and safe for use by several threads. */
public final class AccessTokensClient implements Closeable {
  private final HttpUrl baseUrl;
  private final AccessServiceTokensApi serviceTokens;
  private final HttpBase httpBase;
  private final OkHttpClient http;

  AccessTokensClient(HttpUrl baseUrl, Retrofit retrofit, HttpBase httpBase, OkHttpClient http) {
    this.baseUrl = baseUrl;
    this.serviceTokens = AccessServiceTokensApi.create(retrofit);
    this.httpBase = httpBase;
    this.http = http;
  }

  /** Returns a builder for the public API, without credentials. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the generated Retrofit interface. A call of it succeeds if the token was rotated and
   * otherwise fails with a {@link RotationException}, whether executed, enqueued or awaited.
   */
  @CheckReturnValue
  public AccessServiceTokensApi serviceTokens() {
    return serviceTokens;
  }

  /**
   * Replaces the secret of a service token; the previous one expires at once.
   *
   * @throws InvalidArgumentException if an id would change the path; nothing was sent
   * @throws RotationNotAppliedException if the secret has certainly not changed
   * @throws RotationUnknownException if the rotation may have been applied
   */
  public Rotated rotate(String accountId, String serviceTokenId) throws RotationException {
    return rotate(Rotation.of(accountId, serviceTokenId));
  }

  /**
   * Replaces the secret of a service token; the previous one works until the given time.
   *
   * @throws InvalidArgumentException if an id would change the path or the time is past; nothing
   *     was sent
   * @throws RotationNotAppliedException if the secret has certainly not changed
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
   * Replaces the secret of a service token, with the options of a {@link Rotation}.
   *
   * @throws InvalidArgumentException if an id would change the path or the time is past; nothing
   *     was sent
   * @throws RotationNotAppliedException if the secret has certainly not changed
   * @throws RotationUnknownException if the rotation may have been applied
   * @throws HandoverException if the token was rotated, but the handover of its secret failed
   */
  public Rotated rotate(Rotation rotation) throws RotationException {
    return call(rotation).rotate();
  }

  /**
   * Returns a call for callbacks, and for coroutines through Retrofit's {@code await}. It succeeds
   * if the token was rotated and otherwise fails with a {@link RotationException}. A call that is
   * cancelled after the request was sent fails with a {@link RotationUnknownException}. A cancelled
   * coroutine does not get the outcome of its call; a {@link Handover} still gets the secret.
   *
   * @throws InvalidArgumentException if an id would change the path or the time is past
   */
  @CheckReturnValue
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
   * {@link RotationException}. Cancelling the future cancels the call; the future still completes
   * with the outcome of the call. On Android, this needs API 24; {@link #newCall} needs API 21.
   *
   * @throws InvalidArgumentException if an id would change the path or the time is past
   */
  @NeedsAndroid(24)
  public CompletableFuture<Rotated> rotateAsync(Rotation rotation) {
    return RotationFuture.of(newCall(rotation));
  }

  /**
   * Tries the new Client ID and Client Secret once on a URL that Access protects.
   *
   * @see #verify(String, String, String, Duration)
   */
  @CheckReturnValue
  public Verification verify(String protectedUrl, Rotated rotated) throws IOException {
    return verify(protectedUrl, rotated, Duration.ZERO);
  }

  /**
   * Tries the new Client ID and Client Secret on a URL that Access protects.
   *
   * @see #verify(String, String, String, Duration)
   */
  @CheckReturnValue
  public Verification verify(String protectedUrl, Rotated rotated, Duration within)
      throws IOException {
    String clientId = rotated.getToken().getClientId();
    if (clientId == null) {
      throw new InvalidArgumentException("client_id", "is missing in the response");
    }
    return verify(protectedUrl, clientId, rotated.getClientSecret(), within);
  }

  /**
   * Tries a Client ID and a Client Secret on a URL that Access protects. Sends a request without
   * them, a request with them and, if these do not decide, a request with a wrong secret. Tries
   * again, with growing pauses, after a refusal, an inconclusive response or a failed connection.
   *
   * <p>After an unknown outcome, try the previous pair. The secret was rotated if the URL accepted
   * this pair before, the rotation had no grace period, the token is still enabled, and the result
   * is {@link Verification#REFUSED}. No other result proves anything about the rotation.
   *
   * <p>A URL where Access responds with 401 or 403 in place of its login page can accept a pair.
   * But it usually cannot prove a refusal, because a firewall responds in the same way.
   *
   * @param within how long after the first try another one may begin; zero to try once. New
   *     credentials can take seconds to be accepted everywhere.
   * @throws InvalidArgumentException if the URL fails {@link #checkProtectedUrl}, a header cannot
   *     carry the pair, or the time is negative
   * @throws InterruptedIOException if the thread is interrupted; it stays interrupted
   * @throws IOException if the last try got no response, or a further try cannot succeed
   */
  @CheckReturnValue
  public Verification verify(
      String protectedUrl, String clientId, String clientSecret, Duration within)
      throws IOException {
    HttpUrl url = ServerUrl.parseProtected(protectedUrl);
    if (within.isNegative()) {
      throw new InvalidArgumentException("within", "must not be negative, but is " + within);
    }
    return new Verifier(http, url, clientId, clientSecret).verify(within);
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

  /**
   * Accepts no more asynchronous calls. Calls in progress go on to their end, and blocking calls
   * still work. Does nothing to a client from {@link Builder#httpClient}.
   *
   * <p>Closing is optional: a JVM exits when the last call has ended, and never before that.
   */
  @Override
  public void close() {
    httpBase.close(http);
  }

  @Override
  public String toString() {
    return "AccessTokensClient{baseUrl=" + baseUrl + '}';
  }

  /** Builds an {@link AccessTokensClient}. */
  public static final class Builder {
    private static final String BASE_URL_VARIABLE = "CLOUDFLARE_BASE_URL";

    private @Nullable Credentials credentials;
    private HttpUrl baseUrl = HttpUrl.get(AccessServiceTokensApi.BASE_URL);
    private HttpBase httpBase = new HttpBase.Own();
    private @Nullable Duration connectTimeout;
    private @Nullable Duration callTimeout;
    private int maxRetries = 2;
    private Duration retryTimeout = Duration.ofSeconds(60);

    Builder() {}

    /**
     * Sets the credentials. Required, and allowed once.
     *
     * @throws IllegalStateException if credentials are set already
     */
    public Builder credentials(Credentials credentials) {
      if (this.credentials != null) {
        throw new IllegalStateException("credentials are already given; use exactly one scheme");
      }
      this.credentials = Objects.requireNonNull(credentials, "credentials");
      return this;
    }

    /**
     * Reads the credentials, and the base URL if it is set, from environment variables: {@code
     * CLOUDFLARE_API_TOKEN}, or {@code CLOUDFLARE_EMAIL} and {@code CLOUDFLARE_API_KEY}; {@code
     * CLOUDFLARE_BASE_URL}. White space around a value is dropped: files often end with a line
     * break. An empty variable counts as absent.
     *
     * @throws InvalidArgumentException if there are no credentials, half of a pair or both schemes,
     *     or if a value has white space inside
     */
    public Builder environment(Map<String, String> variables) {
      credentials(EnvironmentCredentials.of(variables));
      String url = EnvironmentCredentials.trimmed(variables, BASE_URL_VARIABLE);
      try {
        return url == null ? this : baseUrl(url);
      } catch (InvalidArgumentException e) {
        throw e.withName(BASE_URL_VARIABLE);
      }
    }

    /**
     * Sets the base URL; by default that of the public API.
     *
     * @throws InvalidArgumentException if it is no URL, is neither https nor loopback, or has user
     *     info, a query or a fragment
     */
    public Builder baseUrl(String baseUrl) {
      this.baseUrl = ServerUrl.parseBase(baseUrl);
      return this;
    }

    /**
     * Sets the HTTP client whose dispatcher, proxy, timeouts and interceptors are used. The given
     * client itself is not changed, and {@link AccessTokensClient#close} does not close it. Each
     * attempt of a rotation makes a connection of its own, outside the client's pool. Interceptors
     * see neither credentials nor secrets, and cannot send a request twice. Event listeners observe
     * the network, so they see the credentials.
     */
    public Builder httpClient(OkHttpClient httpClient) {
      this.httpBase = new HttpBase.OfCaller(Objects.requireNonNull(httpClient, "httpClient"));
      return this;
    }

    /** Sets the time to connect; by default 10 seconds, or that of {@link #httpClient}. */
    public Builder connectTimeout(Duration connectTimeout) {
      this.connectTimeout = positive("connectTimeout", connectTimeout);
      return this;
    }

    /**
     * Sets the time for an attempt, including its response; by default 60 seconds, or that of
     * {@link #httpClient}.
     */
    public Builder callTimeout(Duration callTimeout) {
      this.callTimeout = positive("callTimeout", callTimeout);
      return this;
    }

    /**
     * Sets how often a call retries a rotation that was certainly not applied; by default 2. It
     * retries only what may succeed.
     *
     * @param maxRetries 0 for no retries
     * @throws InvalidArgumentException if it is negative
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
     * Sets how long after its start a call may begin a retry; by default 60 seconds. A retry waits
     * as long as the provider requests. It is not made if that wait is too long.
     *
     * @param retryTimeout zero for no retries
     * @throws InvalidArgumentException if it is negative
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
    @CheckReturnValue
    public AccessTokensClient build() {
      AuthenticationInterceptor authentication = authentication();
      OkHttpClient http = http(authentication);
      Retrofit retrofit = retrofit(http, authentication);
      return new AccessTokensClient(baseUrl, retrofit, httpBase, http);
    }

    private AuthenticationInterceptor authentication() {
      if (credentials == null) {
        throw new IllegalStateException(
            "credentials are missing; give an API token, or an e-mail address with its API key");
      }
      return new AuthenticationInterceptor(credentials, baseUrl);
    }

    private OkHttpClient http(AuthenticationInterceptor authentication) {
      OkHttpClient.Builder http = httpBase.newBuilder();
      if (connectTimeout != null) {
        http.connectTimeout(connectTimeout);
      }
      if (callTimeout != null) {
        http.callTimeout(callTimeout);
      }
      // A redirect would carry the credentials to another host.
      return http.followRedirects(false)
          .followSslRedirects(false)
          .addInterceptor(new OneShotInterceptor())
          // The last network interceptor: no other one runs between it and the socket.
          .addNetworkInterceptor(authentication)
          .build();
    }

    /** Returns the Retrofit that serves the operations of the API. */
    Retrofit retrofit() {
      AuthenticationInterceptor authentication = authentication();
      return retrofit(http(authentication), authentication);
    }

    private Retrofit retrofit(OkHttpClient http, AuthenticationInterceptor authentication) {
      RotationSettings settings =
          new RotationSettings(
              http.dispatcher(),
              httpBase.rotations(http),
              authentication,
              new RetryPolicy(maxRetries, retryTimeout));
      return new Retrofit.Builder()
          .baseUrl(baseUrl)
          .client(http)
          .addCallAdapterFactory(new RotationCallAdapterFactory(settings))
          .addConverterFactory(ModelConverterFactory.create())
          .build();
    }
  }
}
