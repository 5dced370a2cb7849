package io.github.accesstokens.samples.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A load in this JVM, and the rotation in another one, which is killed. Both use one store. The
 * build runs a few rotations; with {@code -Dexhaustive} it runs twenty, each with a kill.
 */
@Timeout(300)
final class RotationUnderLoadTest {
  private static final boolean EXHAUSTIVE = Boolean.getBoolean("exhaustive");
  private static final int ROTATIONS = EXHAUSTIVE ? 20 : 3;
  private static final Duration EVERY = Duration.ofHours(24);
  private static final Duration RESPONSE_TIME = Duration.ofMillis(50);
  private static final Duration GRACE = Duration.ofHours(1);

  @AutoClose private final StubProvider provider = StubProvider.start();
  @TempDir private Path directory;
  private final Random random = new Random();
  private final Map<State, Integer> killedIn = new TreeMap<>();
  private Instant now = Instant.now();
  private Path file;
  private PairStore store;
  private StubToken token;
  private Duration grace = GRACE;

  /** How many requests end from the start of a tick until it sends its rotation. */
  private int loadUntilSent = 500;

  private @Nullable ServiceProcess service;
  private @Nullable Load load;
  private final List<ServiceProcess> processes = new ArrayList<>();

  @BeforeEach
  void adoptTheFirstPair() throws IOException {
    provider.acceptApiToken("api-token");
    token = provider.addToken();
    file = directory.resolve("pairs.json");
    store = new PairStore(file);
    store.adopt(new Pair(token.clientId(), token.clientSecret()), now);
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (load != null) {
      load.stop();
    }
    for (ServiceProcess process : processes) {
      process.kill();
    }
  }

  @Test
  void rotationsWithGraceAndKills_failNoRequest() throws Exception {
    Load load = startLoad();
    while (provider.rotations() < ROTATIONS) {
      advance(EVERY);
      provider.enqueue(Fault.delay(RESPONSE_TIME));
      killDuringATick(load);
      restartUntilRotated();
    }
    load.await(100);

    int failures = load.stop();

    count(
        "%d rotations with grace: %d requests, %d failed; killed in %s"
            .formatted(provider.rotations(), load.requests(), failures, killedIn));
    assertThat(failures).isZero();
  }

  /** Adds a line to {@code target/counts.txt}, which CI prints. */
  private static void count(String line) throws IOException {
    Files.writeString(
        Path.of("target", "counts.txt"),
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  @Test
  void rotationsWithoutGrace_failRequests() throws Exception {
    grace = Duration.ZERO;
    Load load = startLoad();
    for (int i = 0; i < 3; i++) {
      advance(EVERY);
      provider.enqueue(Fault.delay(RESPONSE_TIME));
      tick();
    }
    load.await(100);

    int failures = load.stop();

    count(
        "%d rotations without grace: %d requests, %d failed"
            .formatted(provider.rotations(), load.requests(), failures));
    assertThat(provider.rotations()).isEqualTo(3);
    assertThat(failures).isPositive();
  }

  @Test
  void killBetweenSentAndStored_isUnknownAndNeverRotatesAgain() throws Exception {
    provider.enqueue(Fault.delay(Duration.ofHours(1)));
    Load load = startLoad();
    advance(EVERY);
    start().startTick(now);
    provider.awaitRequests(1, Duration.ofSeconds(60));
    assertThat(kill()).isEqualTo(State.ROTATING);

    assertThat(tick()).startsWith("unknown alert(");
    assertThat(store.read().state()).isEqualTo(State.UNKNOWN);
    assertThat(tick()).startsWith("alert(").contains("unknown outcome");
    kill();
    assertThat(tick()).startsWith("alert(").contains("unknown outcome");

    assertThat(provider.requests()).hasSize(1);
    load.await(100);
    assertThat(load.stop()).isZero();
  }

  @Test
  void secondInstanceDuringARotation_doesNotRotate() throws Exception {
    provider.enqueue(Fault.delay(Duration.ofHours(1)));
    advance(EVERY);
    start().startTick(now);
    provider.awaitRequests(1, Duration.ofSeconds(60));

    ServiceProcess second = start();
    second.startTick(now);

    assertThat(second.finishTick()).isEmpty();
    assertThat(provider.requests()).hasSize(1);
    assertThat(store.read().state()).isEqualTo(State.ROTATING);
  }

  /** Kills the service at a random moment before or after it sends a rotation. */
  private void killDuringATick(Load load) throws Exception {
    int requests = provider.requests().size();
    int before = load.requests();
    start().startTick(now);
    if (random.nextBoolean()) {
      load.await(random.nextInt(loadUntilSent));
    } else {
      provider.awaitRequests(requests + 1, Duration.ofSeconds(60));
      loadUntilSent = load.requests() - before;
      load.await(random.nextInt(500));
    }
    killedIn.merge(kill(), 1, Integer::sum);
  }

  private Load startLoad() throws Exception {
    OkHttpClient http =
        PairInterceptor.install(new OkHttpClient(), HttpUrl.get(provider.protectedUrl()), store);
    Load started = new Load(http, provider.protectedUrl());
    load = started;
    started.await(100);
    return started;
  }

  private void advance(Duration time) {
    now = now.plus(time);
    provider.advanceClock(time);
  }

  /** Restarts the service, and repairs an unknown outcome as an operator does. */
  private void restartUntilRotated() throws Exception {
    String reports = tick();
    if (store.read().state() == State.UNKNOWN) {
      int rotations = provider.rotations();
      assertThat(reports).contains("alert(");
      tick();
      assertThat(provider.rotations()).isEqualTo(rotations);
      repair();
      tick();
    }
    assertThat(store.read().state()).isIn(State.READY, State.EXPIRING);
  }

  private void repair() throws IOException, InterruptedException {
    Pair current = store.read().current();
    Path unproven = directory.resolve("pairs.json.unproven");
    Pair found;
    if (current.clientSecret().equals(token.clientSecret())) {
      found = current; // It was not rotated.
    } else if (Files.exists(unproven)) {
      found = requireNonNull(new PairStore(unproven).read().other());
      Files.delete(unproven);
    } else {
      // The new secret is lost. Another token lets the load go on while the old secret works.
      token = provider.addToken(token.accountId(), UUID.randomUUID().toString(), "next");
      found = new Pair(token.clientId(), token.clientSecret());
      kill();
    }
    store.adopt(found, now);
  }

  private String tick() throws IOException {
    ServiceProcess running = service == null ? start() : service;
    running.startTick(now);
    return running.finishTick();
  }

  private ServiceProcess start() throws IOException {
    ServiceProcess started =
        ServiceProcess.start(
            file,
            provider.baseUrl(),
            "api-token",
            new RotationService.Settings(
                token.accountId(),
                token.id(),
                provider.protectedUrl(),
                EVERY,
                grace,
                Duration.ZERO));
    service = started;
    processes.add(started);
    return started;
  }

  /** Returns the state in which the service ended. */
  private State kill() throws IOException, InterruptedException {
    if (service != null) {
      service.kill();
      service = null;
    }
    return store.read().state();
  }
}
