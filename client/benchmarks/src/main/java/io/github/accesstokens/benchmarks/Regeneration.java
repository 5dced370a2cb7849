package io.github.accesstokens.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs the generator of the client, in a JVM of its own. */
final class Regeneration {
  private static final Path DIRECTORY = Path.of(System.getProperty("benchmarks.directory"));
  private static final Path GENERATOR =
      Path.of(System.getProperty("benchmarks.client"), "generator/target/classes");

  private Regeneration() {}

  /** Returns the seconds that the generator takes for a description. */
  static double seconds(Path description) throws IOException, InterruptedException {
    List<String> arguments =
        List.of(
            "-cp",
            DIRECTORY.resolve("openapi-generator-cli.jar") + File.pathSeparator + GENERATOR,
            "org.openapitools.codegen.OpenAPIGenerator",
            "generate",
            "--input-spec=" + description,
            "--generator-name=retrofit-moshi",
            "--skip-validate-spec",
            "--output=" + DIRECTORY.resolve("regenerated"),
            "--api-package=io.github.accesstokens.api",
            "--model-package=io.github.accesstokens.model",
            "--invoker-package=io.github.accesstokens");
    long start = System.nanoTime();
    Jvm.run(arguments);
    return (System.nanoTime() - start) / 1e9;
  }

  /** Writes a description in which each operation has its own request and response. */
  static Path description(int operations) throws IOException {
    StringBuilder paths = new StringBuilder();
    StringBuilder schemas = new StringBuilder();
    for (int i = 0; i < operations; i++) {
      paths.append(
          """
            /things/{id}/part%1$d:
              post:
                operationId: changePart%1$d
                tags: [Group %2$d]
                parameters:
                  - {name: id, in: path, required: true, schema: {type: string, maxLength: 32}}
                requestBody:
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Change%1$d'
                responses:
                  '200':
                    description: Changed.
                    content:
                      application/json:
                        schema:
                          $ref: '#/components/schemas/Part%1$d'
          """
              .formatted(i, i / 10));
      schemas.append(
          """
              Change%1$d:
                type: object
                properties:
                  until: {type: string, format: date-time}
              Part%1$d:
                type: object
                required: [id, count]
                properties:
                  id: {type: string}
                  count: {type: integer}
                  secret: {type: string, format: password}
                  created_at: {type: string, format: date-time}
                  names: {type: array, items: {type: string}}
                  last: {$ref: '#/components/schemas/Change%1$d'}
          """
              .formatted(i));
    }
    Path file = DIRECTORY.resolve("operations-" + operations + ".yaml");
    return Files.writeString(
        file,
        """
        openapi: 3.0.3
        info: {title: Synthetic, version: 1.0.0}
        servers: [{url: https://example.com}]
        security: [{token: []}]
        paths:
        """
            + paths
            + """
            components:
              securitySchemes:
                token: {type: http, scheme: bearer}
              schemas:
            """
            + schemas);
  }
}
