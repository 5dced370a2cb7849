package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class ReadmeTest {
  private static final String README = "../../README.md";

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

  @Test
  void linkedFilesAndFolders_exist() throws IOException {
    assertThat(find("\\]\\(([^)#]+)\\)", README))
        .filteredOn(link -> !link.startsWith("http"))
        .isNotEmpty()
        .allSatisfy(link -> assertThat(Path.of(README).resolveSibling(link)).exists());
  }

  @ParameterizedTest
  @ValueSource(strings = {README, "../README.md"})
  void optionsOfTheCommand_exist(String readme) throws IOException {
    String commands =
        String.join("\n", find("rotate(?:[.]jar| [.]{3})((?:\\\\\n|[^\n])*)", readme));
    assertThat(Pattern.compile(" (--[a-z-]+)").matcher(commands).results().map(m -> m.group(1)))
        .filteredOn(option -> !option.equals("--help"))
        .isNotEmpty()
        .isSubsetOf(new CommandLine(new Options()).getCommandSpec().optionsMap().keySet());
  }
}
