package io.github.accesstokens.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

final class ShapeTest {
  private static final Spec SPEC = Spec.read(Path.of("service-tokens.yaml"));
  private static final String OPERATION =
      "/paths/~1accounts~1{account_id}~1access~1service_tokens~1{service_token_id}~1rotate/post";
  private static final String SCHEMAS = "/components/schemas/";

  private static Spec edited(Consumer<ObjectNode> edit) {
    ObjectNode root = (ObjectNode) SPEC.root().deepCopy();
    edit.accept(root);
    return new Spec(root);
  }

  private static JsonNode yaml(String text) {
    return DescriptionEditor.YAML.readTree(text);
  }

  private static void set(ObjectNode root, String place, String value) {
    set(root, JsonPointer.compile(place), value);
  }

  private static void set(ObjectNode root, JsonPointer pointer, String value) {
    ((ObjectNode) root.at(pointer.head())).set(pointer.last().getMatchingProperty(), yaml(value));
  }

  private static List<Difference> differences(Spec theirs) {
    return Difference.between(SPEC, theirs);
  }

  private static JsonPointer pointer(String place) {
    return JsonPointer.compile(
        place.replaceFirst("^S/", SCHEMAS).replaceFirst("^O/", OPERATION + "/"));
  }

  /** Places, and how else the same can be written there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          S/ServiceToken/properties/id | {type: string, description: other, x-any: 1, example: a, title: b}
          S/ServiceToken/properties/id | {type: string, nullable: false, deprecated: false}
          S/ServiceToken/properties/id | {allOf: [{}, {$ref: '#/components/schemas/EnvelopeMessage/properties/message'}]}
          S/ServiceToken/properties/created_at | {allOf: [{type: string}, {format: date-time}]}
          S/ServiceToken/properties/client_secret | {type: string, x-sensitive: true}
          S/ServiceTokenEnvelope/properties/success | {type: boolean, const: true}
          S/EnvelopeMessage | {required: [message], allOf: [{properties: {source: {properties: {pointer: {type: string}}}}}, {required: [code], properties: {message: {type: string}, code: {type: integer, minimum: 1000}, documentation_url: {type: string}}}]}
          S/ServiceTokenEnvelope/properties/success | {allOf: [{type: boolean, enum: [true, false]}, {enum: [true]}]}
          S/EnvelopeMessage/properties/code | {allOf: [{type: integer, minimum: 1000}, {minimum: 5}]}
          S/EnvelopeMessage/properties/code | {allOf: [{type: number, minimum: 1e3}, {type: integer}]}
          S/ServiceToken/properties/name | {type: string, $comment: words}
          S/FailureEnvelope/properties/result | {type: [object, 'null'], enum: [null]}
          O/parameters/0/style | simple
          O/parameters/0/explode | false
          /servers | [{url: 'https://{host}/client/v4', variables: {host: {default: api.cloudflare.com}}}]
          """)
  void sameMeaning_isNoDifference(String place, String written) {
    assertThat(differences(edited(root -> set(root, pointer(place), written)))).isEmpty();
  }

  @Test
  void pathItemOfAReference_isRead() {
    Spec theirs =
        edited(
            root -> {
              ObjectNode paths = (ObjectNode) root.path("paths");
              String path = paths.propertyNames().iterator().next();
              JsonNode item = paths.path(path);
              root.putObject("x-items").set("two words{}", item);
              paths.set(path, yaml("{$ref: '#/x-items/two%20words%7B%7D'}"));
            });

    assertThat(differences(theirs)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{$ref: '#/paths/~1other'}", "{$ref: other.yaml}", "{$ref: '#/none'}"})
  void otherPathItemThatLeadsNowhere_doesNotCount(String item) {
    assertThat(differences(edited(root -> set(root, "/paths/~1other", item)))).isEmpty();
  }

  /** From OpenAPI 3.1 on, true is a schema for anything and false one for nothing. */
  @Test
  void booleanSchema_isRead() {
    String other = "/components/schemas/ServiceToken/properties/other";
    Spec anything = edited(root -> set(root.put("openapi", "3.1.0"), pointer(other), "true"));
    Spec nothing = edited(root -> set(root.put("openapi", "3.1.0"), pointer(other), "false"));

    assertThat(differences(anything)).singleElement().returns(other, Difference::place);
    assertThat(Difference.between(anything, nothing))
        .singleElement()
        .returns(other + "/not", Difference::place);
  }

  @Test
  void choicesInTwoPartsOfAnAllOf_areNotOneChoice() {
    String one = "{oneOf: [{maxLength: 1}, {maxLength: 2}]}";
    String other = "{oneOf: [{minLength: 3}, {minLength: 4}]}";
    String all = "{oneOf: [{maxLength: 1}, {maxLength: 2}, {minLength: 3}, {minLength: 4}]}";
    JsonPointer id = pointer("S/ServiceToken/properties/id");
    Spec both = edited(root -> set(root, id, "{allOf: [" + one + ", " + other + "]}"));
    Spec flat = edited(root -> set(root, id, all));
    Spec twice = edited(root -> set(root, id, "{allOf: [" + one + ", " + one + "]}"));

    assertThat(Difference.between(both, flat)).isNotEmpty();
    assertThat(Difference.between(edited(root -> set(root, id, one)), twice)).isEmpty();
  }

