package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.samples.cli.Fixture.Run;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Objects;
import java.util.stream.Stream;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The provider is a host that only the proxy knows. */
@Timeout(120)
final class ProxyTest {
  private static final String PASSWORD = "hunter2-of-the-proxy";

  @AutoClose private final Fixture rotate = new Fixture();
  private final MockWebServer proxy = new MockWebServer();

  @BeforeEach
  void start() throws IOException {
    rotate.variables.put("CLOUDFLARE_BASE_URL", "https://api.example.test/client/v4/");
    proxy.start();
  }

  @AfterEach
  void stop() throws IOException {
    proxy.shutdown();
  }

  private String url(String userInfo) {
    return "http://" + userInfo + "127.0.0.1:" + proxy.getPort();
  }

  /** Tunnels the first request to an origin of this name, and returns its certificate. */
  private HeldCertificate tunnelTo(String host) {
    HeldCertificate certificate =
        new HeldCertificate.Builder().addSubjectAlternativeName(host).build();
    proxy.useHttps(
        new HandshakeCertificates.Builder().heldCertificate(certificate).build().sslSocketFactory(),
        true);
    proxy.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.UPGRADE_TO_SSL_AT_END));
    return certificate;
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTPS_PROXY", "https_proxy"})
  void proxyWithCredentials_tunnelsTheRotation(String variable, @TempDir Path directory)
      throws Exception {
    HeldCertificate certificate = tunnelTo("api.example.test");
    proxy.enqueue(
        new MockResponse()
            .setHeader("Content-Type", "application/json")
            .setBody(
                """
                {"success": true, "errors": [], "messages": [], "result": {"client_secret": "s"}}
                """));
    rotate.variables.put(variable, url("user:" + PASSWORD + "%21@"));

    Run run = runTrusting(certificate, directory);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(0);
    assertThat(run.err()).doesNotContain(PASSWORD);
    RecordedRequest connect = proxy.takeRequest();
    assertThat(connect.getRequestLine()).isEqualTo("CONNECT api.example.test:443 HTTP/1.1");
    assertThat(connect.getHeader("Proxy-Authorization"))
        .isEqualTo(Credentials.basic("user", PASSWORD + "!"));
    RecordedRequest rotation = proxy.takeRequest();
    assertThat(rotation.getPath()).endsWith("/rotate");
    assertThat(rotation.getHeader("Proxy-Authorization")).isNull();
  }

  @Test
  void dryRun_connectsThroughTheProxyAndSendsNoRequest(@TempDir Path directory) throws Exception {
    HeldCertificate certificate =
        new HeldCertificate.Builder().addSubjectAlternativeName("api.example.test").build();
    proxy.useHttps(
        new HandshakeCertificates.Builder().heldCertificate(certificate).build().sslSocketFactory(),
        true);
    proxy.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.UPGRADE_TO_SSL_AT_END));
    rotate.variables.put("HTTPS_PROXY", url("user:" + PASSWORD + "@"));

    Run run = runTrusting(certificate, directory, "--dry-run", "--json");

    run.assertOutcome(0, "{\"outcome\": \"ready\"}");
    assertThat(proxy.takeRequest().getMethod()).isEqualTo("CONNECT");
    assertThat(proxy.getRequestCount()).isEqualTo(1);
  }

  private Run runTrusting(HeldCertificate certificate, Path directory, String... options)
      throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("provider", certificate.certificate());
    Path store = directory.resolve("trusted");
    try (OutputStream out = Files.newOutputStream(store)) {
      trusted.store(out, "password".toCharArray());
    }
    try (Launcher launcher = new Launcher(directory, rotate.variables)) {
      return launcher
          .jvmOptions(
              "-Djavax.net.ssl.trustStore=" + store,
              "-Djavax.net.ssl.trustStorePassword=password",
              "-Djavax.net.ssl.trustStoreType=PKCS12")
          .start(
              Stream.concat(
                      Stream.of("--service-token-id=" + rotate.token.id(), "--revoke-now"),
                      Stream.of(options))
                  .toArray(String[]::new))
          .join();
    }
  }

  /** OkHttp asks the authenticator of the proxy for any 407, also for one of the origin. */
  @Test
  void originThatResponds407_doesNotGetTheCredentials() throws Exception {
    HeldCertificate certificate = tunnelTo("app.example.test");
    proxy.enqueue(
        new MockResponse()
            .setResponseCode(407)
            .setHeader("Proxy-Authenticate", "Basic realm=\"origin\""));
    proxy.enqueue(new MockResponse());
    HandshakeCertificates trusting =
        new HandshakeCertificates.Builder()
            .addTrustedCertificate(certificate.certificate())
            .build();
    rotate.variables.put("HTTPS_PROXY", url("user:" + PASSWORD + "@"));
    EnvironmentProxy environment =
        Objects.requireNonNull(EnvironmentProxy.of(rotate.environment(System.out, System.err)));
    OkHttpClient http =
        new OkHttpClient.Builder()
            .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
            .proxySelector(environment)
            .proxyAuthenticator(environment)
            .build();

    try (Response response = http.newCall(get("https://app.example.test/")).execute()) {
      assertThat(response.code()).isEqualTo(407);
    }

    assertThat(proxy.takeRequest().getHeader("Proxy-Authorization")).isNotNull();
    assertThat(proxy.takeRequest().getHeader("Proxy-Authorization")).isNull();
    assertThat(proxy.getRequestCount()).isEqualTo(2);
  }

  private static Request get(String url) {
    return new Request.Builder().url(url).build();
  }

  @Test
  void refusingProxy_meansNotRotated() {
    proxy.enqueue(new MockResponse().setResponseCode(407));
    rotate.variables.put("HTTPS_PROXY", url("user:" + PASSWORD + "@"));

    Run run = rotate.run("--retries=0", "--json");

    run.assertOutcome(1, "{\"reason\": \"not_sent\"}");
    assertThat(run.out() + run.err()).doesNotContain(PASSWORD);
    assertThat(proxy.getRequestCount()).isEqualTo(1);

    proxy.enqueue(new MockResponse().setResponseCode(407));
    rotate.run("--dry-run", "--retries=0", "--json").assertOutcome(1, "{\"reason\": \"not_sent\"}");
    assertThat(proxy.getRequestCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          api.example.test              | 0
          example.test                  | 0
          .example.test                 | 0
          other.test, API.example.test  | 0
          *                             | 0
          test.example                  | 1
          pi.example.test               | 1
          127.0.0.1                     | 1
          """)
  void noProxy_namesHostsAndDomains(String noProxy, int requests) {
    proxy.enqueue(new MockResponse().setResponseCode(403));
    rotate.variables.put("HTTPS_PROXY", url(""));
    rotate.variables.put("NO_PROXY", noProxy);

    assertThat(rotate.run("--retries=0").exitCode()).isEqualTo(1);

    assertThat(proxy.getRequestCount()).isEqualTo(requests);
  }

  @Test
  void httpOnLoopback_needsNoProxy() {
    rotate.variables.put("HTTPS_PROXY", url(""));
    rotate.variables.put("CLOUDFLARE_BASE_URL", rotate.provider.baseUrl());

    assertThat(rotate.run().exitCode()).isEqualTo(0);

    assertThat(proxy.getRequestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://user:hunter2@proxy:1", "socks5://user:hunter2@proxy", "http://"})
  void otherUrl_isRefusedAndNotShown(String url) {
    rotate.variables.put("HTTPS_PROXY", url);

    Run run = rotate.run();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).isEqualTo("rotate: HTTPS_PROXY is not an http URL of a proxy\n");
  }
}
