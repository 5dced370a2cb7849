package io.github.accesstokens.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that says which versions are tested. */
final class VersionsPageTest {
  @Test
  void page_namesTheVersionsOfTheBuild() throws Exception {
    String pom = Files.readString(Bundle.file("access-tokens-client", ".pom"));
    String generator = Files.readString(Bundle.file("access-tokens-generator", ".pom"));

    assertThat(Files.readString(Bundle.ROOT.resolve("VERSIONS.md")))
        .contains(
            "| OkHttp | %s and %s |"
                .formatted(
                    System.getProperty("okhttp.version"), System.getProperty("okhttp5.version")),
            "| Retrofit | " + version(pom, "retrofit") + " |",
            "| Moshi | " + version(pom, "moshi") + " |",
            "| OpenAPI Generator | " + version(generator, "openapi-generator") + " |",
            "| Kotlin | " + ConsumerTest.KOTLIN + " |",
            "coroutines " + ConsumerTest.COROUTINES + " |");
  }

  private static String version(String pom, String artifact) {
    return Pattern.compile("<artifactId>" + artifact + "</artifactId>\\s*<version>(.*?)<")
        .matcher(pom)
        .results()
        .findFirst()
        .orElseThrow()
        .group(1);
  }
}
