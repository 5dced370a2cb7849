package io.github.accesstokens.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on a free loopback port. It rotates service tokens as the provider documents it,
 * and fails on request.
 *
 * <p>A new provider has no tokens and accepts no credentials: add both. Each accepted credential
 * may rotate the tokens of all accounts. The class is thread-safe. {@link #close} stops the server.
 */
public final class StubProvider implements AutoCloseable {
  private static final String DEFAULT_ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";
  private static final String DEFAULT_SERVICE_TOKEN_ID = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
  private static final String DEFAULT_NAME = "CI/CD token";

  /** A redirect to the login page. */
  private static final int LOGIN = 302;

  // A field, because java.util.logging drops loggers that nothing refers to, with their levels.
  private static final List<Logger> SERVER_LOGS =
      Stream.of(MockWebServer.class, OkHttpClient.class)
          .map(type -> Logger.getLogger(type.getName()))
          .toList();

  static {
    // The server logs each request, and stack traces for connections that a fault cuts.
    for (Logger log : SERVER_LOGS) {
      if (log.getLevel() == null) {
        log.setLevel(Level.SEVERE);
      }
    }
  }

  private final MockWebServer server = new MockWebServer();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final int port;

  /** Guards all state that requests and tests change, the tokens included. */
  private final Object lock = new Object();

  private final Credentials credentials = new Credentials();
  private final List<StubToken> tokens = new ArrayList<>();
  private final Queue<Fault> faults = new ArrayDeque<>();
  private final List<ReceivedRequest> requests = new ArrayList<>();
  private Clock clock;
  private boolean gzip;
  private boolean documentedRefusals;

  /** The status of a refusal by the protected page. */
  private int pageRefusal = LOGIN;

  private StubProvider(Clock clock, List<Protocol> protocols) {
    this.clock = clock;
    server.setProtocols(protocols);
    server.setDispatcher(new Routes());
    try {
      // An address, not a name: the URLs below use the same address.
      server.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    port = server.getPort();
  }

  /** Starts a provider that uses the system clock. */
  public static StubProvider start() {
    return start(Clock.systemUTC());
  }

  /** Starts a provider that uses this clock to decide when a previous secret expires. */
  public static StubProvider start(Clock clock) {
    return new StubProvider(clock, List.of(Protocol.HTTP_1_1));
  }

  /** Starts a provider that speaks only HTTP/2, in cleartext with prior knowledge. */
  public static StubProvider startHttp2() {
    return new StubProvider(Clock.systemUTC(), List.of(Protocol.H2_PRIOR_KNOWLEDGE));
  }

  /** The base URL of the API, ending in {@code /}. */
  public String baseUrl() {
    return "http://127.0.0.1:" + port + "/client/v4/";
  }

  /**
   * A protected page. It responds to GET and HEAD with 200 if the request has the current secret of
   * a token or a previous secret that has not expired. Otherwise it redirects to a login page on
   * {@code example.cloudflareaccess.com}, as Access does. Do not follow that redirect in a test: it
   * leaves this machine.
   */
  public String protectedUrl() {
    return "http://127.0.0.1:" + port + "/protected";
  }

  /**
   * Adds the token of the documented examples: account {@code 023e105f4ecef8ad9ca31a8372d0c353},
   * service token {@code f174e90a-fafe-4643-bbbc-4a0ed4fc8415}, name {@code CI/CD token}.
   */
  public StubToken addToken() {
    return addToken(DEFAULT_ACCOUNT_ID, DEFAULT_SERVICE_TOKEN_ID, DEFAULT_NAME);
  }

  /**
   * Adds a token, and the account if it is new.
   *
   * @throws IllegalArgumentException if an id is empty or too long (the account's id has at most 32
   *     characters, the service token's 36), or if the account has this service token already
   */
  public StubToken addToken(String accountId, String serviceTokenId, String name) {
    Route route = new Route(accountId, serviceTokenId);
    if (!route.isValid()) {
      throw new IllegalArgumentException(
          "accountId must have 1 to 32 characters and serviceTokenId 1 to 36");
    }
    synchronized (lock) {
      if (find(route) != null) {
        throw new IllegalArgumentException("serviceTokenId exists already: " + serviceTokenId);
      }
      StubToken token = new StubToken(lock, accountId, serviceTokenId, name, clock.instant());
      tokens.add(token);
      return token;
    }
  }

  /** Accepts {@code Authorization: Bearer} with this token. */
  public void acceptApiToken(String apiToken) {
    synchronized (lock) {
      credentials.acceptApiToken(apiToken);
    }
  }

  /** Refuses this token with 403 and code 10000, because it lacks the permission. */
  public void acceptApiTokenWithoutPermission(String apiToken) {
    synchronized (lock) {
      credentials.acceptApiTokenWithoutPermission(apiToken);
    }
  }

  /** Refuses this token with 403 and code 9109, because it may not be used from this place. */
  public void acceptApiTokenElsewhere(String apiToken) {
    synchronized (lock) {
      credentials.acceptApiTokenElsewhere(apiToken);
    }
  }

  /** Accepts {@code X-Auth-Email} and {@code X-Auth-Key} with this pair. */
  public void acceptApiKey(String email, String apiKey) {
    synchronized (lock) {
      credentials.acceptApiKey(email, apiKey);
    }
  }

  /**
   * Sends the whole documented failure envelope with all later refusals. By default, some refusals
   * have the shorter form that the real API was seen to send.
   */
  public void documentedRefusals() {
    synchronized (lock) {
      documentedRefusals = true;
    }
  }

  /**
   * Makes the protected page refuse with this status in place of a redirect, as Access does with
   * other settings.
   *
   * @throws IllegalArgumentException if the status is neither 401 nor 403
   */
  public void refusePageWith(int status) {
    if (status != 401 && status != 403) {
      throw new IllegalArgumentException("status must be 401 or 403: " + status);
    }
    synchronized (lock) {
      pageRefusal = status;
    }
  }

  /**
   * Moves the provider's clock forward, for example past the end of a grace period.
   *
   * @throws IllegalArgumentException if the time is negative
   */
  public void advanceClock(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time must not be negative: " + time);
    }
    synchronized (lock) {
      clock = Clock.offset(clock, time);
    }
  }

  /** Compresses all later responses to requests that accept gzip. */
  public void gzipResponses() {
    synchronized (lock) {
      gzip = true;
    }
  }

  /**
   * Makes one rotate request fail. Faults are used in the order in which they were added, one per
   * rotate request. A request to an unknown route does not use up a fault.
   *
   * @throws IllegalArgumentException if the provider speaks HTTP/2 and the fault is {@link
   *     Fault#informational}
   */
  public void enqueue(Fault fault) {
    if (fault.isInformational() && server.protocols().contains(Protocol.H2_PRIOR_KNOWLEDGE)) {
      throw new IllegalArgumentException("informational responses need HTTP/1.1");
    }
    synchronized (lock) {
      faults.add(fault);
    }
  }

  /** The number of faults that no request has used up yet. */
  public int pendingFaults() {
    synchronized (lock) {
      return faults.size();
    }
  }

  /** The number of applied rotations of all tokens. */
  public int rotations() {
    synchronized (lock) {
      return tokens.stream().mapToInt(StubToken::rotations).sum();
    }
  }

  /**
   * The requests received so far, oldest first. Requests to unknown routes are included; requests
   * for the protected page are not.
   */
  public List<ReceivedRequest> requests() {
    synchronized (lock) {
      return List.copyOf(requests);
    }
  }

  /**
   * Waits until this many requests have arrived, and returns all requests received so far. Each of
   * them is handled already: its rotation is applied, but its response may still be on the way.
   *
   * @param count how many requests since the start of the provider
   * @throws TimeoutException if they do not arrive within the time
   */
  public List<ReceivedRequest> awaitRequests(int count, Duration within)
      throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + within.toNanos();
    synchronized (lock) {
      while (requests.size() < count) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new TimeoutException(
              "received " + requests.size() + " of " + count + " requests within " + within);
        }
        TimeUnit.NANOSECONDS.timedWait(lock, left);
      }
      return List.copyOf(requests);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private MockResponse guard(ReceivedRequest request) {
    String clientId = request.header("CF-Access-Client-Id");
    String clientSecret = request.header("CF-Access-Client-Secret");
    boolean allowed;
    int refusal;
    synchronized (lock) {
      Instant now = clock.instant();
      allowed = tokens.stream().anyMatch(token -> token.opens(clientId, clientSecret, now));
      refusal = pageRefusal;
    }
    if (allowed) {
      return Responses.raw(200, "text/plain; charset=utf-8", "Welcome.\n");
    }
    MockResponse response =
        Responses.raw(refusal, "text/plain; charset=utf-8", "Log in, or send a service token.\n");
    return refusal == LOGIN
        ? response.setHeader("Location", "https://example.cloudflareaccess.com/login")
        : response;
  }

  private MockResponse rotate(Route route, ReceivedRequest request) throws Refusal {
    credentials.check(request);
    StubToken token = find(route);
    if (token == null) {
      throw new Refusal(404, "The account has no such service token");
    }
    Instant now = clock.instant();
    Instant previousExpiresAt = RotateBody.previousSecretExpiresAt(request, now);
    return Responses.success(token.rotate(now, previousExpiresAt));
  }

  private @Nullable StubToken find(Route route) {
    for (StubToken token : tokens) {
      if (route.equals(new Route(token.accountId(), token.id()))) {
        return token;
      }
    }
    return null;
  }

  private final class Routes extends Dispatcher {
    @Override
    public MockResponse dispatch(RecordedRequest recorded) throws InterruptedException {
      if (!isWhole(recorded)) {
        return new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST);
      }
      MockResponse response = respond(recorded);
      if (isGzipWanted(recorded)) {
        Responses.gzip(response);
      }
      if ("HEAD".equals(recorded.getMethod())) {
        Responses.removeBody(response);
      }
      if (isLastOfConnection(recorded) && response.getSocketPolicy() == SocketPolicy.KEEP_OPEN) {
        response.setHeader("Connection", "close").setSocketPolicy(SocketPolicy.DISCONNECT_AT_END);
      }
      // The documentation has these headers on every response, so faults and refusals have them
      // too.
      return response
          .setHeader("cf-ray", HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()))
          .setHeader("Ratelimit", "\"default\";r=50;t=30")
          .setHeader("Ratelimit-Policy", "\"burst\";q=100;w=60");
    }

    /** Whether the announced body arrived. The server also dispatches truncated requests. */
    private boolean isWhole(RecordedRequest recorded) {
      // The server drops a truncated chunked body itself. It does not read other encodings.
      return recorded.getHeaders().values("Transfer-Encoding").stream()
              .allMatch("chunked"::equalsIgnoreCase)
          && recorded.getHeaders().values("Content-Length").stream()
              .allMatch(Long.toString(recorded.getBodySize())::equals);
    }

    private boolean isLastOfConnection(RecordedRequest recorded) {
      return recorded.getRequestLine().endsWith(" HTTP/1.0")
          || recorded.getHeaders().values("Connection").stream()
              .flatMap(value -> Stream.of(value.split(",", -1)))
              .anyMatch(option -> option.strip().equalsIgnoreCase("close"));
    }

    private boolean isGzipWanted(RecordedRequest recorded) {
      String accepted = recorded.getHeader("Accept-Encoding");
      synchronized (lock) {
        return gzip && accepted != null && accepted.contains("gzip");
      }
    }

    private MockResponse respond(RecordedRequest recorded) throws InterruptedException {
      ReceivedRequest request = ReceivedRequest.of(recorded);
      if (Set.of("GET", "HEAD").contains(request.method()) && request.path().equals("/protected")) {
        return guard(request);
      }
      Route route = Route.of(request.method(), recorded.getRequestUrl());
      Fault fault = Fault.NONE;
      MockResponse response;
      synchronized (lock) {
        requests.add(request);
        lock.notifyAll();
        if (route == null) {
          return Refusal.unknownRoute().response(documentedRefusals);
        }
        if (!faults.isEmpty()) {
          fault = faults.remove();
        }
        try {
          response = fault.disturb(fault.applies() ? rotate(route, request) : new MockResponse());
        } catch (Refusal refusal) {
          response = refusal.response(documentedRefusals);
        }
      }
      // Not MockResponse.setHeadersDelay, because close() waits for that delay.
      closed.await(fault.delay().toNanos(), TimeUnit.NANOSECONDS);
      return response;
    }

    @Override
    public void shutdown() {
      closed.countDown();
    }
  }

  private record Route(String accountId, String serviceTokenId) {
    static @Nullable Route of(String method, @Nullable HttpUrl url) {
      if (!method.equals("POST") || url == null || url.pathSize() != 8) {
        return null;
      }
      List<String> path = url.pathSegments();
      Route route = new Route(path.get(3), path.get(6));
      return path.equals(route.path()) && route.isValid() ? route : null;
    }

    private List<String> path() {
      return List.of(
          "client",
          "v4",
          "accounts",
          accountId,
          "access",
          "service_tokens",
          serviceTokenId,
          "rotate");
    }

    boolean isValid() {
      return !accountId.isEmpty()
          && accountId.length() <= 32
          && !serviceTokenId.isEmpty()
          && serviceTokenId.length() <= 36;
    }
  }
}
