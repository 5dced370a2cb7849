package io.github.accesstokens.outcomes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Handover;
import io.github.accesstokens.HandoverException;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.RotationException;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.TestRun;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * In any sequence of calls, faults and times, the reported outcomes agree with what the provider
 * did. The model is a caller that keeps the last secret it got.
 */
final class ModelTest {
  private static final Duration HASTY = Duration.ofMillis(300);
  // Keeps no connection open: on a kept one, Nagle's algorithm and delayed acknowledgements add
  // 40 ms to each small response.
  private static final OkHttpClient HTTP =
      new OkHttpClient.Builder()
          .connectionPool(new ConnectionPool(0, 1, TimeUnit.NANOSECONDS))
          // The protected page redirects to a host of the internet.
          .followRedirects(false)
          .build();
  private static final String HTML = "<html></html>";
  private static final String CONTRADICTION =
      "{\"errors\":[],\"messages\":[],\"success\":false,\"result\":null}";

  /** What goes wrong with one request, before or after the provider applies it. */
  private enum Trouble {
    NONE,
    CUT_BEFORE,
    CUT_AFTER,
    CUT_DURING_RESPONSE,
    REFUSED,
    REFUSED_FOR_NOW,
    TOO_MANY,
    FAILED,
    GATEWAY_BEFORE,
    GATEWAY_AFTER,
    GATEWAY_TIMEOUT,
    UNAVAILABLE_AFTER,
    PAGE_AFTER,
    CONTRADICTION_AFTER,
    SLOW;

    @Nullable Fault fault() {
      return switch (this) {
        case NONE -> null;
        case CUT_BEFORE -> Fault.cutBeforeApplying();
        case CUT_AFTER -> Fault.cutAfterApplying();
        case CUT_DURING_RESPONSE -> Fault.cutDuringResponse();
        case REFUSED -> Fault.status(403);
        case REFUSED_FOR_NOW -> Fault.status(409).retryAfter("0");
        case TOO_MANY -> Fault.status(429);
        case FAILED -> Fault.status(500);
        case GATEWAY_BEFORE -> Fault.respond(502, "text/html", HTML);
        case GATEWAY_AFTER -> Fault.respond(504, "text/html", HTML).afterApplying();
        case GATEWAY_TIMEOUT -> Fault.status(408).htmlBody().afterApplying();
        case UNAVAILABLE_AFTER -> Fault.status(503).retryAfter("0").afterApplying();
        case PAGE_AFTER -> Fault.respond(200, "text/html", HTML).afterApplying();
        case CONTRADICTION_AFTER ->
            Fault.respond(200, "application/json", CONTRADICTION).afterApplying();
        case SLOW -> Fault.delay(HASTY.multipliedBy(2));
      };
    }
  }

  /** What the caller's handover does. */
  private enum Sink {
    NONE,
    KEEPS,
    FAILS,
    NOT_READY
  }

  private enum Persistence {
    NONE,
    RETRIES,
    REPEATS
  }

  /**
   * One call.
   *
   * @param grace hours until the previous secret expires, by the client's clock; 0 for no grace
   * @param clock hours that pass at the provider before the call
   */
  private record Step(
      List<Trouble> troubles, int grace, Sink sink, Persistence persistence, int clock) {}

