package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.PATH;

import io.github.accesstokens.samples.cli.Fixture.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A response with a secret that does not prove a rotation: it is kept apart, and marked. */
final class UnprovenSecretTest {
  private static final String LINES =
      "CF_ACCESS_UNPROVEN=true\nCF_ACCESS_CLIENT_ID=id\nCF_ACCESS_CLIENT_SECRET=s3cret\n";

  @AutoClose private final Fixture rotate = new Fixture();
  private final Path file;
  private final String intoFile;

  UnprovenSecretTest(@TempDir Path directory) {
    file = directory.resolve("token");
    intoFile = "cat > '" + file + "'";
  }

  @BeforeEach
  void contradictoryResponse() {
    rotate.respond(
        403,
        """
        {"success": true, "errors": [], "messages": [],
         "result": {"client_id": "id", "client_secret": "s3cret"}}
        """);
  }

  private static void assertUnknown(Run run, String keptBy) {
    String place = keptBy.startsWith("--") ? "kept by " + keptBy : "on " + keptBy;
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("The response held a secret, perhaps the current one. It is " + place + ",")
        .doesNotContain("s3cret");
  }

  private static void assertUnknownAsJson(Run run, String keptBy) {
    assertUnknown(run, keptBy);
    run.assertOutcome(
        3,
        """
        {"outcome": "unknown", "answer_held_secret": true, "unproven_kept_by": "%s"}
        """
            .formatted(keptBy));
  }

  @Test
  void noSink_printsItWithAMark() {
    Run run = rotate.run();

    assertUnknown(run, "standard output");
    assertThat(run.out()).isEqualTo("\n" + LINES);
  }

  @Test
  void noSinkWithJson_printsItInTheOutcome() {
    Run run = rotate.run("--json");

    assertUnknownAsJson(run, "standard output");
    assertThat(run.json())
        .containsEntry("unproven", true)
        .containsEntry("client_id", "id")
        .containsEntry("client_secret", "s3cret");
  }

  @Test
  void secretFile_isKeptBesideIt() throws IOException {
    Files.writeString(file, "old");

    Run run = rotate.run("--secret-file", file.toString(), "--json");

    assertUnknownAsJson(run, "--secret-file");
    assertThat(run.out()).doesNotContain("s3cret");
    assertThat(run.err()).contains("which is kept in " + file.toRealPath() + ".unproven");
    assertThat(file).hasContent("old");
    assertThat(file.resolveSibling("token.unproven"))
        .hasContent("CF_ACCESS_CLIENT_ID=id\nCF_ACCESS_CLIENT_SECRET=s3cret\n");
  }

  @Test
  void commandForProvenSecrets_doesNotGetIt() {
    Run run = rotate.run("--exec", intoFile, "--json");

    assertUnknownAsJson(run, "standard output");
    assertThat(run.json()).containsEntry("client_secret", "s3cret");
    assertThat(file).doesNotExist();
  }

  @Test
  void commandForUnprovenSecrets_getsIt() {
    Run run = rotate.run("--exec", "exit 1", "--unproven-exec", intoFile, "--json");

    assertUnknownAsJson(run, "--unproven-exec");
    assertThat(run.out()).doesNotContain("s3cret");
    assertThat(file).hasContent(LINES);
  }

  @Test
  void json_isMarked() throws IOException {
    rotate.run("--exec", "exit 1", "--unproven-exec", intoFile, "--format", "json");

    assertThat(Fixture.parse(Files.readString(file)))
        .containsEntry("unproven", true)
        .containsEntry("client_secret", "s3cret");
  }

  @Test
  void kubernetes_isASecretOfAnotherName() throws IOException {
    rotate.run(
        "--exec=exit 1",
        "--unproven-exec=" + intoFile,
        "--format=kubernetes",
        "--secret-name=" + "a".repeat(244));

    Map<String, Object> manifest =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
    assertThat(manifest)
        .containsEntry(
            "metadata",
            Map.of("name", "a".repeat(244) + "-unproven", "labels", Map.of("unproven", "true")));
  }

  @Test
  void failedCommandForUnprovenSecrets_hasItPrinted() {
    Run run = rotate.run("--exec", "exit 1", "--unproven-exec", "exit 7");

    assertUnknown(run, "standard output");
    assertThat(run.out()).isEqualTo("\n" + LINES);
    assertThat(run.err()).contains("the command of --unproven-exec failed with exit status 7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--format=env", "--exec=exit 1"})
  void failedStandardOutput_leavesItInAFile(String option) throws IOException {
    rotate.failStandardOutput();
    Path directory = Files.createDirectory(file.resolveSibling("rescue"));
    rotate.rescueDirectories = List.of(file.resolveSibling("missing"), directory);

    Run run = rotate.run(option);

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("It is in " + directory + "/rotate-secret-", ", marked as unproven.");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).singleElement(PATH).hasContent(LINES);
    }
  }

  @Test
  void failedStandardOutputAndNoFile_isReportedAsLoss() {
    rotate.failStandardOutput();

    Run run = rotate.run("--exec", "exit 1");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("Standard output failed, so that secret is lost.")
        .doesNotContain("Try that secret");
  }
}
