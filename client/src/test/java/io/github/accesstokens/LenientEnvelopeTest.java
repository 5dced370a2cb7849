package io.github.accesstokens;

import static io.github.accesstokens.Responses.JSON;
import static io.github.accesstokens.Responses.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.accesstokens.RotationUnknownException.Reason;
import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.ServiceToken;
import java.util.List;
import java.util.stream.Stream;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Successes and failures that are not as documented keep what can be read of them. */
class LenientEnvelopeTest {
  private static final String SECRET = "cfast_Vb3kQ0Zr7sYx1NcGd5HwTj9LmPa2EuRfKi8oXqB4c1d2e3f4";
  private static final String SUCCESS =
      """
      {"errors":[],"messages":[{"code":1000,"message":"hello","documentation_url":"https://a.b",\
      "source":{"pointer":"/x"}}],"success":true,"result":{\
      "id":"f174e90a-fafe-4643-bbbc-4a0ed4fc8415","client_id":"88bf3b6d86161464.access",\
      "client_secret":"%s","created_at":"2014-01-01T05:20:00.12345Z","duration":"60m",\
      "name":"CI/CD token","updated_at":"2014-01-01T05:20:00.12345Z"}}"""
          .formatted(SECRET);

  /** The value stands for a property that is left out. */
  private static final String ABSENT = "absent";

  private static final String DEEP = "[".repeat(300) + "]".repeat(300);

  private static final List<String> VALUES =
      List.of(
          ABSENT,
          "null",
          "\"\"",
          "\"text\"",
          "\"\\u0000\\uFFFD\"",
          "\"" + "x".repeat(100_000) + "\"",
          "0",
          "-1.5",
          "1e400",
          "9".repeat(1000),
          "true",
          "false",
          "[]",
          "[[]]",
          "[null]",
          "[\"text\"]",
          "[{}]",
          "[{\"code\":\"1000\",\"message\":1}]",
          "{}",
          "{\"a\":1,\"a\":2}",
          DEEP,
          "\"2026-01-01T00:00:00\"",
          "\"2026-01-01T00:00:00+0000\"",
          "\"2026-12-31T23:59:60Z\"",
          "\"2026-01-01T00:00:00.123456789012Z\"");

  /** Each property of a success that does not decide the outcome, with its documented value. */
  private static Stream<Arguments> optionalProperties() {
    return Stream.of(
            "\"errors\":[]",
            "\"messages\":[{\"code\":1000,\"message\":\"hello\","
                + "\"documentation_url\":\"https://a.b\",\"source\":{\"pointer\":\"/x\"}}]",
            "\"code\":1000",
            "\"message\":\"hello\"",
            "\"documentation_url\":\"https://a.b\"",
            "\"source\":{\"pointer\":\"/x\"}",
            "\"pointer\":\"/x\"",
            "\"id\":\"f174e90a-fafe-4643-bbbc-4a0ed4fc8415\"",
            "\"created_at\":\"2014-01-01T05:20:00.12345Z\"",
            "\"duration\":\"60m\"",
            "\"name\":\"CI/CD token\"",
            "\"updated_at\":\"2014-01-01T05:20:00.12345Z\"")
        .flatMap(property -> VALUES.stream().map(value -> Arguments.of(property, value)));
  }

