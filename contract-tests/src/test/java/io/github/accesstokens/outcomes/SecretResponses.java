package io.github.accesstokens.outcomes;

import static io.github.accesstokens.outcomes.RawProvider.response;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okio.Buffer;
import okio.GzipSink;

/** Responses that contain a secret or credentials somewhere, each with a name. */
final class SecretResponses {
  static final String JSON = "Content-Type: application/json\r\n";

  private final Map<String, byte[]> all = new LinkedHashMap<>();

  private SecretResponses() {}

  /** An envelope that repeats a text in every place meant for people. */
  static String envelope(boolean success, String echo, String result) {
    String entries =
        """
        [{"code":1000,"message":"you said %1$s",\
        "documentation_url":"https://example.com/?%1$s","source":{"pointer":"/%1$s"}}]"""
            .formatted(echo);
    return """
        {"errors":%1$s,"messages":%1$s,"success":%2$s,"result":%3$s}"""
        .formatted(entries, success, result);
  }

  static String result(String secret) {
    return """
        {"id":"an-id","client_id":"an-id.access","client_secret":"%s","name":"CI"}"""
        .formatted(secret);
  }

  /** The success that rotates to this secret. */
  static byte[] rotated(String secret) {
    return response("200 OK", JSON, envelope(true, "", result(secret)).getBytes(UTF_8));
  }

  /** Responses with the new secret, which also repeat the credentials of the request. */
  static Map<String, byte[]> with(String secret, String credentials) throws IOException {
    SecretResponses responses = new SecretResponses();
    responses.addStatuses(secret, credentials);
    responses.addHeaders(secret, credentials);
    responses.addMalformedDocuments(secret, credentials);
    responses.addMalformedHttp(secret, credentials);
    return responses.all;
  }

  /** Responses where only the format of a text shows that it is a secret. */
  static Map<String, byte[]> withSecretElsewhere(String secret) {
    SecretResponses responses = new SecretResponses();
    for (String status : List.of("200 OK", "307 X", "403 X", "500 X")) {
      responses.add(status, JSON, envelope(false, secret, "null"));
      responses.add(status, JSON, envelope(true, secret, "null"));
      responses.add(status, JSON, envelope(false, "", "{\"secret\":\"" + secret + "\"}"));
      responses.add(status, JSON + "X-Secret: " + secret + "\r\n", "");
      responses.add(status, JSON + "cf-ray: " + secret + "\r\n", "");
      responses.add(status, JSON + secret + ": 1\r\n", "");
      responses.add(status, JSON, "{\"" + secret + "\":1}");
      responses.add(status, JSON, "\"" + secret + "\"");
    }
    return responses.all;
  }

  private void add(String status, String headers, String body) {
    String name = all.size() + ": " + status + ' ' + headers.trim();
    // A name with a secret would be a leak by itself.
    all.put(name.replace(LeakTest.MARK, "*"), response(status, headers, body.getBytes(UTF_8)));
  }

  private void addStatuses(String secret, String credentials) {
    String both = secret + ' ' + credentials;
    for (String status : List.of("200 OK", "204 OK", "308 X", "403 X", "408 X", "429 X", "500 X")) {
      add(status, JSON, envelope(true, "", result(secret)));
      add(status, JSON, envelope(true, both, result(secret)));
      add(status, JSON, envelope(false, both, result(secret)));
      add(status, JSON, envelope(false, credentials, "null"));
      add(status, JSON, envelope(true, credentials, "null"));
      add(status, "Content-Type: text/html\r\n", "<p>" + both);
    }
  }

