package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.Moshi;
import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Where the secret goes, and in which form. */
final class SinkTest {
  private static final String HOSTILE =
      "it's $HOME `id` \"\\n\\\n# : {}\t\r\u0001\u001b[2J\u007f\u0085\u009b\u2028\u00fc\ud83d\ude00'";

  private final DuringRotation duringRotation = new DuringRotation();
  private final StubProvider provider = StubProvider.start(duringRotation);
  private final StubToken token = provider.addToken();
  private final Path file;

  SinkTest(@TempDir Path directory) {
    this.file = directory.resolve("token");
    provider.acceptApiToken("api-token");
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private Run rotate(String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--account-id", token.accountId(), "--service-token-id", token.id()));
    arguments.addAll(List.of(options));
    return Run.of(
        Map.of("CLOUDFLARE_API_TOKEN", "api-token", "CLOUDFLARE_BASE_URL", provider.baseUrl()),
        true,
        arguments.toArray(new String[0]));
  }

  private String catInto(Path file) {
    return "cat > '" + file + "'";
  }

  private void answer(String clientId, String clientSecret) {
    Moshi moshi = new Moshi.Builder().build();
    provider.enqueue(
        Fault.respond(
            200,
            "application/json",
            "{\"success\":true,\"errors\":[],\"messages\":[],\"result\":{\"client_id\":%s,\"client_secret\":%s}}"
                .formatted(
                    moshi.adapter(String.class).toJson(clientId),
                    moshi.adapter(String.class).toJson(clientSecret))));
  }

  private void assertKept(Run run, String by) {
    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("The new secret went to " + by)
        .doesNotContain(token.clientSecret());
  }

  private void assertNotSent(Run run, String reason) throws IOException {
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("rotate: Not rotated: the handover is not ready: " + reason)
        .doesNotContain("\tat ");
    assertThat(run.json())
        .containsEntry("outcome", "not_applied")
        .containsEntry("reason", "handover_not_ready");
    assertThat(provider.requests()).isEmpty();
  }

  private String lines() {
    return "CF_ACCESS_CLIENT_ID=%s\nCF_ACCESS_CLIENT_SECRET=%s\n"
        .formatted(token.clientId(), token.clientSecret());
  }

  @Test
  void linesAreWhatAFileOrACommandGetsUnlessToldOtherwise() {
    assertKept(rotate("--secret-file", file.toString()), "--secret-file");
    assertThat(file).hasContent(lines());

    assertKept(rotate("--exec", catInto(file)), "--exec");
    assertThat(file).hasContent(lines());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void jsonIsOneObject(boolean exec) throws IOException {
    Run run =
        exec
            ? rotate("--exec", catInto(file), "--format", "json")
            : rotate("--secret-file", file.toString(), "--format", "json");

    assertKept(run, exec ? "--exec" : "--secret-file");
    assertThat(Run.parse(Files.readString(file)))
        .containsEntry("client_secret", token.clientSecret())
        .containsEntry("client_id", token.clientId())
        .containsEntry("id", token.id())
        .containsEntry("name", token.name())
        .containsEntry("previous_secret_expires_at", null)
        .containsKey("updated_at");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ci", "123", "true", "0x1", "a.b-c--d.e"})
  void kubernetesIsASecretOfTheNameGiven(String name) throws IOException {
    assertKept(
        rotate("--exec", catInto(file), "--format", "kubernetes", "--secret-name", name), "--exec");

    assertThat(manifest())
        .isEqualTo(
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Secret",
                "metadata",
                Map.of("name", name),
                "type",
                "Opaque",
                "data",
                Map.of(
                    "CF_ACCESS_CLIENT_ID",
                    base64(token.clientId()),
                    "CF_ACCESS_CLIENT_SECRET",
                    base64(token.clientSecret()))));
  }

  @Test
  void kubernetesSecretHasANameOfItsOwn() throws IOException {
    rotate("--secret-file", file.toString(), "--format", "kubernetes");

    assertThat(manifest()).containsEntry("metadata", Map.of("name", "cf-access-service-token"));
  }

  private Map<String, Object> manifest() throws IOException {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {HOSTILE, "'", "-n", "123", "~", "*", "\\", "a\n", "\n"})
  void linesHoldWhateverTheyAreGiven(String value) throws Exception {
    answer("id" + value, value);

    assertThat(rotate("--secret-file", file.toString()).exitCode()).isEqualTo(0);

    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                ". \"$0\"; printf '%s|' \"$CF_ACCESS_CLIENT_ID\" \"$CF_ACCESS_CLIENT_SECRET\"",
                file.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8))
        .isEqualTo("id" + value + "|" + value + "|");
  }

  @ParameterizedTest
  @ValueSource(strings = {HOSTILE, "'", "\u0000", "123", "\n"})
  void kubernetesHoldsWhateverItIsGiven(String value) throws IOException {
    answer("id" + value, value);

    assertThat(rotate("--exec", catInto(file), "--format", "kubernetes").exitCode()).isEqualTo(0);

    assertThat(manifest())
        .containsEntry(
            "data",
            Map.of(
                "CF_ACCESS_CLIENT_ID", base64("id" + value),
                "CF_ACCESS_CLIENT_SECRET", base64(value)));
  }

