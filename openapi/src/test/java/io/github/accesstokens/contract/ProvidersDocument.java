package io.github.accesstokens.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The provider's document: JSON or YAML, with or without gzip.
 *
 * @param name the URL, or the name of the file
 * @param sha256 the hash of its bytes, in hexadecimal
 */
record ProvidersDocument(String name, String sha256, Spec spec) {
  private static final int MOST_BYTES = 64 << 20;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setSchema(new CoreSchema()).setCodePointLimit(MOST_BYTES).build();

  /**
   * Reads a document.
   *
   * @param source the path of a file, or a URL with https
   * @param timeout for the whole download
   * @throws UnreadableDocumentException if it cannot be read, or is no OpenAPI 3 document
   */
  static ProvidersDocument read(String source, HttpClient http, Duration timeout)
      throws InterruptedException {
    boolean url = source.matches("(?i)[a-z][a-z0-9+.-]+://.*");
    if (url) {
      String name = withoutSecrets(source);
      byte[] bytes = download(source, name, http, timeout);
      return new ProvidersDocument(name, sha256(bytes), parsed(name, unzipped(name, bytes)));
    }
    byte[] bytes = file(source);
    Path file = Path.of(source).getFileName();
    return new ProvidersDocument(
        String.valueOf(file), sha256(bytes), parsed(source, unzipped(source, bytes)));
  }

  /** A URL without what can be a credential. */
  private static String withoutSecrets(String url) {
    return url.replaceFirst("//[^/@]*@", "//").replaceFirst("[?#].*", "");
  }

  private static byte[] file(String source) {
    try {
      if (Files.isRegularFile(Path.of(source))) {
        return Files.readAllBytes(Path.of(source));
      }
      throw new UnreadableDocumentException(Verdict.NO_FILE, source + " is no file");
    } catch (IOException | InvalidPathException e) {
      throw new UnreadableDocumentException(
          Verdict.NO_FILE, source + " cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static byte[] download(String source, String name, HttpClient http, Duration timeout)
      throws InterruptedException {
    if (!source.regionMatches(true, 0, "https://", 0, 8)) {
      throw new UnreadableDocumentException(
          Verdict.NOT_HTTPS, name + " is not an https URL; anybody on the way could change it");
    }
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(source)).build();
      return http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
          .thenApplyAsync(response -> body(name, response))
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnreadableDocumentException unreadable) {
        throw unreadable;
      }
      throw new UnreadableDocumentException(
          Verdict.NO_RESPONSE, name + " does not respond: " + e.getCause());
    } catch (IllegalArgumentException e) {
      throw new UnreadableDocumentException(Verdict.NO_RESPONSE, name + " is not a URL");
    } catch (TimeoutException e) {
      throw new UnreadableDocumentException(
          Verdict.NO_RESPONSE, name + " is not there after " + timeout.toSeconds() + " s");
    }
  }

  private static byte[] body(String source, HttpResponse<InputStream> response) {
    int status = response.statusCode();
    try (InputStream body = response.body()) {
      if (status / 100 == 3) {
        throw new UnreadableDocumentException(
            Verdict.REDIRECTED,
            "%s redirects to %s; give that URL if you trust it"
                .formatted(
                    source,
                    withoutSecrets(response.headers().firstValue("Location").orElse("nowhere"))));
      }
      if (status != 200) {
        throw new UnreadableDocumentException(
            Verdict.NO_RESPONSE, source + " has the status " + status);
      }
      return atMost(source, body);
    } catch (IOException e) {
      throw new UnreadableDocumentException(
          Verdict.NO_RESPONSE, source + " stops in the middle: " + e.getMessage());
    }
  }

  private static byte[] unzipped(String source, byte[] bytes) {
    boolean gzip = bytes.length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
    if (!gzip) {
      return bytes;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return atMost(source, in);
    } catch (IOException e) {
      throw new UnreadableDocumentException(
          Verdict.MALFORMED, source + " is damaged or cut off: " + e.getMessage());
    }
  }

  private static byte[] atMost(String source, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new UnreadableDocumentException(
          Verdict.MALFORMED, source + " has more than " + (MOST_BYTES >> 20) + " MiB");
    }
    return bytes;
  }

  private static Spec parsed(String source, byte[] bytes) {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().stripLeading();
    } catch (CharacterCodingException e) {
      throw new UnreadableDocumentException(Verdict.MALFORMED, source + " is not UTF-8");
    }
    JsonNode root;
    try {
      // A parser of YAML reads JSON too, but many times slower.
      root = text.startsWith("{") ? JSON.readTree(text) : yaml(text);
    } catch (StackOverflowError e) {
      throw new UnreadableDocumentException(Verdict.MALFORMED, source + " is nested too deeply");
    } catch (JacksonException | YamlEngineException e) {
      String problem = UnreadableDocumentException.inOneLine(e);
      throw new UnreadableDocumentException(
          Verdict.MALFORMED, source + " is neither JSON nor YAML, or is cut off: " + problem);
    }
    if (!root.path("openapi").asString("").startsWith("3.") || !root.path("paths").isObject()) {
      throw new UnreadableDocumentException(
          Verdict.NOT_OPENAPI,
          source + " is not an OpenAPI 3 document: it needs openapi and paths");
    }
    return new Spec(root);
  }

  /** Jackson's own reader of YAML takes an alias for its name. */
  private static JsonNode yaml(String text) {
    Object document = new Load(SETTINGS).loadFromString(text);
    // Written once, because that finds an alias to what it is in.
    return JSON.readTree(JSON.writeValueAsBytes(document));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256", e);
    }
  }
}
