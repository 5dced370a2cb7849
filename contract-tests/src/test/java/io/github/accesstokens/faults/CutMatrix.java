package io.github.accesstokens.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.TestRun;
import io.github.accesstokens.faults.Cut.Direction;
import io.github.accesstokens.faults.Cut.Way;
import io.github.accesstokens.faults.ReportedOutcome.Kind;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;

/** Cuts a connection at many positions. Each case rotates a token of its own, at one provider. */
final class CutMatrix implements AutoCloseable {
  private static final int STRIDE = 13;

  // Responses differ a little in length: by compression, and by the digits of a time.
  private static final int MARGIN = 32;

  private static final int HTTP2_PREFACE = 24;
  private static final int HTTP2_FRAME_HEADER = 9;
  private static final String ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";

  // Mostly enough to reach the position; a case that does not reach it is still checked.
  private static final Duration STALL_TIMEOUT = Duration.ofMillis(250);

  /**
   * Much longer than the timeout of a call. As a read timeout it ends a TLS handshake that OkHttp 5
   * failed to cancel.
   */
  private static final Duration NEVER_REACHED = Duration.ofMinutes(1);

  // Far more than the processors, as a stalled call only waits.
  private static final int THREADS = 32;

  private final Setting setting;
  private final ClientUnderTest client;
  private final StubProvider provider;
  private final StubToken warmUp;
  private final OkHttpClient base;
  private final @Nullable CuttingProxy tls;
  private final List<CutResult> results = new ArrayList<>();

