package io.github.accesstokens.truth;

import static io.github.accesstokens.truth.RawProvider.answer;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.LoggingInterceptor;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.RotationUnknownException.Reason;
import io.github.accesstokens.api.Credentials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever is answered, a call ends in one of its truths, soon, and reads little of what it gets.
 */
@Timeout(60)
final class HostileAnswerTest {
  private static final int HUGE = 64 << 20;
  // The client's bound, and what the two sockets hold.
  private static final int MOST_READ = 12 << 20;
  private static final Duration CALL_TIMEOUT = Duration.ofMillis(1500);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String GZIP = JSON + "Content-Encoding: gzip\r\n";
  private static final String GOOD =
      "{\"errors\":[{\"code\":1001,\"message\":\"an error\"}],"
          + "\"messages\":[{\"code\":1000,\"message\":\"a message\","
          + "\"documentation_url\":\"https://example.com/\",\"source\":{\"pointer\":\"/a\"}}],"
          + "\"success\":true,\"result\":{\"id\":\"an-id\",\"client_id\":\"an-id.access\","
          + "\"client_secret\":\"new-secret\",\"created_at\":\"2024-01-01T05:20:00.12345Z\","
          + "\"duration\":\"8760h\",\"name\":\"CI\",\"updated_at\":\"2024-01-01T05:20:00.12345Z\"}}";
  private static final String FAILURE =
      "{\"errors\":[{\"code\":1000,\"message\":\"no\"}],\"messages\":[],\"success\":false,"
          + "\"result\":null}";

  /** What a call told, how long that took, and how much the provider could send. */
  private record Outcome(Object truth, Duration time, long sent) {}

  private static Outcome rotate(RawProvider.Script script, AtomicLong sent) {
    try (RawProvider provider = RawProvider.start(script)) {
      OkHttpClient logged =
          new OkHttpClient.Builder()
              .addNetworkInterceptor(LoggingInterceptor.bodies(line -> {}))
              .build();
      AccessTokensClient client =
          AccessTokensClient.builder()
              .credentials(Credentials.apiToken("my-api-token"))
              .baseUrl(provider.baseUrl())
              .httpClient(logged)
              .callTimeout(CALL_TIMEOUT)
              .maxRetries(0)
              .build();
      long start = System.nanoTime();
      Object truth = truth(client);
      return new Outcome(truth, Duration.ofNanos(System.nanoTime() - start), sent.get());
    }
  }

  /** The reason, or "rotated"; anything else that is thrown is returned as it is. */
  private static Object truth(AccessTokensClient client) {
    try {
      Rotated rotated = client.rotate("an-account", "a-token");
      String secret = rotated.getClientSecret();
      return secret.equals("new-secret") ? "rotated" : "rotated, but a wrong secret: " + secret;
    } catch (RotationNotAppliedException e) {
      return e.getReason();
    } catch (RotationUnknownException e) {
      return e.getReason();
    } catch (Throwable e) {
      return e;
    }
  }

  private static Outcome rotate(byte[] answer) {
    return rotate((path, out) -> out.write(answer), new AtomicLong());
  }

  /** The same bytes over and over, after a head. */
  private static Outcome flood(String head, byte[] unit, int length) {
    AtomicLong sent = new AtomicLong();
    return rotate(
        (path, out) -> {
          out.write(head.getBytes(ISO_8859_1));
          while (sent.get() < length) {
            out.write(unit);
            sent.addAndGet(unit.length);
          }
        },
        sent);
  }