  @ParameterizedTest
  @MethodSource("optionalProperties")
  void anyValueOfAPropertyThatDecidesNothing_isRotated(String property, String value)
      throws Exception {
    Rotated rotated = rotated(with(property, value));
    assertThat(rotated.getClientSecret()).isEqualTo(SECRET);
    assertThat(rotated.getToken().getClientId()).isEqualTo("88bf3b6d86161464.access");
    assertThat(rotated.toString()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @MethodSource("optionalProperties")
  void unreadableProperty_isNamedAndCostsNoOtherProperty(String property, String value)
      throws Exception {
    String name = property.substring(1, property.indexOf(':') - 1);
    Rotated rotated = rotated(with(property, value));
    List<String> paths = rotated.getUnreadablePaths();
    assertThat(paths).hasSizeLessThanOrEqualTo(1);
    boolean ofResult = SUCCESS.indexOf(property) > SUCCESS.indexOf("result");
    if (ofResult && !paths.isEmpty()) {
      assertThat(paths).containsExactly("$.result." + name);
    } else if (!paths.isEmpty()) {
      assertThat(paths.get(0)).matches("\\$\\.(errors|messages)(\\[0\\])?");
    }
    // A string where a string is documented is the only value that an id can have.
    if (ofResult && (name.equals("id") || name.equals("duration") || name.equals("name"))) {
      boolean readable = value.startsWith("\"") || value.equals(ABSENT) || value.equals("null");
      assertThat(paths.isEmpty()).isEqualTo(readable);
    }
    if (name.endsWith("_at")) {
      assertThat(paths.isEmpty()).isEqualTo(value.equals(ABSENT) || value.equals("null"));
      assertThat(rotated.getToken().getName()).isEqualTo("CI/CD token");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "success":true                         | absent | MALFORMED
          "success":true                         | null   | MALFORMED
          "success":true                         | "true" | MALFORMED
          "success":true                         | 1      | MALFORMED
          "success":true                         | false  | CONTRADICTORY
          "success":true                         | [true] | MALFORMED
          "client_id":"88bf3b6d86161464.access"  | 1      | MALFORMED
          "client_id":"88bf3b6d86161464.access"  | {}     | MALFORMED
          """)
  void unreadablePropertyThatDecides_isUnknownAndKeepsTheSecret(
      String property, String value, Reason reason) {
    assertUnproven(with(property, value), reason);
  }

  @ParameterizedTest
  @CsvSource({
    "absent, NO_SECRET, false",
    "null, NO_SECRET, false",
    "\"\", NO_SECRET, false",
    "1, MALFORMED, false",
    "true, MALFORMED, false",
    "[], MALFORMED, false",
    "{}, MALFORMED, false",
    "\"a\\u0000b\", DAMAGED_SECRET, true",
    "\"a\\nb\", DAMAGED_SECRET, true",
    "\"a\\u0085b\", DAMAGED_SECRET, true",
    "\"a\\uFFFDb\", DAMAGED_SECRET, true",
  })
  void missingOrDamagedSecret_hasItsOwnReason(String value, Reason reason, boolean kept) {
    RotationUnknownException e = unknown(with("\"client_secret\":\"" + SECRET + "\"", value));
    assertThat(e.getReason()).isEqualTo(reason);
    assertThat(e.getServiceToken()).extracting("name").isEqualTo("CI/CD token");
    assertThat(secret(e) != null && !"".equals(secret(e))).isEqualTo(kept);
    assertThat(e.toString().contains("perhaps")).isEqualTo(kept);
  }

  @Test
  void secretThatIsNotUtf8_isDamaged() {
    Buffer body = new Buffer();
    int at = SUCCESS.indexOf(SECRET);
    body.writeUtf8(SUCCESS.substring(0, at)).writeByte(0xff).writeUtf8(SUCCESS.substring(at));
    Throwable e =
        catchThrowable(() -> Responses.rotated(Responses.read(Responses.response(200, body))));
    assertThat(e).isInstanceOf(RotationUnknownException.class);
    assertThat(((RotationUnknownException) e).getReason()).isEqualTo(Reason.DAMAGED_SECRET);
  }

  @Test
  void resultOfAnotherToken_isUnknownAndKeepsTheSecret() {
    RotationUnknownException e = unknown(SUCCESS.replace("f174e90a", "00000000"));
    assertThat(e.getReason()).isEqualTo(Reason.OTHER_TOKEN);
    assertThat(secret(e)).isEqualTo(SECRET);
    assertThat(e).hasMessageContaining("the new secret is lost and");
    assertThat(e.keptIn("a file"))
        .hasMessageContaining("is lost, the one of the other token is kept in a file, and");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "success":true                         | "success":true
          "success":true                         | "success":false
          "client_id":"88bf3b6d86161464.access"  | "client_id":"88bf3b6d86161464.access"
          "client_id":"88bf3b6d86161464.access"  | "client_id":"another"
          "success":true                         | "result":null
          """)
  void repeatedPropertyThatDecides_isContradictoryAndKeepsTheSecret(String first, String second) {
    assertUnproven(SUCCESS.replace(first, first + ',' + second), Reason.CONTRADICTORY);
  }

  @Test
  void twoSecrets_areContradictoryAndBothKept() {
    String first = "\"client_secret\":\"another-secret-of-the-token\",";
    RotationUnknownException e = unknown(SUCCESS.replace("\"client_id\"", first + "\"client_id\""));
    assertThat(e.getReason()).isEqualTo(Reason.CONTRADICTORY);
    assertThat(secret(e)).isEqualTo(SECRET);
    assertThat(e.secrets().keySet()).containsExactly("another-secret-of-the-token", SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "1", "{}"})
  void secretThatIsRepeatedWithoutAValue_isKept(String value) {
    String property = "\"client_secret\":\"" + SECRET + "\"";
    String repeated = ",\"client_secret\":" + value;
    assertUnproven(SUCCESS.replace(property, property + repeated), Reason.CONTRADICTORY);
  }

  /** Parsers stop at the damage, or find the secret at no documented place. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"errors"                | {"t":NaN,"errors"
          "messages":[             | "messages":[,
          "messages":[             | "messages":[nope,
          "client_id"              | "created_at":nope,"client_id"
          {"errors"                | )]}',{"errors"
          {"errors"                | [{"errors"
          "result":{               | "result":[{
          "result":{               | "other":{
          """)
  void secretBehindDamageOrAtAnotherPlace_isUnknownAndKept(String original, String damaged) {
    String body = SUCCESS.replace(original, damaged);
    assertThat(secret(unknown(body))).isEqualTo(SECRET);
    for (int status : new int[] {302, 403, 408, 500}) {
      Throwable e = catchThrowable(() -> rotated(status, body));
      assertThat(e).isInstanceOf(RotationUnknownException.class);
      assertThat(((RotationUnknownException) e).getReason()).isEqualTo(Reason.CONTRADICTORY);
    }
  }

  @Test
  void nameThatRepeatsTheSecret_isMaskedInText() throws Exception {
    Rotated rotated = rotated(SUCCESS.replace("CI/CD token", "my " + SECRET));
    assertThat(rotated.toString()).doesNotContain(SECRET).contains("name=my ██");
  }

  @ParameterizedTest
  @CsvSource({"\"name\":\"x\"", "\"created_at\":null", "\"deep\":[]", "\"errors\":[]"})
  void repeatedPropertyThatDecidesNothing_isRotated(String property) throws Exception {
    String once = property.startsWith("\"errors") ? "\"success\"" : "\"client_id\"";
    Rotated rotated = rotated(SUCCESS.replace(once, property + ',' + property + ',' + once));
    assertThat(rotated.getClientSecret()).isEqualTo(SECRET);
  }

  @Test
  void deepUnknownProperty_isRotated() throws Exception {
    for (String place : List.of("{\"errors\"", "\"client_id\"")) {
      String name = place.replace("{", "");
      String body = SUCCESS.replace(place, place.replace(name, "\"unknown\":" + DEEP + ',' + name));
      Rotated rotated = rotated(body);
      assertThat(rotated.getClientSecret()).isEqualTo(SECRET);
      assertThat(rotated.getUnreadablePaths()).isEmpty();
    }
  }

  @Test
  void secretBehindADeepProperty_isMaskedInMessagesAndHeaders() throws Exception {
    String body =
        SUCCESS
            .replace("{\"errors\"", "{\"unknown\":" + DEEP + ",\"errors\"")
            .replace("hello", "your secret is " + SECRET);
    ReceivedResponse response =
        Responses.read(response(200, JSON, body).header("x-echo", "it is " + SECRET));
    assertThat(Responses.rotated(response).getMessages())
        .singleElement()
        .extracting("message")
        .isEqualTo("your secret is ██");
    assertThat(response.redacted.headers().toString()).doesNotContain(SECRET);
    assertThat(response.redacted.body().string()).doesNotContain(SECRET);
  }

  @Test
  void byteOrderMark_isRotated() throws Exception {
    assertThat(rotated("\uFEFF" + SUCCESS).getClientSecret()).isEqualTo(SECRET);
  }

  @ParameterizedTest
  @CsvSource({"}", "{}", "x", "null", "'\u0000'"})
  void junkAfterTheDocument_isUnknownAndKeepsTheSecret(String junk) {
    assertUnproven(SUCCESS + junk, Reason.MALFORMED);
  }

  @Test
  void documentCutAnywhere_isUnknownAndKeepsACompleteSecret() {
    int complete = SUCCESS.indexOf(SECRET) + SECRET.length() + 1;
    for (int length = 1; length < SUCCESS.length(); length++) {
      RotationUnknownException e = unknown(SUCCESS.substring(0, length));
      assertThat(e.getReason()).isEqualTo(Reason.MALFORMED);
      String secret = e.getServiceToken() == null ? null : e.getServiceToken().getClientSecret();
      assertThat(secret).as("cut after %s", length).isEqualTo(length < complete ? null : SECRET);
    }
  }

  @Test
  void hugeDocument_isUnknownAndKeepsTheSecret() {
    assertUnproven(SUCCESS + " ".repeat(1 << 20), Reason.TOO_LARGE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "errors":[]     | absent                    | $.errors
          "errors":[]     | 1                         | $.errors
          "errors":[]     | {"code":1,"message":"x"}  | $.errors
          "errors":[]     | ["text",{"message":"x"}]  | $.errors[0] $.errors[1]
          "messages":[{   | "more":[{                 | $.messages
          """)
  void unreadableEntries_areNamed(String property, String value, String paths) throws Exception {
    String body =
        value.startsWith("\"more") ? SUCCESS.replace(property, value) : with(property, value);
    assertThat(String.join(" ", rotated(body).getUnreadablePaths())).isEqualTo(paths);
  }

  @Test
  void unreadablePaths_areLimited() throws Exception {
    String body = with("\"errors\":[]", "[" + "1,".repeat(200) + "1]");
    assertThat(rotated(body).getUnreadablePaths()).hasSize(100);
  }

  @Test
  void causesOfAnError_areLimited() {
    String causes = "{\"code\":1000},".repeat(2000);
    String error = "{\"code\":1,\"error_chain\":[" + causes + "1]}";
    Throwable e =
        catchThrowable(() -> rotated(403, "{\"success\":false,\"errors\":[" + error + "]}"));
    assertThat(((RotationException) e).getErrors()).hasSize(1000);
  }

  @Test
  void entriesOfADocumentThatIsCutOff_areDropped() {
    String entries = "[{\"code\":1,\"message\":\"perhaps a secret\"}]";
    String cut = "{\"errors\":" + entries + ",\"messages\":" + entries + ",\"success\":false,";
    DecodedBody body = DecodedBody.of(Responses.read(response(500, JSON, cut)));
    assertThat(body.success).isFalse();
    assertThat(body.errors).isEmpty();
    assertThat(body.messages).isEmpty();
  }

  @Test
  void manyMessages_areLimited() throws Exception {
    String message = "{\"code\":1000,\"message\":\"x\"},";
    String body = SUCCESS.replace("\"messages\":[", "\"messages\":[1," + message.repeat(20_000));
    assertThat(rotated(body).getMessages()).hasSize(999);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "errors":[{"code":10000,"message":"Authentication error"}] | Authentication error (10000)
          "errors":[{"code":10000}]                                  | (10000)
          "errors":[{"message":"Authentication error"}]              | Authentication error
          "errors":["Authentication error"]                          | Authentication error
          "errors":"Authentication error"                            | Authentication error
          "errors":{"code":9109,"message":"Not from here"}           | Not from here (9109)
          "errors":[{"code":"9109","message":"Not from here"}]       | Not from here (9109)
          "errors":[{"code":1e99,"message":"Not from here"}]         | Not from here
          "errors":[1,null,{"code":9109,"code":1},{"code":9109,"message":"x"}] | x (9109)
          "errors":[{"code":9109,"message":"x"}],"errors":1          | x (9109)
          "errors":[{"code":6003,"message":"Invalid request headers","error_chain":[{"code":6111,\
          "message":"Invalid format"}]}] | Invalid request headers (6003); Invalid format (6111)
          "messages":[],"result":null,"errors":[{"code":6003,"message":"x","error_chain":[\
          {"code":6103,"error_chain":[{"code":1}]}]}]                | x (6003); (6103)
          """)
  void errorsOfARefusal_areReported(String errors, String reported) {
    String body = "{\"success\":false," + errors + "}";
    assertThatThrownBy(() -> rotated(403, body))
        .isInstanceOf(RotationNotAppliedException.class)
        .hasMessage("Not rotated: the provider responded with 403: " + reported);
  }

  @Test
  void documentedFailure_keepsThePartsOfItsErrors() {
    String error =
        """
        {"code":7003,"message":"No route","documentation_url":"https://a.b",\
        "source":{"pointer":"/x"},"error_chain":[{"code":7000,"message":"No"}]}""";
    Throwable e =
        catchThrowable(
            () ->
                rotated(
                    404,
                    "{\"success\":false,\"errors\":["
                        + error
                        + "],\"messages\":[],\"result\":null}"));
    List<EnvelopeMessage> errors = ((RotationException) e).getErrors();
    assertThat(errors).extracting("code").containsExactly(7003L, 7000L);
    assertThat(errors.get(0).getDocumentationUrl()).isEqualTo("https://a.b");
    assertThat(errors.get(0).getSource()).extracting("pointer").isEqualTo("/x");
  }

  @ParameterizedTest
  @CsvSource({"403, false", "404, true", "408, true", "302, true", "500, true", "502, false"})
  void secretBesideAFailingStatus_isContradictoryAndKept(int status, boolean success) {
    String body = SUCCESS.replace("\"success\":true", "\"success\":" + success);
    Throwable e = catchThrowable(() -> rotated(status, body));
    assertThat(e).isInstanceOf(RotationUnknownException.class);
    assertThat(((RotationUnknownException) e).getReason()).isEqualTo(Reason.CONTRADICTORY);
    assertThat(((RotationUnknownException) e).getServiceToken())
        .extracting("clientSecret")
        .isEqualTo(SECRET);
  }

  private static void assertUnproven(String body, Reason reason) {
    RotationUnknownException e = unknown(body);
    assertThat(e.getReason()).isEqualTo(reason);
    assertThat(e.getServiceToken()).extracting("clientSecret").isEqualTo(SECRET);
    assertThat(e.toString()).doesNotContain(SECRET).contains("perhaps the one in the response");
  }

  private static RotationUnknownException unknown(String body) {
    Throwable failure = catchThrowable(() -> rotated(200, body));
    assertThat(failure).isInstanceOf(RotationUnknownException.class);
    return (RotationUnknownException) failure;
  }

  private static @Nullable String secret(RotationUnknownException e) {
    ServiceToken token = e.getServiceToken();
    return token == null ? null : token.getClientSecret();
  }

  private static Rotated rotated(String body) throws RotationException {
    return rotated(200, body);
  }

  private static Rotated rotated(int status, String body) throws RotationException {
    return Responses.rotated(Responses.read(response(status, JSON, body)));
  }

  /** Returns a success in which this property has another value, or is left out. */
  private static String with(String property, String value) {
    assertThat(SUCCESS).contains(property);
    if (value.equals(ABSENT)) {
      return SUCCESS.contains(property + ',')
          ? SUCCESS.replace(property + ',', "")
          : SUCCESS.replace(',' + property, "").replace(property, "");
    }
    String name = property.substring(0, property.indexOf(':') + 1);
    return SUCCESS.replace(property, name + value);
  }
}
