package io.github.accesstokens.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.cuts.Cut.Way;
import io.github.accesstokens.cuts.Told.Truth;
import io.github.accesstokens.provider.StubProvider;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever byte a connection ends at, the client tells the truth and rotates once at most. */
final class CutEverywhereTest {
  private static final List<Outcome> ALL = new ArrayList<>();
  private static final long START = System.nanoTime();

  @ParameterizedTest
  @MethodSource("io.github.accesstokens.cuts.Setting#cleartext")
  void everyCutLeavesTheTruth(Setting setting) throws Exception {
    assertTrue(Matrix.run(setting, Caller.CLIENT));
  }

  @Test
  void everyCutOfAHandshakeLeavesTheTruth() throws Exception {
    List<Outcome> outcomes =
        Matrix.run(new Setting(true, false, false, false, false), Caller.CLIENT);

    assertTrue(outcomes);
    assertThat(outcomes)
        .as("cuts of a handshake of which none was told to be not applied")
        .anyMatch(outcome -> outcome.told().truth() == Truth.NOT_APPLIED);
  }

  @Test
  void aRefusedConnectionIsNotApplied() throws Exception {
    try (Socket boundButNotListening = new Socket()) {
      boundButNotListening.bind(new InetSocketAddress(CuttingProxy.loopback(), 0));
      String url = "http://localhost:" + boundButNotListening.getLocalPort();
      assertNotApplied(url, new OkHttpClient(), new Witness());
    }
  }

  @Test
  void aHostThatDoesNotResolveIsNotApplied() {
    Dns none =
        host -> {
          throw new UnknownHostException(host);
        };
    assertNotApplied(
        "http://localhost", new OkHttpClient.Builder().dns(none).build(), new Witness());
  }

  @Test
  void aFailureRightBeforeTheFirstByteIsNotApplied() {
    Witness failing =
        new Witness() {
          @Override
          public void requestHeadersStart(Call call) {
            throw new IllegalStateException("made up");
          }
        };
    try (StubProvider provider = StubProvider.start()) {
      assertNotApplied(provider.baseUrl(), new OkHttpClient(), failing);
    }
  }

  private static void assertNotApplied(String url, OkHttpClient http, Witness witness) {
    try (StubProvider provider = StubProvider.start()) {
      OkHttpClient watched =
          http.newBuilder().socketFactory(witness.sockets).eventListener(witness).build();

      Told told = Caller.CLIENT.rotate(watched, url, provider.addToken(), false, 0);

      assertThat(told.truth()).isEqualTo(Truth.NOT_APPLIED);
      assertThat(witness.written()).isZero();
      assertThat(witness.headersStarted()).isFalse();
    }
  }

  private static void assertTrue(List<Outcome> outcomes) {
    ALL.addAll(outcomes);
    assertThat(such(outcomes, outcome -> !outcome.isTrue())).as("wrong truths").isEmpty();
    assertThat(such(outcomes, Outcome::isUnknownThoughNothingSent))
        .as("unknown with nothing sent")
        .isEmpty();
    assertThat(such(outcomes, Outcome::isRepeated)).as("repeated rotations").isEmpty();
    assertThat(such(outcomes, outcome -> !outcome.reached() && outcome.cut().way() != Way.STALL))
        .as("not cut")
        .isNotEmpty()
        .allMatch(outcome -> outcome.told().truth() == Truth.ROTATED);
  }

  @AfterAll
  static void print() {
    System.out.printf(
        Locale.ROOT,
        "Cuts tried: %d (rotated %d, not applied %d, unknown %d); wrong truths: %d; "
            + "unknown with nothing sent: %d; repeated rotations: %d; in %d s%n",
        ALL.size(),
        such(ALL, outcome -> outcome.told().truth() == Truth.ROTATED).size(),
        such(ALL, outcome -> outcome.told().truth() == Truth.NOT_APPLIED).size(),
        such(ALL, outcome -> outcome.told().truth() == Truth.UNKNOWN).size(),
        such(ALL, outcome -> !outcome.isTrue()).size(),
        such(ALL, Outcome::isUnknownThoughNothingSent).size(),
        such(ALL, Outcome::isRepeated).size(),
        Duration.ofNanos(System.nanoTime() - START).toSeconds());
  }

  private static List<Outcome> such(List<Outcome> outcomes, Predicate<Outcome> condition) {
    return outcomes.stream().filter(condition).toList();
  }
}