  private CutMatrix(Setting setting, ClientUnderTest client) throws IOException {
    this.setting = setting;
    this.client = client;
    provider = setting.http2() ? StubProvider.startHttp2() : StubProvider.start();
    provider.acceptApiToken(ClientUnderTest.API_TOKEN);
    if (setting.gzip()) {
      provider.gzipResponses();
    }
    warmUp = provider.addToken();
    InetAddress loopback = CuttingProxy.loopback();
    Dns severalAddresses = host -> List.of(loopback, loopback);
    OkHttpClient.Builder http =
        new OkHttpClient.Builder()
            .protocols(List.of(setting.http2() ? Protocol.H2_PRIOR_KNOWLEDGE : Protocol.HTTP_1_1))
            .dns(severalAddresses)
            .connectTimeout(NEVER_REACHED)
            .readTimeout(NEVER_REACHED)
            .writeTimeout(NEVER_REACHED)
            .callTimeout(NEVER_REACHED);
    if (setting.tls()) {
      HeldCertificate certificate =
          new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
      HandshakeCertificates certificates =
          new HandshakeCertificates.Builder()
              .heldCertificate(certificate)
              .addTrustedCertificate(certificate.certificate())
              .build();
      http.sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager());
      tls =
          CuttingProxy.to(
              port(provider),
              certificates.sslContext().getServerSocketFactory().createServerSocket());
    } else {
      tls = null;
    }
    base = http.build();
  }

  private static int port(StubProvider provider) {
    return URI.create(provider.baseUrl()).getPort();
  }

  /** Runs all cases and closes the provider, so that nothing changes the results any more. */
  static List<CutResult> run(Setting setting, ClientUnderTest client) throws Exception {
    try (CutMatrix matrix = new CutMatrix(setting, client)) {
      matrix.run();
      return matrix.results;
    }
  }

  @Override
  public void close() throws IOException {
    try (provider) {
      if (tls != null) {
        tls.close();
      }
    }
  }

  private void run() throws Exception {
    List<Callable<@Nullable Void>> cases = new ArrayList<>();
    Cut none = new Cut(Way.FIN, Direction.REQUEST, Integer.MAX_VALUE, false);
    run(
        none,
        0,
        proxy -> {
          for (Direction direction : Direction.values()) {
            cases.addAll(cases(direction, proxy.passed(direction)));
          }
        });
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (Future<?> result : threads.invokeAll(cases, 20, TimeUnit.MINUTES)) {
        result.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the test itself failed at " + setting, e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Callable<@Nullable Void>> cases(Direction direction, byte[] traffic) {
    List<Callable<@Nullable Void>> cases = new ArrayList<>();
    for (int position : positions(traffic, direction)) {
      for (Way way : Way.values()) {
        // Alternates, so that each position sees both values, though not with each way.
        boolean odd = position % 2 == 0 ^ way == Way.FIN;
        Cut cut = new Cut(way, direction, position, setting.tls() && odd);
        // A retry waits before it starts. Most cuts over TLS lead to one, so few cases retry there.
        int retries = (setting.tls() ? position % 16 == 0 : odd) ? 1 : 0;
        cases.add(
            () -> {
              run(cut, retries, proxy -> {});
              return null;
            });
      }
    }
    return cases;
  }

  /** Every position; or every 13th, and those next to the end of a line, a frame and the whole. */
  private SortedSet<Integer> positions(byte[] traffic, Direction direction) {
    int end = traffic.length + MARGIN;
    SortedSet<Integer> positions = new TreeSet<>(List.of(Cut.AT_ONCE, 0, 1, end));
    for (int position = 0; position < end; position += TestRun.EXHAUSTIVE ? 1 : STRIDE) {
      positions.add(position);
    }
    for (int boundary : setting.http2() ? frames(traffic, direction) : lines(traffic)) {
      positions.addAll(List.of(boundary - 1, boundary, boundary + 1));
    }
    for (int position = traffic.length - 10; position <= traffic.length + 1; position++) {
      positions.add(position);
    }
    return positions;
  }

  private static List<Integer> lines(byte[] traffic) {
    List<Integer> ends = new ArrayList<>();
    for (int i = 1; i < traffic.length; i++) {
      if (traffic[i - 1] == '\r' && traffic[i] == '\n') {
        ends.add(i + 1);
      }
    }
    return ends;
  }

  private List<Integer> frames(byte[] traffic, Direction direction) {
    List<Integer> ends = new ArrayList<>();
    int begin = direction == Direction.REQUEST && !setting.reused() ? HTTP2_PREFACE : 0;
    while (begin + HTTP2_FRAME_HEADER <= traffic.length) {
      ends.add(begin);
      ends.add(begin + HTTP2_FRAME_HEADER);
      int payload =
          (traffic[begin] & 0xff) << 16
              | (traffic[begin + 1] & 0xff) << 8
              | (traffic[begin + 2] & 0xff);
      begin += HTTP2_FRAME_HEADER + payload;
    }
    return ends;
  }

  private void run(Cut cut, int retries, Consumer<CuttingProxy> look) throws IOException {
    String name = setting + ", " + cut + ", retries " + retries;
    String id = UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
    StubToken token = provider.addToken(ACCOUNT_ID, id, "Cut");
    TrafficMonitor monitor = new TrafficMonitor();
    ConnectionPool pool = new ConnectionPool();
    OkHttpClient.Builder http = monitor.watch(base).connectionPool(pool);
    ReportedOutcome reported;
    boolean reached;
    try (CuttingProxy proxy = CuttingProxy.to(tls == null ? port(provider) : tls.port())) {
      String url =
          (setting.tls() ? "https" : "http") + "://localhost:" + proxy.port() + "/client/v4/";
      try {
        if (setting.reused()) {
          ReportedOutcome warm = client.rotate(http.build(), url, warmUp, setting.grace(), 0);
          if (warm.kind() != Kind.ROTATED) {
            throw new IllegalStateException("a call without a cut reported " + warm);
          }
        }
        proxy.arm(cut);
        monitor.reset();
        if (cut.way() == Way.STALL) {
          // As with the client's defaults, the call timeout ends a stall long before a read
          // timeout.
          http.callTimeout(STALL_TIMEOUT);
        }
        reported = client.rotate(http.build(), url, token, setting.grace(), retries);
        reached = proxy.reached();
        look.accept(proxy);
      } finally {
        pool.evictAll();
      }
    }
    // With TLS and HTTP/2 a connection starts with bytes that belong to no request.
    boolean nothingSent =
        !monitor.headersStarted() || (!setting.tls() && !setting.http2() && monitor.written() == 0);
    synchronized (results) {
      results.add(new CutResult(name, cut, token, reported, reached, nothingSent));
    }
  }
}