  @Test
  void jsonHoldsWhateverItIsGiven() throws IOException {
    answer("id" + HOSTILE, HOSTILE + '\0');

    assertThat(rotate("--exec", catInto(file), "--format", "json").exitCode()).isEqualTo(0);

    assertThat(Run.parse(Files.readString(file)))
        .containsEntry("client_id", "id" + HOSTILE)
        .containsEntry("client_secret", HOSTILE + '\0');
  }

  @Test
  void secretThatNoVariableCanHoldIsPrintedAsJson() throws IOException {
    answer("id", "nul\0nul");

    Run run = rotate("--secret-file", file.toString());

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("no environment variable can hold a NUL character");
    assertThat(run.json()).containsEntry("client_secret", "nul\0nul");
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void whatTheProviderLeavesOutIsLeftOut(Format format) throws IOException {
    provider.enqueue(
        Fault.respond(
            200,
            "application/json",
            "{\"success\":true,\"errors\":[],\"messages\":[],\"result\":{\"client_secret\":\"x\"}}"));

    assertThat(rotate("--secret-file", file.toString(), "--format", format.name()).exitCode())
        .isEqualTo(0);

    assertThat(file).content().doesNotContain("CF_ACCESS_CLIENT_ID", "\"null\"");
  }

  @Test
  void outcomeSaysWhereTheSecretIsAndDoesNotHaveIt() throws IOException {
    Run run = rotate("--secret-file", file.toString(), "--json");

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.json())
        .containsEntry("outcome", "rotated")
        .containsEntry("kept_by", "--secret-file")
        .containsEntry("client_id", token.clientId())
        .doesNotContainKey("client_secret");
    assertThat(run.out()).doesNotContain(token.clientSecret());
  }

  @ParameterizedTest
  @CsvSource({
    ", is there and no regular file",
    "missing/token, is in a directory that is not there",
    "dangling, is a link that leads nowhere"
  })
  void fileThatIsNotReadyMeansNotRotated(@Nullable String name, String reason) throws IOException {
    Path directory = Objects.requireNonNull(file.getParent());
    Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nothing"));
    Path unready = name == null ? directory : directory.resolve(name);

    assertNotSent(
        rotate("--secret-file", unready.toString(), "--json"), "--secret-file cannot be written: ");
    assertThat(rotate("--secret-file", unready.toString()).err()).contains(reason);
    assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
  }

  @ParameterizedTest
  @CsvSource({
    "vault-that-is-not-there kv put x, --exec begins with a command that is not there",
    "./not/there, --exec begins with a command that is not there",
    "cat \" hunter2, --exec is no command that sh understands",
    "cat > x; fi, --exec is no command that sh understands"
  })
  void commandThatCannotBeStartedMeansNotRotated(String command, String reason) throws IOException {
    Run run = rotate("--exec", command, "--json");

    assertNotSent(run, reason);
    assertThat(run.out() + run.err()).doesNotContain("hunter2");
  }

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
  void commandIsWhateverShRuns(String command) {
    assertKept(rotate("--exec", command.replace("FILE", file.toString())), "--exec");
    assertThat(file).hasContent(lines());
  }

  @Test
  void commandIsNotStartedWithoutASecret() {
    provider.enqueue(Fault.status(403));

    assertThat(rotate("--exec", catInto(file)).exitCode()).isEqualTo(1);

    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "cat > /dev/null; exit 7, 7",
    "exit 7 # hunter2, 7",
    "true && { nothing-of-this-name; } 2>/dev/null, 127",
    "kill -9 $$, 137"
  })
  void secretIsPrintedWhenTheCommandFails(String command, int status) throws IOException {
    Run run = rotate("--exec", command);

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.out()).isEqualTo(lines());
    assertThat(run.err())
        .contains("the command of --exec ended with exit status " + status + ";")
        .contains("the new secret is on standard output instead")
        .doesNotContain(token.clientSecret(), "hunter2");

    Run json = rotate("--exec", command, "--json", "--format", "kubernetes");

    assertThat(json.exitCode()).isEqualTo(4);
    assertThat(json.json())
        .containsEntry("outcome", "rotated")
        .containsEntry("kept_by", null)
        .containsEntry("client_secret", token.clientSecret());
    assertThat(String.valueOf(json.json().get("message"))).contains("exit status " + status);
  }

  @Test
  void secretIsPrintedWhenTheFileFailsAfterTheRotation() throws IOException {
    duringRotation.run = () -> Files.createDirectories(file);

    Run run = rotate("--secret-file", file.toString());

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.out()).isEqualTo(lines());
    assertThat(run.err())
        .contains("--secret-file cannot be written", "standard output")
        .doesNotContain(token.clientSecret());
  }

  @Test
  void commandThatReadsNothingButEndsWellHasItsWord() {
    assertKept(rotate("--exec", "exit 0"), "--exec");
    assertKept(rotate("--exec", "exec <&-"), "--exec");
  }

  @Test
  void secretLargerThanAPipeIsReadWholeOrNotWaitedFor() {
    String large = "x".repeat(500_000);
    answer("id", large);
    answer("id", large);

    assertThat(rotate("--exec", catInto(file)).exitCode()).isEqualTo(0);
    assertThat(file).hasContent("CF_ACCESS_CLIENT_ID=id\nCF_ACCESS_CLIENT_SECRET=" + large + "\n");
    assertThat(rotate("--exec", "exit 0").exitCode()).isEqualTo(0);
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
