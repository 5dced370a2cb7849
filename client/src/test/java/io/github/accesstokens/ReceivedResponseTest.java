package io.github.accesstokens;

import static io.github.accesstokens.Responses.JSON;
import static io.github.accesstokens.Responses.ROTATED;
import static io.github.accesstokens.Responses.read;
import static io.github.accesstokens.Responses.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.api.Credentials;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import okio.ForwardingSource;
import okio.GzipSink;
import okio.Okio;
import okio.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a response is read and masked. */
class ReceivedResponseTest {
  @Test
  void gzip_isDecoded() throws Exception {
    ReceivedResponse received = read(gzipped(new Buffer().writeUtf8(ROTATED)));
    assertThat(received.body).asString().isEqualTo(ROTATED);
    assertThat(Responses.rotated(received).getClientSecret()).isEqualTo("hush");
  }

  @Test
  @Timeout(30)
  void endlessBody_isTooLarge() {
    assertTooLarge(read(response(200, Okio.buffer(endless()))));
  }

  @Test
  void gzipBomb_isTooLarge() throws IOException {
    assertTooLarge(read(gzipped(new Buffer().write(new byte[64 << 20]))));
  }

  @Test
  void bodyThatIsTooLarge_endsTheCall() {
    assertThat(isCancelledBy(response(200, Okio.buffer(endless())))).isTrue();
    assertThat(isCancelledBy(response(200, JSON, ROTATED))).isFalse();
  }

  private static boolean isCancelledBy(Response.Builder response) {
    Request request = new Request.Builder().url("https://api.example/").build();
    Call call = new OkHttpClient().newCall(request);
    ReceivedResponse.read(redaction("token"), request, response.build(), call);
    return call.isCanceled();
  }

  @Test
  void body_isClosed() {
    AtomicBoolean closed = new AtomicBoolean();
    Source source =
        new ForwardingSource(new Buffer().writeUtf8(ROTATED)) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    read(response(200, Okio.buffer(source)));
    assertThat(closed).isTrue();
  }

  @Test
  void bodyWithoutALength_isReadToTheEndOfItsDocumentAndNoFurther() {
    Buffer document = new Buffer().writeUtf8(ROTATED);
    Source source =
        new ForwardingSource(document) {
          @Override
          public long read(Buffer sink, long byteCount) throws IOException {
            assertThat(document.exhausted()).as("read after the document").isFalse();
            return super.read(sink, 1);
          }
        };
    assertThat(read(response(200, Okio.buffer(source))).body).asString().isEqualTo(ROTATED);
  }

  @Test
  void damagedGzip_hasNoText() throws IOException {
    Buffer zipped = gzip(new Buffer().writeUtf8(ROTATED));
    byte[] bytes = zipped.readByteArray();
    // The last eight bytes are a checksum and a length.
    bytes[bytes.length - 8]++;
    ReceivedResponse received =
        read(response(200, new Buffer().write(bytes)).header("Content-Encoding", "gzip"));
    assertThat(received.truncated).isNotNull();
    assertThat(received.body).isEmpty();
  }

  @Test
  void gzipThatIsCutOff_hasTheTextThatArrived() throws IOException {
    Buffer zipped = gzip(new Buffer().writeUtf8(ROTATED));
    Buffer start = new Buffer();
    start.write(zipped, zipped.size() - 8);
    Source cut = failingAfter(start);
    ReceivedResponse received =
        read(response(200, Okio.buffer(cut)).header("Content-Encoding", "gzip"));
    assertThat(received.truncated).isNotNull();
    assertThat(received.body).asString().isEqualTo(ROTATED);
  }

  private static void assertTooLarge(ReceivedResponse received) {
    assertThat(received.tooLarge).isTrue();
    assertThat(received.body.length).isLessThan(2 << 20);
    assertThatThrownBy(() -> Responses.rotated(received))
        .isInstanceOf(RotationUnknownException.class)
        .hasFieldOrPropertyWithValue("reason", RotationUnknownException.Reason.TOO_LARGE);
  }

  @Test
  void truncatedResponse_isReadIfTheDocumentIsComplete() throws Exception {
    ReceivedResponse received = read(truncatedAfter(ROTATED + "  "));
    assertThat(received.truncated).isNotNull();
    assertThat(Responses.rotated(received).getClientSecret()).isEqualTo("hush");
  }

