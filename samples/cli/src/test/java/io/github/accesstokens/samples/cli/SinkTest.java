package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubToken;
import io.github.accesstokens.samples.cli.Fixture.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Where the secret goes, and in which format. */
final class SinkTest {
  private static final String HOSTILE =
      "it's $HOME `id` \"\\n"
          + "\\\n"
          + "# : {}\t\r"
          + "\u0001\u001b[2J\u007f\u0085\u009b\u2028\u00fc\ud83d\ude00'";

  /** Runs during the rotation, when the provider asks for the time. */
  private Runnable duringRotation = () -> {};

  private final InstantSource time =
      () -> {
        duringRotation.run();
        return Instant.now();
      };
  @AutoClose private final Fixture rotate = new Fixture(time.withZone(ZoneOffset.UTC));
  private final StubToken token = rotate.token;
  private final Path file;
  private final String intoFile;

  SinkTest(@TempDir Path directory) {
    file = directory.resolve("token");
    intoFile = "cat > '" + file + "'";
    rotate.outIsTerminal = () -> true;
  }

  private void assertKept(Run run, String option) {
    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("The new secret was kept by " + option)
        .doesNotContain(token.clientSecret());
  }

  private String lines() {
    return "CF_ACCESS_CLIENT_ID=%s\nCF_ACCESS_CLIENT_SECRET=%s\n"
        .formatted(token.clientId(), token.clientSecret());
  }

