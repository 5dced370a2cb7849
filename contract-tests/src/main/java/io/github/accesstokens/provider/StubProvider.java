package io.github.accesstokens.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on a free loopback port that rotates service tokens the way the provider documents
 * it, and fails on request.
 *
 * <p>It starts with no token and accepts no credential until told. Any accepted credential may
 * rotate the tokens of every account. Safe for use by several threads; {@link #close} stops it.
 */
public final class StubProvider implements AutoCloseable {
  private static final String DEFAULT_ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";
  private static final String DEFAULT_SERVICE_TOKEN_ID = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
  private static final String DEFAULT_NAME = "CI/CD token";

  // Held here, because java.util.logging forgets the level of a logger that nobody refers to.
  private static final List<Logger> SERVER_LOGS =
      List.of(
          Logger.getLogger(MockWebServer.class.getName()),
          // The same of OkHttp 5.
          Logger.getLogger("mockwebserver3.MockWebServer"));

  static {
    // A connection that a fault cuts is logged as a warning; a level set by the user wins.
    for (Logger log : SERVER_LOGS) {
      if (log.getLevel() == null) {
        log.setLevel(Level.SEVERE);
      }
    }
  }

  private final MockWebServer server = new MockWebServer();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Clock clock;
  private final int port;

  /** Guards everything that a request or a test can change, the tokens included. */
  private final Object lock = new Object();

  private final Credentials credentials = new Credentials();
  private final List<StubToken> tokens = new ArrayList<>();
  private final Queue<Fault> faults = new ArrayDeque<>();
  private final List<ReceivedRequest> requests = new ArrayList<>();
  private boolean gzip;

  private StubProvider(Clock clock, List<Protocol> protocols) {
    this.clock = clock;
    server.setProtocols(protocols);
    server.setDispatcher(new Routes());
    try {
      // The literal address, so that the URLs below hold however the machine names its loopback.
      server.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    port = server.getPort();
  }

  /** Starts a provider that goes by the system's clock. */
  public static StubProvider start() {
    return start(Clock.systemUTC());
  }

  /** Starts a provider; the clock decides when a previous secret stops working. */
  public static StubProvider start(Clock clock) {
    return new StubProvider(clock, List.of(Protocol.HTTP_1_1));
  }

  /** Starts a provider that speaks HTTP/2 alone, in cleartext and with prior knowledge. */
  public static StubProvider startHttp2() {
    return new StubProvider(Clock.systemUTC(), List.of(Protocol.H2_PRIOR_KNOWLEDGE));
  }

  /** The base URL of the API, ending in {@code /}. */
  public String baseUrl() {
    return "http://127.0.0.1:" + port + "/client/v4/";
  }

  /**
   * A resource that answers a GET with 200 to the current or still valid previous secret of any
   * token, and with 403 to anything else.
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
   * @throws IllegalArgumentException if an id is empty or too long for the route (32 characters for
   *     the account, 36 for the service token), or if the account has that service token already
   */
  public StubToken addToken(String accountId, String serviceTokenId, String name) {
    Route route = new Route(accountId, serviceTokenId);
    if (!route.isValid()) {
      throw new IllegalArgumentException(
          "accountId must have 1 to 32 characters and serviceTokenId 1 to 36");
    }
    synchronized (lock) {
      if (find(route) != null) {
        throw new IllegalArgumentException("serviceTokenId is there already: " + serviceTokenId);
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

  /** Knows this token, but refuses it with 403. */
  public void acceptApiTokenWithoutPermission(String apiToken) {
    synchronized (lock) {
      credentials.acceptApiTokenWithoutPermission(apiToken);
    }
  }

  /** Accepts {@code X-Auth-Email} and {@code X-Auth-Key} with this pair. */
  public void acceptApiKey(String email, String apiKey) {
    synchronized (lock) {
      credentials.acceptApiKey(email, apiKey);
    }
  }

  /** Compresses the answers from now on, for those who accept it. */
  public void gzipAnswers() {
    synchronized (lock) {
      gzip = true;
    }
  }

  /**
   * Makes one rotate request fail: the first to come, after those that earlier faults are for. A
   * request that reaches no route uses up no fault.
   */
  public void enqueue(Fault fault) {
    synchronized (lock) {
      faults.add(fault);
    }
  }

  /** How many faults no request has used up yet. */
  public int pendingFaults() {
    synchronized (lock) {
      return faults.size();
    }
  }

  /** How many rotations were applied, over all tokens. */
  public int rotations() {
    synchronized (lock) {
      return tokens.stream().mapToInt(StubToken::rotations).sum();
    }
  }

  /**
   * What was received so far, oldest first, strays to an unknown route included; not the requests
   * for the protected resource.
   */
  public List<ReceivedRequest> requests() {
    synchronized (lock) {
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

  private MockResponse guard(Headers headers) {
    String clientId = headers.get("CF-Access-Client-Id");
    String clientSecret = headers.get("CF-Access-Client-Secret");
    Instant now = clock.instant();
    boolean allowed;
    synchronized (lock) {
      allowed = tokens.stream().anyMatch(token -> token.opens(clientId, clientSecret, now));
    }
    return allowed
        ? Answers.raw(200, "text/plain; charset=utf-8", "Welcome.\n")
        : Answers.raw(403, "text/plain; charset=utf-8", "Forbidden.\n");
  }

  private MockResponse rotate(Route route, ReceivedRequest request) throws Refusal {
    credentials.check(request.headers());
    StubToken token = find(route);
    if (token == null) {
      throw new Refusal(404, "The account has no such service token");
    }
    Instant now = clock.instant();
    Instant previousExpiresAt = RotateBody.previousSecretExpiresAt(request, now);
    return Answers.success(token.rotate(now, previousExpiresAt));
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
      MockResponse answer = answer(recorded);
      if (isGzipWanted(recorded)) {
        Answers.gzip(answer);
      }
      // Fresh on every answer, faults and refusals included, as the documentation has it.
      return answer
          .setHeader("cf-ray", HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()))
          .setHeader("Ratelimit", "\"default\";r=50;t=30")
          .setHeader("Ratelimit-Policy", "\"burst\";q=100;w=60");
    }

    private boolean isGzipWanted(RecordedRequest recorded) {
      String accepted = recorded.getHeader("Accept-Encoding");
      synchronized (lock) {
        return gzip && accepted != null && accepted.contains("gzip");
      }
    }

    private MockResponse answer(RecordedRequest recorded) throws InterruptedException {
      ReceivedRequest request = ReceivedRequest.of(recorded);
      if (request.method().equals("GET") && request.path().equals("/protected")) {
        return guard(request.headers());
      }
      Route route = Route.of(request.method(), recorded.getRequestUrl());
      Fault fault = Fault.NONE;
      MockResponse answer;
      synchronized (lock) {
        requests.add(request);
        if (route == null) {
          return Answers.failure(404, 7003, "No route for the URI", null);
        }
        if (!faults.isEmpty()) {
          fault = faults.remove();
        }
        try {
          answer = fault.disturb(fault.applies() ? rotate(route, request) : new MockResponse());
        } catch (Refusal refusal) {
          answer = refusal.answer();
        }
      }
      // Not the server's own delay: that one would hold up close() as well.
      closed.await(fault.delay().toNanos(), TimeUnit.NANOSECONDS);
      return answer;
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
