package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.samples.cli.Fixture.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
final class ReadmeTest {
  private static final String README = "../../README.md";
  private static final String SAMPLES = "../README.md";
  private static final String CLI = "README.md";
  private static final String AUTOMATION = "AUTOMATION.md";
  private static final String RECIPES = "recipes/README.md";

  /** Returns what the pattern's group matches, which must be something. */
  private static List<String> find(String pattern, String file) throws IOException {
    List<String> found =
        Pattern.compile(pattern, Pattern.DOTALL)
            .matcher(Files.readString(Path.of(file)))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(found).isNotEmpty();
    return found;
  }

  @Test
  void javaSamples_compile(@TempDir Path directory) throws IOException {
    for (String sample : find("```java\n(.*?)```", README)) {
      Path source = Files.writeString(directory.resolve("Rotate.java"), sample);
      ByteArrayOutputStream errors = new ByteArrayOutputStream();
      String[] options = {
        "-proc:none", "-classpath", System.getProperty("java.class.path"), source.toString()
      };
      int status = ToolProvider.getSystemJavaCompiler().run(null, null, errors, options);
      assertThat(status).as(errors.toString(UTF_8)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {README, SAMPLES, CLI, AUTOMATION, RECIPES})
  void linkedFilesAndFolders_exist(String page) throws IOException {
    assertThat(find("\\]\\(([^)#]+)\\)", page))
        .filteredOn(link -> !link.startsWith("http"))
        .isNotEmpty()
        .allSatisfy(link -> assertThat(Path.of(page).resolveSibling(link)).exists());
  }

  /** Only the first command of the README builds the project. */
  @ParameterizedTest
  @ValueSource(strings = {README, CLI, AUTOMATION})
  void commands_run(String page, @TempDir Path directory) throws Exception {
    Shell shell = new Shell(directory);
    shell.addProgram(
        "kubectl", "case \"$*\" in 'apply -f -' | 'apply -n ci -f -') ;; *) exit 1 ;; esac");
    shell.addProgram("vault", "test \"$*\" = 'kv put secret/ci -'");
    Path working = Files.createDirectory(directory.resolve("working"));
    try (Fixture fixture = new Fixture()) {
      fixture.variables.putAll(Map.of("HOME", directory.toString(), "PATH", shell.path()));
      for (String commands : find("```sh\n(.*?)```", page)) {
        if (!commands.contains("mvn ")) {
          String pair =
              "CF_ACCESS_CLIENT_ID=%s\nCF_ACCESS_CLIENT_SECRET=%s\n"
                  .formatted(fixture.token.clientId(), fixture.token.clientSecret());
          Files.writeString(working.resolve("old.env"), pair);
          Files.writeString(working.resolve("token.env.unproven"), pair);

          Run run =
              shell.run(
                  working, fixture.variables, "bash", "-ec", withAddresses(commands, fixture));

          assertThat(run.exitCode()).as(commands + run.err()).isZero();
        }
      }
    }
  }

  private static String withAddresses(String commands, Fixture fixture) {
    return commands
        .replace("rotate ...", "rotate --service-token-id ID --grace 24h")
        .replaceAll("--service-token-id U?U?ID", "--service-token-id " + fixture.token.id())
        .replace("--account-id ID", "--account-id " + fixture.token.accountId())
        .replace("https://app.example.com", fixture.provider.protectedUrl())
        .replace("samples/cli/", Path.of("").toAbsolutePath() + "/")
        .replace("startup.sh 15", "startup.sh 1");
  }
}