  @Test
  void truncatedDocument_isUnknownAndTheFailureIsNotQuoted() {
    ReceivedResponse received = read(truncatedAfter(ROTATED.substring(0, 140)));
    assertThatThrownBy(() -> Responses.rotated(received))
        .isInstanceOf(RotationUnknownException.class)
        .hasFieldOrPropertyWithValue("reason", RotationUnknownException.Reason.TRUNCATED)
        .hasMessageContaining(", but the response was cut off: IOException;")
        .hasMessageNotContaining("hush");
  }

  @Test
  void redactedResponse_masksTheSecret() throws IOException {
    assertThat(read(response(200, JSON, ROTATED)).redacted.body().string())
        .isEqualTo(ROTATED.replace("hush", "██"));
  }

  @Test
  void redactedResponse_hasNoBodyIfTheDocumentIsIncomplete() throws IOException {
    assertThat(read(response(200, JSON, ROTATED.substring(0, 140))).redacted.body().string())
        .isEmpty();
  }

  @Test
  void redactedResponse_omitsHeadersThatShowASecret() {
    ReceivedResponse received =
        read(
            response(200, JSON, ROTATED)
                .header("X-Key", "is k3y")
                .header("X-Secret", "is hush")
                .header("X-Other", "shown"));
    assertThat(received.redacted.headers().names())
        .containsExactlyInAnyOrder("Content-Type", "cf-ray", "X-Other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"e", "1", "json"})
  void shortCredential_keepsOtherWordsAndHeadersWithAMeaning(String token) {
    Headers meaningful =
        Headers.of(
            "Content-Type", "application/json",
            "Date", "Thu, 01 Jan 2026 00:00:01 GMT",
            "Retry-After", "1",
            "Ratelimit", "\"default\";r=1;t=30",
            "Ratelimit-Policy", "\"e\";q=1;w=60",
            "CF-Ray", "1-e");
    Headers shown = meaningful.newBuilder().add("Server", "edge11").add("X-json2", "ee1").build();
    Headers hidden = Headers.of("X-Echo", "token=" + token);
    Redaction redaction = redaction(token);
    assertThat(redaction.headers(shown.newBuilder().addAll(hidden).build())).isEqualTo(shown);
    assertThat(redaction.text("the jsons of 2011; yours is " + token + "."))
        .isEqualTo("the jsons of 2011; yours is ██.");
  }

  @Test
  void longCredential_isMaskedInsideWordsAndInEveryHeader() {
    Redaction redaction = redaction("long-token");
    Headers headers = Headers.of("CF-Ray", "xlong-tokenx", "Retry-After", "1");
    assertThat(redaction.headers(headers)).isEqualTo(Headers.of("Retry-After", "1"));
    assertThat(redaction.text("xlong-tokenx")).isEqualTo("x██x");
  }

  private static Redaction redaction(String token) {
    return Redaction.of(Credentials.apiToken(token), HttpUrl.get("https://api.example/"));
  }

  private static Response.Builder gzipped(Buffer plain) throws IOException {
    return response(200, gzip(plain)).header("Content-Encoding", "gzip");
  }

  private static Buffer gzip(Buffer plain) throws IOException {
    Buffer compressed = new Buffer();
    try (GzipSink sink = new GzipSink(compressed)) {
      sink.write(plain, plain.size());
    }
    return compressed;
  }

  private static Source endless() {
    return new ForwardingSource(new Buffer()) {
      @Override
      public long read(Buffer sink, long byteCount) {
        sink.writeByte(' ');
        return 1;
      }
    };
  }

  private static Response.Builder truncatedAfter(String start) {
    return response(200, Okio.buffer(failingAfter(new Buffer().writeUtf8(start))));
  }

  private static Source failingAfter(Buffer start) {
    return new ForwardingSource(start) {
      @Override
      public long read(Buffer sink, long byteCount) throws IOException {
        long read = super.read(sink, byteCount);
        if (read == -1) {
          throw new IOException("expected a chunk size but was hush");
        }
        return read;
      }
    };
  }
}
