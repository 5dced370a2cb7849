package io.github.accesstokens;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/**
 * The OkHttp client that an {@link AccessTokensClient} is built on: its own or the caller's.
 *
 * <p>These are two classes, because a copy of an OkHttp client keeps OkHttp's cookies and cache in
 * an app that R8 shrinks. Without the caller's client there is no copy.
 */
abstract class HttpBase {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);

  private HttpBase() {}

  /** Returns a builder with the timeouts set. */
  abstract OkHttpClient.Builder newBuilder();

  /**
   * Returns the factory of the calls that rotate. Each call has a connection of its own, which is
   * closed when the call ends. On a pooled connection that the provider has closed, a request is
   * lost and its outcome is unknown.
   *
   * @param http what {@link #newBuilder} built
   */
  abstract Call.Factory rotations(OkHttpClient http);

  /** Accepts no more asynchronous calls, unless the dispatcher is the caller's. */
  abstract void close(OkHttpClient http);

  private static ConnectionPool noIdleConnections() {
    return new ConnectionPool(0, 1, TimeUnit.MINUTES);
  }

  /** Names the host in each failure. The messages of platforms differ. */
  private static Dns naming(Dns dns) {
    return host -> lookup(dns, host);
  }

  private static List<InetAddress> lookup(Dns dns, String host) throws UnknownHostException {
    try {
      return dns.lookup(host);
    } catch (UnknownHostException e) {
      UnknownHostException named = new UnknownHostException("unknown host " + host);
      named.initCause(e);
      throw named;
    }
  }

  /** A client with HTTP/1.1, so that no two calls share a connection. */
  static final class Own extends HttpBase {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /**
     * Usually the call timeout ends a call before this. But OkHttp 5 can fail to cancel a TLS
     * handshake, which would then wait without limit.
     */
    private static final Duration SILENCE_TIMEOUT = Duration.ofMinutes(5);

    @Override
    OkHttpClient.Builder newBuilder() {
      return new OkHttpClient.Builder()
          .dispatcher(new Dispatcher(callExecutor()))
          .protocols(Collections.singletonList(Protocol.HTTP_1_1))
          .connectionPool(noIdleConnections())
          .dns(naming(Dns.SYSTEM))
          .connectTimeout(CONNECT_TIMEOUT)
          .readTimeout(SILENCE_TIMEOUT)
          .writeTimeout(SILENCE_TIMEOUT)
          .callTimeout(CALL_TIMEOUT);
    }

    /**
     * Returns an executor whose threads end with their call. OkHttp's own threads wait another
     * minute and keep the JVM alive. Daemon threads would let it exit in the middle of a call.
     */
    private static ExecutorService callExecutor() {
      return new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          0,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          call -> {
            Thread thread = new Thread(call, "AccessTokensClient call");
            thread.setDaemon(false);
            return thread;
          });
    }

    @Override
    Call.Factory rotations(OkHttpClient http) {
      return http;
    }

    @Override
    void close(OkHttpClient http) {
      http.dispatcher().executorService().shutdown();
    }
  }

  /** A copy of the caller's client. */
  static final class OfCaller extends HttpBase {
    private final OkHttpClient original;

    OfCaller(OkHttpClient original) {
      this.original = original;
    }

    @Override
    OkHttpClient.Builder newBuilder() {
      OkHttpClient.Builder copy = original.newBuilder().dns(naming(original.dns()));
      return original.callTimeoutMillis() == 0 ? copy.callTimeout(CALL_TIMEOUT) : copy;
    }

    @Override
    Call.Factory rotations(OkHttpClient http) {
      // With HTTP/2, calls of one pool share a connection.
      return request ->
          http.newBuilder().connectionPool(noIdleConnections()).build().newCall(request);
    }

    @Override
    void close(OkHttpClient http) {}
  }
}
