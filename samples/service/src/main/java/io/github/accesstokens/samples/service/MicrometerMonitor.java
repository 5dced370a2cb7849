package io.github.accesstokens.samples.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reports to Micrometer, and logs alerts as errors. */
final class MicrometerMonitor implements Monitor {
  private static final System.Logger LOG = System.getLogger(MicrometerMonitor.class.getName());

  private final MeterRegistry registry;

  MicrometerMonitor(MeterRegistry registry) {
    this.registry = registry;
    // A counter that appears with its first event has no rate before.
    for (Outcome outcome : Outcome.values()) {
      count(outcome, 0);
    }
  }

  @Override
  public void count(Outcome outcome) {
    count(outcome, 1);
  }

  private void count(Outcome outcome, int events) {
    String tag = outcome.name().toLowerCase(Locale.ROOT);
    registry.counter("access.rotations", "outcome", tag).increment(events);
  }

  @Override
  public void observeAge(Supplier<@Nullable Duration> age) {
    TimeGauge.builder("access.pair.age", () -> seconds(age.get()), TimeUnit.SECONDS)
        .register(registry);
  }

  private static double seconds(@Nullable Duration age) {
    return age == null ? Double.NaN : age.toSeconds();
  }

  @Override
  public void alert(String message) {
    LOG.log(System.Logger.Level.ERROR, message);
  }
}
