package io.github.accesstokens.cuts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.cuts.Cut.Direction;
import io.github.accesstokens.cuts.Cut.Way;
import io.github.accesstokens.cuts.Told.Truth;
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
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;

/** Rotates one token per cut, all at one provider, and tells what came of each. */
final class Matrix {
  /** Every position with {@code -Dcuts=all}, otherwise the boundaries and some between. */
  private static final boolean ALL = "all".equals(System.getProperty("cuts"));

  private static final int STRIDE = 13;

  // The length of an answer varies a little: compressed, and with the digits of a time.
  private static final int MARGIN = 32;

  private static final int HTTP2_PREFACE = 24;
  private static final int HTTP2_FRAME_HEADER = 9;
  private static final String ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";

  // Long enough to come to the byte in question as a rule, and no matter if not.
  private static final Duration UNTIL_GIVEN_UP = Duration.ofMillis(250);
  private static final Duration NEVER_REACHED = Duration.ofMinutes(1);
  private static final int MOSTLY_WAITING_THREADS = 32;

  // Held here, because java.util.logging forgets the level of a logger that nobody refers to.
  private static final Logger OKHTTP_LOG = Logger.getLogger(OkHttpClient.class.getName());

  static {
    // The provider's side of a connection that was cut is logged with its stack.
    OKHTTP_LOG.setLevel(Level.WARNING);
  }

  private final Setting setting;
  private final Caller caller;
  private final StubProvider provider;
  private final StubToken warmUp;
  private final OkHttpClient base;
  private final @Nullable CuttingProxy tls;
  private final List<Case> cases = new ArrayList<>();

  private record Case(
      String what, Cut cut, StubToken token, Told told, boolean reached, boolean nothingSent) {
    Outcome outcome() {
      int rotations = token.rotations();
      boolean isTrue = told.isTrue(rotations, token.clientSecret());
      return new Outcome(what, cut, told, reached, nothingSent, rotations, isTrue);
    }
  }

  private Matrix(Setting setting, Caller caller) throws IOException {
    this.setting = setting;
    this.caller = caller;
    provider = setting.http2() ? StubProvider.startHttp2() : StubProvider.start();
    provider.acceptApiToken(Caller.API_TOKEN);
    if (setting.gzip()) {
      provider.gzipAnswers();
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

  /**
   * Runs all cases; the provider is closed, and so has done all it will ever do, before it tells.
   */
  static List<Outcome> run(Setting setting, Caller caller) throws Exception {
    Matrix matrix = new Matrix(setting, caller);
    try {
      matrix.runAll();
    } finally {
      if (matrix.tls != null) {
        matrix.tls.close();
      }
      matrix.provider.close();
    }
    return matrix.cases.stream().map(Case::outcome).toList();
  }

  private void runAll() throws Exception {
    List<Callable<@Nullable Void>> calls = new ArrayList<>();
    run(
        new Cut(Way.FIN, Direction.REQUEST, Integer.MAX_VALUE, false),
        0,
        proxy -> {
          for (Direction direction : Direction.values()) {
            calls.addAll(calls(direction, proxy.passed(direction)));
          }
        });
    ExecutorService threads = Executors.newFixedThreadPool(MOSTLY_WAITING_THREADS);
    try {
      for (Future<?> call : threads.invokeAll(calls, 5, TimeUnit.MINUTES)) {
        call.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("the harness failed at " + setting, e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Callable<@Nullable Void>> calls(Direction direction, byte[] traffic) {
    List<Callable<@Nullable Void>> calls = new ArrayList<>();
    for (int position : ALL ? positions(traffic, 1) : somePositions(traffic, direction)) {
      for (Way way : Way.values()) {
        // Each position sees both, if not with each way.
        boolean odd = position % 2 == 0 ^ way == Way.FIN;
        Cut cut = new Cut(way, direction, position, setting.tls() && odd);
        // What is certainly not applied is retried after a while, which over TLS it often is.
        int retries = (setting.tls() ? position % 16 == 0 : odd) ? 1 : 0;
        calls.add(
            () -> {
              run(cut, retries, proxy -> {});
              return null;
            });
      }
    }
    return calls;
  }

  /** Each STRIDEth, and those around an end of a line, of a frame and of it all. */
  private SortedSet<Integer> somePositions(byte[] traffic, Direction direction) {
    SortedSet<Integer> positions = positions(traffic, STRIDE);
    for (int boundary : setting.http2() ? frames(traffic, direction) : lines(traffic)) {
      for (int position = boundary - 1; position <= boundary + 1; position++) {
        positions.add(position);
      }
    }
    for (int position = traffic.length - 10; position <= traffic.length + 1; position++) {
      positions.add(position);
    }
    return positions;
  }

  private static SortedSet<Integer> positions(byte[] traffic, int stride) {
    SortedSet<Integer> positions = new TreeSet<>(List.of(Cut.AT_ONCE, 0, 1));
    for (int position = 0; position < traffic.length + MARGIN; position += stride) {
      positions.add(position);
    }
    positions.add(traffic.length + MARGIN);
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
      int payload =
          (traffic[begin] & 0xff) << 16
              | (traffic[begin + 1] & 0xff) << 8
              | (traffic[begin + 2] & 0xff);
      ends.add(begin + HTTP2_FRAME_HEADER);
      begin += HTTP2_FRAME_HEADER + payload;
    }
    return ends;
  }

  private void run(Cut cut, int retries, Consumer<CuttingProxy> look) throws IOException {
    String what = setting + ", " + cut + ", retries " + retries;
    String id = UUID.nameUUIDFromBytes(what.getBytes(UTF_8)).toString();
    StubToken token = provider.addToken(ACCOUNT_ID, id, "Cut");
    Witness witness = new Witness();
    ConnectionPool pool = new ConnectionPool();
    OkHttpClient http =
        base.newBuilder().connectionPool(pool).socketFactory(witness.sockets).build();
    Told told;
    boolean reached;
    try (CuttingProxy proxy = CuttingProxy.to(tls == null ? port(provider) : tls.port())) {
      String url =
          (setting.tls() ? "https" : "http") + "://localhost:" + proxy.port() + "/client/v4/";
      try {
        if (setting.reused()) {
          Told warm = caller.rotate(http, url, warmUp, setting.grace(), 0);
          if (warm.truth() != Truth.ROTATED) {
            throw new IllegalStateException("a call without a cut told " + warm);
          }
        }
        proxy.arm(cut);
        witness.forget();
        OkHttpClient.Builder watched = http.newBuilder().eventListener(witness);
        if (cut.way() == Way.STALL) {
          // As the client's own default is: the limit on the call alone has to end it.
          watched.callTimeout(UNTIL_GIVEN_UP).readTimeout(Duration.ZERO);
        }
        told = caller.rotate(watched.build(), url, token, setting.grace(), retries);
        reached = proxy.reached();
        look.accept(proxy);
      } finally {
        pool.evictAll();
      }
    }
    // Over TLS and HTTP/2 a connection begins with bytes that are of no request.
    boolean nothingSent =
        !witness.headersStarted() || (!setting.tls() && !setting.http2() && witness.written() == 0);
    synchronized (cases) {
      cases.add(new Case(what, cut, token, told, reached, nothingSent));
    }
  }
}