  @Nested
  final class Formats {
    @Test
    void noFormat_isShellLines() {
      assertKept(rotate.run("--secret-file", file.toString()), "--secret-file");
      assertThat(file).hasContent(lines());

      assertKept(rotate.run("--exec", intoFile), "--exec");
      assertThat(file).hasContent(lines());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--exec", "--secret-file"})
    void json_isOneObject(String option) throws IOException {
      String value = option.equals("--exec") ? intoFile : file.toString();

      assertKept(rotate.run(option, value, "--format", "json"), option);

      Map<String, Object> json = Fixture.parse(Files.readString(file));
      assertThat(json.remove("updated_at")).isNotNull();
      assertThat(json)
          .isEqualTo(
              Fixture.parse(
                  """
                  {"client_id": "%s", "client_secret": "%s", "id": "%s", "name": "%s",
                   "previous_secret_expires_at": null}
                  """
                      .formatted(
                          token.clientId(), token.clientSecret(), token.id(), token.name())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ci", "123", "true", "0x1", "a.b-c--d.e"})
    void kubernetes_isASecretWithTheGivenName(String name) throws IOException {
      assertKept(
          rotate.run("--exec", intoFile, "--format", "kubernetes", "--secret-name", name),
          "--exec");

      assertThat(manifest())
          .containsOnly(
              entry("apiVersion", "v1"),
              entry("kind", "Secret"),
              entry("metadata", Map.of("name", name)),
              entry("type", "Opaque"),
              entry("data", data(token.clientId(), token.clientSecret())));
    }

    @Test
    void kubernetesWithoutName_hasADefaultName() throws IOException {
      rotate.run("--secret-file", file.toString(), "--format", "kubernetes");

      assertThat(manifest()).containsEntry("metadata", Map.of("name", "cf-access-service-token"));
    }

    /** Control characters in a secret make the outcome unknown. */
    private String secret(String value) {
      return "s3cret" + value.replaceAll("\\p{Cc}", "");
    }

    private Map<String, Object> manifest() throws IOException {
      return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
    }

    private Map<String, String> data(String clientId, String clientSecret) {
      Base64.Encoder base64 = Base64.getEncoder();
      return Map.of(
          "CF_ACCESS_CLIENT_ID", base64.encodeToString(clientId.getBytes(UTF_8)),
          "CF_ACCESS_CLIENT_SECRET", base64.encodeToString(clientSecret.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {HOSTILE, "'", "-n", "123", "~", "*", "\\", "a\n", "\n"})
    void shellLines_holdAnyCharacterButNul(String value) throws Exception {
      rotate.respond(Map.of("client_id", "id" + value, "client_secret", secret(value)));

      assertThat(rotate.run("--secret-file", file.toString()).exitCode()).isEqualTo(0);

      String print = ". \"$0\"; printf '%s|' \"$CF_ACCESS_CLIENT_ID\" \"$CF_ACCESS_CLIENT_SECRET\"";
      Process shell =
          new ProcessBuilder("sh", "-c", print, file.toString()).redirectErrorStream(true).start();
      assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8))
          .isEqualTo("id" + value + "|" + secret(value) + "|");
    }

    @Test
    void shellLinesWithNul_arePrintedAsJsonInstead() {
      rotate.respond(Map.of("client_id", "nul\0nul", "client_secret", "s3cret"));

      Run run = rotate.run("--secret-file", file.toString());

      assertThat(run.exitCode()).isEqualTo(4);
      assertThat(run.err()).contains("no environment variable can hold a NUL character");
      assertThat(run.json()).containsEntry("client_secret", "s3cret");
      assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {HOSTILE, "'", "\u0000", "123", "\n"})
    void kubernetes_holdsAnyCharacter(String value) throws IOException {
      rotate.respond(Map.of("client_id", "id" + value, "client_secret", secret(value)));

      assertThat(rotate.run("--exec", intoFile, "--format", "kubernetes").exitCode()).isEqualTo(0);

      assertThat(manifest()).containsEntry("data", data("id" + value, secret(value)));
    }

    @Test
    void json_holdsAnyCharacter() throws IOException {
      rotate.respond(Map.of("client_id", "id" + HOSTILE, "client_secret", secret(HOSTILE)));

      assertThat(rotate.run("--exec", intoFile, "--format", "json").exitCode()).isEqualTo(0);

      assertThat(Fixture.parse(Files.readString(file)))
          .containsEntry("client_id", "id" + HOSTILE)
          .containsEntry("client_secret", secret(HOSTILE));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void missingClientId_isLeftOut(Format format) {
      rotate.respond(Map.of("client_secret", "x"));

      assertThat(rotate.run("--secret-file", file.toString(), "--format", format.name()).exitCode())
          .isEqualTo(0);

      assertThat(file).content().doesNotContain("CF_ACCESS_CLIENT_ID", "\"null\"");
    }
  }

  @Test
  void outcomeOfAKeptSecret_namesTheOptionAndHasNoSecret() {
    Run run = rotate.run("--secret-file", file.toString(), "--json");

    run.assertOutcome(
        0,
        "{\"outcome\": \"rotated\", \"kept_by\": \"--secret-file\", \"client_id\": \"%s\"}"
            .formatted(token.clientId()));
    assertThat(run.json()).doesNotContainKey("client_secret");
    assertThat(run.out()).doesNotContain(token.clientSecret());
  }

  @Test
  void existingFile_losesReadersOnlyWithAWarning() throws IOException {
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    Run run = rotate.run("--secret-file", file.toString());

    assertThat(run.err()).startsWith("rotate: warning: ").contains("every user can read " + file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void warningOnATerminal_erasesTheProgressBefore() throws IOException {
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw----r--"));
    rotate.errIsTerminal = () -> true;

    Run run = rotate.run("--secret-file", file.toString());

    assertThat(run.err()).contains(" \rrotate: warning: every user can read " + file);
  }

  @ParameterizedTest
  @CsvSource({"640, rw-r-----", "0604, rw----r--", "600, rw-------"})
  void fileWithAMode_getsIt(String mode, String permissions) throws IOException {
    String group = Files.getAttribute(Path.of("."), "posix:group").toString();

    assertKept(
        rotate.run("--secret-file=" + file, "--secret-mode=" + mode, "--secret-group=" + group),
        "--secret-file");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo(permissions);
    assertThat(Files.getAttribute(file, "posix:group")).hasToString(group);
  }

  @Nested
  final class BeforeTheRotation {
    private void assertNotSent(Run run, String problem) {
      run.assertOutcome(
          1, "{\"outcome\": \"not_applied\", \"reason\": \"handover_not_ready\"}", problem);
      assertThat(run.err()).startsWith("rotate: Not rotated");
      assertThat(run.out() + run.err()).doesNotContain("hunter2");
      assertThat(rotate.provider.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
      "vault-that-is-not-there kv put x, --exec starts with a command that does not exist",
      "./not/there, --exec starts with a command that does not exist",
      "cat \" hunter2, --exec is not a valid command for sh",
      "cat > x; fi, --exec is not a valid command for sh"
    })
    void invalidCommand_meansNotRotated(String command, String problem) {
      assertNotSent(rotate.run("--exec", command, "--json"), problem);
    }

    @Test
    void refusedRotation_startsNoCommand() {
      rotate.provider.enqueue(Fault.status(403));

      assertThat(rotate.run("--exec", intoFile).exitCode()).isEqualTo(1);

      assertThat(file).doesNotExist();
    }
  }

  @Nested
  final class AfterTheRotation {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "f () { cat > \"$1\"; }; f FILE",
          "f() { cat > \"$1\"; }; f FILE",
          "{ cat; } > FILE",
          "( cat ) > FILE",
          "if true; then cat > FILE; fi",
          "TO=FILE; cat > \"$TO\"",
          "> FILE cat",
          " \n cat > FILE # on its own",
          "while read -r line; do printf '%s\\n' \"$line\"; done > FILE",
          "exec /bin/sh -c 'cat > \"$0\"' FILE"
        })
    void command_isAnythingThatShRuns(String command) {
      assertKept(rotate.run("--exec", command.replace("FILE", file.toString())), "--exec");
      assertThat(file).hasContent(lines());
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 0", "exec <&-"})
    void commandThatReadsNothing_countsAsKeptByItsExitStatus(String command) {
      assertKept(rotate.run("--exec", command), "--exec");
    }

    @Test
    void secretLargerThanAPipe_isWrittenWhole() {
      String large = "x".repeat(500_000);
      rotate.respond(Map.of("client_id", "id", "client_secret", large));
      rotate.respond(Map.of("client_id", "id", "client_secret", large));

      assertThat(rotate.run("--exec", intoFile).exitCode()).isEqualTo(0);
      assertThat(file)
          .hasContent("CF_ACCESS_CLIENT_ID=id\nCF_ACCESS_CLIENT_SECRET=" + large + "\n");
      assertThat(rotate.run("--exec", "exit 0").exitCode()).isEqualTo(0);
    }

    private void assertPrintedInstead(Run run, String problem) {
      assertThat(run.exitCode()).isEqualTo(4);
      assertThat(run.out()).isEqualTo("\n" + lines());
      assertThat(run.err())
          .contains(problem, "; standard output has the new secret")
          .doesNotContain(token.clientSecret(), "hunter2");
    }

    @ParameterizedTest
    @CsvSource({
      "cat > /dev/null; exit 7, 7",
      "exit 7 # hunter2, 7",
      "true && { nothing-of-this-name; } 2>/dev/null, 127",
      "kill -9 $$, 137"
    })
    void failedCommand_hasTheSecretPrinted(String command, int status) {
      assertPrintedInstead(
          rotate.run("--exec", command), "the command of --exec failed with exit status " + status);

      Run json = rotate.run("--exec", command, "--json", "--format", "kubernetes");

      json.assertOutcome(
          4,
          "{\"outcome\": \"rotated\", \"kept_by\": null, \"client_secret\": \"%s\"}"
              .formatted(token.clientSecret()));
      assertThat(json.json().get("message")).asString().contains("exit status " + status);
    }

    @Test
    void fileThatFails_hasTheSecretPrinted() {
      duringRotation = () -> assertThat(file.toFile().mkdirs()).isTrue();

      assertPrintedInstead(
          rotate.run("--secret-file", file.toString()), file + " cannot be written");
    }
  }
}
