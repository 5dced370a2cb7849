package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.FileHandover;
import io.github.accesstokens.Handover;
import io.github.accesstokens.samples.cli.Fixture.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --dry-run} fails as a rotation would fail before it sends, and sends nothing. */
final class DryRunTest {
  @AutoClose private final Fixture rotate = new Fixture();
  @TempDir private Path directory;

  private Run dryRun(String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "--dry-run";
    arguments[1] = "--json";
    System.arraycopy(options, 0, arguments, 2, options.length);
    return rotate.run(arguments);
  }

  private void assertReady(Run run) {
    run.assertOutcome(
        0,
        "{\"outcome\": \"ready\", \"id\": \"%s\"}".formatted(rotate.token.id()),
        "Dry run: the provider got no request and no credential.",
        "Not checked: whether the provider accepts the credentials");
    assertThat(run.out() + run.err()).doesNotContain(Fixture.API_TOKEN);
  }

  private void assertNotReady(Run run, String reason, String problem) {
    run.assertOutcome(
        1, "{\"outcome\": \"not_applied\", \"reason\": \"%s\"}".formatted(reason), problem);
    assertThat(run.out() + run.err()).doesNotContain(Fixture.API_TOKEN, "Dry run");
  }

  @AfterEach
  void nothingIsSent() {
    assertThat(rotate.provider.requests()).isEmpty();
    assertThat(rotate.provider.rotations()).isZero();
  }

  @Test
  void standardOutput_isReady() {
    assertReady(dryRun());
  }

  @Test
  void existingFile_isReadyAndUnchanged() throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    Run run = dryRun("--secret-file=" + file, "--secret-mode=600");

    assertReady(run);
    assertThat(run.err()).startsWith("rotate: warning: ");
    assertThat(file).hasContent("old");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(directory).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:**.*");
  }

  @Test
  void newFile_isReadyAndNotCreated() {
    assertReady(dryRun("--secret-file=" + directory.resolve("token")));

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void command_isReadyAndNotRun() {
    assertReady(dryRun("--exec=touch '" + directory + "/run'"));

    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({"--exec=no-such-command, does not exist", "--secret-file=/no/such/file, not ready"})
  void sinkThatCannotWork_isNotReady(String option, String problem) {
    assertNotReady(dryRun(option), "handover_not_ready", problem);
  }

  @Test
  void fileInUse_isNotReady() throws IOException {
    Path file = directory.resolve("token");
    Handover.Receiver other = FileHandover.to(file, token -> "").prepare();

    assertNotReady(dryRun("--secret-file=" + file), "overlapping", file.toString());

    other.close();
  }

  @Test
  void unreachableProvider_isNotReady() throws IOException {
    rotate.variables.put("CLOUDFLARE_BASE_URL", "http://127.0.0.1:" + rotate.closedPort() + "/v4/");

    assertNotReady(dryRun("--retries=0"), "not_sent", "nothing was sent");
  }

  @Test
  void certificateThatIsNotTrusted_isNotReady() throws IOException {
    HeldCertificate certificate =
        new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();
    try (MockWebServer https = new MockWebServer()) {
      https.useHttps(
          new HandshakeCertificates.Builder()
              .heldCertificate(certificate)
              .build()
              .sslSocketFactory(),
          false);
      https.start();
      rotate.variables.put("CLOUDFLARE_BASE_URL", "https://127.0.0.1:" + https.getPort() + "/v4/");

      assertNotReady(dryRun(), "not_sent", "nothing was sent");

      assertThat(https.getRequestCount()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s3cr3t s3cr3t", "s3cr3t\ns3cr3t"})
  void credentialOfAnotherForm_isRefused(String token) {
    rotate.variables.put("CLOUDFLARE_API_TOKEN", token);

    Run run = dryRun();

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("rotate: CLOUDFLARE_API_TOKEN ").doesNotContain("s3cr3t");
  }

  /** No documented call tries a credential and changes nothing. */
  @Test
  void credentialThatTheProviderRefuses_isReady() {
    rotate.variables.put("CLOUDFLARE_API_TOKEN", "another-token");

    assertReady(dryRun());
  }
}
