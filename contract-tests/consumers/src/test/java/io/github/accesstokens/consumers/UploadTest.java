package io.github.accesstokens.consumers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The upload of a release, to a server on loopback in place of Maven Central. */
final class UploadTest {
  private final List<String> requests = new CopyOnWriteArrayList<>();
  @TempDir private Path directory;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::respond);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void upload_sendsTheBundleForReview() throws Exception {
    upload("-Dproject.site=https://example.com/access-tokens");

    assertThat(requests).first().asString().contains("/upload?", "publishingType=USER_MANAGED");
    Path zip = Bundle.ROOT.resolve("target/central-publishing/central-bundle.zip");
    assertThat(Bundle.entries(zip))
        .containsExactlyInAnyOrderElementsOf(
            Bundle.files().stream()
                .map(file -> Bundle.DIRECTORY.relativize(file).toString())
                .toList());
  }

  @Test
  void placeholderOfTheAddress_isRefused() {
    assertThatThrownBy(() -> upload("-Dproject.site=https://access-tokens.example"))
        .hasMessageContaining("Set project.site in pom.xml");

    assertThat(requests).isEmpty();
  }

  private void upload(String site) throws Exception {
    Path settings =
        Files.writeString(
            directory.resolve("settings.xml"),
            """
            <settings>
              <servers>
                <server><id>central</id><username>user</username><password>word</password></server>
              </servers>
            </settings>
            """);
    Commands.run(
        Bundle.ROOT,
        Map.of("JAVA_HOME", System.getProperty("java.home")),
        List.of(
            System.getProperty("maven.home") + "/bin/mvn",
            "-q",
            "-B",
            "-N",
            "-Pupload",
            "-gs",
            settings.toString(),
            "-DcentralBaseUrl=http://localhost:" + server.getAddress().getPort(),
            site,
            "validate",
            "central-publishing:publish"));
  }

  private void respond(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    requests.add(exchange.getRequestURI().toString());
    byte[] response =
        (requests.size() == 1
                ? "28570f16-da32-4c14-bd2e-c1acc0782365"
                : "{\"deploymentState\": \"VALIDATED\"}")
            .getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(requests.size() == 1 ? 201 : 200, response.length);
    exchange.getResponseBody().write(response);
    exchange.close();
  }
}