  /** Names of properties can be those of keywords. */
  @ParameterizedTest
  @ValueSource(strings = {"sensitive", "enum", "parameters", "security", "required", "properties"})
  void lostPropertyNamedLikeAKeyword_breaksCallers(String name) {
    Spec one =
        edited(root -> set(root, SCHEMAS + "ServiceToken/properties/" + name, "{type: string}"));

    assertThat(Difference.between(one, SPEC))
        .singleElement()
        .returns(SCHEMAS + "ServiceToken/properties/" + name, Difference::place)
        .returns(true, Difference::breaks);
  }

  /** What the keywords of OpenAPI 3.1 refer to counts. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{if: REF}",
        "{contains: REF}",
        "{contentSchema: REF}",
        "{prefixItems: [REF]}",
        "{dependentSchemas: {a: REF}}",
        "{propertyNames: REF}"
      })
  void schemaOfAKeyword_isCompared(String schema) {
    String id = schema.replace("REF", "{$ref: '#/components/schemas/Z'}");
    Function<String, Spec> withType =
        type ->
            edited(
                root -> {
                  root.put("openapi", "3.1.0");
                  set(root, SCHEMAS + "Z", "{type: " + type + "}");
                  set(root, SCHEMAS + "ServiceToken/properties/id", id);
                });
    Spec text = withType.apply("string");

    assertThat(Difference.between(text, withType.apply("integer"))).isNotEmpty();
    assertThat(Difference.between(text, text)).isEmpty();
  }

  @Test
  void choicesInChoices_areRead() {
    String choice = "{type: string}";
    for (int i = 0; i < 30; i++) {
      choice = "{oneOf: [{type: integer}, " + choice + "]}";
    }
    String nested = choice;
    Spec deep = edited(root -> set(root, SCHEMAS + "ServiceToken/properties/id", nested));

    assertThat(Difference.between(deep, deep)).isEmpty();
    assertThat(differences(deep)).isNotEmpty();
  }

  /** Each level refers to the next one, once or twice. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          6000 | {items: {$ref: '#/components/schemas/L%d'}}
          6000 | {$ref: '#/components/schemas/L%d'}
          6000 | {allOf: [{$ref: '#/components/schemas/L%d'}]}
          25   | {properties: {a: {$ref: '#/components/schemas/L%1$d'}, b: {$ref: '#/components/schemas/L%1$d'}}}
          """)
  void schemaWithoutAnEnd_isRefused(int levels, String level) {
    Spec deep =
        edited(
            root -> {
              for (int i = 0; i < levels; i++) {
                set(root, pointer("S/L" + i), level.formatted(i + 1));
              }
              set(root, pointer("S/L" + levels), "{type: string}");
              set(root, pointer("S/ServiceToken/properties/id"), level.formatted(0));
            });

    assertThatExceptionOfType(UnreadableDocumentException.class)
        .isThrownBy(() -> differences(deep))
        .returns(Verdict.TOO_LARGE, UnreadableDocumentException::verdict);
  }

  @Test
  void otherNames_areNoDifference() {
    Spec renamed =
        new Spec(
            yaml(
                SPEC.root()
                    .toString()
                    .replace("account_id", "identifier")
                    .replace("api_token", "bearer_token")
                    .replace("ServiceTokenEnvelope", "create_response")));

    assertThat(differences(renamed)).isEmpty();
  }

  /** From OpenAPI 3.1 on, what stands beside a reference counts. */
  @ParameterizedTest
  @CsvSource({"3.0.3, 0", "3.1.0, 1"})
  void keywordBesideAReference_dependsOnTheVersion(String version, int differences) {
    Spec theirs =
        edited(
            root -> {
              root.put("openapi", version);
              set(
                  root,
                  SCHEMAS + "EnvelopeMessage/properties/source",
                  "{$ref: '#/components/schemas/EnvelopeMessageSource', minProperties: 1}");
            });

    assertThat(differences(theirs)).hasSize(differences);
  }

  @Test
  void orderOfChoices_isNoDifference() {
    String id = SCHEMAS + "ServiceToken/properties/id";
    Spec one = edited(root -> set(root, id, "{oneOf: [{type: string}, {type: integer}]}"));
    Spec other = edited(root -> set(root, id, "{oneOf: [{type: integer}, {type: string}]}"));

    assertThat(Difference.between(one, other)).isEmpty();
    assertThat(differences(one)).isNotEmpty();
  }

  /** OpenAPI describes these headers elsewhere. */
  @ParameterizedTest
  @ValueSource(strings = {"Accept", "Content-Type", "authorization"})
  void headerThatIsNoParameter_isNoDifference(String name) {
    String header = "{name: " + name + ", in: header, required: true, schema: {type: string}}";
    Spec theirs =
        edited(root -> ((ArrayNode) root.at(OPERATION + "/parameters")).add(yaml(header)));

    assertThat(differences(theirs)).isEmpty();
  }

