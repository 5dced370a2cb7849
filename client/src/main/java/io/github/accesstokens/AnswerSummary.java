package io.github.accesstokens;

import io.github.accesstokens.model.EnvelopeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** What a failure tells of the provider's answer; nothing of it is secret. */
final class AnswerSummary {
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private final int status;
  private final Headers headers;
  private final List<EnvelopeMessage> errors;

  AnswerSummary(int status, Headers headers, List<EnvelopeMessage> errors) {
    this.status = status;
    this.headers = headers;
    this.errors = errors;
  }

  static int status(@Nullable AnswerSummary answer) {
    return answer == null ? 0 : answer.status;
  }

  static List<EnvelopeMessage> errors(@Nullable AnswerSummary answer) {
    return answer == null ? Collections.emptyList() : answer.errors;
  }

  static @Nullable String cfRay(@Nullable AnswerSummary answer) {
    return answer == null ? null : answer.headers.get("cf-ray");
  }

  /** The {@code retry-after}, seconds or a date; a day at most, null if there is none to read. */
  static @Nullable Duration retryAfter(@Nullable AnswerSummary answer) {
    String text = answer == null ? null : answer.headers.get("retry-after");
    if (answer == null || text == null) {
      return null;
    }
    Duration wait;
    if (text.matches("\\d+")) {
      // More digits than a day has: the value may not even fit into a number.
      wait = text.length() > 9 ? LONGEST_WAIT : Duration.ofSeconds(Long.parseLong(text));
    } else {
      Date date = answer.headers.getDate("retry-after");
      if (date == null) {
        return null;
      }
      // By the provider's clock where it tells: ours may be wrong.
      Date sent = answer.headers.getDate("date");
      wait = Duration.between(sent == null ? Instant.now() : sent.toInstant(), date.toInstant());
    }
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }
}
