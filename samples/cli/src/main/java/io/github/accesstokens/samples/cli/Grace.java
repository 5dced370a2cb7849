package io.github.accesstokens.samples.cli;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How long the previous secret goes on working: one of two options. */
final class Grace {
  // RFC 3339, which the request is written in, has four digits for it.
  private static final int MAX_YEAR = 9999;

  @Option(
      names = "--grace",
      paramLabel = "DURATION",
      converter = ToDuration.class,
      description = {
        "How long the previous secret goes on working, such as 90m, 24h, 1h30m or 30d.",
        "Without this and --previous-expires-at it stops working at once."
      })
  private @Nullable Duration duration;

  @Option(
      names = "--previous-expires-at",
      paramLabel = "TIME",
      converter = ToTime.class,
      description = "When the previous secret stops working, such as 2026-12-01T00:00:00Z.")
  private @Nullable OffsetDateTime time;

  /** When the previous secret stops working; null if at once. */
  @Nullable OffsetDateTime previousExpiresAt() throws BadInputException {
    if (duration != null) {
      return until("--grace", fromNow(duration));
    }
    return time == null ? null : until("--previous-expires-at", time);
  }

  private static OffsetDateTime fromNow(Duration duration) throws BadInputException {
    if (duration.isZero() || duration.isNegative()) {
      throw new BadInputException("--grace must be longer than nothing");
    }
    try {
      // Whole seconds read better; rounded up, so that a short grace is not cut to none.
      return OffsetDateTime.now(ZoneOffset.UTC).plus(duration).truncatedTo(SECONDS).plusSeconds(1);
    } catch (DateTimeException | ArithmeticException e) {
      throw new BadInputException("--grace is too long");
    }
  }

  private static OffsetDateTime until(String option, OffsetDateTime time) throws BadInputException {
    if (!time.toInstant().isAfter(Instant.now())) {
      throw new BadInputException(
          option
              + " is in the past; give a later time, or none to stop the previous secret at once");
    }
    if (time.getYear() > MAX_YEAR) {
      throw new BadInputException(option + " goes beyond the year " + MAX_YEAR);
    }
    return time;
  }

  static final class ToDuration implements ITypeConverter<Duration> {
    private static final Pattern DAYS_TO_SECONDS =
        Pattern.compile("(\\d+d)?((?:\\d+h)?(?:\\d+m)?(?:\\d+s)?)");

    @Override
    public Duration convert(String text) {
      Matcher units = DAYS_TO_SECONDS.matcher(text);
      String iso = text;
      if (units.matches()) {
        String days = units.group(1);
        String rest = units.group(2);
        iso = "P" + (days == null ? "" : days) + (rest == null || rest.isEmpty() ? "" : "T" + rest);
      }
      try {
        return Duration.parse(iso);
      } catch (DateTimeException e) {
        throw new TypeConversionException("not a duration such as 90m, 24h, 1h30m, 30d or PT1H");
      }
    }
  }

  private static final class ToTime implements ITypeConverter<OffsetDateTime> {
    @Override
    public OffsetDateTime convert(String text) {
      try {
        return OffsetDateTime.parse(text);
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "not a time with its offset, such as 2026-12-01T00:00:00Z");
      }
    }
  }
}
