package io.github.accesstokens;

import static io.github.accesstokens.Responses.JSON;
import static io.github.accesstokens.Responses.LATER;
import static io.github.accesstokens.Responses.read;
import static io.github.accesstokens.Responses.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.accesstokens.RotationUnknownException.Reason;
import io.github.accesstokens.model.EnvelopeMessage;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers get for a response: the rotation, or an exception with its fields and text. */
class AttemptTest {
  @Test
  void rotation_hasTheSecretAndEverythingBesideIt() throws Exception {
    Rotated rotated = Responses.rotated(read(response(200, JSON, Responses.ROTATED)));
    assertThat(rotated.getClientSecret()).isEqualTo("hush");
    assertThat(rotated.getToken().getId()).isEqualTo("an-id");
    assertThat(rotated.getToken().getClientId()).isEqualTo("an-id.access");
    assertThat(rotated.getMessages()).singleElement().extracting("message").isEqualTo("hello");
    assertThat(rotated.getPreviousSecretExpiresAt()).isEqualTo(LATER);
    assertThat(rotated.getCfRay()).isEqualTo("a-ray");
    assertThat(rotated.toString()).contains("an-id", "a-ray", "hello").doesNotContain("hush");
  }

  @Test
  void secretInAMessage_isMasked() throws Exception {
    String body = Responses.ROTATED.replace("hello", "your secret is hush and your key is k3y");
    Rotated rotated = Responses.rotated(read(response(200, JSON, body)));
    assertThat(rotated.getMessages())
        .singleElement()
        .extracting("message")
        .isEqualTo("your secret is ██ and your key is ██");
    assertThat(rotated.toString()).doesNotContain("hush");
  }

  @Test
  void refusal_hasStatusRayAndErrors() {
    RotationNotAppliedException e = notApplied(response(404, JSON, Provider.REFUSED));
    assertThat(e)
        .hasMessage("Not rotated: the provider responded with 404: No route for the URI (7003)");
    assertThat(e.getReason()).isEqualTo(RotationNotAppliedException.Reason.REFUSED);
    assertThat(e.getStatus()).isEqualTo(404);
    assertThat(e.getCfRay()).isEqualTo("a-ray");
    assertThat(e.getErrors()).singleElement().extracting("code").isEqualTo(7003L);
  }

