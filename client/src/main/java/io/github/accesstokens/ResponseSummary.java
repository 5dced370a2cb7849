package io.github.accesstokens;

import io.github.accesstokens.model.EnvelopeMessage;
import java.time.Duration;
import java.util.Collections;
import java.util.Date;
import java.util.List;
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
  @SuppressWarnings("JavaUtilDate") // OkHttp returns one, and old Android has no toInstant().
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
      Date date = headers.getDate("retry-after");
      if (date == null) {
        return null;
      }
      // Prefers the provider's clock, because ours may be wrong.
      Date sent = headers.getDate("date");
      long now = sent == null ? System.currentTimeMillis() : sent.getTime();
      wait = Duration.ofMillis(date.getTime() - now);
    }
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }
}