  @Test
  void parameterNamedLikeAGroup_isRead() {
    Spec odata = edited(root -> set(root, OPERATION + "/parameters/0/name", "$top"));

    assertThat(differences(odata)).isNotEmpty();
  }

  @Test
  void textOfASecurityScheme_isNoDifference() {
    String key = "{type: apiKey, in: query, name: key, description: %s}";
    Spec one = edited(r -> set(r, "/components/securitySchemes/api_key", key.formatted("a")));
    Spec other = edited(r -> set(r, "/components/securitySchemes/api_key", key.formatted("b")));

    assertThat(Difference.between(one, other)).isEmpty();
    assertThat(differences(one)).isNotEmpty();
  }

  @Test
  void schemaThatContainsItself_isRead() {
    String children = "{type: array, items: {$ref: '#/components/schemas/ServiceToken'}}";
    Spec nested = edited(root -> set(root, SCHEMAS + "ServiceToken/properties/children", children));

    assertThat(differences(nested))
        .singleElement()
        .returns(SCHEMAS + "ServiceToken/properties/children", Difference::place);
    assertThat(Difference.between(nested, nested)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {$ref: '#/components/schemas/ServiceToken'}          | CIRCULAR_REFERENCE
          {allOf: [{$ref: '#/components/schemas/ServiceToken'}]} | CIRCULAR_REFERENCE
          {$ref: '#/components/schemas/Gone'}                  | UNRESOLVED_REFERENCE
          {$ref: 'other.yaml#/A'}                              | UNRESOLVED_REFERENCE
          {properties: [a]}                                    | NOT_OPENAPI
          {required: true}                                     | NOT_OPENAPI
          5                                                    | NOT_OPENAPI
          """)
  void schemaThatCannotBeRead_isNamed(String schema, Verdict verdict) {
    Spec broken = edited(root -> set(root, SCHEMAS + "ServiceToken", schema));

    assertThatExceptionOfType(UnreadableDocumentException.class)
        .isThrownBy(() -> differences(broken))
        .withMessageContaining("/components/schemas/")
        .returns(verdict, UnreadableDocumentException::verdict);
  }

  /** What callers of our description notice if it becomes like the provider's document. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          S/ServiceToken/properties/other | {type: string} | false
          S/ServiceToken/properties/name | - | true
          S/ServiceToken/properties/name/type | integer | true
          S/ServiceToken/properties/created_at/format | - | true
          S/ServiceToken/properties/client_secret/format | - | false
          S/ServiceToken/properties/name/nullable | true | true
          S/ServiceToken/properties/duration/default | 1h | false
          S/ServiceToken/properties/duration/deprecated | true | false
          S/ServiceToken/properties/name/maxLength | 5 | false
          S/EnvelopeMessage/properties/code/minimum | 5 | true
          S/EnvelopeMessage/properties/code/minimum | 5000 | false
          S/EnvelopeMessage/properties/code/minimum | - | true
          S/FailureEnvelope/properties/errors/minItems | 2 | false
          S/FailureEnvelope/properties/success/enum | [false, true] | true
          S/ServiceTokenEnvelope/required | [errors, messages, success, result] | false
          S/ServiceTokenEnvelope/required | [errors, messages] | true
          S/RotateServiceTokenRequest/required | [previous_client_secret_expires_at] | true
          S/RotateServiceTokenRequest/properties/other | {type: string} | false
          S/RotateServiceTokenRequest/properties/previous_client_secret_expires_at/minLength | 3 | true
          S/RotateServiceTokenRequest/properties/previous_client_secret_expires_at/nullable | true | false
          S/RotateServiceTokenRequest/properties/previous_client_secret_expires_at/enum | [a] | true
          S/ServiceToken/properties/name/enum | [a] | false
          S/FailureEnvelope/properties/success/enum | - | true
          O/servers | [{url: 'https://api.cloudflare.com/client/v4'}, {url: 'https://example.com'}] | false
          O/requestBody/required | true | true
          O/responses/202 | {description: a} | false
          O/responses/200 | - | true
          O/responses/4XX/headers/Retry-After | - | true
          O/deprecated | true | false
          S/ServiceToken/properties/sensitive | {type: string} | false
          S/EnvelopeMessage/properties/code/minimum | 1.0e999 | false
          O/parameters/0/style | label | true
          O/parameters/0/explode | true | true
          O/parameters/0/x-sensitive | true | false
          O/parameters/0/schema/maxLength | 16 | true
          O/parameters/0/schema/maxLength | 64 | false
          O/parameters/0/schema/pattern | a | true
          O/security | [{api_token: []}] | true
          O/servers | [{url: 'https://example.com'}] | true
          """)
  void change_breaksCallersOrNot(String place, String value, boolean breaks) {
    Spec theirs =
        edited(
            root -> {
              if (value == null) {
                JsonPointer removed = pointer(place);
                ((ObjectNode) root.at(removed.head())).remove(removed.last().getMatchingProperty());
              } else {
                set(root, pointer(place), value);
              }
            });

    assertThat(differences(theirs).stream().anyMatch(Difference::breaks)).isEqualTo(breaks);
    assertThat(differences(theirs)).isNotEmpty();
  }
}
