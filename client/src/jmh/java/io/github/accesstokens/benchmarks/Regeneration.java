package io.github.accesstokens.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How long the generator takes with our templates, in a JVM of its own. */
final class Regeneration {
  private static final Path DIRECTORY = Path.of(System.getProperty("benchmarks.directory"));

  private Regeneration() {}

  /** Returns the seconds for a description; the options are those of the build. */
  static double seconds(Path description) throws IOException, InterruptedException {
    Path templates = Path.of(System.getProperty("benchmarks.templates"));
    List<String> command =
        List.of(
            Processes.java(),
            "-jar",
            DIRECTORY.resolve("generator.jar").toString(),
            "generate",
            "--input-spec=" + description,
            "--generator-name=java",
            "--library=retrofit2",
            "--template-dir=" + templates,
            "--config=" + templates.resolve("generator.yaml"),
            "--output=" + DIRECTORY.resolve("regenerated"),
            "--api-package=io.github.accesstokens.api",
            "--model-package=io.github.accesstokens.model",
            "--invoker-package=io.github.accesstokens",
            "--type-mappings=ByteArray=String,binary=String,decimal=String",
            "--additional-properties=serializationLibrary=jsonb,openApiNullable=false,"
                + "annotationLibrary=none,hideGenerationTimestamp=true,"
                + "sortModelPropertiesByRequiredFlag=false,booleanGetterPrefix=is",
            "--global-property=apis,apiTests=false,apiDocs=false,models,modelTests=false,"
                + "modelDocs=false,supportingFiles="
                + System.getProperty("benchmarks.supporting").replace(',', ':'));
    long start = System.nanoTime();
    Processes.run(command);
    return (System.nanoTime() - start) / 1e9;
  }

  /** Writes a description of so many operations, each with a request and an answer of its own. */
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
