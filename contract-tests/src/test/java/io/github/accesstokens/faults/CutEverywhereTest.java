package io.github.accesstokens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.TestRun;
import io.github.accesstokens.faults.Cut.Way;
import io.github.accesstokens.faults.ReportedOutcome.Kind;
import io.github.accesstokens.provider.StubProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wherever a connection ends, the client reports a correct outcome and rotates at most once. */
final class CutEverywhereTest {
  private static final List<CutResult> ALL = new ArrayList<>();

  @ParameterizedTest
  @MethodSource("io.github.accesstokens.faults.Setting#cleartext")
  void cutAnywhere_outcomeIsCorrect(Setting setting) throws Exception {
    assertCorrect(CutMatrix.run(setting, ClientUnderTest.ACCESS_TOKENS));
  }

  @Test
  void cutInTlsHandshake_outcomeIsCorrectAndOftenNotApplied() throws Exception {
    List<CutResult> results =
        CutMatrix.run(new Setting(true, false, false, false, false), ClientUnderTest.ACCESS_TOKENS);

    assertCorrect(results);
    assertThat(results).anyMatch(result -> result.reported().kind() == Kind.NOT_APPLIED);
  }

  @Test
  void connectionRefused_isNotApplied() throws Exception {
    try (Socket boundButNotListening = new Socket()) {
      boundButNotListening.bind(new InetSocketAddress(CuttingProxy.loopback(), 0));
      String url = "http://localhost:" + boundButNotListening.getLocalPort();
      assertNotApplied(url, new OkHttpClient(), new TrafficMonitor());
    }
  }

  @Test
  void hostNotResolved_isNotApplied() {
    Dns none =
        host -> {
          throw new UnknownHostException(host);
        };
    assertNotApplied(
        "http://localhost", new OkHttpClient.Builder().dns(none).build(), new TrafficMonitor());
  }

  @Test
  void failureBeforeTheFirstByte_isNotApplied() {
    TrafficMonitor failing =
        new TrafficMonitor() {
          @Override
          public void requestHeadersStart(Call call) {
            throw new IllegalStateException("before the first byte");
          }
        };
    try (StubProvider provider = StubProvider.start()) {
      assertNotApplied(provider.baseUrl(), new OkHttpClient(), failing);
    }
  }

  private static void assertNotApplied(String url, OkHttpClient http, TrafficMonitor monitor) {
    try (StubProvider provider = StubProvider.start()) {
      ReportedOutcome reported =
          ClientUnderTest.ACCESS_TOKENS.rotate(
              monitor.watch(http).build(), url, provider.addToken(), false, 0);

      assertThat(reported.kind()).isEqualTo(Kind.NOT_APPLIED);
      assertThat(monitor.written()).isZero();
      assertThat(monitor.headersStarted()).isFalse();
    }
  }

  private static void assertCorrect(List<CutResult> results) {
    ALL.addAll(results);
    assertThat(results).filteredOn(CutResult::isWrong).as("wrong outcomes").isEmpty();
    assertThat(results)
        .filteredOn(CutResult::isUnknownWithNothingSent)
        .as("unknown with nothing sent")
        .isEmpty();
    assertThat(results).filteredOn(CutResult::isRepeated).as("repeated rotations").isEmpty();
    // A stall can end before its position is reached, as its time is short.
    assertThat(results)
        .filteredOn(result -> !result.reached() && result.cut().way() != Way.STALL)
        .as("not cut")
        .isNotEmpty()
        .allMatch(result -> result.reported().kind() == Kind.ROTATED);
  }

  @AfterAll
  static void count() throws IOException {
    Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    ALL.forEach(result -> kinds.merge(result.reported().kind(), 1, Integer::sum));
    TestRun.count(
        "Cuts tried: %d %s; wrong outcomes: %d; unknown with nothing sent: %d; repeated: %d"
            .formatted(
                ALL.size(),
                kinds,
                ALL.stream().filter(CutResult::isWrong).count(),
                ALL.stream().filter(CutResult::isUnknownWithNothingSent).count(),
                ALL.stream().filter(CutResult::isRepeated).count()));
  }
}
