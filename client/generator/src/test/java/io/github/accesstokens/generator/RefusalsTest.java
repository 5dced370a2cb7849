package io.github.accesstokens.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A description that cannot be generated is refused with a place, and nothing is written. */
class RefusalsTest {
  private static final String GOOD =
      """
      openapi: 3.0.3
      info: {title: Good, version: '1'}
      paths: {}
      components: {schemas: {A: {type: object, properties: {a: {type: string}}}}}
      """;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          components: {schemas: {A: {type: object, properties: {b: {$ref: '#/components/schemas/Gone'}}}}}    | components.schemas.A.properties.b: the reference #/components/schemas/Gone has no schema
          components: {schemas: {A: {type: object, properties: {b: {$ref: '#/components/schemas/A/allOf/0'}}}}} | components.schemas.A.properties.b: the reference #/components/schemas/A/allOf/0 has no schema
          components: {schemas: {A: {allOf: [{$ref: '#/components/schemas/B'}]}, B: {allOf: [{$ref: '#/components/schemas/A'}, {type: object}]}}} | is a part of itself
          components: {schemas: {A: {oneOf: [{$ref: '#/components/schemas/B'}, {type: string}]}, B: {oneOf: [{$ref: '#/components/schemas/A'}, {type: integer}]}}} | is one of its own types
          components: {schemas: {A: {type: array, items: {$ref: '#/components/schemas/A'}}}}                    | components.schemas.A: the schema contains itself
          paths: {/a: {get: {security: [{gone: []}], responses: {'204': {description: No.}}}}}                  | paths./a.get.security: there is no security scheme gone
          paths: {/a: {get: {requestBody: {content: {application/json: {schema: {type: string}}}}, responses: {'204': {description: No.}}}}} | paths./a.get.requestBody: OkHttp sends no body with GET
          paths: {'/a/{b}': {get: {responses: {'204': {description: No.}}}}}                                  | paths./a/{b}.get: the parameter {b} of the path is not described
          paths: {/a: {get: {parameters: [{name: c, in: cookie, schema: {type: string}}], responses: {'204': {description: No.}}}}} | paths./a.get.parameters.c: a parameter in cookie is not supported
          paths: {/a: {get: {responses: {'200': {$ref: '#/components/responses/Gone'}}}}}                      | paths./a.get.responses.200: the reference #/components/responses/Gone has no response in components
          paths: {/a: {put: {responses: {'200': {$ref: '#/paths/~1a/get/responses/200'}}}, get: {responses: {'200': {description: It.}}}}} | paths./a.put.responses.200: the reference #/paths/~1a/get/responses/200 has no response in components
          paths: {/a: {put: {requestBody: {$ref: '#/components/requestBodies/Gone'}, responses: {'204': {description: No.}}}}} | paths./a.put.requestBody: the reference #/components/requestBodies/Gone has no request body in components
          paths: {/a: {$ref: '#/components/pathItems/Gone'}}                                                  | paths./a: the reference #/components/pathItems/Gone has no path item
          paths: {/a: {get: {servers: [{url: /v2}], responses: {'204': {description: No.}}}}}                  | paths./a.get.servers: the server /v2 has no absolute URL
          paths: {/a: {get: {parameters: [{name: q, in: query, schema: {type: array, items: {type: object}}}], responses: {'204': {description: No.}}}}} | paths./a.get.parameters.q: an array of objects or of arrays is supported in a query with content only
          paths: {/a: {get: {parameters: [{name: h, in: header, schema: {type: array, items: {type: array, items: {type: string}}}}], responses: {'204': {description: No.}}}}} | paths./a.get.parameters.h: an array of objects or of arrays
          paths: {/a: {get: {parameters: [{name: q, in: query, explode: false, schema: {type: object, properties: {a: {type: string}}}}], responses: {'204': {description: No.}}}}} | paths./a.get.parameters.q: an object in the query needs the style deepObject, or explode: true
          paths: {/a: {put: {requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: array, items: {type: string}}}}}, responses: {'204': {description: No.}}}}} | paths./a.put.requestBody: a form is an object
          paths: {/a: {put: {requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}}}, encoding: {a: {contentType: application/xml}}}}}, responses: {'204': {description: No.}}}}} | paths./a.put.requestBody.encoding.a: a field of a form is sent as text or JSON, and not as application/xml
          paths: {/a: {put: {requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: object}, b: {type: string}}}, encoding: {a: {contentType: application/xml}}}}}, responses: {'204': {description: No.}}}}} | paths./a.put.requestBody.encoding.a: the part cannot be sent as application/xml
          paths: {/a: {put: {requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: string}}}, encoding: {a: {contentType: 'text/plain, text/html'}}}}}, responses: {'204': {description: No.}}}}} | paths./a.put.requestBody.encoding.a: the part cannot be sent as text/plain, text/html
          components: {pathItems: {A: {$ref: '#/components/pathItems/A'}}}                                    | paths./a: the reference #/components/pathItems/A has no path item
          components: {responses: {A: {$ref: '#/components/responses/A'}}}                                    | paths./b.get.responses.200: the reference #/components/responses/A has no response
          paths: {/a: {get: {parameters: [{$ref: '#/components/parameters/Gone'}], responses: {'204': {description: No.}}}}} | paths./a.get: the parameter #/components/parameters/Gone is not described
          paths: {/a: {get: {parameters: [{name: b, in: path, required: true, schema: {type: string}}], responses: {'204': {description: No.}}}}} | paths./a.get: the path has no {b}
          paths: {'/a/{b}': {get: {parameters: [{name: b, in: path, required: true, schema: {type: object}}], responses: {'204': {description: No.}}}}} | paths./a/{b}.get.parameters.b: a path parameter is an object
          paths: {/a: {get: {parameters: [{name: h, in: header, schema: {type: object}}], responses: {'204': {description: No.}}}}} | paths./a.get.parameters.h: a header parameter is an object
          paths: {/a: {get: {requestBody: {content: {text/plain: {}}}, responses: {'204': {description: No.}}}}} | paths./a.get.requestBody: OkHttp sends no body with GET
          components: {securitySchemes: {odd: {type: http, scheme: digest}}}                                  | security: the security scheme odd is not supported
          components: {schemas: {A: {type: object, required: [gone], properties: {a: {type: string}}, additionalProperties: false}}} | components.schemas.A: requires the property gone, which it does not allow
          components: {schemas: {A: {oneOf: [{type: object, properties: {a: {type: string}}}, {type: array, items: {$ref: '#/components/schemas/Gone'}}]}}} | components.schemas.A[1].items: the reference #/components/schemas/Gone has no schema
          paths: {/a: {trace: {responses: {'204': {description: No.}}}}}                                        | paths./a.trace: OkHttp cannot send TRACE
          """)
  void unsupportedPart_isNamedAndTheLastClientStays(String part, String message)
      throws IOException {
    Path output = directory.resolve("output");
    GeneratedClient.generate(write(GOOD), output);
    Path model = output.resolve("src/main/java/example/model/A.java");
    String before = Files.readString(model);
    String head = "openapi: 3.0.3\ninfo: {title: Bad, version: '1'}\n";
    String users =
        """
        security: [{odd: []}]
        paths:
          /a: {$ref: '#/components/pathItems/A'}
          /b: {get: {responses: {'200': {$ref: '#/components/responses/A'}}}}
        """;
    boolean isUsed = part.matches("components: \\{(pathItems|responses|securitySchemes).*");
    String paths = part.startsWith("paths") ? "" : isUsed ? users : "paths: {}\n";
    Path bad = write(head + paths + part + "\n");

    assertThatThrownBy(() -> GeneratedClient.generate(bad, output))
        .hasMessageContaining(bad + " cannot be generated")
        .hasMessageContaining(message);

    assertThat(model).hasContent(before);
  }

  @ParameterizedTest
  @CsvSource({"'{\"openapi\": \"3.0.3\", \"info\": {'", "'just text'", "'swagger: 1'"})
  void fileThatIsNoDescription_isRefused(String content) throws IOException {
    Path output = directory.resolve("output");
    Path bad = write(content);

    assertThatThrownBy(() -> GeneratedClient.generate(bad, output))
        .hasMessageContaining(bad + " cannot be generated");

    assertThat(output).doesNotExist();
  }

  @Test
  void lenient_generatesTheRest() throws IOException {
    Path file =
        write(
            GOOD.replace(
                "paths: {}",
                "paths: {/a: {trace: {responses: {'204': {description: No.}}}, get: {operationId:"
                    + " run, responses: {'204': {description: No.}}}}, '/a/{b}': {get: {operationId:"
                    + " gone, responses: {'204': {description: No.}}}, put: {operationId: styled,"
                    + " parameters: [{name: b, in: path, required: true, style: matrix, schema: {type:"
                    + " string}}], responses: {'204': {description: No.}}}}}"));

    GeneratedClient client =
        GeneratedClient.ofFile(file, directory.resolve("lenient"), "lenient=true");

    assertThat(client.source("api/DefaultApi")).contains(" run()").doesNotContain("{b}");
  }

  @Test
  void fileOfAClassThatIsGone_isDeleted() throws IOException {
    Path output = directory.resolve("output");
    GeneratedClient.generate(write(GOOD), output);

    GeneratedClient.generate(write(GOOD.replace("A:", "B:")), output);

    assertThat(output.resolve("src/main/java/example/model"))
        .isDirectoryContaining("glob:**/B.java")
        .isDirectoryNotContaining("glob:**/{A,AJsonAdapter}.java");
  }

  private Path write(String content) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "openapi", ".yaml"), content);
  }
}
