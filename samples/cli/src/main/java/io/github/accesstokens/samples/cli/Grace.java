package io.github.accesstokens.samples.cli;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.github.accesstokens.api.InvalidArgumentException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How long the previous secret keeps working: exactly one of three options. */
final class Grace {
  // The request writes times as RFC 3339, where a year has four digits.
  private static final int MAX_YEAR = 9999;

  @Option(names = "--grace", paramLabel = "DURATION", converter = ToDuration.class)
  private @Nullable Duration duration;

  @Option(names = "--previous-expires-at", paramLabel = "TIME", converter = ToTime.class)
  private @Nullable OffsetDateTime time;

  @Option(names = "--revoke-now")
  private boolean atOnce;

  /** Returns when the previous secret stops working; null if at once. */
  @Nullable OffsetDateTime previousExpiresAt() {
    if (duration != null) {
      return until("--grace", fromNow(duration));
    }
    if (time != null) {
      return until("--previous-expires-at", time);
    }
    if (!atOnce) {
      // No default: a forgotten option would cut off every running service.
      throw new InvalidArgumentException(
          "--grace or --revoke-now",
          "is needed: --grace 24h keeps the previous secret working for 24 hours, and"
              + " --revoke-now stops it at once");
    }
    return null;
  }

  private static OffsetDateTime fromNow(Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new InvalidArgumentException("--grace", "must be positive");
    }
    try {
      // Whole seconds, rounded up: 1s must not become none.
      return OffsetDateTime.now(ZoneOffset.UTC).plus(duration).truncatedTo(SECONDS).plusSeconds(1);
    } catch (DateTimeException | ArithmeticException e) {
      throw new InvalidArgumentException("--grace", "is too long");
    }
  }

  private static OffsetDateTime until(String option, OffsetDateTime time) {
    if (!time.toInstant().isAfter(Instant.now())) {
      throw new InvalidArgumentException(
          option, "is in the past; --revoke-now stops the previous secret at once");
    }
    if (time.getYear() > MAX_YEAR) {
      throw new InvalidArgumentException(option, "is after the year " + MAX_YEAR);
    }
    return time;
  }

  static final class ToDuration implements ITypeConverter<Duration> {
    private static final Pattern UNITS = Pattern.compile("(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?");

    @Override
    public Duration convert(String text) {
      // ISO 8601 has a P before the days, and a T before the hours.
      boolean units = UNITS.matcher(text).matches();
      String iso = units ? "P" + text.replaceFirst("(?<!\\d)(?=\\d+[hms])", "T") : text;
      try {
        return Duration.parse(iso);
      } catch (DateTimeException e) {
        throw new TypeConversionException("not a duration like 90m, 24h, 1h30m, 30d or PT1H");
      }
    }
  }

  private static final class ToTime implements ITypeConverter<OffsetDateTime> {
    @Override
    public OffsetDateTime convert(String text) {
      try {
        return OffsetDateTime.parse(text);
      } catch (DateTimeException e) {
        throw new TypeConversionException("not a time with an offset, like 2026-12-01T00:00:00Z");
      }
    }
  }
}
