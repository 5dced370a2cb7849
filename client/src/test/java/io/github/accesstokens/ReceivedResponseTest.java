package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.accesstokens.RotationUnknownException.Reason;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.EnvelopeMessage;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.GzipSink;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer tells, whatever way it came. */
class ReceivedResponseTest {
  private static final HttpUrl URL = HttpUrl.get("https://api.example/client/v4/");
  private static final Call CALL =
      new OkHttpClient().newCall(new Request.Builder().url(URL).build());
  private static final Redaction REDACTION =
      Redaction.of(Credentials.apiEmailAndApiKey("user@example.com", "k3y"), URL);
  private static final OffsetDateTime LATER = OffsetDateTime.parse("2999-01-01T00:00:00Z");
  private static final String JSON = "application/json";
  private static final String SUCCESS =
      "{\"errors\":[],\"messages\":[{\"code\":1000,\"message\":\"hello\"}],\"success\":true,"
          + "\"result\":{\"id\":\"an-id\",\"client_id\":\"an-id.access\",\"client_secret\":\"hush\"}}";
  private static final String FAILURE =
      "{\"errors\":[{\"code\":7003,\"message\":\"No route for the URI\"}],\"messages\":[],"
          + "\"success\":false,\"result\":null}";

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 299})
  void successHoldsTheSecretAndAllThatCameWithIt(int status) throws Exception {
    Rotated rotated = rotated(status, JSON, SUCCESS);
    assertThat(rotated.getClientSecret()).isEqualTo("hush");
    assertThat(rotated.getToken().getId()).isEqualTo("an-id");
    assertThat(rotated.getToken().getClientId()).isEqualTo("an-id.access");
    assertThat(rotated.getMessages()).singleElement().extracting("message").isEqualTo("hello");
    assertThat(rotated.getPreviousSecretExpiresAt()).isEqualTo(LATER);
    assertThat(rotated.getCfRay()).isEqualTo("a-ray");
    assertThat(rotated.toString()).contains("an-id", "a-ray", "hello").doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "text/plain; charset=us-ascii", "nonsense", "text/json+x"})
  void secretThatArrivedIsGivenWhateverTheMediaType(String type) throws Exception {
    assertThat(rotated(200, type, SUCCESS).getClientSecret()).isEqualTo("hush");
  }

  static Stream<Arguments> successesWithoutASecret() {
    return Stream.of(
        Arguments.of(Reason.EMPTY, 200, JSON, ""),
        Arguments.of(Reason.EMPTY, 204, null, ""),
        Arguments.of(Reason.MEDIA_TYPE, 200, "text/html; charset=utf-8", "<html></html>"),
        Arguments.of(Reason.MEDIA_TYPE, 200, "text/plain", "{}"),
        Arguments.of(Reason.MALFORMED, 200, null, "<html></html>"),
        Arguments.of(Reason.MALFORMED, 200, "application/problem+json", "{}"),
        Arguments.of(Reason.MALFORMED, 200, JSON, "{}"),
        Arguments.of(Reason.MALFORMED, 200, JSON, "null"),
        Arguments.of(Reason.MALFORMED, 200, JSON, "[]"),
        Arguments.of(Reason.MALFORMED, 200, JSON, SUCCESS + "{}"),
        Arguments.of(Reason.MALFORMED, 200, JSON, SUCCESS.replace("\"hush\"", "1")),
        Arguments.of(Reason.MALFORMED, 200, JSON, SUCCESS.substring(0, 100)),
        Arguments.of(Reason.MALFORMED, 200, JSON, "[".repeat(100_000)),
        Arguments.of(Reason.TOO_LARGE, 200, JSON, " ".repeat(1 << 20) + SUCCESS),
        Arguments.of(Reason.CONTRADICTORY, 200, JSON, FAILURE),
        Arguments.of(Reason.CONTRADICTORY, 200, JSON, SUCCESS.replace("true", "false")),
        Arguments.of(
            Reason.NO_RESULT, 200, JSON, "{\"errors\":[],\"messages\":[],\"success\":true}"),
        Arguments.of(
            Reason.NO_RESULT,
            200,
            JSON,
            "{\"errors\":[],\"messages\":[],\"success\":true,\"result\":null}"),
        Arguments.of(Reason.NO_SECRET, 200, JSON, SUCCESS.replace("\"hush\"", "null")),
        Arguments.of(Reason.NO_SECRET, 200, JSON, SUCCESS.replace("\"hush\"", "\"\"")));
  }

  @ParameterizedTest
  @MethodSource("successesWithoutASecret")
  void successWithoutASecretIsUnknownAndTyped(
      Reason reason, int status, @Nullable String type, String body) {
    RotationUnknownException e = unknown(status, type, body);
    assertThat(e.getReason()).isEqualTo(reason);
    assertThat(e.getStatus()).isEqualTo(status);
    assertThat(e.getCfRay()).isEqualTo("a-ray");
    assertThat(e.getPreviousSecretExpiresAt()).isEqualTo(LATER);
    assertThat(e.getMessage())
        .startsWith("Unknown whether rotated: the provider responded with " + status)
        .contains("the previous one expires at 2999-01-01T00:00Z")
        .doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        100, 199, 300, 301, 302, 303, 304, 399, 408, 432, 450, 460, 499, 500, 502, 503, 520, 599
      })
  void statusOfAGatewayIsUnknown(int status) {
    assertThat(unknown(status, "text/html", "<html></html>").getReason()).isEqualTo(Reason.STATUS);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 302})
  void failureEnvelopeOfAGatewayIsUnknownButTold(int status) {
    RotationUnknownException e = unknown(status, JSON, FAILURE);
    assertThat(e.getReason()).isEqualTo(Reason.STATUS);
    assertThat(e.getErrors()).singleElement().extracting("code").isEqualTo(7003);
    assertThat(e.getMessage()).contains("No route for the URI (7003)");
  }

  @ParameterizedTest
  @ValueSource(ints = {307, 308, 400, 401, 403, 404, 409, 421, 425, 429, 431, 451})
  void refusalIsNotAppliedWhateverItsBody(int status) {
    for (String body : new String[] {"", "<html></html>", FAILURE, "{\"success\":"}) {
      assertThat(notApplied(status, body).getStatus()).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 460, 499})
  void timeoutThatTheProviderItselfTellsIsARefusal(int status) {
    assertThat(notApplied(status, FAILURE).getReason())
        .isEqualTo(RotationNotAppliedException.Reason.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 307, 404, 408, 429, 500, 503})
  void successUnderTheStatusOfAFailureIsUnknownAndItsTokenKept(int status) {
    RotationUnknownException e = unknown(status, JSON, SUCCESS);
    assertThat(e.getReason()).isEqualTo(Reason.CONTRADICTORY);
    assertThat(e.getServiceToken()).extracting("clientSecret").isEqualTo("hush");
    assertThat(e.toString()).doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource({"429, , true", "429, 1, true", "403, 1, true", "403, , false", "307, 1, false"})
  void whetherToTryAgainIsTold(int status, @Nullable String retryAfter, boolean retryable) {
    Response.Builder response = response(status, JSON, FAILURE);
    if (retryAfter != null) {
      response.header("retry-after", retryAfter);
    }
    RotationNotAppliedException e =
        catchThrowableOfType(
            RotationNotAppliedException.class, () -> truth(read(response.build())));
    assertThat(e.isRetryable()).isEqualTo(retryable);
  }

  @Test
  void documentThatIsWholeIsReadThoughTheAnswerBreaksOff() throws Exception {
    ReceivedResponse whole = read(brokenOffAfter(new Buffer().writeUtf8(SUCCESS + "  ")));
    assertThat(truth(whole).getClientSecret()).isEqualTo("hush");

    ReceivedResponse part = read(brokenOffAfter(new Buffer().writeUtf8(SUCCESS.substring(0, 140))));
    assertThatThrownBy(() -> truth(part))
        .isInstanceOfSatisfying(
            RotationUnknownException.class,
            e -> assertThat(e.getReason()).isEqualTo(Reason.TRUNCATED))
        // The words of the failure could be those of the answer.
        .hasMessageNotContaining("hush");
  }

  @Test
  void compressedAnswerIsReadWithTheSameBound() throws Exception {
    Buffer small = gzip(new Buffer().writeUtf8(SUCCESS));
    assertThat(truth(read(gzipped(small))).getClientSecret()).isEqualTo("hush");

    Buffer bomb = gzip(new Buffer().write(new byte[64 << 20]));
    assertThatThrownBy(() -> truth(read(gzipped(bomb))))
        .isInstanceOfSatisfying(
            RotationUnknownException.class,
            e -> assertThat(e.getReason()).isEqualTo(Reason.TOO_LARGE));

    Buffer endless = new Buffer().write(new byte[64 << 20]);
    assertThatThrownBy(() -> truth(read(response(200, endless).build())))
        .isInstanceOfSatisfying(
            RotationUnknownException.class,
            e -> assertThat(e.getReason()).isEqualTo(Reason.TOO_LARGE));
  }

  @Test
  void messagesAreShortAndWithoutControlCharactersAndCredentials() {
    String errors =
        "{\"code\":1000,\"message\":\"a\\nb\\u0007 key k3y\",\"documentation_url\":\"k3y\","
            + "\"source\":{\"pointer\":\"/k3y\"}},"
            + ("{\"code\":1001,\"message\":\"" + "x".repeat(5000) + "\"},").repeat(50)
            + "{\"code\":1002,\"message\":\"last\"}";
    RotationNotAppliedException e =
        notApplied(
            400, "{\"errors\":[" + errors + "],\"messages\":[],\"success\":false,\"result\":null}");
    assertThat(e.getMessage())
        .startsWith("Not rotated: the provider responded with 400: a?b? key ██ (1000); xxx")
        .hasSizeLessThan(1000);
    assertThat(e.getErrors()).hasSize(52);
    EnvelopeMessage first = e.getErrors().get(0);
    assertThat(first.toString()).doesNotContain("k3y").contains("██");
  }

  @Test
  void secretThatTheProviderRepeatsIsMaskedInItsMessages() throws Exception {
    Rotated rotated =
        rotated(200, JSON, SUCCESS.replace("hello", "your secret is hush and your key k3y"));
    assertThat(rotated.getMessages())
        .singleElement()
        .extracting("message")
        .isEqualTo("your secret is ██ and your key ██");
    assertThat(rotated.toString()).doesNotContain("hush");
  }

  @Test
  void interceptorsSeeTheAnswerWithItsSecretsMasked() throws Exception {
    ReceivedResponse answer = read(response(200, JSON, SUCCESS).build());
    assertThat(answer.redacted.body().string())
        .isEqualTo(
            "{\"errors\":[],\"messages\":[{\"code\":1000,\"message\":\"hello\"}],\"success\":true,"
                + "\"result\":{\"id\":\"an-id\",\"client_id\":\"an-id.access\","
                + "\"client_secret\":\"██\"}}");
    ReceivedResponse cut = read(response(200, JSON, SUCCESS.substring(0, 140)).build());
    assertThat(cut.redacted.body().string()).isEmpty();
  }

  private static Rotated rotated(int status, String type, String body) throws RotationException {
    return truth(read(response(status, type, body).build()));
  }

  private static RotationUnknownException unknown(int status, @Nullable String type, String body) {
    return catchThrowableOfType(
        RotationUnknownException.class, () -> truth(read(response(status, type, body).build())));
  }

  private static RotationNotAppliedException notApplied(int status, String body) {
    return catchThrowableOfType(
        RotationNotAppliedException.class, () -> truth(read(response(status, JSON, body).build())));
  }

  private static ReceivedResponse read(Response response) {
    return ReceivedResponse.read(REDACTION, CALL.request(), response, CALL);
  }

  private static Rotated truth(ReceivedResponse answer) throws RotationException {
    return Attempt.rotated(answer, LATER);
  }

  private static Response.Builder response(int status, @Nullable String type, String body) {
    Response.Builder response = response(status, new Buffer().writeUtf8(body));
    return type == null ? response : response.header("Content-Type", type);
  }

  private static Response.Builder response(int status, BufferedSource body) {
    return new Response.Builder()
        .request(CALL.request())
        .protocol(Protocol.HTTP_1_1)
        .code(status)
        .message("")
        .header("cf-ray", "a-ray")
        .body(ResponseBody.create(body, MediaType.get("application/octet-stream"), -1));
  }

  private static Buffer gzip(Buffer plain) throws IOException {
    Buffer compressed = new Buffer();
    try (GzipSink sink = new GzipSink(compressed)) {
      sink.write(plain, plain.size());
    }
    return compressed;
  }

  private static Response gzipped(Buffer compressed) {
    return response(200, compressed).header("Content-Encoding", "gzip").build();
  }

  private static Response brokenOffAfter(Source start) {
    Source broken =
        new ForwardingSource(start) {
          @Override
          public long read(Buffer sink, long byteCount) throws IOException {
            long read = super.read(sink, byteCount);
            if (read == -1) {
              throw new IOException("expected a chunk size but was hush");
            }
            return read;
          }
        };
    return response(200, Okio.buffer(broken)).build();
  }
}
