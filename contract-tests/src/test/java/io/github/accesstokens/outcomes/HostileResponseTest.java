package io.github.accesstokens.outcomes;

import static io.github.accesstokens.outcomes.RawProvider.response;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.LoggingInterceptor;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.RotationUnknownException.Reason;
import io.github.accesstokens.api.Credentials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a provider sends, a call reports an outcome, soon, and reads a limited amount. */
@Timeout(180)
final class HostileResponseTest {
  private static final int HUGE = 64 << 20;
  // The limit of the client, and what the two sockets can hold.
  private static final int MAX_READ = 12 << 20;
  private static final int DEEP = 100_000;
  private static final int MANY = 60_000;
  private static final Duration CALL_TIMEOUT = Duration.ofMillis(1500);
  // A busy machine does not add to the processor time of a thread.
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Duration MAX_TIME = Duration.ofSeconds(10);

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String GZIP = JSON + "Content-Encoding: gzip\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
  // A gzip header with the flag for a file name, which ends at a zero byte.
  private static final String GZIP_WITH_NAME = "\u001f\u008b\u0008\u0008\0\0\0\0\0\0";

  private static final String GOOD =
      """
      {"errors":[{"code":1001,"message":"an error"}],"messages":[{"code":1000,\
      "message":"a message","documentation_url":"https://example.com/",\
      "source":{"pointer":"/a"}}],"success":true,"result":{"id":"an-id",\
      "client_id":"an-id.access","client_secret":"new-secret",\
      "created_at":"2024-01-01T05:20:00.12345Z","duration":"8760h","name":"CI",\
      "updated_at":"2024-01-01T05:20:00.12345Z"}}""";
  private static final String FAILURE =
      """
      {"errors":[{"code":1000,"message":"no"}],"messages":[],"success":false,"result":null}""";

  /** The outcome of a call, its processor time, and how much the provider could send. */
  private record Result(Object outcome, Duration time, long sent) {}