  private static byte[] filled(int length, char with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  @Test
  void floodIsReadToItsBoundAlone() {
    byte[] unit = filled(1 << 16, ' ');
    String ok = "HTTP/1.1 200 OK\r\n";
    String length = "Content-Length: " + HUGE + "\r\n\r\n";
    byte[] chunk = new byte[unit.length + 8];
    Arrays.fill(chunk, (byte) ' ');
    System.arraycopy("FFFE\r\n".getBytes(ISO_8859_1), 0, chunk, 0, 6);
    System.arraycopy("\r\n".getBytes(ISO_8859_1), 0, chunk, 6 + 0xfffe, 2);
    // A header of the format that a name follows, which ends with a zero byte.
    String gzipWithName = "\u001f\u008b\u0008\u0008\0\0\0\0\0\0";
    String gzip = ok + GZIP;
    byte[] a = filled(1 << 16, 'a');

    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    outcomes.put("length", flood(ok + JSON + length, unit, HUGE));
    outcomes.put(
        "chunked",
        flood(
            ok + JSON + "Transfer-Encoding: chunked\r\n\r\n",
            Arrays.copyOf(chunk, 6 + 0xfffe + 2),
            HUGE));
    outcomes.put("to the end", flood(ok + JSON + "\r\n", unit, HUGE));
    outcomes.put("refusal", flood("HTTP/1.1 500 X\r\n" + JSON + "\r\n", unit, HUGE));
    outcomes.put("string", flood(ok + JSON + "\r\n{\"errors\":[{\"message\":\"", a, HUGE));
    outcomes.put("name of a gzip", flood(gzip + "\r\n" + gzipWithName, a, HUGE));
    outcomes.put("header", flood(ok + "X-Long: ", a, HUGE));
    outcomes.put("status line", flood("HTTP/1.1 200 ", a, HUGE));
    outcomes.put("headers", flood(ok, "X-Short: 1\r\n".repeat(5000).getBytes(ISO_8859_1), HUGE));
    outcomes.put(
        "interim answers",
        flood("", "HTTP/1.1 102 X\r\n\r\n".repeat(3000).getBytes(ISO_8859_1), HUGE));
    assertThat(outcomes)
        .allSatisfy(
            (name, outcome) -> {
              assertThat(outcome.truth()).isInstanceOf(Reason.class);
              assertThat(outcome.time()).isLessThan(LONGEST);
              assertThat(outcome.sent()).isLessThan(MOST_READ);
            });
    assertThat(Objects.requireNonNull(outcomes.get("length")).truth()).isEqualTo(Reason.TOO_LARGE);
    assertThat(Objects.requireNonNull(outcomes.get("chunked")).truth()).isEqualTo(Reason.TOO_LARGE);
    assertThat(Objects.requireNonNull(outcomes.get("refusal")).truth()).isEqualTo(Reason.STATUS);
  }

  @Test
  void sizeOfAChunkThatDoesNotEndEndsWithTheCall() {
    // How far its line is read is OkHttp's affair: no bound but the time.
    String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    Outcome outcome = flood(chunked, filled(1 << 12, '0'), 1 << 20);
    assertThat(outcome.truth()).isEqualTo(Reason.TRUNCATED);
    assertThat(outcome.time()).isLessThan(LONGEST);
  }

  @Test
  void bombIsReadToItsBoundAlone() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bomb)) {
      for (int i = 0; i < HUGE; i += 1 << 16) {
        gzip.write(new byte[1 << 16]);
      }
    }
    Outcome outcome = rotate(answer("200 OK", GZIP, bomb.toByteArray()));
    assertThat(outcome.truth()).isEqualTo(Reason.TOO_LARGE);
    assertThat(outcome.time()).isLessThan(LONGEST);
  }

  @Test
  void dripsEndWithTheCall() throws Exception {
    Map<String, String> starts = new LinkedHashMap<>();
    starts.put("nothing", "");
    starts.put("status line", "HTTP/1.1 2");
    starts.put("headers", "HTTP/1.1 200 OK\r\nX-Slow: ");
    starts.put("body", "HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n");
    starts.put("chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    starts.put("chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFF\r\n");
    starts.put("gzip", "HTTP/1.1 200 OK\r\n" + GZIP + "\r\n\u001f\u008b\u0008\u0008\0\0\0\0\0\0");
    CountDownLatch end = new CountDownLatch(1);
    List<Callable<Outcome>> calls = new ArrayList<>();
    for (String start : starts.values()) {
      calls.add(
          () ->
              rotate(
                  (path, out) -> {
                    out.write(start.getBytes(ISO_8859_1));
                    // Until the client has gone.
                    for (int i = 0; i < 1000 && !end.await(20, TimeUnit.MILLISECONDS); i++) {
                      out.write(start.startsWith("HTTP") ? '0' : ' ');
                      out.flush();
                    }
                  },
                  new AtomicLong()));
    }
    for (Outcome outcome : inParallel(calls)) {
      assertThat(outcome.truth()).isIn(Reason.TIMEOUT, Reason.TRUNCATED);
      assertThat(outcome.time()).isLessThan(LONGEST);
    }
    end.countDown();
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

  @Test
  void whatIsHardToReadIsReadQuickly() throws Exception {
    Map<String, String> documents = new LinkedHashMap<>();
    documents.put("arrays", "[".repeat(100_000));
    documents.put("closed arrays", "[".repeat(100_000) + "]".repeat(100_000));
    documents.put("objects", "{\"a\":".repeat(100_000));
    documents.put("arrays within", GOOD.replace("\"CI\"", "[".repeat(100_000)));
    documents.put("arrays beside", GOOD.replace("\"CI\"", "\"CI\",\"x\":" + "[".repeat(100_000)));
    documents.put("arrays of a failure", FAILURE.replace("null", "{\"x\":" + "[".repeat(100_000)));
    documents.put("digits", GOOD.replace("1001", "1".repeat(1_000_000)));
    documents.put("digits beside", GOOD.replace("\"CI\"", "\"CI\",\"x\":" + "1".repeat(1_000_000)));
    documents.put("exponent", GOOD.replace("1001", "1e999999999"));
    documents.put(
        "exponent beside", GOOD.replace("\"CI\"", "\"CI\",\"x\":[1e999999999,-1E-999999999]"));
    documents.put("escapes", GOOD.replace("an error", "\\u00e9".repeat(150_000)));
    documents.put("message", GOOD.replace("an error", "\\n".repeat(500_000)));
    documents.put(
        "errors",
        GOOD.replace(
            "\"errors\":[", "\"errors\":[" + "{\"code\":1001,\"message\":\"x\"},".repeat(30_000)));
    StringBuilder secrets = new StringBuilder();
    for (int i = 0; i < 60_000; i++) {
      secrets.append("\"").append(i).append("\",");
    }
    documents.put(
        "secrets",
        "{\"client_secret\":[" + secrets + "\"\"],\"x\":[" + secrets.toString() + "\"\"]}");
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < 60_000; i++) {
      names.append("\"").append(i).append("\":1,");
    }
    documents.put("names", GOOD.replace("\"name\"", names + "\"name\""));
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    for (Map.Entry<String, String> document : documents.entrySet()) {
      outcomes.put(
          document.getKey(), rotate(answer("200 OK", JSON, document.getValue().getBytes(UTF_8))));
    }
    assertThat(outcomes)
        .allSatisfy(
            (name, outcome) -> {
              assertThat(outcome.truth()).isNotInstanceOf(Throwable.class);
              assertThat(outcome.time()).isLessThan(LONGEST);
            });
  }

  /** Documents that are nearly right. */
  private static List<byte[]> corpus() throws IOException {
    List<String> texts = new ArrayList<>();
    for (int length = 0; length < GOOD.length(); length++) {
      texts.add(GOOD.substring(0, length));
    }
    String[] values = {
      "null",
      "true",
      "false",
      "0",
      "-0",
      "1.5",
      "1e400",
      "-1e-400",
      "99999999999999999999",
      "2147483648",
      "NaN",
      "Infinity",
      "-Infinity",
      "nul",
      "tru",
      "'a'",
      "a",
      "\"",
      "\"\"",
      "\"\\ud800\"",
      "\"\\udc00\\ud800\"",
      "\"\\u0000\"",
      "\"\\x\"",
      "\"\\u12\"",
      "\"\u0000\"",
      "\"\n\"",
      "[]",
      "[null]",
      "[[]]",
      "[1]",
      "[{}]",
      "[{\"code\":1}]",
      "[,]",
      "[1,]",
      "{}",
      "{\"a\":1}",
      "{\"a\":1,\"a\":2}",
      "{a:1}",
      "{\"a\"}",
      "{\"a\":}",
      "{,}",
      "",
      ",",
      ":",
      "]",
      "}",
      "/**/",
      "//",
      "#",
      "01",
      "+1",
      ".5",
      "1.",
      "1e",
      "0x1",
      "\"2024-01-01\"",
      "\"2024-13-01T00:00:00Z\"",
      "\"9999999-01-01T00:00:00Z\"",
      "\"2024-01-01T00:00:00+99:00\""
    };
    for (String property :
        List.of(
            "\"errors\":[{\"code\":1001,\"message\":\"an error\"}]",
            "\"code\":1000",
            "\"message\":\"a message\"",
            "\"documentation_url\":\"https://example.com/\"",
            "\"source\":{\"pointer\":\"/a\"}",
            "\"pointer\":\"/a\"",
            "\"success\":true",
            "\"id\":\"an-id\"",
            "\"client_id\":\"an-id.access\"",
            "\"client_secret\":\"new-secret\"",
            "\"created_at\":\"2024-01-01T05:20:00.12345Z\"",
            "\"duration\":\"8760h\"",
            "\"name\":\"CI\"")) {
      String name = property.substring(0, property.indexOf(':') + 1);
      assertThat(GOOD).contains(property);
      for (String value : values) {
        texts.add(GOOD.replace(property, name + value));
      }
      texts.add(GOOD.replace(property, property + "," + property));
      texts.add(GOOD.replace(property, "\"x\":1"));
      texts.add(GOOD.replace(property, property + ","));
      texts.add(GOOD.replace(property, property.replace(':', ' ')));
    }
    for (String value : values) {
      texts.add(value);
      texts.add(value + GOOD);
      texts.add(GOOD + value);
      texts.add(FAILURE.replace("null", value));
    }
    texts.add("\ufeff" + GOOD);
    texts.add(GOOD + GOOD);
    texts.add(GOOD + "\n" + FAILURE);
    texts.add(")]}'\n" + GOOD);
    texts.add(GOOD.replace("\"", "'"));
    texts.add("{\"a\":".repeat(254) + "1" + "}".repeat(254));
    texts.add("{\"a\":".repeat(260) + "1" + "}".repeat(260));
    List<byte[]> corpus = new ArrayList<>();
    texts.forEach(text -> corpus.add(text.getBytes(UTF_8)));
    corpus.add(GOOD.getBytes(UTF_16));
    for (int bad : new int[] {0x00, 0x80, 0xc0, 0xed, 0xf8, 0xff}) {
      for (String place : List.of("{", "errors", "an-id", "new-secret", "CI", "}")) {
        byte[] bytes = GOOD.getBytes(ISO_8859_1);
        bytes[GOOD.indexOf(place) + 1] = (byte) bad;
        corpus.add(bytes);
      }
    }
    return corpus;
  }

  @Test
  void malformedDocumentsEndInATruth() throws Exception {
    List<byte[]> corpus = corpus();
    List<Callable<Object>> calls = new ArrayList<>();
    // One provider for all, which finds its answer by the account.
    try (RawProvider provider =
        RawProvider.start(
            (path, out) -> {
              String[] asked = path.split("/", 4)[2].split("-", 3);
              byte[] body = corpus.get(Integer.parseInt(asked[1]));
              if (asked[2].equals("gzip")) {
                ByteArrayOutputStream zipped = new ByteArrayOutputStream();
                try (OutputStream gzip = new GZIPOutputStream(zipped)) {
                  gzip.write(body);
                }
                body = zipped.toByteArray();
              }
              out.write(answer(asked[0] + " X", asked[2].equals("gzip") ? GZIP : JSON, body));
            })) {
      AccessTokensClient client =
          AccessTokensClient.builder()
              .credentials(Credentials.apiToken("my-api-token"))
              .baseUrl(provider.baseUrl())
              .callTimeout(Duration.ofSeconds(20))
              .httpClient(
                  new OkHttpClient.Builder()
                      .addInterceptor(LoggingInterceptor.bodies(line -> {}))
                      .build())
              .maxRetries(0)
              .build();
      for (int i = 0; i < corpus.size(); i++) {
        for (String kind : List.of("200-%d-plain", "403-%d-gzip")) {
          String account = kind.formatted(i);
          calls.add(() -> told(client, account));
        }
      }
      assertThat(inParallel(calls)).filteredOn(told -> !told.equals("fits")).isEmpty();
      assertThat(provider.requests()).isEqualTo(calls.size());
    }
  }

  /** "fits" if what was told fits the status, and no secret is wrong. */
  private static Object told(AccessTokensClient client, String account) {
    Throwable failure = catchThrowable(() -> client.rotate(account, "a-token").getClientSecret());
    String fits = "fits";
    if (failure == null) {
      return account.startsWith("200") ? fits : account + ": rotated";
    }
    if (failure instanceof RotationNotAppliedException notApplied) {
      return account.startsWith("403") && notApplied.getStatus() == 403
          ? fits
          : account + ": " + failure;
    }
    return failure instanceof RotationUnknownException unknown && unknown.getStatus() > 0
        ? fits
        : account + ": " + failure;
  }

  @Test
  void wrongHeadersEndInATruth() throws Exception {
    byte[] good = GOOD.getBytes(UTF_8);
    Map<String, Object> expected = new LinkedHashMap<>();
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
      // A secret that came is current, whatever it is called.
      expected.put("Content-Type: " + type + "\r\n", "rotated");
    }
    expected.put("Content-Length: -1\r\n", "rotated");
    expected.put("Content-Length: -9223372036854775809\r\n", "rotated");
    expected.put("Content-Length: 99999999999999999999\r\n", "rotated");
    expected.put("Content-Length: 9223372036854775807\r\n", "rotated");
    expected.put("Content-Length: " + (good.length + 1) + "\r\n", "rotated");
    expected.put("Content-Length: " + (good.length - 1) + "\r\n", Reason.MALFORMED);
    expected.put("Content-Length: 0\r\n", Reason.EMPTY);
    expected.put("Content-Length: \r\n", "rotated");
    expected.put("Content-Length: 5\r\nContent-Length: " + good.length + "\r\n", "rotated");
    expected.put("Transfer-Encoding: chunked\r\n", Reason.TRUNCATED);
    expected.put("Transfer-Encoding: nonsense\r\n", "rotated");
    expected.put("Content-Encoding: gzip\r\n", Reason.TRUNCATED);
    expected.put("Content-Encoding: br\r\n", "rotated");
    expected.put("Content-Encoding: gzip, gzip\r\n", "rotated");
    expected.put(": \r\n", "rotated");
    expected.put("no colon\r\n", "rotated");
    expected.put("\u00e9: \u00ff\r\n", "rotated");
    expected.put("Retry-After: 99999999999999999999999999\r\n", "rotated");
    expected.put("Set-Cookie: \u0000=;;;\r\n", "rotated");
    Map<String, Object> truths = new LinkedHashMap<>();
    for (String headers : expected.keySet()) {
      truths.put(headers, rotate(answer("200 OK", headers, good)).truth());
    }
    assertThat(truths).isEqualTo(expected);

    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(good);
    }
    for (int damaged = 0; damaged < zipped.size(); damaged++) {
      byte[] bytes = zipped.toByteArray();
      bytes[damaged] ^= 0x55;
      assertThat(rotate(answer("200 OK", GZIP, bytes)).truth())
          .isIn("rotated", Reason.TRUNCATED, Reason.MALFORMED);
    }
  }
}
