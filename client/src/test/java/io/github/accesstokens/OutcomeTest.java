package io.github.accesstokens;

import static io.github.accesstokens.Responses.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each status and body means. */
class OutcomeTest {
  private static final String HTML = "<html></html>";

  /** The kinds of body. */
  private enum Body {
    ROTATED(JSON, Responses.ROTATED),
    ROTATED_SENT_AS_HTML("text/html", Responses.ROTATED),
    ROTATED_SENT_AS_US_ASCII("text/plain; charset=us-ascii", Responses.ROTATED),
    ROTATED_SENT_AS_NONSENSE("nonsense", Responses.ROTATED),
    ROTATED_SENT_AS_UNKNOWN_JSON("text/json+x", Responses.ROTATED),
    REFUSED(JSON, Provider.REFUSED),
    REFUSED_WITHOUT_A_CODE(JSON, Provider.REFUSED.replace("7003", "0")),
    REFUSED_WITH_SECRET(JSON, Responses.ROTATED.replace("true", "false")),
    NO_RESULT(JSON, "{\"errors\":[],\"messages\":[],\"success\":true}"),
    NULL_RESULT(JSON, "{\"errors\":[],\"messages\":[],\"success\":true,\"result\":null}"),
    EMPTY_RESULT(JSON, "{\"errors\":[],\"messages\":[],\"success\":true,\"result\":{}}"),
    NULL_SECRET(JSON, Responses.ROTATED.replace("\"hush\"", "null")),
    EMPTY_SECRET(JSON, Responses.ROTATED.replace("\"hush\"", "\"\"")),
    NUMBER_AS_SECRET(JSON, Responses.ROTATED.replace("\"hush\"", "1")),
    TWO_DOCUMENTS(JSON, Responses.ROTATED + "{}"),
    PART_OF_ROTATED(JSON, Responses.ROTATED.substring(0, 100)),
    PART_OF_REFUSED(JSON, "{\"success\":"),
    EMPTY_OBJECT(JSON, "{}"),
    EMPTY_ARRAY(JSON, "[]"),
    NULL(JSON, "null"),
    DEEP(JSON, "[".repeat(100_000)),
    HUGE(JSON, " ".repeat(1 << 20) + Responses.ROTATED),
    NOTHING(JSON, ""),
    NOTHING_UNTYPED(null, ""),
    HTML_PAGE("text/html; charset=utf-8", HTML),
    HTML_UNTYPED(null, HTML),
    HTML_SENT_AS_JSON(JSON, HTML),
    OBJECT_SENT_AS_TEXT("text/plain", "{}"),
    OBJECT_SENT_AS_PROBLEM("application/problem+json", "{}");

    private final @Nullable String contentType;
    private final String text;

    Body(@Nullable String contentType, String text) {
      this.contentType = contentType;
      this.text = text;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200-299     | ROTATED                      | rotated
          # The secret counts, whatever the Content-Type says.
          200         | ROTATED_SENT_AS_HTML         | rotated
          200         | ROTATED_SENT_AS_US_ASCII     | rotated
          200         | ROTATED_SENT_AS_NONSENSE     | rotated
          200         | ROTATED_SENT_AS_UNKNOWN_JSON | rotated
          200         | REFUSED                      | unknown: CONTRADICTORY
          200         | REFUSED_WITH_SECRET          | unknown: CONTRADICTORY
          200         | NO_RESULT                    | unknown: NO_RESULT
          200         | NULL_RESULT                  | unknown: NO_RESULT
          200         | EMPTY_RESULT                 | unknown: NO_SECRET
          200         | NULL_SECRET                  | unknown: NO_SECRET
          200         | EMPTY_SECRET                 | unknown: NO_SECRET
          200         | NUMBER_AS_SECRET             | unknown: MALFORMED
          200         | TWO_DOCUMENTS                | unknown: MALFORMED
          200         | PART_OF_ROTATED              | unknown: MALFORMED
          200         | EMPTY_OBJECT                 | unknown: MALFORMED
          200         | EMPTY_ARRAY                  | unknown: MALFORMED
          200         | NULL                         | unknown: MALFORMED
          200         | DEEP                         | unknown: MALFORMED
          200         | HTML_SENT_AS_JSON            | unknown: MALFORMED
          200         | HTML_UNTYPED                 | unknown: MALFORMED
          200         | OBJECT_SENT_AS_PROBLEM       | unknown: MALFORMED
          200         | HTML_PAGE                    | unknown: MEDIA_TYPE
          200         | OBJECT_SENT_AS_TEXT          | unknown: MEDIA_TYPE
          200         | NOTHING                      | unknown: EMPTY
          204         | NOTHING_UNTYPED              | unknown: EMPTY
          200         | HUGE                         | unknown: TOO_LARGE
          """)
  void success_isRotatedOnlyWithASecret(String statuses, Body body, String outcome) {
    assertOutcome(statuses, body, outcome);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # statuses                       | REFUSED         | no envelope     | ROTATED
          # A registered 4xx, or a redirect that repeats the request: nothing was done.
          307-308 400-407 409-431 451      | not applied     | not applied     | CONTRADICTORY
          # A gateway may have sent these, unless the envelope is the provider's.
          408 432-450 452-499              | not applied     | unknown: STATUS | CONTRADICTORY
          # These prove nothing, even with an envelope.
          100-199 300-306 309-399 500-599  | unknown: STATUS | unknown: STATUS | CONTRADICTORY
          """)
  void failure_isNotAppliedOnlyIfProved(
      String statuses, String refused, String noEnvelope, String rotated) {
    assertOutcome(statuses, Body.REFUSED, refused);
    assertOutcome(statuses, Body.HTML_PAGE, noEnvelope);
    assertOutcome(statuses, Body.NOTHING, noEnvelope);
    assertOutcome(statuses, Body.REFUSED_WITHOUT_A_CODE, noEnvelope);
    assertOutcome(statuses, Body.PART_OF_REFUSED, noEnvelope);
    assertOutcome(statuses, Body.ROTATED, "unknown: " + rotated);
  }

  /** Checks statuses such as {@code 408 432-450}. */
  private static void assertOutcome(String statuses, Body body, String outcome) {
    DecodedBody decoded =
        DecodedBody.of(Responses.read(Responses.response(200, body.contentType, body.text)));
    for (String range : statuses.split(" ", -1)) {
      String[] ends = range.split("-", -1);
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int status = Integer.parseInt(ends[0]); status <= last; status++) {
        assertThat(Outcome.of(status, decoded, Responses.TOKEN_ID))
            .as("%s with %s", status, body)
            .hasToString(outcome);
      }
    }
  }
}
