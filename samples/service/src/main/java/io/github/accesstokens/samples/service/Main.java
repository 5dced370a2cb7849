package io.github.accesstokens.samples.service;

import io.github.accesstokens.AccessTokensClient;
import io.micrometer.core.instrument.logging.LoggingMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs the rotation of a service on a schedule. All settings are environment variables. */
final class Main {
  private Main() {}

  /** Takes {@code adopt} to store the pair of the environment, and nothing to run. */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> environment = System.getenv();
    PairStore store = new PairStore(Path.of(get(environment, "PAIR_STORE")));
    Clock clock = Clock.systemUTC();
    if (arguments.length == 1 && arguments[0].equals("adopt")) {
      store.adopt(
          new Pair(
              get(environment, "CF_ACCESS_CLIENT_ID"), get(environment, "CF_ACCESS_CLIENT_SECRET")),
          clock.instant());
      return;
    }
    RotationService service =
        new RotationService(
            AccessTokensClient.builder().environment(environment).build(),
            store,
            new RotationService.Settings(
                get(environment, "CLOUDFLARE_ACCOUNT_ID"),
                get(environment, "SERVICE_TOKEN_ID"),
                get(environment, "PROTECTED_URL"),
                Duration.parse(environment.getOrDefault("ROTATE_EVERY", "P30D")),
                Duration.parse(environment.getOrDefault("GRACE_PERIOD", "P1D")),
                Duration.ofSeconds(30)),
            new MicrometerMonitor(new LoggingMeterRegistry()),
            clock);
    // The requests of the service itself go through PairInterceptor.install(...).
    ScheduledFuture<?> schedule =
        Executors.newSingleThreadScheduledExecutor()
            .scheduleWithFixedDelay(service::tick, 0, 1, TimeUnit.MINUTES);
    schedule.get(); // Waits until the process ends.
  }

  private static String get(Map<String, String> environment, String name) {
    return Objects.requireNonNull(environment.get(name), name + " is not set");
  }
}