  private void addHeaders(String secret, String credentials) {
    String plain = envelope(true, "", result(secret));
    add("200 " + secret, JSON, plain);
    add("403 " + credentials, JSON, "");
    for (String header :
        List.of(
            "X-Secret: " + secret,
            "X-" + credentials + ": 1",
            secret + ": 1",
            "cf-ray: " + secret,
            "cf-ray: " + credentials,
            "Retry-After: " + secret,
            "Date: " + credentials,
            "Location: https://127.0.0.1/?" + secret + credentials,
            "Set-Cookie: a=" + secret,
            "Content-Type: " + secret,
            "Content-Type: text/plain; charset=" + credentials,
            "Content-Encoding: " + secret,
            "WWW-Authenticate: Basic realm=\"" + credentials + "\"",
            secret + credentials)) {
      for (String status : List.of("200 OK", "307 X", "401 X", "500 X")) {
        add(status, header + "\r\n", plain);
      }
    }
  }

  private void addMalformedDocuments(String secret, String credentials) {
    String plain = envelope(true, "", result(secret));
    String failure = envelope(false, secret + ' ' + credentials, result(secret));
    String name = "\"name\":\"CI\"";
    for (String body :
        List.of(
            plain.replace("\"an-id\"", "7"),
            failure.replace("\"an-id\"", "7"),
            plain.replace("\"" + secret, "[\"" + secret).replace("\",\"name", "\"],\"name"),
            envelope(true, secret, "{\"client_secret\":{\"" + secret + "\":1}}"),
            "{\"" + secret + "\":" + plain + "}",
            plain.replace(name, "\"" + secret + "\":1"),
            plain.replace(name, "\"client_secret\":\"" + secret + "\""),
            plain.replace(name, "\"created_at\":\"" + secret + "\""),
            plain.replace("1000", "\"" + secret + "\""),
            plain + secret,
            secret,
            "[" + plain + "]")) {
      add("200 OK", JSON, body);
    }
    add("403 X", JSON, failure.replace("\"an-id\"", "7"));
    add("403 X", JSON, envelope(false, secret, "{\"inner\":[" + result(secret) + "]}"));
    for (int length = plain.indexOf(secret); length < plain.length(); length += 12) {
      add("200 OK", JSON, plain.substring(0, length));
      add("200 OK", JSON + "Content-Length: 9999\r\n", plain.substring(0, length));
    }
  }

  private void addMalformedHttp(String secret, String credentials) throws IOException {
    String plain = envelope(true, "", result(secret));
    String chunked = JSON + "Transfer-Encoding: chunked\r\n";
    String chunk = Integer.toHexString(plain.length()) + "\r\n" + plain + "\r\n";
    add("200 OK", chunked, secret + "\r\n");
    add("200 OK", chunked, "5\r\n{\"a\":\r\n" + secret + "\r\n");
    add("200 OK", chunked, "5\r\n{\"a\":" + secret + "\r\n");
    add("200 OK", chunked, chunk + "0\r\nX-Secret: " + secret + "\r\n\r\n");
    add("200 OK", JSON + "Content-Length: " + secret + "\r\n", plain);
    add("200 OK", JSON + "Content-Encoding: gzip\r\n", plain);
    Map.of(
            "status line", secret + "\r\n\r\n",
            "status", "HTTP/1.1 " + secret + "\r\n\r\n",
            "version", "HTTP/" + secret + " 200 OK\r\n\r\n",
            "after 100", "HTTP/1.1 100 X\r\n\r\n" + secret + "\r\n\r\n",
            "no HTTP", plain + credentials)
        .forEach((name, bytes) -> all.put(name, bytes.getBytes(ISO_8859_1)));
    String echo = envelope(true, secret + ' ' + credentials, result(secret));
    Buffer gzip = new Buffer();
    try (GzipSink sink = new GzipSink(gzip)) {
      sink.write(new Buffer().writeUtf8(echo), echo.length());
    }
    byte[] zipped = gzip.readByteArray();
    byte[] truncated = Arrays.copyOf(zipped, zipped.length - 4);
    all.put("gzip", response("200 OK", "Content-Encoding: gzip\r\n", zipped));
    all.put("truncated gzip", response("200 OK", "Content-Encoding: gzip\r\n", truncated));
  }
}