  /** One sequence for each try, or ten if exhaustive. */
  @Provide
  Arbitrary<List<List<Step>>> sequences() {
    // Timeouts and retries really wait, so they are rare.
    Arbitrary<List<Trouble>> troubles =
        Arbitraries.frequencyOf(
            Tuple.of(
                150,
                Arbitraries.of(Trouble.class)
                    .filter(trouble -> trouble != Trouble.SLOW)
                    .map(List::of)),
            Tuple.of(1, Arbitraries.just(List.of(Trouble.SLOW))));
    Arbitrary<Step> single =
        Combinators.combine(
                troubles,
                Arbitraries.of(0, 0, 1, 5),
                Arbitraries.of(Sink.class),
                Arbitraries.of(0, 0, 0, 2))
            .as(
                (trouble, grace, sink, clock) ->
                    new Step(trouble, grace, sink, Persistence.NONE, clock));
    Arbitrary<Step> persistent =
        Combinators.combine(
                Arbitraries.of(Trouble.class).list().ofSize(2),
                Arbitraries.of(0, 5),
                Arbitraries.of(Sink.class),
                Arbitraries.of(Persistence.RETRIES, Persistence.REPEATS))
            .as(
                (trouble, grace, sink, persistence) ->
                    new Step(trouble, grace, sink, persistence, 0));
    return Arbitraries.frequencyOf(Tuple.of(200, single), Tuple.of(1, persistent))
        .list()
        .ofMinSize(1)
        .ofMaxSize(7)
        .list()
        .ofSize(TestRun.EXHAUSTIVE ? 10 : 1);
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void randomSequence_lastRotatedSecretIsCurrent(@ForAll("sequences") List<List<Step>> sequences)
      throws Exception {
    for (List<Step> steps : sequences) {
      take(steps);
    }
  }

  @Example
  void anyTwoTroublesOfOneCall_outcomeIsCorrect() throws Exception {
    List<Callable<Void>> calls = new ArrayList<>();
    for (Trouble first : Trouble.values()) {
      for (Trouble second : Trouble.values()) {
        for (Persistence persistence : List.of(Persistence.RETRIES, Persistence.REPEATS)) {
          if (first != Trouble.SLOW && second != Trouble.SLOW) {
            Step step = new Step(List.of(first, second), 5, Sink.KEEPS, persistence, 0);
            calls.add(
                () -> {
                  take(List.of(step));
                  return null;
                });
          }
        }
      }
    }
    // Most of them wait for a retry.
    ExecutorService threads = Executors.newFixedThreadPool(64);
    try {
      for (Future<Void> call : threads.invokeAll(calls, 60, TimeUnit.SECONDS)) {
        call.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void take(List<Step> steps) throws Exception {
    MovableClock clock = new MovableClock();
    try (StubProvider provider = StubProvider.start(clock)) {
      Model model = new Model(provider, clock);
      for (Step step : steps) {
        model.take(step);
      }
    }
  }

  /** What the caller knows from the reported outcomes. */
  private static final class Model {
    private final StubProvider provider;
    private final MovableClock clock;
    private final StubToken token;
    private String current;
    private boolean certain = true;

    Model(StubProvider provider, MovableClock clock) {
      this.provider = provider;
      this.clock = clock;
      provider.acceptApiToken("my-api-token");
      token = provider.addToken();
      current = token.clientSecret();
    }

    private AccessTokensClient client(Step step) {
      return AccessTokensClient.builder()
          .credentials(Credentials.apiToken("my-api-token"))
          .baseUrl(provider.baseUrl())
          .httpClient(HTTP)
          .callTimeout(step.troubles().contains(Trouble.SLOW) ? HASTY : Duration.ofSeconds(30))
          .maxRetries(step.persistence() == Persistence.RETRIES ? 1 : 0)
          .build();
    }

    void take(Step step) throws Exception {
      clock.move(Duration.ofHours(step.clock()));
      boolean noTrouble = provider.pendingFaults() == 0;
      for (Trouble trouble : step.troubles()) {
        Fault fault = trouble.fault();
        if (fault != null) {
          noTrouble = false;
          provider.enqueue(fault);
        }
      }
      AccessTokensClient client = client(step);
      Rotation rotation = Rotation.of(token.accountId(), token.id());
      Instant expiresAt = null;
      if (step.grace() > 0) {
        expiresAt =
            Instant.now().plus(step.grace(), ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
        rotation = rotation.withPreviousSecretExpiresAt(expiresAt.atOffset(ZoneOffset.UTC));
      }
      if (step.persistence() == Persistence.REPEATS) {
        rotation = rotation.withRepeatsAfterUnknown(1);
      }
      List<String> handedOver = new ArrayList<>();
      if (step.sink() != Sink.NONE) {
        rotation = rotation.withHandover(handover(step.sink(), handedOver));
      }

      int rotations = token.rotations();
      int requests = provider.requests().size();
      String before = token.clientSecret();
      Rotated rotated = null;
      RotationException failure = null;
      try {
        rotated = client.rotate(rotation);
      } catch (HandoverException e) {
        assertThat(step.sink()).isEqualTo(Sink.FAILS);
        rotated = e.getRotated();
      } catch (RotationException e) {
        failure = e;
      }
      int sent = provider.requests().size() - requests;
      if (failure instanceof RotationUnknownException && sent == 0) {
        sent = awaitRequest(requests);
      }
      int applied = token.rotations() - rotations;

      assertThat(sent).isLessThanOrEqualTo(step.persistence() == Persistence.NONE ? 1 : 2);
      assertThat(applied).isLessThanOrEqualTo(step.persistence() == Persistence.REPEATS ? 2 : 1);
      if (step.sink() == Sink.NOT_READY) {
        assertThat(sent).isZero();
        assertThat(failure).isInstanceOf(RotationNotAppliedException.class);
      } else if (noTrouble && (expiresAt == null || expiresAt.isAfter(clock.instant()))) {
        assertThat(rotated).as("%s", failure).isNotNull();
      }
      if (rotated != null) {
        assertThat(applied).isPositive();
        if (step.sink() == Sink.KEEPS || step.sink() == Sink.FAILS) {
          assertThat(handedOver).containsExactly(rotated.getClientSecret());
        }
        current = rotated.getClientSecret();
        certain = true;
        assertThat(client.verify(provider.protectedUrl(), rotated, Duration.ZERO))
            .hasToString("ACCEPTED");
        boolean grace = expiresAt != null && clock.instant().isBefore(expiresAt);
        // After two rotations by one call, the previous secret is the one of the first rotation.
        assertThat(opens(before)).as("previous secret").isEqualTo(grace && applied == 1);
      } else {
        assertThat(handedOver).isEmpty();
        if (failure instanceof RotationNotAppliedException) {
          assertThat(applied).isZero();
          assertThat(token.clientSecret()).isEqualTo(before);
          assertThat(opens(before)).isTrue();
        } else {
          assertThat(failure).isInstanceOf(RotationUnknownException.class);
          assertThat(sent).isPositive();
          certain = false;
        }
      }
      if (certain) {
        assertThat(current).isEqualTo(token.clientSecret());
        assertThat(opens(current)).isTrue();
      }
    }

    /** Waits for the request: a call that times out can end before the provider has it. */
    private int awaitRequest(int requests) {
      long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (provider.requests().size() == requests && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      return provider.requests().size() - requests;
    }

    private boolean opens(String secret) throws IOException {
      Request request =
          new Request.Builder()
              .url(provider.protectedUrl())
              .header("CF-Access-Client-Id", token.clientId())
              .header("CF-Access-Client-Secret", secret)
              .build();
      try (Response response = HTTP.newCall(request).execute()) {
        return response.code() == 200;
      }
    }

    private static Handover handover(Sink sink, List<String> handedOver) {
      return () -> {
        if (sink == Sink.NOT_READY) {
          throw new IOException("not ready");
        }
        return new Handover.Receiver() {
          @Override
          public void receive(Rotated rotated) throws IOException {
            handedOver.add(rotated.getClientSecret());
            if (sink == Sink.FAILS) {
              throw new IOException("no room");
            }
          }

          @Override
          public void close() {}
        };
      };
    }
  }

  /** The real time, plus what tests add. */
  private static final class MovableClock extends Clock {
    private volatile Duration ahead = Duration.ZERO;

    void move(Duration by) {
      ahead = ahead.plus(by);
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
