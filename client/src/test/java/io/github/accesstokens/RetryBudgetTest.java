package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryBudgetTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void maxRetries_limitsTheRetries() {
    RetryBudget retry = new RetryPolicy(2, MINUTE).start();
    assertThat(retry.beforeRetry(unsent())).isNotNull();
    assertThat(retry.beforeRetry(unsent())).isNotNull();
    assertThat(retry.beforeRetry(unsent())).isNull();
  }

  @Test
  void zeroRetriesOrZeroTime_allowsNoRetry() {
    assertThat(new RetryPolicy(0, MINUTE).start().beforeRetry(unsent())).isNull();
    assertThat(new RetryPolicy(2, Duration.ZERO).start().beforeRetry(unsent())).isNull();
  }

  @Test
  void eachCall_startsWithTheFullBudget() {
    RetryPolicy retry = new RetryPolicy(1, MINUTE);
    assertThat(retry.start().beforeRetry(unsent())).isNotNull();
    assertThat(retry.start().beforeRetry(unsent())).isNotNull();
  }

  @Test
  void permanentFailure_isNotRetried() {
    assertThat(
            new RetryPolicy(2, MINUTE)
                .start()
                .beforeRetry(
                    new RotationNotAppliedException(
                        RotationNotAppliedException.Reason.NOT_SENT, "certificate", false, null)))
        .isNull();
  }

  @Test
  void waits_doubleAndAreRandom() {
    Set<@Nullable Duration> firsts = new HashSet<>();
    for (int call = 0; call < 20; call++) {
      RetryBudget retry = new RetryPolicy(3, MINUTE).start();
      Duration first = retry.beforeRetry(unsent());
      Duration second = retry.beforeRetry(unsent());
      Duration third = retry.beforeRetry(unsent());
      assertThat(first).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
      assertThat(second).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
      assertThat(third).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
      firsts.add(first);
    }
    assertThat(firsts).hasSizeGreaterThan(1);
  }

  @Test
  void retryAfter_isTheShortestWait() {
    assertThat(new RetryPolicy(1, MINUTE).start().beforeRetry(refused(429, "7")))
        .isBetween(Duration.ofMillis(7250), Duration.ofMillis(7500));
    assertThat(new RetryPolicy(1, MINUTE).start().beforeRetry(refused(409, "7")))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void waitBeyondTheTimeout_isNotStarted() {
    assertThat(new RetryPolicy(1, MINUTE).start().beforeRetry(refused(429, "60"))).isNull();
    assertThat(new RetryPolicy(1, MINUTE).start().beforeRetry(refused(429, "99999999999999999999")))
        .isNull();
  }

  @Test
  void tooManyRequests_waitsAtLeastASecond() {
    assertThat(new RetryPolicy(1, MINUTE).start().beforeRetry(refused(429, "0")))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    // Without a Retry-After, the five minutes of the documented rate limit.
    assertThat(new RetryPolicy(1, MINUTE).start().beforeRetry(refused(429, null))).isNull();
    assertThat(new RetryPolicy(1, Duration.ofMinutes(6)).start().beforeRetry(refused(429, null)))
        .isGreaterThanOrEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void repeat_waitsAsLongAsTheProviderRequests() {
    assertThat(new RetryPolicy(0, MINUTE).start().beforeRepeat(unknown(null)))
        .isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
    assertThat(new RetryPolicy(0, MINUTE).start().beforeRepeat(unknown("7")))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(7));
    assertThat(new RetryPolicy(0, MINUTE).start().beforeRepeat(unknown("61"))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0,                             PT0S",
    "120,                           PT2M",
    "000000007,                     PT7S",
    "86401,                         PT24H",
    "99999999999999999999999,       PT24H",
    "'Tue, 24 Nov 2026 10:00:30 GMT', PT30S",
    "'Tue, 24 Nov 2026 09:00:00 GMT', PT0S",
    "'Sun, 24 Nov 2999 10:00:00 GMT', PT24H",
    "-1,                            ",
    "soon,                          ",
    "1.5,                           ",
    "'',                            ",
  })
  void retryAfter_isSecondsOrADateOfTheProvidersClock(String text, @Nullable Duration wait) {
    Headers headers = Headers.of("retry-after", text, "date", "Tue, 24 Nov 2026 10:00:00 GMT");
    assertThat(new ResponseSummary(429, headers, List.of()).retryAfter()).isEqualTo(wait);
  }

  @Test
  void retryAfterWithoutADateHeader_usesTheLocalClock() {
    Headers headers =
        new Headers.Builder()
            .set("retry-after", Date.from(Instant.now().plus(Duration.ofMinutes(10))))
            .build();
    assertThat(new ResponseSummary(429, headers, List.of()).retryAfter())
        .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
  }

  private static RotationNotAppliedException unsent() {
    return new RotationNotAppliedException(
        RotationNotAppliedException.Reason.NOT_SENT, "unsent", true, null);
  }

  private static RotationNotAppliedException refused(int status, @Nullable String retryAfter) {
    return new RotationNotAppliedException("refused", true, summary(status, retryAfter));
  }

  private static RotationUnknownException unknown(@Nullable String retryAfter) {
    return new RotationUnknownException(
        RotationUnknownException.Reason.STATUS,
        "unknown",
        null,
        summary(503, retryAfter),
        List.of());
  }

  private static ResponseSummary summary(int status, @Nullable String retryAfter) {
    Headers headers = retryAfter == null ? Headers.of() : Headers.of("retry-after", retryAfter);
    return new ResponseSummary(status, headers, Collections.emptyList());
  }
}
