package io.github.accesstokens;

import io.github.accesstokens.model.EnvelopeMessage;
import java.text.ParsePosition;
import java.text.SimpleDateFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** The parts of a response that a failure reports. None of them is secret. */
final class ResponseSummary {
  /** Stands for the response of a call that got none. */
  static final ResponseSummary NONE = new ResponseSummary(0, Headers.of(), Collections.emptyList());

  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  final int status;
  final List<EnvelopeMessage> errors;
  private final Headers headers;

  ResponseSummary(int status, Headers headers, List<EnvelopeMessage> errors) {
    this.status = status;
    this.headers = headers;
    this.errors = errors;
  }

  @Nullable String cfRay() {
    return headers.get("cf-ray");
  }

  /** Reads {@code retry-after}, in seconds or as a date: at most a day, or null if unreadable. */
  @Nullable Duration retryAfter() {
    String text = headers.get("retry-after");
    if (text == null) {
      return null;
    }
    Duration wait;
    if (text.matches("\\d+")) {
      // More digits than a day has; the number may not fit into a long.
      wait = text.length() > 9 ? LONGEST_WAIT : Duration.ofSeconds(Long.parseLong(text));
    } else {
      Instant date = date("retry-after");
      if (date == null) {
        return null;
      }
      // Prefers the provider's clock, because ours may be wrong.
      Instant sent = date("date");
      wait = Duration.between(sent == null ? Instant.now() : sent, date);
    }
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  /**
   * Reads a header as a date, in the only format that HTTP still allows to send. OkHttp also reads
   * the obsolete ones, which would be 1 KB of a shrunk app.
   */
  @SuppressWarnings("JavaUtilDate") // SimpleDateFormat returns a Date.
  private @Nullable Instant date(String name) {
    String text = headers.get(name);
    SimpleDateFormat format = new SimpleDateFormat("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);
    format.setTimeZone(TimeZone.getTimeZone("GMT"));
    Date date = text == null ? null : format.parse(text, new ParsePosition(0));
    return date == null ? null : Instant.ofEpochMilli(date.getTime());
  }
}
