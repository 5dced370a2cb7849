package io.github.accesstokens.samples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.HandoverInUseException;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each step of the state machine, in one process. */
@Timeout(60)
final class RotationServiceTest {
  private static final Duration EVERY = Duration.ofHours(24);
  private static final Duration GRACE = Duration.ofHours(1);

  @AutoClose private final StubProvider provider = StubProvider.start();
  @AutoClose private final StubProvider other = StubProvider.start();
  @TempDir private Path directory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<String> alerts = new ArrayList<>();
  private final OkHttpClient.Builder http = new OkHttpClient.Builder();
  private Instant now = Instant.now();
  private String verifiedUrl = provider.protectedUrl();
  private Path file;
  private PairStore store;
  private StubToken token;
  private Pair first;

  @BeforeEach
  void adoptTheFirstPair() throws IOException {
    provider.acceptApiToken("api-token");
    token = provider.addToken();
    first = pair();
    file = directory.resolve("pairs.json");
    store = new PairStore(file);
    store.adopt(first, now);
  }

  @Test
  void youngPair_isNotRotated() throws Exception {
    advance(EVERY.minusSeconds(1));
    tick();

    assertThat(provider.requests()).isEmpty();
    assertStored(State.READY, first, null);
  }

  @Test
  void oldPair_isRotatedVerifiedAndSwitchedInOneTick() throws Exception {
    advance(EVERY);
    tick();

    assertStored(State.EXPIRING, pair(), first);
    assertThat(count("rotated")).isEqualTo(1);
    assertThat(alerts).isEmpty();
  }

  @Test
  void expiredPreviousPair_isRemoved() throws Exception {
    advance(EVERY);
    tick();
    advance(GRACE.minusSeconds(1));
    tick();
    assertStored(State.EXPIRING, pair(), first);

    advance(Duration.ofSeconds(1));
    tick();

    assertStored(State.READY, pair(), null);
    assertThat(Files.readString(file)).doesNotContain(first.clientSecret());
    assertThat(provider.rotations()).isEqualTo(1);
  }

  @Test
  void newPairThatIsNotAccepted_waitsWhileThePreviousIsUsed() throws Exception {
    verifiedUrl = other.protectedUrl();
    advance(EVERY);
    tick();
    assertStored(State.VERIFYING, first, pair());
    assertThat(alerts).containsExactly("the new pair is not accepted yet: REFUSED");

    verifiedUrl = provider.protectedUrl();
    tick();

    assertStored(State.EXPIRING, pair(), first);
    assertThat(provider.rotations()).isEqualTo(1);
  }

  @Test
  void newPairThatIsNotAccepted_isUsedWhenThePreviousExpires() throws Exception {
    verifiedUrl = other.protectedUrl();
    advance(EVERY);
    tick();
    advance(GRACE);
    tick();

    assertStored(State.READY, pair(), null);
  }

  @Test
  void rotationThatWasNotApplied_isTriedAtTheNextTick() throws Exception {
    provider.enqueue(Fault.status(403));
    advance(EVERY);
    tick();
    assertStored(State.READY, first, null);
    assertThat(count("not_applied")).isEqualTo(1);
    assertThat(alerts).hasSize(1);

    tick();

    assertStored(State.EXPIRING, pair(), first);
  }

  @Test
  void unknownOutcome_stopsUntilThePairIsAdopted() throws Exception {
    provider.enqueue(Fault.cutAfterApplying());
    advance(EVERY);
    tick();
    tick();
    assertStored(State.UNKNOWN, first, null);
    assertThat(provider.requests()).hasSize(1);
    assertThat(count("unknown")).isEqualTo(1);
    assertThat(alerts).hasSize(3);

    store.adopt(pair(), now);
    assertStored(State.VERIFYING, first, pair());
    tick();

    assertStored(State.READY, pair(), null);
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void unknownOutcomeThatChangedNothing_goesOnWhenTheSamePairIsAdopted() throws Exception {
    provider.enqueue(Fault.cutBeforeApplying());
    advance(EVERY);
    tick();
    store.adopt(first, now);
    tick();

    assertStored(State.EXPIRING, pair(), first);
  }

  @Test
  void secretThatTheHandoverCannotStore_isStoredByTheService() throws Exception {
    http.addInterceptor(
        chain -> {
          try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, ".*.tmp")) {
            for (Path temporary : files) {
              Files.delete(temporary);
            }
          }
          return chain.proceed(chain.request());
        });
    advance(EVERY);
    tick();

