package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretFileTest {
  private final DuringRotation duringRotation = new DuringRotation();
  private final StubProvider provider = StubProvider.start(duringRotation);
  private final StubToken token = provider.addToken();
  private final Path directory;
  private final Path file;

  SecretFileTest(@TempDir Path directory) {
    this.directory = directory;
    this.file = directory.resolve("token.env");
    provider.acceptApiToken("api-token");
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private Run rotate(Path into, String output) {
    return Run.of(
        Map.of("CLOUDFLARE_API_TOKEN", "api-token", "CLOUDFLARE_BASE_URL", provider.baseUrl()),
        true,
        "--account-id",
        token.accountId(),
        "--service-token-id",
        token.id(),
        "--secret-file",
        into.toString(),
        "--output",
        output);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private String lines() {
    return "CF_ACCESS_CLIENT_ID=%s\nCF_ACCESS_CLIENT_SECRET=%s\n"
        .formatted(token.clientId(), token.clientSecret());
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "env"})
  void holdsLinesForAShell(String output) throws IOException {
    Run run = rotate(file, output);

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(file).hasContent(lines());
    assertThat(files()).containsExactly(file);
    assertThat(run.out() + run.err())
        .contains(token.clientId())
        .doesNotContain(token.clientSecret());
  }

  @Test
  void holdsJson() throws IOException {
    Run run = rotate(file, "json");

    assertThat(run.json())
        .containsEntry("outcome", "rotated")
        .containsEntry("secret_file", file.toString())
        .doesNotContainKey("client_secret");
    assertThat(Run.parse(Files.readString(file)))
        .containsEntry("client_secret", token.clientSecret())
        .containsEntry("client_id", token.clientId());
  }

  @Test
  void isItsOwnersFromTheStart() throws IOException {
    duringRotation.run =
        () ->
            assertThat(files())
                .singleElement()
                .satisfies(SecretFileTest::isOwnerOnly)
                .satisfies(temporary -> assertThat(temporary).isEmptyFile());

    assertThat(rotate(file, "env").exitCode()).isEqualTo(0);

    isOwnerOnly(file);
  }

  private static void isOwnerOnly(Path path) throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  void replacesTheFileOnlyAfterTheRotation() throws IOException {
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    duringRotation.run = () -> assertThat(file).hasContent("old");

    assertThat(rotate(file, "env").exitCode()).isEqualTo(0);

    assertThat(file).hasContent(lines());
    isOwnerOnly(file);
  }

  @Test
  void replacesWhatALinkLeadsTo() throws IOException {
    Files.writeString(file, "old");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);

    assertThat(rotate(link, "env").exitCode()).isEqualTo(0);

    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent(lines());
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 502})
  void isLeftAloneWithoutASecret(int status) throws IOException {
    Files.writeString(file, "old");
    provider.enqueue(Fault.status(status));

    assertThat(rotate(file, "env").exitCode()).isIn(1, 3);

    assertThat(file).hasContent("old");
    assertThat(files()).containsExactly(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "missing/token.env", "dangling"})
  void isRefusedBeforeAnythingIsSent(String name) throws IOException {
    Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nothing"));

    Run run = rotate(directory.resolve(name), "env");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("rotate: --secret-file " + directory.resolve(name) + " is ");
    assertThat(provider.requests()).isEmpty();
    assertThat(files()).hasSize(1);
  }

  @Test
  void secretIsPrintedWhenTheFileFailsAfterTheRotation() throws IOException {
    duringRotation.run = () -> Files.createDirectory(file);

    Run run = rotate(file, "json");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.json()).containsEntry("client_secret", token.clientSecret());
    assertThat(run.err())
        .contains("--secret-file could not be written", "standard output")
        .doesNotContain(token.clientSecret());
    assertThat(files()).containsExactly(file);
  }

  /** Does something while the command waits for the provider, which asks it for the time. */
  private static final class DuringRotation extends Clock {
    interface Step {
      void run() throws IOException;
    }

    volatile Step run = () -> {};

    @Override
    public Instant instant() {
      try {
        run.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Instant.now();
    }

    @Override
    public ZoneId getZone() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
