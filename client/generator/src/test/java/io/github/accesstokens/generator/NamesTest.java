package io.github.accesstokens.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Names and text of a description that could break Java code. */
class NamesTest {
  @Test
  void names_thatDifferLittle_stayApart() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Odd:
              type: object
              required: [value, Value, wait]
              properties:
                foo_bar: {type: string}
                fooBar: {type: string}
                FooBar: {type: string}
                foo: {type: string}
                FOO: {type: string}
                java: {type: string}
                _: {type: string}
                '': {type: string}
                '@type': {type: string}
                type: {type: string}
                'a"b\\c': {type: string}
                class: {type: string}
                value: {type: integer}
                Value: {type: integer}
                reader: {type: string}
                writer: {type: string}
                builder: {type: string}
                additionalProperties: {type: string}
                explicit_nulls: {type: string}
                build: {type: string}
                wait: {type: integer}
                equals: {}
                hash_code: {type: string}
                '+1': {type: string}
                '-1': {type: string}
                $: {type: string}
            foo: {type: object, properties: {a: {type: string}}}
            FOO: {type: object, properties: {b: {type: string}}}
            """);

    client.roundTrips(
        "Odd",
        "{'foo_bar':'1','fooBar':'2','FooBar':'3','foo':'4','FOO':'5','java':'6','_':'7','':'8',"
            + "'@type':'9','type':'10','class':'11','value':12,'Value':13,'reader':'14',"
            + "'writer':'15','builder':'16','additionalProperties':'17','explicit_nulls':'18',"
            + "'build':'19','wait':20,'equals':21,'hash_code':'22','+1':'23','-1':'24',"
            + "'$':'26'}");
    assertThat(client.models()).containsExactly("FOO2", "Foo", "Odd");
  }

  @Test
  void lookup_loadsOneAdapter() {
    String schemas =
        IntStream.range(0, 130)
            .mapToObj(i -> (i % 2 == 0 ? "Bucket_" : "Bucket") + i / 2)
            .map(name -> name + ": {properties: {a: {type: string}}}")
            .collect(Collectors.joining("\n"));
    GeneratedClient client = GeneratedClient.ofSchemas(schemas);

    client.roundTrips("Bucket7", "{'a':'x'}");

    assertThat(client.loaded())
        .filteredOn(name -> name.endsWith("JsonAdapter"))
        .containsExactly("example.model.Bucket7JsonAdapter", "example.model.ModelJsonAdapter");
  }

  @Test
  void classNames_thatCodeUses_arePrefixed() {
    String names =
        "String Map Call Header Path Builder Objects Override Object URI UUID JsonAdapter"
            + " Character Math NumberFormatException LinkedHashSet Annotation RuntimeException"
            + " ModelJsonAdapter Model List Void Class Set Deprecated OffsetDateTime Test default"
            + " ThingsApi AbstractModel Scalars Credentials Record Error Iterable";
    String schemas =
        java.util.Arrays.stream(names.split(" "))
            .map(
                name ->
                    "    "
                        + name
                        + ": {type: object, required: [a], properties: {a: {type: string}, time:"
                        + " {type: string, format: date-time}, self: {$ref: '#/components/schemas/"
                        + name
                        + "'}, ids: {type: array, items: {type: string, format: uuid}}}}")
            .collect(Collectors.joining("\n"));
    String operations =
        java.util.Arrays.stream(names.split(" "))
            .map(
                name ->
                    "  /"
                        + name
                        + ": {get: {operationId: get"
                        + name
                        + ", tags: [things], responses: {'200': {description: It., content:"
                        + " {application/json: {schema: {$ref: '#/components/schemas/"
                        + name
                        + "'}}}}}}}")
            .collect(Collectors.joining("\n"));

    GeneratedClient client =
        GeneratedClient.of("paths:\n" + operations + "\ncomponents:\n  schemas:\n" + schemas);

    client.roundTrips("ModelString", "{'a':'x','ids':[],'self':{'a':'y'}}");
    client.roundTrips("ModelList", "{'a':'x','time':'2026-01-01T00:00:00Z'}");
  }

  @Test
  void inlineClass_doesNotTakeTheNameOfASchema() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Order: {type: object, properties: {line: {title: Line, type: object, properties: {a: {type: string}}}}}
            OrderLine: {type: object, properties: {b: {type: integer}}}
            Line: {type: object, properties: {c: {type: integer}}}
            """);

    assertThat(client.models()).containsExactly("Line", "Order", "OrderLine", "OrderLine2");
    client.roundTrips("Order", "{'line':{'a':'x'}}");
  }

  @Test
  void manyProperties_fitIntoOneClass() {
    String properties =
        IntStream.range(0, 260)
            .mapToObj(i -> "    p" + i + ": {type: integer}")
            .collect(Collectors.joining("\n"));
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            "Large:\n  type: object\n  required: [p0, p1]\n  properties:\n" + properties);

    client.roundTrips("Large", "{'p0':0,'p1':1,'p259':259,'more':true}");
  }

  @Test
  void manyModels_areFoundByName() {
    String schemas =
        IntStream.range(0, 60)
            .mapToObj(i -> "M" + i + ": {type: object, properties: {p: {type: string}}}")
            .collect(Collectors.joining("\n"));
    GeneratedClient client = GeneratedClient.ofSchemas(schemas);

    for (int i = 0; i < 60; i += 19) {
      client.roundTrips("M" + i, "{'p':'x'}");
    }
    assertThat(client.source("model/ModelJsonAdapterFactory")).contains("case \"M59\":");
  }

  @Test
  void operations_withNamesOfObject_areRenamed() {
    String operations =
        java.util.stream.Stream.of(
                "wait",
                "notify",
                "getClass",
                "hashCode",
                "toString",
                "create",
                "baseUrl",
                "BASE_URL",
                "new",
                "get things",
                "get-things",
                "1st")
            .map(
                id ->
                    "  '/"
                        + id
                        + "/{api}/{body}': {get: {operationId: '"
                        + id
                        + "', parameters: [{name: api, in: path, required: true, schema: {type: string}}, {name: body, in: path, required: true, schema: {type: string}}], responses: {'204': {description: It.}}}}")
            .collect(Collectors.joining("\n"));

    GeneratedClient client = GeneratedClient.of("paths:\n" + operations);

    assertThat(client.source("api/DefaultApi"))
        .contains("callWait(", "callNotify(", "callGetClass(", "callHashCode(", "callToString(")
        .contains("getThings(", "getThings2(");
  }

  @Test
  void text_staysText() {
    String nasty = "Ends */ here \\\\u0041 <b> @param x & {@code y} \\u000a";
    GeneratedClient client =
        GeneratedClient.of(
            """
            paths:
              '/a*/b/{id}':
                get:
                  operationId: nasty
                  tags: ['Nasty */ @tag <x> & \\u0041']
                  summary: 'NASTY'
                  description: 'NASTY'
                  parameters:
                    - {name: id, in: path, required: true, description: 'NASTY', schema: {type: string}}
                  responses: {'204': {description: 'NASTY'}}
            components:
              schemas:
                Nasty:
                  type: object
                  description: 'NASTY'
                  properties:
                    'p*/q': {type: string, description: 'NASTY', default: '*/ \\u0041'}
                Kind: {type: string, description: 'NASTY', enum: ['*/', '\\u0041']}
            """
                .replace("NASTY", nasty));

    client.roundTrips("Nasty", "{'p*/q':'x'}");
    assertThat(client.source("model/Nasty")).contains("Ends *&#47; here", "&lt;b&gt; &#64;param x");
  }
}