    assertStored(State.EXPIRING, pair(), first);
  }

  @Test
  void serviceOnALockedStore_doesNothing() throws Exception {
    advance(EVERY);
    try (var lock = store.handover(secret -> Snapshot.ready(first, now)).prepare()) {
      tick();
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> store.adopt(first, now)).isInstanceOf(HandoverInUseException.class);
    }
    assertThat(provider.requests()).isEmpty();
    assertThat(alerts).isEmpty();

    tick();

    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void instanceThatReadBeforeAnotherRotated_doesNotRotateToo() throws Exception {
    advance(EVERY);
    RotationService other = service();
    AtomicBoolean first = new AtomicBoolean(true);
    InstantSource source =
        () -> {
          // Between the first look at the store and the lock.
          if (first.getAndSet(false)) {
            other.tick();
          }
          return now;
        };

    service(source).tick();

    assertThat(provider.requests()).hasSize(1);
    assertThat(alerts).isEmpty();
  }

  @Test
  void adoptDuringVerification_isRefused() throws Exception {
    verifiedUrl = other.protectedUrl();
    advance(EVERY);
    tick();

    assertThatIllegalStateException().isThrownBy(() -> store.adopt(first, now));

    assertStored(State.VERIFYING, first, pair());
  }

  @Test
  void ageOfThePair_isMeasured() {
    service();
    advance(Duration.ofMinutes(5));

    assertThat(registry.get("access.pair.age").timeGauge().value(TimeUnit.SECONDS)).isEqualTo(300);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{}",
        "{'state':'READY'",
        "{'state':'READY','current_client_id':'a','current_client_secret':'b'}",
        "{'state':'READY','current_client_id':'a','rotated_at':'2026-11-24T00:00:00Z'}"
      })
  void damagedStore_isReported(String content) throws Exception {
    Files.writeString(file, content.replace('\'', '"'));
    tick();

    assertThat(alerts).singleElement().asString().contains("the rotation of the pair in " + file);
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void secrets_areOnlyInTheFileOfTheOwner() throws Exception {
    verifiedUrl = other.protectedUrl();
    advance(EVERY);
    tick();

    assertThat(store.read().toString())
        .doesNotContain(first.clientSecret(), token.clientSecret())
        .contains(token.clientId());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  private void advance(Duration time) {
    now = now.plus(time);
    provider.advanceClock(time);
  }

  private void tick() {
    service().tick();
  }

  /** A service that has just started. */
  private RotationService service() {
    return service(() -> now);
  }

  private RotationService service(InstantSource source) {
    Monitor micrometer = new MicrometerMonitor(registry);
    Monitor monitor =
        new Monitor() {
          @Override
          public void count(Outcome outcome) {
            micrometer.count(outcome);
          }

          @Override
          public void observeAge(Supplier<@Nullable Duration> age) {
            if (registry.find("access.pair.age").timeGauge() == null) {
              micrometer.observeAge(age);
            }
          }

          @Override
          public void alert(String message) {
            alerts.add(message);
          }
        };
    return new RotationService(
        AccessTokensClient.builder()
            .baseUrl(provider.baseUrl())
            .credentials(Credentials.apiToken("api-token"))
            .httpClient(http.build())
            .build(),
        store,
        new RotationService.Settings(
            token.accountId(), token.id(), verifiedUrl, EVERY, GRACE, Duration.ZERO),
        monitor,
        source.withZone(ZoneOffset.UTC));
  }

  private Pair pair() {
    return new Pair(token.clientId(), token.clientSecret());
  }

  private double count(String outcome) {
    return registry.get("access.rotations").tag("outcome", outcome).counter().count();
  }

  private void assertStored(State state, Pair current, @Nullable Pair other) throws IOException {
    assertThat(store.read().state()).isEqualTo(state);
    assertThat(store.read().current()).isEqualTo(current);
    assertThat(store.read().other()).isEqualTo(other);
  }
}
