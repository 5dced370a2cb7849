package io.github.accesstokens.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import okhttp3.Protocol;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.SocketPolicy;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class UpstreamCommandTest {
  private static final HeldCertificate LOCALHOST =
      new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
  private static final String DESCRIPTION = "service-tokens.yaml";
  private static final String EXTRACT = "upstream/service-tokens.yaml";

  @TempDir Path openapi;
  private final StringWriter errors = new StringWriter();
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private Duration timeout = Duration.ofMinutes(1);
  private String document = "";

  @BeforeEach
  void copyDescription() throws IOException {
    Files.createDirectory(openapi.resolve("upstream"));
    for (String file : List.of(DESCRIPTION, EXTRACT, "upstream/differences.yaml")) {
      Files.copy(Path.of(file), openapi.resolve(file));
    }
    document = Files.readString(openapi.resolve(EXTRACT));
  }

  private int run(String... arguments) {
    HandshakeCertificates trusted =
        new HandshakeCertificates.Builder().addTrustedCertificate(LOCALHOST.certificate()).build();
    HttpClient http = HttpClient.newBuilder().sslContext(trusted.sslContext()).build();
    CommandLine command =
        UpstreamCommand.commandLine(
            new UpstreamCommand(openapi, http, timeout, new PrintStream(output, true, UTF_8)));
    return command.setErr(new PrintWriter(errors)).execute(arguments);
  }

  private String write(String text) throws IOException {
    return Files.writeString(openapi.resolve("document"), text).toString();
  }

  private static String unescaped(String cell) {
    return cell.replace("\\n", "\n");
  }

  private String printed() {
    return output.toString(UTF_8);
  }

  private static MockWebServer https() {
    MockWebServer server = new MockWebServer();
    server.setProtocols(List.of(Protocol.HTTP_1_1));
    server.useHttps(
        new HandshakeCertificates.Builder().heldCertificate(LOCALHOST).build().sslSocketFactory(),
        false);
    return server;
  }

  // ---- compare

  @Test
  void sameDocument_hasOnlyDeliberateDifferences() throws IOException {
    assertThat(run("compare", write(document))).isZero();
    assertThat(printed()).contains("deliberate").endsWith("SAME\n");
  }

  @Test
  void renamedProperty_isOneLostAndOneNew() throws IOException {
    String more =
        document.replace("access_enabled:", "access_enabled: {type: boolean}\n    access_unused:");
    more = more.replace("                enabled:", "                suspended:");

    assertThat(run("compare", write(more))).isEqualTo(11);
    assertThat(printed())
        .containsPattern(
            "ServiceToken/properties/enabled +\\{\"type\":\"boolean\"} +nothing +yes +no")
        .containsPattern(
            "ServiceToken/properties/suspended +nothing +\\{\"type\":\"boolean\"} +no");
  }

  @Test
  void otherType_isBreaking() throws IOException {
    assertThat(run("compare", write(document.replace("maxLength: 32", "maxLength: 16"))))
        .isEqualTo(11);
    assertThat(printed())
        .containsPattern("rotateServiceToken/parameters/account_id/schema/maxLength +32 +16 +yes");
  }

  @Test
  void deliberateDifferenceThatIsGone_isReported() throws IOException {
    assertThat(run("compare", write(document.replace("uniqueItems: true", "minProperties: 0"))))
        .isEqualTo(10);
    assertThat(printed()).contains("differences.yaml lists /components/schemas/EnvelopeMessage");
  }

  @Test
  void json_hasNodesAndReasons() throws IOException {
    run("compare", "--json", write(document));

    JsonNode json = JsonMapper.shared().readTree(printed());
    assertThat(json.path("verdict").asString()).isEqualTo("SAME");
    assertThat(json.path("differences"))
        .allSatisfy(difference -> assertThat(difference.path("reason").asString()).isNotBlank())
        .hasSizeGreaterThan(5);
  }

  @Test
  void gzipAndJson_areRead() throws IOException {
    Path zipped = openapi.resolve("document.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(DescriptionEditor.YAML.readTree(document).toString().getBytes(UTF_8));
    }

    assertThat(run("compare", zipped.toString())).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          maxLength: 36 | { maxLength | 21
          openapi: 3.0.3 | x: [[[[[[[[[[ | 21
          openapi: 3.0.3 | openapi: 3.0.3\\nopenapi: 3.0.3 | 21
          openapi: 3.0.3 | openapi: 2.0 | 22
          - api_email: []\\n | - gone: []\\n | 23
          - api_email: []\\n          api_key: []\\n          api_token: []\\n | '  a: []\\n' | 22
          paths: | pathes: | 22
          post: | put: | 12
          /rotate: | /rotated: | 12
          access_uuid: | access_other: | 23
          access_timestamp:\\n      type: string | access_timestamp:\\n      $ref: '#/components/schemas/access_timestamp' | 24
          """)
  void documentThatCannotBeUsed_hasAnExitCodeOfItsOwn(String before, String after, int exitCode)
      throws IOException {
    String broken = document.replace(unescaped(before), unescaped(after));

    assertThat(run("compare", write(broken))).isEqualTo(exitCode);
    assertThat(errors.toString()).isNotBlank().hasLineCount(1);
    assertThat(printed()).isEmpty();
  }

  @Test
  void cutOffDocument_isMalformedOrLacksSomething() throws IOException {
    String json = DescriptionEditor.YAML.readTree(document).toString();
    assertThat(run("compare", write(json.substring(0, json.length() / 2)))).isEqualTo(21);
    Path zipped = openapi.resolve("cut.gz");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(json.getBytes(UTF_8));
    }
    Files.write(zipped, Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
    assertThat(run("compare", zipped.toString())).isEqualTo(21);
    assertThat(run("compare", openapi.resolve("none").toString())).isEqualTo(20);
  }

  @Test
  void otherEncoding_isRefused() throws IOException {
    Path file = openapi.resolve("document");
    Files.write(file, document.replace("Shapes", "Sh\u00e4pes").getBytes(ISO_8859_1));
    assertThat(run("compare", file.toString())).isEqualTo(21);
    assertThat(errors.toString()).contains("is not UTF-8");
  }

  @Test
  void aliases_areRead() throws IOException {
    String alias = document.replace("maxLength: 32", "maxLength: &len 32");
    assertThat(run("compare", write(alias.replace("maxLength: 36", "maxLength: *len"))))
        .isEqualTo(11);
    assertThat(printed()).containsPattern("service_token_id/schema/maxLength +36 +32 +yes");
  }

  @Test
  void deepOrDoubledJson_isMalformed() throws IOException {
    assertThat(run("compare", write("a: " + "[".repeat(20_000)))).isEqualTo(21);
    assertThat(run("compare", write("{\"openapi\":\"3.0.3\",\"openapi\":\"3.0.3\"}")))
        .isEqualTo(21);
    assertThat(errors.toString()).hasLineCount(2);
  }

  @Test
  void aliasesWithoutAnEnd_areMalformed() throws IOException {
    StringBuilder doubled = new StringBuilder("x-0: &a0 [1]\n");
    for (int i = 1; i <= 40; i++) {
      doubled.append("x-%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(run("compare", write(doubled + document))).isEqualTo(21);
    assertThat(run("compare", write("x-0: &a [*a]\n" + document))).isEqualTo(21);
    assertThat(errors.toString()).hasLineCount(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          service-tokens.yaml           | hello         | 22
          service-tokens.yaml           | a: [          | 21
          upstream/differences.yaml     | a: [          | 21
          upstream/differences.yaml     | - {place: a}  | 21
          """)
  void ownFileThatCannotBeUsed_isNamed(String file, String text, int exitCode) throws IOException {
    Files.writeString(openapi.resolve(file), text);

    assertThat(run("compare", write(document))).isEqualTo(exitCode);
    assertThat(errors.toString()).hasLineCount(1);
    Files.delete(openapi.resolve(file));
    assertThat(run("compare", write(document))).isEqualTo(20);
    assertThat(errors.toString()).contains(file, "is missing");
  }

  @Test
  void credentialsInAUrl_areNotShown() throws IOException {
    try (MockWebServer server = https()) {
      server.enqueue(new MockResponse().setResponseCode(404));
      server.enqueue(new MockResponse().setBody(document));
      String url = server.url("/openapi.yaml?token=S3CRET").toString();

      assertThat(run("compare", url)).isEqualTo(32);
      assertThat(run("adopt", url)).isZero();
      assertThat(errors.toString()).contains("/openapi.yaml").doesNotContain("S3CRET");
      assertThat(Files.readString(openapi.resolve(EXTRACT))).doesNotContain("S3CRET");
    }
  }

  // ---- URLs

  @Test
  void https_isRead() throws IOException {
    try (MockWebServer server = https()) {
      server.enqueue(new MockResponse().setBody(document));

      assertThat(run("compare", server.url("/openapi.yaml").toString())).isZero();
    }
  }

  @Test
  void redirect_isNotFollowed() throws IOException {
    try (MockWebServer server = https()) {
      server.enqueue(
          new MockResponse().setResponseCode(302).setHeader("Location", "https://example.com/a"));

      assertThat(run("compare", server.url("/").toString())).isEqualTo(31);
      assertThat(errors.toString()).contains("redirects to https://example.com/a");
    }
  }

  @Test
  void plainHttp_isRefused() throws IOException {
    try (MockWebServer server = new MockWebServer()) {
      assertThat(run("compare", server.url("/").toString())).isEqualTo(30);
      assertThat(server.getRequestCount()).isZero();
    }
  }

  @Test
  void noResponse_isReported() throws IOException {
    String url;
    try (MockWebServer server = https()) {
      server.enqueue(new MockResponse().setResponseCode(404));
      url = server.url("/").toString();

      assertThat(run("compare", url)).isEqualTo(32);
      assertThat(errors.toString()).contains("has the status 404");
    }
    assertThat(run("compare", url)).isEqualTo(32);
    assertThat(errors.toString()).contains("does not respond");
  }

  @Test
  void documentThatStalls_isGivenUp() throws IOException {
    timeout = Duration.ofMillis(500);
    try (MockWebServer server = https()) {
      server.enqueue(
          new MockResponse().setBody(document).setSocketPolicy(SocketPolicy.NO_RESPONSE));
      server.enqueue(
          new MockResponse().setBody(document).throttleBody(500, 200, TimeUnit.MILLISECONDS));
      String url = server.url("/").toString();

      assertThat(run("compare", url)).isEqualTo(32);
      assertThat(run("compare", url)).isEqualTo(32);
      assertThat(errors.toString()).contains("is not there after");
    }
  }

  // ---- adopt

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          result:\\n              type: object\\n              properties:\\n | result:\\n              type: object\\n              properties:\\n                suspended:\\n                  type: boolean\\n | /components/schemas/ServiceToken/properties/suspended
          maxLength: 36 | maxLength: 40 | rotateServiceToken/parameters/service_token_id/schema/maxLength
          default: 8760h | deprecated: true | /components/schemas/ServiceToken/properties/duration/default
          minimum: 1000 | minimum: 0 | /components/schemas/EnvelopeMessage/properties/code/minimum
          - message\\n | - message\\n          - source\\n | /components/schemas/EnvelopeMessage/required/source
          - code\\n | | /components/schemas/EnvelopeMessage/required/code
          x-sensitive: true | maxLength: 99 | /components/schemas/ServiceToken/properties/client_secret/format
          type: string\\n      format: date-time\\n    access_updated_at | type: string\\n    access_updated_at | /components/schemas/ServiceToken/properties/created_at/format
          """)
  void adoptedPlace_isNoLongerDifferent(String before, String after, String place)
      throws IOException {
    String theirs = document.replace(unescaped(before), after == null ? "" : unescaped(after));
    List<String> lines = Files.readAllLines(openapi.resolve(DESCRIPTION));
    run("compare", write(theirs));
    int rows = output.toString(UTF_8).split("\n", -1).length;
    assertThat(printed()).contains(place);
    output.reset();

    assertThat(run("adopt", write(theirs), place)).as(errors.toString()).isZero();

    output.reset();
    run("compare", write(theirs));
    assertThat(printed()).doesNotContain(place + " ").hasLineCount(rows - 2);
    List<String> now = Files.readAllLines(openapi.resolve(DESCRIPTION));
    lines.removeAll(now);
    assertThat(lines).as("changed lines").hasSizeLessThanOrEqualTo(2);
  }

  private String edited(String place, String value) {
    JsonNode root = DescriptionEditor.YAML.readTree(document);
    JsonPointer pointer = JsonPointer.compile(place.replace("S/", "/components/schemas/"));
    ((ObjectNode) root.at(pointer.head()))
        .set(pointer.last().getMatchingProperty(), DescriptionEditor.YAML.readTree(value));
    return root.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          S/access_name-2/x-sensitive | true | /components/schemas/ServiceToken/properties/name/format | format: password
          S/access_create_response/allOf/1/properties/result/properties/parameters | {type: string} | /components/schemas/ServiceToken/properties/parameters | parameters:
          S/access_name-2/enum | [a, b] | /components/schemas/ServiceToken/properties/name/enum | - a
          S/access_name-2/oneOf | [{type: string, format: password}] | /components/schemas/ServiceToken/properties/name/oneOf | - type: string
          S/access_create_response/allOf/1/properties/result/required | [id] | /components/schemas/ServiceToken/required | - id
          /paths/~1accounts~1{account_id}~1access~1service_tokens~1{service_token_id}~1rotate/post/responses/202 | {content: {text/plain: {schema: {type: string}}}} | rotateServiceToken/responses/202 | description: ""
          """)
  void adoptedPart_isWrittenAsOpenApi(String at, String value, String place, String written)
      throws IOException {
    String theirs = edited(at, value);

    assertThat(run("adopt", write(theirs), place)).as(errors.toString()).isZero();

    assertThat(Files.readString(openapi.resolve(DESCRIPTION))).contains(written);
    assertThat(run("compare", write(theirs))).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          S/access_name-2/default | [a] | /components/schemas/ServiceToken/properties/name/default
          S/access_create_response/allOf/1/properties/result/properties/all | {type: array, items: {$ref: '#/components/schemas/access_create_response'}} | /components/schemas/ServiceToken/properties/all
          """)
  void partWithoutAFormInYaml_isRefused(String at, String value, String place) throws IOException {
    assertThat(run("adopt", write(edited(at, value)), place)).isEqualTo(40);
    assertThat(errors.toString()).contains(place, "by hand");
    assertThat(openapi.resolve(EXTRACT)).hasContent(document);
  }

  @Test
  void commentAboveARemovedPlace_isRemoved() throws IOException {
    Path description = openapi.resolve(DESCRIPTION);
    String text = Files.readString(description);
    Files.writeString(
        description, text.replace("default: 8760h", "# A year\n          default: 8760h"));

    assertThat(run("adopt", "--all", write(document.replace("      default: 8760h\n", ""))))
        .isZero();

    assertThat(description).content().doesNotContain("8760h", "A year");
  }

  @Test
  void lineEnds_stay() throws IOException {
    Path description = openapi.resolve(DESCRIPTION);
    Files.writeString(description, Files.readString(description).replace("\n", "\r\n"));
    String theirs = document.replace("maxLength: 36", "maxLength: 40");

    assertThat(run("adopt", "--all", write(theirs))).as(errors.toString()).isZero();

    assertThat(Files.readString(description).replace("\r\n", "")).doesNotContain("\n");
  }

  @Test
  void fileThatCannotBeWritten_changesNothing() throws IOException {
    Files.createDirectory(openapi.resolve(DESCRIPTION + ".new"));

    assertThat(run("adopt", write(document.replace("36", "37")))).isEqualTo(41);

    assertThat(errors.toString()).endsWith("Nothing was changed.\n");
    assertThat(openapi.resolve(EXTRACT)).hasContent(document);
    assertThat(openapi.resolve("upstream")).isDirectoryNotContaining("glob:**.{new,old}");
  }

  @Test
  void allDifferences_areAdoptedButDeliberateOnesAreNot() throws IOException {
    String theirs =
        document
            .replace("maxLength: 36", "maxLength: 40")
            .replace("maxLength: 32", "maxLength: 33");

    assertThat(run("adopt", "--all", write(theirs))).as(errors.toString()).isZero();

    assertThat(run("compare", write(theirs))).isZero();
    assertThat(Files.readString(openapi.resolve(EXTRACT))).contains("maxLength: 33");
  }

  @ParameterizedTest
  @CsvSource({"/components/schemas/None", "/security/authorization bearer"})
  void placeThatCannotBeAdopted_changesNothing(String place) throws IOException {
    String before = Files.readString(openapi.resolve(DESCRIPTION));

    assertThat(run("adopt", write(document.replace("32", "33")), place)).isEqualTo(40);

    assertThat(errors.toString()).contains(place);
    assertThat(openapi.resolve(DESCRIPTION)).hasContent(before);
    assertThat(openapi.resolve(EXTRACT)).hasContent(document);
  }

  @Test
  void unreadableDocument_changesNothing() throws IOException {
    String before = Files.readString(openapi.resolve(DESCRIPTION));

    assertThat(run("adopt", "--all", write("openapi: 3.0.3"))).isEqualTo(22);

    assertThat(openapi.resolve(DESCRIPTION)).hasContent(before);
    assertThat(openapi.resolve(EXTRACT)).hasContent(document);
  }

  @Test
  void extract_hasNoProse() throws IOException {
    String prose =
        document
            .replace("access_enabled:", "access_enabled:\n      description: Somebody's sentence")
            .replace("      responses:\n", "      responses:\n        x-note: Somebody's note\n")
            .replace(
                "          content:\n            a",
                "          content:\n            x-note: Somebody's note\n            a")
            .replace("operationId", "summary: Somebody's title\n      operationId");

    assertThat(run("adopt", write(prose))).isZero();

    assertThat(Files.readString(openapi.resolve(EXTRACT))).doesNotContain("Somebody");
  }
}