  private static Result rotate(RawProvider.Script script, AtomicLong sent) {
    try (RawProvider provider = RawProvider.start(script)) {
      AccessTokensClient client = client(provider, CALL_TIMEOUT);
      long start = THREADS.getCurrentThreadCpuTime();
      Object outcome = outcome(client);
      Duration time = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);
      return new Result(outcome, time, sent.get());
    }
  }

  private static Result rotate(byte[] response) {
    return rotate((path, out) -> out.write(response), new AtomicLong());
  }

  private static AccessTokensClient client(RawProvider provider, Duration callTimeout) {
    return AccessTokensClient.builder()
        .credentials(Credentials.apiToken("my-api-token"))
        .baseUrl(provider.baseUrl())
        .httpClient(
            new OkHttpClient.Builder()
                .addNetworkInterceptor(LoggingInterceptor.bodies(line -> {}))
                .build())
        .callTimeout(callTimeout)
        .maxRetries(0)
        .build();
  }

  /** "rotated", or a reason; any other failure is returned as it is. */
  private static Object outcome(AccessTokensClient client) {
    try {
      String secret = client.rotate("an-account", "a-token").getClientSecret();
      return secret.equals("new-secret") ? "rotated" : "rotated, but a wrong secret: " + secret;
    } catch (Throwable e) {
      return Reasons.of(e);
    }
  }

  private static <T> List<T> inParallel(List<Callable<T>> calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(calls, 50, TimeUnit.SECONDS)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  /** Sends a head, and then the same bytes again and again. */
  private static Result flood(String head, String repeated) {
    byte[] unit = repeated.getBytes(ISO_8859_1);
    AtomicLong sent = new AtomicLong();
    return rotate(
        (path, out) -> {
          out.write(head.getBytes(ISO_8859_1));
          while (sent.get() < HUGE) {
            out.write(unit);
            sent.addAndGet(unit.length);
          }
        },
        sent);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(bytes);
    }
    return zipped.toByteArray();
  }

  @Test
  void flood_isReadUpToTheLimit() {
    String spaces = " ".repeat(1 << 16);
    String letters = "a".repeat(1 << 16);
    Map<String, Result> results = new LinkedHashMap<>();
    results.put("length", flood(OK + JSON + "Content-Length: " + HUGE + "\r\n\r\n", spaces));
    results.put("chunked", flood(OK + JSON + CHUNKED, "FFFE\r\n" + " ".repeat(0xfffe) + "\r\n"));
    results.put("until close", flood(OK + JSON + "\r\n", spaces));
    results.put("failure", flood("HTTP/1.1 500 X\r\n" + JSON + "\r\n", spaces));
    results.put("string", flood(OK + JSON + "\r\n{\"errors\":[{\"message\":\"", letters));
    results.put("gzip file name", flood(OK + GZIP + "\r\n" + GZIP_WITH_NAME, letters));
    results.put("header", flood(OK + "X-Long: ", letters));
    results.put("status line", flood("HTTP/1.1 200 ", letters));
    results.put("headers", flood(OK, "X-Short: 1\r\n".repeat(5000)));
    results.put("interim responses", flood("", "HTTP/1.1 102 X\r\n\r\n".repeat(3000)));

    assertThat(results)
        .allSatisfy(
            (name, result) -> {
              assertThat(result.outcome()).isInstanceOf(Reason.class);
              assertThat(result.time()).isLessThan(MAX_TIME);
              assertThat(result.sent()).isLessThan(MAX_READ);
            });
    assertThat(results.get("length")).returns(Reason.TOO_LARGE, Result::outcome);
    assertThat(results.get("chunked")).returns(Reason.TOO_LARGE, Result::outcome);
    assertThat(results.get("failure")).returns(Reason.STATUS, Result::outcome);
  }

  @Test
  void chunkSizeWithoutEnd_isTruncated() {
    // OkHttp sets no limit to this line. Only the timeout ends one without end.
    byte[] zeros = "0".repeat(1 << 20).getBytes(ISO_8859_1);
    Result result =
        rotate(
            (path, out) -> {
              out.write((OK + CHUNKED).getBytes(ISO_8859_1));
              out.write(zeros);
            },
            new AtomicLong());
    assertThat(result.outcome()).isEqualTo(Reason.TRUNCATED);
    assertThat(result.time()).isLessThan(MAX_TIME);
  }

  @Test
  void decompressionBomb_isTooLarge() throws Exception {
    Result result = rotate(response("200 OK", GZIP, gzip(new byte[HUGE])));
    assertThat(result.outcome()).isEqualTo(Reason.TOO_LARGE);
    assertThat(result.time()).isLessThan(MAX_TIME);
  }

  @Test
  void slowResponse_endsWithTheTimeout() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    List<Callable<Result>> calls = new ArrayList<>();
    for (String start :
        List.of(
            "",
            "HTTP/1.1 2",
            OK + "X-Slow: ",
            OK + "Content-Length: 999999\r\n\r\n",
            OK + CHUNKED,
            OK + CHUNKED + "FFFF\r\n",
            OK + GZIP + "\r\n" + GZIP_WITH_NAME)) {
      calls.add(
          () ->
              rotate(
                  (path, out) -> {
                    out.write(start.getBytes(ISO_8859_1));
                    // Until the client has gone.
                    while (!end.await(20, TimeUnit.MILLISECONDS)) {
                      out.write(start.startsWith("HTTP") ? '0' : ' ');
                      out.flush();
                    }
                  },
                  new AtomicLong()));
    }
    for (Result result : inParallel(calls)) {
      assertThat(result.outcome()).isIn(Reason.TIMEOUT, Reason.TRUNCATED);
    }
    end.countDown();
  }

  @Test
  void expensiveDocument_isReadQuickly() throws Exception {
    String arrays = "[".repeat(DEEP);
    String numbers =
        IntStream.range(0, MANY).mapToObj(i -> "\"" + i + "\",").collect(Collectors.joining());
    String names =
        IntStream.range(0, MANY).mapToObj(i -> "\"" + i + "\":1,").collect(Collectors.joining());
    Map<String, String> documents = new LinkedHashMap<>();
    documents.put("arrays", arrays);
    documents.put("closed arrays", arrays + "]".repeat(DEEP));
    documents.put("objects", "{\"a\":".repeat(DEEP));
    documents.put("arrays as a value", GOOD.replace("\"CI\"", arrays));
    documents.put("arrays as an unknown value", GOOD.replace("\"CI\"", "\"CI\",\"x\":" + arrays));
    documents.put("arrays in a failure", FAILURE.replace("null", "{\"x\":" + arrays));
    documents.put("digits", GOOD.replace("1001", "1".repeat(1_000_000)));
    documents.put(
        "unknown digits", GOOD.replace("\"CI\"", "\"CI\",\"x\":" + "1".repeat(1_000_000)));
    documents.put("exponent", GOOD.replace("1001", "1e999999999"));
    documents.put(
        "unknown exponents", GOOD.replace("\"CI\"", "\"CI\",\"x\":[1e999999999,-1E-999999999]"));
    documents.put("escapes", GOOD.replace("an error", "\\u00e9".repeat(150_000)));
    documents.put("message", GOOD.replace("an error", "\\n".repeat(500_000)));
    documents.put(
        "errors",
        GOOD.replace(
            "\"errors\":[", "\"errors\":[" + "{\"code\":1001,\"message\":\"x\"},".repeat(30_000)));
    documents.put(
        "secrets", "{\"client_secret\":[" + numbers + "\"\"],\"x\":[" + numbers + "\"\"]}");
    documents.put("names", GOOD.replace("\"name\"", names + "\"name\""));
    Map<String, Result> results = new LinkedHashMap<>();
    documents.forEach(
        (name, document) ->
            results.put(name, rotate(response("200 OK", JSON, document.getBytes(UTF_8)))));

    assertThat(results)
        .allSatisfy(
            (name, result) -> {
              assertThat(result.outcome()).isNotInstanceOf(Throwable.class);
              assertThat(result.time()).isLessThan(MAX_TIME);
            });
  }

  // One a line. The values with a line break or a quotation mark alone are added below.
  private static final String VALUES =
      """
      null
      true
      false
      0
      -0
      1.5
      1e400
      -1e-400
      99999999999999999999
      2147483648
      NaN
      Infinity
      -Infinity
      nul
      tru
      'a'
      a
      "
      ""
      "\\ud800"
      "\\udc00\\ud800"
      "\\u0000"
      "\\x"
      "\\u12"
      []
      [null]
      [[]]
      [1]
      [{}]
      [{"code":1}]
      [,]
      [1,]
      {}
      {"a":1}
      {"a":1,"a":2}
      {a:1}
      {"a"}
      {"a":}
      {,}

      ,
      :
      ]
      }
      /**/
      //
      #
      01
      +1
      .5
      1.
      1e
      0x1
      "2024-01-01"
      "2024-13-01T00:00:00Z"
      "9999999-01-01T00:00:00Z"
      "2024-01-01T00:00:00+99:00"
      """;

  private static final String PROPERTIES =
      """
      "errors":[{"code":1001,"message":"an error"}]
      "code":1000
      "message":"a message"
      "documentation_url":"https://example.com/"
      "source":{"pointer":"/a"}
      "pointer":"/a"
      "success":true
      "id":"an-id"
      "client_id":"an-id.access"
      "client_secret":"new-secret"
      "created_at":"2024-01-01T05:20:00.12345Z"
      "duration":"8760h"
      "name":"CI"
      """;

  /** Documents that are nearly correct. */
  private static List<byte[]> malformedDocuments() {
    List<String> values = new ArrayList<>(VALUES.lines().toList());
    values.addAll(List.of("\"\u0000\"", "\"\n\""));
    List<String> texts = new ArrayList<>();
    for (int length = 0; length < GOOD.length(); length++) {
      texts.add(GOOD.substring(0, length));
    }
    for (String property : PROPERTIES.lines().toList()) {
      String name = property.substring(0, property.indexOf(':') + 1);
      assertThat(GOOD).contains(property);
      values.forEach(value -> texts.add(GOOD.replace(property, name + value)));
      texts.add(GOOD.replace(property, property + "," + property));
      texts.add(GOOD.replace(property, "\"x\":1"));
      texts.add(GOOD.replace(property, property + ","));
      texts.add(GOOD.replace(property, property.replace(':', ' ')));
    }
    for (String value : values) {
      texts.addAll(List.of(value, value + GOOD, GOOD + value, FAILURE.replace("null", value)));
    }
    texts.addAll(
        List.of(
            "\ufeff" + GOOD,
            GOOD + GOOD,
            GOOD + "\n" + FAILURE,
            ")]}'\n" + GOOD,
            GOOD.replace("\"", "'"),
            "{\"a\":".repeat(254) + "1" + "}".repeat(254),
            "{\"a\":".repeat(260) + "1" + "}".repeat(260)));
    List<byte[]> documents = new ArrayList<>();
    texts.forEach(text -> documents.add(text.getBytes(UTF_8)));
    documents.add(GOOD.getBytes(UTF_16));
    for (int bad : new int[] {0x00, 0x80, 0xc0, 0xed, 0xf8, 0xff}) {
      for (String place : List.of("{", "errors", "an-id", "new-secret", "CI", "}")) {
        byte[] bytes = GOOD.getBytes(ISO_8859_1);
        bytes[GOOD.indexOf(place) + 1] = (byte) bad;
        documents.add(bytes);
      }
    }
    return documents;
  }

  @Test
  void malformedDocument_outcomeFitsTheStatus() throws Exception {
    List<byte[]> documents = malformedDocuments();
    // One provider for all. The account in the path is STATUS-DOCUMENT-ENCODING.
    RawProvider.Script script =
        (path, out) -> {
          String[] asked = path.split("/", 4)[2].split("-", 3);
          byte[] document = documents.get(Integer.parseInt(asked[1]));
          boolean zipped = asked[2].equals("gzip");
          out.write(
              response(asked[0] + " X", zipped ? GZIP : JSON, zipped ? gzip(document) : document));
        };
    try (RawProvider provider = RawProvider.start(script)) {
      AccessTokensClient client = client(provider, Duration.ofSeconds(20));
      List<Callable<String>> calls = new ArrayList<>();
      for (int i = 0; i < documents.size(); i++) {
        String plain = "200-%d-plain".formatted(i);
        String zipped = "403-%d-gzip".formatted(i);
        calls.add(() -> mismatch(client, plain));
        calls.add(() -> mismatch(client, zipped));
      }
      assertThat(inParallel(calls)).filteredOn(mismatch -> !mismatch.isEmpty()).isEmpty();
      assertThat(provider.requests()).isEqualTo(calls.size());
    }
  }

  /** Empty if the reported outcome fits the status. */
  private static String mismatch(AccessTokensClient client, String account) {
    Throwable failure = catchThrowable(() -> client.rotate(account, "a-token").getClientSecret());
    boolean success = account.startsWith("200");
    boolean fits =
        failure instanceof RotationNotAppliedException notApplied
            ? !success && notApplied.getStatus() == 403
            : failure instanceof RotationUnknownException unknown
                ? unknown.getStatus() > 0
                : failure == null && success;
    return fits ? "" : account + ": " + failure;
  }

  @Test
  void wrongHeaders_outcomeIsStillReported() {
    byte[] good = GOOD.getBytes(UTF_8);
    Map<String, Object> expected = new LinkedHashMap<>();
    // A response with a new secret is a rotation, whatever media type it has.
    for (String type :
        List.of(
            "text/html",
            "text/plain; charset=utf-16",
            "application/json; charset=nonsense",
            "application/json;;;",
            "\u0000",
            "a/b/c",
            "image/png",
            "application/problem+json")) {
      expected.put("Content-Type: " + type, "rotated");
    }
    expected.put("Content-Length: -1", "rotated");
    expected.put("Content-Length: -9223372036854775809", "rotated");
    expected.put("Content-Length: 99999999999999999999", "rotated");
    expected.put("Content-Length: 9223372036854775807", "rotated");
    expected.put("Content-Length: " + (good.length + 1), "rotated");
    expected.put("Content-Length: " + (good.length - 1), Reason.MALFORMED);
    expected.put("Content-Length: 0", Reason.EMPTY);
    expected.put("Content-Length: ", "rotated");
    expected.put("Content-Length: 5\r\nContent-Length: " + good.length, "rotated");
    expected.put("Transfer-Encoding: chunked", Reason.TRUNCATED);
    expected.put("Transfer-Encoding: nonsense", "rotated");
    expected.put("Content-Encoding: gzip", Reason.TRUNCATED);
    expected.put("Content-Encoding: br", "rotated");
    expected.put("Content-Encoding: gzip, gzip", "rotated");
    expected.put(": ", "rotated");
    expected.put("no colon", "rotated");
    expected.put("\u00e9: \u00ff", "rotated");
    expected.put("Retry-After: 99999999999999999999999999", "rotated");
    expected.put("Set-Cookie: \u0000=;;;", "rotated");
    Map<String, Object> outcomes = new LinkedHashMap<>();
    for (String headers : expected.keySet()) {
      outcomes.put(headers, rotate(response("200 OK", headers + "\r\n", good)).outcome());
    }
    assertThat(outcomes).isEqualTo(expected);
  }

  @Test
  void damagedGzip_isRotatedOrUnknown() throws Exception {
    byte[] zipped = gzip(GOOD.getBytes(UTF_8));
    for (int damaged = 0; damaged < zipped.length; damaged++) {
      byte[] bytes = zipped.clone();
      bytes[damaged] ^= 0x55;
      assertThat(rotate(response("200 OK", GZIP, bytes)).outcome())
          .isIn("rotated", Reason.TRUNCATED, Reason.MALFORMED);
    }
  }
}
