package io.github.accesstokens.model;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Reads and writes RFC 3339 date-times, with up to nine digits for the fraction of a second. */
final class Rfc3339 {
  private static final int MAX_YEAR = 9999;

  /** The length of a date-time without a fraction and with the offset {@code Z}. */
  private static final int MIN_LENGTH = 20;

  private static final int FRACTION = 20;
  private static final int MAX_LENGTH = 35;

  private Rfc3339() {}

  /**
   * Reads a date-time.
   *
   * @throws DateTimeException if the text is not an RFC 3339 date-time; the message does not show
   *     it
   */
  static OffsetDateTime parse(String text) {
    // Written by hand, because DateTimeFormatter takes longer than all other decoding together.
    if (text.length() < MIN_LENGTH
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || (text.charAt(10) | 0x20) != 't'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      throw malformed();
    }
    int end = FRACTION - 1;
    int nano = 0;
    if (text.charAt(end) == '.') {
      int unit = 1_000_000_000;
      for (end = FRACTION; end < text.length() && isDigit(text.charAt(end)); end++) {
        // The unit is 0 from the tenth digit on.
        unit /= 10;
        nano += (text.charAt(end) - '0') * unit;
      }
      if (end == FRACTION || unit == 0) {
        throw malformed();
      }
    }
    return OffsetDateTime.of(
        100 * twoDigits(text, 0) + twoDigits(text, 2),
        twoDigits(text, 5),
        twoDigits(text, 8),
        twoDigits(text, 11),
        twoDigits(text, 14),
        twoDigits(text, 17),
        nano,
        offset(text, end));
  }

  private static ZoneOffset offset(String text, int start) {
    int length = text.length() - start;
    if (length == 1 && (text.charAt(start) | 0x20) == 'z') {
      return ZoneOffset.UTC;
    }
    if (length != 6 || text.charAt(start + 3) != ':') {
      throw malformed();
    }
    int hours = twoDigits(text, start + 1);
    int minutes = twoDigits(text, start + 4);
    switch (text.charAt(start)) {
      case '+':
        return ZoneOffset.ofHoursMinutes(hours, minutes);
      case '-':
        return ZoneOffset.ofHoursMinutes(-hours, -minutes);
      default:
        throw malformed();
    }
  }

  /**
   * Writes a date-time. RFC 3339 offsets have no seconds, so such an offset becomes UTC.
   *
   * @throws DateTimeException if the year is not within 0 to 9999
   */
  static String format(OffsetDateTime value) {
    OffsetDateTime writable =
        value.getOffset().getTotalSeconds() % 60 == 0
            ? value
            : value.withOffsetSameInstant(ZoneOffset.UTC);
    if (writable.getYear() < 0 || writable.getYear() > MAX_YEAR) {
      throw new DateTimeException("RFC 3339 has years from 0 to 9999 only");
    }
    StringBuilder text = new StringBuilder(MAX_LENGTH);
    append(text, writable.getYear() / 100);
    append(text, writable.getYear() % 100).append('-');
    append(text, writable.getMonthValue()).append('-');
    append(text, writable.getDayOfMonth()).append('T');
    append(text, writable.getHour()).append(':');
    append(text, writable.getMinute()).append(':');
    // RFC 3339 requires the seconds; LocalTime.toString() leaves them out if they are zero.
    append(text, writable.getSecond());
    int nano = writable.getNano();
    if (nano != 0) {
      text.append('.');
      for (int unit = 100_000_000; nano != 0; unit /= 10) {
        text.append((char) ('0' + nano / unit));
        nano %= unit;
      }
    }
    return text.append(writable.getOffset().getId()).toString();
  }

  private static StringBuilder append(StringBuilder text, int value) {
    return text.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
  }

  private static int twoDigits(String text, int start) {
    char tens = text.charAt(start);
    char ones = text.charAt(start + 1);
    if (!isDigit(tens) || !isDigit(ones)) {
      throw malformed();
    }
    return 10 * (tens - '0') + (ones - '0');
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  private static DateTimeException malformed() {
    return new DateTimeException("Not an RFC 3339 date-time");
  }
}
