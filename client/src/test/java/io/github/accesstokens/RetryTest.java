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

class RetryTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void attemptsAreLimited() {
    Retry retry = new Retry(2, MINUTE);
    assertThat(retry.beforeRetry(unsent())).isNotNull();
    assertThat(retry.beforeRetry(unsent())).isNotNull();
    assertThat(retry.beforeRetry(unsent())).isNull();
  }

  @Test
  void zeroOfEitherSwitchesRetriesOff() {
    assertThat(new Retry(0, MINUTE).beforeRetry(unsent())).isNull();
    assertThat(new Retry(2, Duration.ZERO).beforeRetry(unsent())).isNull();
  }

  @Test
  void eachCallHasTheWholeBudget() {
    Retry retry = new Retry(1, MINUTE);
    assertThat(retry.start().beforeRetry(unsent())).isNotNull();
    assertThat(retry.start().beforeRetry(unsent())).isNotNull();
  }

  @Test
  void whatStaysWrongIsNotTriedAgain() {
    assertThat(
            new Retry(2, MINUTE)
                .beforeRetry(
                    new RotationNotAppliedException(
                        RotationNotAppliedException.Reason.NOT_SENT, "certificate", false, null)))
        .isNull();
  }

  @Test
  void waitsGrowAndDifferFromCallToCall() {
    Set<@Nullable Duration> firsts = new HashSet<>();
    for (int call = 0; call < 20; call++) {
      Retry retry = new Retry(3, MINUTE);
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
  void retryAfterIsTheLeastThatIsWaited() {
    assertThat(new Retry(1, MINUTE).beforeRetry(refused(429, "7")))
        .isBetween(Duration.ofMillis(7250), Duration.ofMillis(7500));
    assertThat(new Retry(1, MINUTE).beforeRetry(refused(409, "7")))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void waitThatEndsAfterTheBudgetIsNotBegun() {
    assertThat(new Retry(1, MINUTE).beforeRetry(refused(429, "60"))).isNull();
    assertThat(new Retry(1, MINUTE).beforeRetry(refused(429, "99999999999999999999"))).isNull();
  }

  @Test
  void tooManyRequestsAreNeverHammered() {
    assertThat(new Retry(1, MINUTE).beforeRetry(refused(429, "0")))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    // Without a word of the provider, the five minutes that its limit is documented with.
    assertThat(new Retry(1, MINUTE).beforeRetry(refused(429, null))).isNull();
    assertThat(new Retry(1, Duration.ofMinutes(6)).beforeRetry(refused(429, null)))
        .isGreaterThanOrEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void repeatWaitsAsLongAsTheProviderAsks() {
    assertThat(new Retry(0, MINUTE).beforeRepeat(unknown(null)))
        .isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
    assertThat(new Retry(0, MINUTE).beforeRepeat(unknown("7")))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(7));
    assertThat(new Retry(0, MINUTE).beforeRepeat(unknown("61"))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0,                             PT0S",
    "120,                           PT2M",
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
  void retryAfterIsSecondsOrADateByTheProvidersClock(String text, @Nullable Duration wait) {
    Headers headers = Headers.of("retry-after", text, "date", "Tue, 24 Nov 2026 10:00:00 GMT");
    assertThat(AnswerSummary.retryAfter(new AnswerSummary(429, headers, List.of())))
        .isEqualTo(wait);
  }

  @Test
  void retryAfterDateGoesByOurClockIfTheProviderTellsNone() {
    Headers headers =
        new Headers.Builder()
            .set("retry-after", Date.from(Instant.now().plus(Duration.ofMinutes(10))))
            .build();
    assertThat(AnswerSummary.retryAfter(new AnswerSummary(429, headers, List.of())))
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
        RotationUnknownException.Reason.STATUS, "unknown", null, summary(503, retryAfter), null);
  }

  private static AnswerSummary summary(int status, @Nullable String retryAfter) {
    Headers headers = retryAfter == null ? Headers.of() : Headers.of("retry-after", retryAfter);
    return new AnswerSummary(status, headers, Collections.emptyList());
  }
}
