package io.github.accesstokens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");
  private static final String ALPHABET = "0123456789TtZz:.+- \n";

  private final Random random = new Random(3339);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2014-01-01T05:20:00.12345Z",
        "2014-01-01t05:20:00z",
        "0000-02-29T23:59:59.999999999+18:00",
        "9999-12-31T00:00:00-18:00",
        "2014-01-01T05:20:00-00:00",
        "2014-01-01T05:20:00.1+05:30"
      })
  void dateTime_isRead(String text) {
    assertThat(Rfc3339.parse(text)).isEqualTo(OffsetDateTime.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2014-01-01",
        "2014-01-01T05:20Z",
        "2014-01-01 05:20:00Z",
        "2014-01-01T05:20:00",
        "2014-01-01T05:20:00.Z",
        "2014-01-01T05:20:00.1234567890Z",
        "2014-01-01T05:20:00+18:01",
        "2014-01-01T05:20:00+19:00",
        "2014-01-01T05:20:00+01:60",
        "2014-01-01T05:20:00+01",
        "2014-01-01T05:20:00+01:00:30",
        "2014-01-01T05:20:00Zx",
        "2014-01-01T24:00:00Z",
        "2014-01-01T23:59:60Z",
        "2014-02-29T00:00:00Z",
        "2014-13-01T00:00:00Z",
        "+12014-01-01T05:20:00Z",
        "-014-01-01T05:20:00Z",
        "２０１４-01-01T05:20:00Z"
      })
  void otherText_isRefusedAndNotShown(String text) {
    assertThatThrownBy(() -> Rfc3339.parse(text))
        .isInstanceOf(DateTimeException.class)
        .hasMessageNotContaining("2014-");
  }

  @Test
  void damagedText_isReadAsOffsetDateTimeReadsIt() {
    int accepted = 0;
    for (int i = 0; i < 60_000; i++) {
      StringBuilder text = new StringBuilder(Rfc3339.format(randomDateTime()));
      for (int damage = random.nextInt(3); damage > 0; damage--) {
        damage(text);
      }
      Optional<OffsetDateTime> expected = expected(text.toString());
      assertThat(parsed(text.toString())).as(text.toString()).isEqualTo(expected);
      accepted += expected.isPresent() ? 1 : 0;
    }
    assertThat(accepted).isBetween(18_000, 57_000);
  }

  @Test
  void writtenDateTime_isReadBack() {
    for (int i = 0; i < 30_000; i++) {
      OffsetDateTime value = randomDateTime();
      String text = Rfc3339.format(value);
      assertThat(text).matches(GRAMMAR);
      assertThat(Rfc3339.parse(text)).isEqualTo(value);
    }
  }

  @Test
  void zeroSeconds_areWritten() {
    assertThat(Rfc3339.format(OffsetDateTime.of(2014, 1, 1, 5, 20, 0, 0, ZoneOffset.UTC)))
        .isEqualTo("2014-01-01T05:20:00Z");
  }

  @Test
  void trailingZerosOfAFraction_areNotWritten() {
    assertThat(Rfc3339.format(OffsetDateTime.parse("2014-01-01T05:20:00.123450Z")))
        .isEqualTo("2014-01-01T05:20:00.12345Z");
  }

  @Test
  void offsetWithSeconds_isWrittenAsUtc() {
    assertThat(Rfc3339.format(OffsetDateTime.parse("2014-01-01T05:20:00+01:00:30")))
        .isEqualTo("2014-01-01T04:19:30Z");
  }

  @Test
  void yearOutOfRange_isNotWritten() {
    OffsetDateTime tooLate = OffsetDateTime.of(10_000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    assertThatThrownBy(() -> Rfc3339.format(tooLate)).isInstanceOf(DateTimeException.class);
    OffsetDateTime tooEarly = OffsetDateTime.of(-1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    assertThatThrownBy(() -> Rfc3339.format(tooEarly)).isInstanceOf(DateTimeException.class);
  }

  private OffsetDateTime randomDateTime() {
    int[] units = {1_000_000_000, 100_000_000, 1_000_000, 10_000, 1};
    int unit = units[random.nextInt(units.length)];
    return OffsetDateTime.of(
        random.nextInt(10_000),
        1 + random.nextInt(12),
        1 + random.nextInt(28),
        random.nextInt(24),
        random.nextInt(60),
        random.nextInt(60),
        random.nextInt(1_000_000_000) / unit * unit,
        ZoneOffset.ofTotalSeconds(60 * (random.nextInt(2 * 18 * 60 + 1) - 18 * 60)));
  }

  private void damage(StringBuilder text) {
    int at = random.nextInt(text.length());
    char character = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
    switch (random.nextInt(3)) {
      case 0 -> text.setCharAt(at, character);
      case 1 -> text.insert(at, character);
      default -> text.deleteCharAt(at);
    }
  }

  private static Optional<OffsetDateTime> expected(String text) {
    try {
      return GRAMMAR.matcher(text).matches()
          ? Optional.of(OffsetDateTime.parse(text))
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<OffsetDateTime> parsed(String text) {
    try {
      return Optional.of(Rfc3339.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
