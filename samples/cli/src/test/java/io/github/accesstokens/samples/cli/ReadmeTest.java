package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows can be copied. */
class ReadmeTest {
  private static final Path README = Path.of("../../README.md");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void samplesCompile(@TempDir Path output) throws IOException {
    List<JavaFileObject> samples =
        JAVA.matcher(Files.readString(README))
            .results()
            .<JavaFileObject>map(ReadmeTest::source)
            .toList();
    assertThat(samples).isNotEmpty();

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    boolean compiled =
        compiler
            .getTask(
                null,
                null,
                problems,
                List.of(
                    "-proc:none",
                    "-d",
                    output.toString(),
                    "-classpath",
                    System.getProperty("java.class.path")),
                null,
                samples)
            .call();

    assertThat(problems.getDiagnostics())
        .filteredOn(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
        .isEmpty();
    assertThat(compiled).isTrue();
  }

  @Test
  void filesAndFoldersThatAreLinkedExist() throws IOException {
    Stream<String> links =
        Pattern.compile("\\]\\(([^)#]+)\\)")
            .matcher(Files.readString(README))
            .results()
            .map(link -> link.group(1))
            .filter(link -> !link.startsWith("http"));
    assertThat(links)
        .isNotEmpty()
        .allSatisfy(link -> assertThat(README.resolveSibling(link)).exists());
  }

  private static JavaFileObject source(MatchResult sample) {
    return new SimpleJavaFileObject(
        URI.create("string:///Rotate.java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return sample.group(1);
      }
    };
  }
}
