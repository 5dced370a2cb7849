package io.github.accesstokens.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "A-b_c~1", "a.b", ".a", "hush hush", "ä", "12345678901234567890"})
  void goodPathSegment_isAccepted(String value) {
    assertThatCode(() -> Arguments.checkPathSegment("an_id", value, 20)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
                                | must not be null
          ''                    | must not be empty
          .                     | must not be '.' or contain '..'
          ..                    | must not be '.' or contain '..'
          hush..                | must not be '.' or contain '..'
          hush/                 | must not contain '/', but has it at index 4
          hush\\                 | must not contain '\\', but has it at index 4
          hush?                 | must not contain '?', but has it at index 4
          hush#                 | must not contain '#', but has it at index 4
          hush%2f               | must not contain '%', but has it at index 4
          hush;                 | must not contain ';', but has it at index 4
          hush-hush-hush-hush-h | must have at most 20 characters, but has 21
          """)
  void badPathSegment_isRefusedAndNotShown(@Nullable String value, String problem) {
    assertRefused(() -> Arguments.checkPathSegment("an_id", value, 20), problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hush\n", "hush\u0000", "hush\u007f", "hush\u0085"})
  void pathSegmentWithAControlCharacter_isRefusedAndNotShown(String value) {
    assertRefused(
        () -> Arguments.checkPathSegment("an_id", value, 20), "has a control character at index 4");
  }

  @Test
  void goodHeaderValue_isReturned() {
    assertThat(Arguments.checkHeaderValue("an_id", "!a~")).isEqualTo("!a~");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hush hush", "hush\t", "hush\u0000", "hush\u007f", "hush\u00e4"})
  void headerValueBeyondVisibleAscii_isRefusedAndNotShown(String value) {
    assertRefused(
        () -> Arguments.checkHeaderValue("an_id", value),
        "has a character at index 4 that is not visible ASCII");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hush\nhush", "hush\r"})
  void headerValueWithALineBreak_isRefusedAndNotShown(String value) {
    assertRefused(() -> Arguments.checkHeaderValue("an_id", value), "has a line break at index 4");
  }

  @Test
  void emptyHeaderValue_isRefused() {
    assertRefused(() -> Arguments.checkHeaderValue("an_id", null), "must not be null");
    assertRefused(() -> Arguments.checkHeaderValue("an_id", ""), "must not be empty");
  }

  @Test
  void otherName_replacesTheNameAndKeepsTheProblem() {
    InvalidArgumentException e =
        new InvalidArgumentException("api_token", "is bad").withName("TOKEN_VARIABLE");
    assertThat(e).hasMessage("TOKEN_VARIABLE is bad").hasNoCause();
    assertThat(e.getName()).isEqualTo("TOKEN_VARIABLE");
    assertThat(e.withName("--token")).hasMessage("--token is bad");
  }

  private static void assertRefused(ThrowingCallable check, String problem) {
    assertThatThrownBy(check)
        .isInstanceOf(InvalidArgumentException.class)
        .hasFieldOrPropertyWithValue("name", "an_id")
        .hasMessage("an_id " + problem);
  }
}
