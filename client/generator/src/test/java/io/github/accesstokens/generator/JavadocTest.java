package io.github.accesstokens.generator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the generated code says of the description. */
class JavadocTest {
  @Test
  void operations_sayWhatTheDescriptionSays() {
    GeneratedClient client =
        GeneratedClient.of(
            """
            paths:
              /c: {get: {operationId: third, responses: {'204': {description: Nothing.}}}}
              /b:
                get:
                  operationId: second
                  description: Only a description.
                  parameters:
                    - {name: described, in: query, description: What it is., schema: {type: string}}
                    - name: limited
                      in: query
                      description: How long.
                      schema: {type: string, maxLength: 5}
                    - name: listed
                      in: query
                      description: Which.
                      schema: {type: string, enum: [a, b]}
                    - {name: both, in: query, schema: {type: string, maxLength: 3, enum: [a]}}
                    - name: number
                      in: query
                      description: How many.
                      schema: {type: integer, enum: [1]}
                    - {name: silent, in: query, schema: {type: string}}
                  responses: {'204': {description: Nothing.}}
              /a:
                get:
                  operationId: first
                  summary: In short.
                  description: At length.
                  responses: {'204': {description: Nothing.}}
            """);

    assertThat(client.source("api/DefaultApi"))
        .containsSubsequence(
            "   * In short.\n   *\n   * <p>At length.\n   *\n   */\n",
            "   * Only a description.\n   *\n",
            "   * @param described What it is.\n",
            "   * @param limited How long. At most 5 characters.\n",
            "   * @param listed Which. Known values: <code>a</code>, <code>b</code>.\n",
            "   * @param both At most 3 characters. Known values: <code>a</code>.\n",
            "   * @param number How many.\n   */\n",
            "   * GET <code>/c</code>.\n   *\n   */\n");
  }

  @Test
  void refusals_areThoseOfTheParameters() {
    String id = "parameters: [{name: id, in: path, required: true, schema: {type: string}}], ";
    String parts =
        "requestBody: {required: true, content: {multipart/form-data: {schema: {type: object,"
            + " properties: {part: {type: string}}}}}}, ";
    GeneratedClient client =
        GeneratedClient.of(
            """
            paths:
              /a: {post: {operationId: a, responses: {'204': {description: Nothing.}}}}
              '/b/{id}': {post: {operationId: b, ID responses: {'204': {description: Nothing.}}}}
              /c: {post: {operationId: c, PARTS responses: {'204': {description: Nothing.}}}}
              '/d/{id}':
                post: {operationId: d, ID PARTS responses: {'204': {description: Nothing.}}}
            """
                .replace("ID ", id)
                .replace("PARTS ", parts));
    String refused = "   * @throws InvalidArgumentException if ";

    assertThat(client.source("api/DefaultApi"))
        .containsSubsequence(
            "POST <code>/a</code>.\n   *\n   */\n",
            "POST <code>/b/&#123;id&#125;</code>.",
            refused + "a path parameter would change the path; nothing is sent\n",
            "POST <code>/c</code>.",
            refused + "there is no part; nothing is sent\n",
            "POST <code>/d/&#123;id&#125;</code>.",
            refused
                + "a path parameter would change the path, or if there is no part;"
                + " nothing is sent\n");
  }

  @Test
  void models_sayWhatTheDescriptionSays() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Described:
              description: An object.
              properties:
                a: {type: string, description: A text., default: x}
                b: {type: integer}
                c: {type: array, items: {type: string}, default: []}
                d: {default: {}}
                e: {type: string, deprecated: true}
            Silent: {properties: {a: {type: string}}}
            Level: {description: A level., type: string, enum: [a]}
            SilentLevel: {type: string, enum: [a]}
            Choice:
              description: A choice.
              oneOf: [{$ref: '#/components/schemas/Described'}, {type: string}]
            SilentChoice:
              oneOf: [{$ref: '#/components/schemas/Described'}, {type: integer}]
            """);

    assertThat(client.source("model/Described"))
        .contains("An object.")
        .contains("A text. The provider's default is <code>x</code>.")
        .contains("The property <code>b</code>.")
        .contains("@Deprecated")
        .containsPattern("The property <code>c</code>\\.(?! The provider)")
        .containsPattern("The property <code>d</code>\\.(?! The provider)");
    assertThat(client.source("model/Silent")).contains(" Silent.");
    assertThat(client.source("model/Level")).contains(" A level.");
    assertThat(client.source("model/SilentLevel")).contains("A value of <code>SilentLevel</code>.");
    assertThat(client.source("model/Choice")).contains(" A choice.");
    assertThat(client.source("model/SilentChoice")).contains(" One of several types.");
  }
}