  @Test
  void refusalWithoutAnEnvelope_hasNoErrors() {
    RotationNotAppliedException e = notApplied(response(403, "text/html", "<html>no</html>"));
    assertThat(e).hasMessage("Not rotated: the provider responded with 403");
    assertThat(e.getStatus()).isEqualTo(403);
    assertThat(e.getErrors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"429, , true", "429, 1, true", "403, 1, true", "403, , false", "307, 1, false"})
  void refusal_isRetryableIfTheProviderSaysSo(
      int status, @Nullable String retryAfter, boolean retryable) {
    Response.Builder response = response(status, JSON, Provider.REFUSED);
    if (retryAfter != null) {
      response.header("retry-after", retryAfter);
    }
    assertThat(notApplied(response).isRetryable()).isEqualTo(retryable);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          EMPTY         | 200 |                  |                  | the response has no body
          MEDIA_TYPE    | 200 | text/html        | <html></html>    | the response is not JSON, acc
          MALFORMED     | 200 | application/json | <html></html>    | its body is not JSON
          MALFORMED     | 200 | application/json | {"errors":1}     | as documented at path $.success
          MALFORMED     | 200 | application/json | null             | its body is not
          MALFORMED     | 200 | application/json | \
            {"errors":[],"messages":[],"success":true,"result":5} | as documented at path $.result
          NO_RESULT     | 200 | application/json | {"errors":[],"messages":[],"success":true} | \
            , but without a result
          NO_SECRET     | 200 | application/json | \
            {"errors":[],"messages":[],"success":true,"result":{}}  | , but without a secret
          CONTRADICTORY | 200 | application/json | {"errors":[],"messages":[],"success":false} | \
            , but its envelope says success: false
          CONTRADICTORY | 502 | application/json | {"errors":[],"messages":[],"success":true} | \
            true
          STATUS        | 502 | text/html        | <html></html>    | responded with 502;
          """)
  void unknownOutcome_describesTheProblem(
      Reason reason,
      int status,
      @Nullable String contentType,
      @Nullable String body,
      String problem) {
    RotationUnknownException e = unknown(response(status, contentType, body == null ? "" : body));
    assertThat(e.getReason()).isEqualTo(reason);
    assertThat(e.getStatus()).isEqualTo(status);
    assertThat(e.getCfRay()).isEqualTo("a-ray");
    assertThat(e.getPreviousSecretExpiresAt()).isEqualTo(LATER);
    assertThat(e.getServiceToken() != null).isEqualTo(reason == Reason.NO_SECRET);
    assertThat(e.getMessage())
        .startsWith("Unknown whether rotated: the provider responded with " + status)
        .contains(problem)
        .endsWith(
            "; if the token was rotated, the new secret is lost and the previous one expires at"
                + " 2999-01-01T00:00Z; look at the token before you rotate again");
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 500, 503})
  void errorsOfAnUnknownOutcome_areReported(int status) {
    RotationUnknownException e = unknown(response(status, JSON, Provider.REFUSED));
    assertThat(e.getErrors()).singleElement().extracting("code").isEqualTo(7003L);
    assertThat(e.getMessage()).contains("No route for the URI (7003)");
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 307, 404, 408, 429, 500, 503})
  void contradictoryResponse_keepsItsTokenAndDoesNotShowIt(int status) {
    RotationUnknownException e = unknown(response(status, JSON, Responses.ROTATED));
    assertThat(e.getReason()).isEqualTo(Reason.CONTRADICTORY);
    assertThat(e.getServiceToken()).extracting("clientSecret").isEqualTo("hush");
    assertThat(e.toString())
        .contains("its envelope says success: true", "perhaps the one in the response")
        .doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "hush"  | "a\\u0000b"          | , but the secret has characters that no secret has;
          "an-id" | "00000000-fafe-4643-bbbc-4a0ed4fc8415" | , but with another service token;
          true    | false                 | , but with a secret
          """)
  void secretThatProvesNothing_isDescribed(String documented, String sent, String problem) {
    String body = Responses.ROTATED.replace(documented, sent);
    int status = sent.equals("false") ? 403 : 200;
    assertThat(unknown(response(status, JSON, body)).getMessage()).contains(problem);
  }

  @Test
  void unknownOutcomeWithAKeptSecret_keepsItsTraceAndEarlierAttempts() {
    RotationUnknownException e = unknown(response(500, JSON, Responses.ROTATED));
    RotationUnknownException earlier = unknown(response(503, JSON, "{}"));
    e.addSuppressed(earlier);
    RotationUnknownException kept = e.keptIn("a file");
    assertThat(kept.getKeptIn()).isEqualTo("a file");
    assertThat(kept)
        .hasMessageContaining("perhaps the one in the response, which is kept in a file,");
    assertThat(kept.getStackTrace()).isEqualTo(e.getStackTrace());
    assertThat(kept.getSuppressed()).containsExactly(earlier);
  }

  @Test
  void reportedErrors_areShortWithoutControlCharactersAndCredentials() {
    String errors =
        """
        {"code":1000,"message":"a\\nb\\u0007 key k3y","documentation_url":"k3y",\
        "source":{"pointer":"/k3y"}},"""
            + "{\"code\":1001,\"message\":\"%s\"},".formatted("x".repeat(5000)).repeat(50)
            + "{\"code\":1002,\"message\":\"last\"}";
    RotationNotAppliedException e =
        notApplied(
            response(
                400,
                JSON,
                "{\"errors\":[" + errors + "],\"messages\":[],\"success\":false,\"result\":null}"));
    assertThat(e.getMessage())
        .startsWith("Not rotated: the provider responded with 400: a?b? key ██ (1000); xxx")
        .hasSizeLessThan(1000);
    assertThat(e.getErrors()).hasSize(52);
    EnvelopeMessage first = e.getErrors().get(0);
    assertThat(first.toString()).doesNotContain("k3y").contains("██");
  }

  private static RotationUnknownException unknown(Response.Builder response) {
    return catchThrowableOfType(
        RotationUnknownException.class, () -> Responses.rotated(read(response)));
  }

  private static RotationNotAppliedException notApplied(Response.Builder response) {
    return catchThrowableOfType(
        RotationNotAppliedException.class, () -> Responses.rotated(read(response)));
  }
}
