package io.github.accesstokens.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client has the files that its description needs. */
class FilesTest {
  private static final List<String> ALWAYS =
      List.of(
          "java/example/api/Arguments.java",
          "java/example/api/InvalidArgumentException.java",
          "java/example/api/package-info.java",
          "java/example/model/ModelConverterFactory.java",
          "java/example/model/ModelJsonAdapter.java",
          "java/example/model/ModelJsonAdapterFactory.java",
          "java/example/model/package-info.java");

  @TempDir private Path directory;

  private List<String> files(String description) throws IOException {
    Path file = directory.resolve("openapi.yaml");
    Files.writeString(file, "openapi: 3.0.3\ninfo: {title: Case, version: '1'}\n" + description);
    Path output = directory.resolve("output");
    Path sources = output.resolve("src/main");
    return GeneratedClient.generate(file, output).stream()
        .map(generated -> generated.toPath())
        .filter(generated -> generated.startsWith(sources))
        .map(generated -> sources.relativize(generated).toString())
        .filter(name -> !ALWAYS.contains(name))
        .toList();
  }

  @Test
  void enumOfNumbers_needsItsClass() throws IOException {
    assertThat(files("paths: {}\ncomponents: {schemas: {Level: {type: number, enum: [0.5]}}}\n"))
        .containsExactlyInAnyOrder(
            "java/example/model/Level.java", "java/example/model/LevelJsonAdapter.java");
    assertThat(ALWAYS)
        .allSatisfy(name -> assertThat(directory.resolve("output/src/main/" + name)).exists());
  }

  @Test
  void choiceOfTimes_needsTheirFormat() throws IOException {
    assertThat(
            files(
                """
                paths: {}
                components:
                  schemas:
                    Either: {oneOf: [{type: string, format: date-time}, {type: integer}]}
                """))
        .containsExactlyInAnyOrder(
            "java/example/model/Either.java",
            "java/example/model/EitherJsonAdapter.java",
            "java/example/model/Rfc3339.java",
            "java/example/model/Scalars.java");
  }

  @Test
  void operations_needSettingsOfANativeImage() throws IOException {
    assertThat(
            files(
                """
                security: [{key: []}]
                paths: {/a: {get: {operationId: run, responses: {'204': {description: Nothing.}}}}}
                components: {securitySchemes: {key: {type: apiKey, in: header, name: key}}}
                """))
        .containsExactlyInAnyOrder(
            "java/example/api/Credentials.java",
            "java/example/api/DefaultApi.java",
            "java/example/api/DefaultApiChecked.java",
            "resources/META-INF/native-image/org.openapitools/openapi-java/proxy-config.json",
            "resources/META-INF/native-image/org.openapitools/openapi-java/reflect-config.json");
  }

  @Test
  void manyModels_needAKeepRule() throws IOException {
    String rule = "resources/META-INF/proguard/openapi-java.pro";

    assertThat(files(models(40))).doesNotContain(rule);
    assertThat(files(models(41))).contains(rule);
  }

  private static String models(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "    M" + i + ": {type: object, properties: {a: {type: string}}}\n")
        .collect(Collectors.joining("", "paths: {}\ncomponents:\n  schemas:\n", ""));
  }

  @Test
  void options_haveTexts() {
    RetrofitMoshiCodegen generator = new RetrofitMoshiCodegen();

    assertThat(generator.getHelp()).isNotEmpty();
    assertThat(generator.cliOptions())
        .extracting("opt")
        .containsExactlyInAnyOrder("lenient", "secretProperties", "generatedFrom");
  }
}
