package io.github.accesstokens.generator;

import static io.github.accesstokens.generator.GeneratedClient.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.squareup.moshi.JsonDataException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** Which Java type each schema has. */
@NullUnmarked // An unexpected null fails the test as well as an assertion does.
class TypesTest {
  @Test
  void singleAllOf_keepsTheTypeOfItsPart() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Time: {type: string, format: date-time}
            Decorated: {allOf: [{x-skip: true}, {$ref: '#/components/schemas/Time'}]}
            Event:
              type: object
              properties:
                at: {$ref: '#/components/schemas/Decorated'}
                until: {allOf: [{$ref: '#/components/schemas/Time'}], nullable: true}
                id: {allOf: [{description: An id.}, {type: string, format: uuid}]}
            """);

    assertThat(client.models()).containsExactly("Event");
    assertThat(client.type("model.Event", "getAt")).isEqualTo("OffsetDateTime");
    assertThat(client.type("model.Event", "getUntil")).isEqualTo("OffsetDateTime");
    assertThat(client.type("model.Event", "getId")).isEqualTo("UUID");
    client.roundTrips("Event", "{'at':'2026-01-01T00:00:00Z','until':null}");
  }

  @Test
  void allOf_putsPropertiesAndRequiredTogether() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Base: {type: object, required: [id], properties: {id: {type: string}}}
            Whole:
              allOf:
                - $ref: '#/components/schemas/Base'
                - {properties: {name: {type: string}}}
                - {required: [name]}
            Holder: {properties: {whole: {allOf: [{$ref: '#/components/schemas/Base'}, {required: [x]}]}}}
            """);

    client.roundTrips("Whole", "{'id':'1','name':'n'}");
    assertThatThrownBy(() -> client.read("Whole", "{'id':'1'}"))
        .isInstanceOf(JsonDataException.class)
        .hasMessage("Required property is missing at path $.name");
    client.roundTrips("Holder", "{'whole':{'id':'1','x':2}}");
  }

  @Test
  void referenceToAPartOfASchema_isFollowed() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Tag: {allOf: [{type: object, properties: {label: {type: string}}}, {properties: {at: {type: string, format: date}}}]}
            Entry:
              type: object
              properties:
                tag: {$ref: '#/components/schemas/Tag/allOf/0'}
                day: {$ref: '#/components/schemas/Tag/allOf/1/properties/at'}
            """);

    assertThat(client.type("model.Entry", "getDay")).isEqualTo("LocalDate");
    client.roundTrips("Entry", "{'day':'2026-01-01','tag':{'label':'l'}}");
  }

  @Test
  void propertyOfTwoParts_hasTheTypesOfBoth() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Envelope: {type: object, properties: {result: {type: object}, ok: {type: boolean}}}
            Answer:
              allOf:
                - $ref: '#/components/schemas/Envelope'
                - {properties: {result: {type: object, properties: {id: {type: string}}}}}
            """);

    Object answer = client.roundTrips("Answer", "{'result':{'id':'1'},'ok':true}");
    assertThat(call(call(answer, "getResult"), "getId")).isEqualTo("1");
  }

  @Test
  void choice_hasOneOfItsTypesOrUnknownJson() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Cat: {type: object, required: [lives], properties: {lives: {type: integer}}}
            Dog: {type: object, required: [breed], properties: {breed: {type: string}}}
            Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
            Owner: {properties: {pet: {$ref: '#/components/schemas/Pet'}}}
            """);

    Object cat = client.roundTrips("Pet", "{'lives':9,'new':1}");
    assertThat(call(call(cat, "asCat"), "getLives")).isEqualTo(9L);
    assertThat(call(cat, "asDog")).isNull();
    assertThat(call(client.roundTrips("Pet", "{'breed':'b'}"), "asDog")).isNotNull();
    Object unknown = client.roundTrips("Pet", "{'color':[1,null,12345678901234567890]}");
    assertThat(call(unknown, "isUnknown")).isEqualTo(true);
    assertThat(unknown).hasToString("██");
    client.roundTrips("Owner", "{'pet':'text'}");
  }

  @Test
  void inlineClass_isOneHoweverOftenItIsUsed() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Messages: {type: array, items: {type: object, properties: {m: {$ref: '#/components/schemas/Messages'}}}}
            Base: {type: object, properties: {inner: {type: object, properties: {a: {type: string}}}}}
            One: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {m: {$ref: '#/components/schemas/Messages'}}}]}
            Two: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {m: {$ref: '#/components/schemas/Messages'}}}]}
            Left: {type: object, properties: {next: {$ref: '#/components/schemas/Left'}, l: {type: string}}}
            Right: {type: object, properties: {next: {$ref: '#/components/schemas/Right'}, r: {type: string}}}
            Both: {allOf: [{$ref: '#/components/schemas/Left'}, {$ref: '#/components/schemas/Right'}]}
            """);

    assertThat(client.models())
        .containsExactly(
            "Base", "BaseInner", "Both", "BothNext", "Left", "MessagesItem", "One", "Right", "Two");
    client.roundTrips("One", "{'inner':{'a':'x'},'m':[{'m':[]}]}");
    client.roundTrips("Both", "{'l':'1','next':{'r':'2','next':{}}}");
  }

  @Test
  void discriminator_decides() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Cat: {type: object, properties: {kind: {type: string}, name: {type: string}}}
            Dog: {type: object, properties: {kind: {type: string}, name: {type: string}}}
            Pet:
              oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
              discriminator: {propertyName: kind, mapping: {d: '#/components/schemas/Dog'}}
            """);

    assertThat(call(client.roundTrips("Pet", "{'name':'n','kind':'d'}"), "asDog")).isNotNull();
    assertThat(call(client.roundTrips("Pet", "{'kind':'Cat'}"), "asCat")).isNotNull();
    assertThat(call(client.roundTrips("Pet", "{'kind':'bird'}"), "isUnknown")).isEqualTo(true);
    assertThat(call(client.roundTrips("Pet", "[]"), "isUnknown")).isEqualTo(true);
  }

  @Test
  void choice_mayHaveScalarsAndArrays() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Input:
              anyOf:
                - type: string
                - {type: array, items: {type: string}}
                - {type: array, items: {type: integer}}
                - {type: object, additionalProperties: {type: string}}
            Number: {oneOf: [{type: integer}, {type: number}]}
            Word: {anyOf: [{type: string, enum: [a]}, {type: string}]}
            Holder:
              properties:
                number: {$ref: '#/components/schemas/Number'}
                word: {$ref: '#/components/schemas/Word'}
                maybe: {oneOf: [{type: string}, {enum: [null]}]}
                pages: {anyOf: [{$ref: '#/components/schemas/Pages'}, {}]}
                droplet: {anyOf: [{type: object, nullable: true}, {$ref: '#/components/schemas/Pages'}]}
            Pages: {type: object, properties: {next: {type: string}}}
            """);

    assertThat(call(client.roundTrips("Input", "'a'"), "asString")).isEqualTo("a");
    assertThat(call(client.roundTrips("Input", "['a']"), "asStringList")).isNotNull();
    assertThat(call(client.roundTrips("Input", "[1]"), "asLongList")).isNotNull();
    assertThat(call(client.roundTrips("Input", "{'k':'v'}"), "asStringMap")).isNotNull();
    assertThat(client.type("model.Holder", "getNumber")).isEqualTo("BigDecimal");
    assertThat(client.type("model.Holder", "getWord")).isEqualTo("String");
    assertThat(client.type("model.Holder", "getMaybe")).isEqualTo("String");
    client.roundTrips(
        "Holder", "{'droplet':null,'maybe':null,'number':1.50,'pages':null,'word':'b'}");
  }

  @Test
  void choice_looksAtTheElementsOfAProperty() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Purge:
              anyOf:
                - {title: Prefixes, type: object, properties: {files: {type: array, items: {type: string}}}}
                - {title: Files, type: object, properties: {files: {type: array, items: {$ref: '#/components/schemas/File'}}}}
                - {title: Sizes, type: object, properties: {files: {type: object, additionalProperties: {type: integer}}}}
                - {title: Colors, type: object, properties: {files: {type: object, additionalProperties: {$ref: '#/components/schemas/Color'}}}}
            File: {type: object, properties: {url: {type: string}}}
            Color: {type: string, enum: [red]}
            Any:
              oneOf:
                - {type: object, required: [a], properties: {a: {}, b: {type: string}}}
                - {type: object, properties: {b: {type: string}, c: {type: string}}}
            """);

    assertThat(call(client.roundTrips("Purge", "{'files':['u']}"), "asOption1")).isNotNull();
    assertThat(call(client.roundTrips("Purge", "{'files':[{'url':'u'}]}"), "asOption2"))
        .isNotNull();
    assertThat(call(client.roundTrips("Purge", "{'files':{'u':1}}"), "asOption3")).isNotNull();
    assertThat(call(client.roundTrips("Purge", "{'files':{'u':'red'}}"), "asOption4")).isNotNull();
    assertThat(call(client.roundTrips("Any", "{'b':'x'}"), "asOption2")).isNotNull();
    assertThat(call(client.roundTrips("Any", "{'a':1,'b':'x'}"), "asOption1")).isNotNull();
  }

  @Test
  void propertiesBesideAChoice_areInEachOfItsTypes() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Circle: {type: object, required: [radius], properties: {radius: {type: number}, color: {type: string}}}
            Square: {type: object, required: [side], properties: {side: {type: number}}}
            Shape:
              type: object
              required: [id]
              properties: {id: {type: string}}
              oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Square'}]
            Rule:
              type: object
              properties: {a: {type: string}, b: {type: string}}
              anyOf: [{required: [a]}, {required: [b]}]
            Ruled:
              required: [radius, color]
              oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Square'}]
            Typed:
              additionalProperties: {type: string, format: date}
              oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Square'}]
            Twice:
              oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Square'}]
              anyOf: [{properties: {color: {type: string, format: date}}}, {properties: {line: {type: integer}}}]
            """);

    Object circle = client.roundTrips("Shape", "{'id':'1','radius':2}");
    assertThat(call(call(circle, "asCircle"), "getId")).isEqualTo("1");
    assertThat(call(client.roundTrips("Rule", "{'b':'x'}"), "getB")).isEqualTo("x");
    assertThat(call(client.read("Ruled", "{'radius':1}"), "isUnknown")).isEqualTo(true);
    Object twice = call(client.roundTrips("Twice", "{'radius':1,'line':2}"), "asCircle");
    assertThat(call(twice, "getLine")).isEqualTo(2L);
    Object typed = call(client.roundTrips("Typed", "{'side':1,'day':'2026-01-01'}"), "asSquare");
    assertThat(call(typed, "getAdditionalProperties")).hasToString("{day=2026-01-01}");
  }

  @Test
  void choiceThatContainsItself_isReadInOnePass() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            A: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}, id: {type: integer}}}
            B: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}, id: {type: string}}}
            Node: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
            """);
    int depth = 60;

    client.roundTrips("Node", "{'next':".repeat(depth) + "{'id':'x'}" + ",'id':'x'}".repeat(depth));
  }

  @Test
  void additionalProperties_areKeptBesideTheOthers() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Typed: {type: object, properties: {known: {type: string}}, additionalProperties: {type: string, format: uuid}}
            Free: {type: object, properties: {known: {type: string}}, additionalProperties: true}
            Closed: {type: object, properties: {known: {type: string}}, additionalProperties: false}
            Shut: {type: object, required: [known], properties: {known: {type: string}}, additionalProperties: false}
            Holder: {type: object, properties: {map: {type: object, additionalProperties: {type: array, items: {type: integer}}}, any: {type: object}}}
            """);

    Object typed =
        client.roundTrips("Typed", "{'known':'k','x':'f174e90a-fafe-4643-bbbc-4a0ed4fc8415'}");
    assertThat(call(typed, "getAdditionalProperties"))
        .hasToString("{x=f174e90a-fafe-4643-bbbc-4a0ed4fc8415}");
    assertThat(typed).hasToString("Typed{known=k, additionalProperties=██}");
    client.roundTrips("Free", "{'known':'k','x':{'y':[null,1]}}");
    client.roundTrips("Closed", "{'x':null}");
    client.roundTrips("Holder", "{'map':{'k':[1]},'any':{'a':null},'new':5}");
    Object builder = call(call(client.model("Closed"), "builder"), "additionalProperty", "x", 1);
    Object built = call(builder, "build");
    call(builder, "additionalProperty", "y", 2);
    assertThat(client.write(built)).isEqualTo("{'x':1}");
    assertThatThrownBy(() -> call(builder, "additionalProperty", "known", 1))
        .hasMessage("known is a property of the description");
  }

  @Test
  void containers_mayBeNestedAndHaveNulls() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Item: {type: object, properties: {a: {type: string}}}
            All:
              type: object
              properties:
                set: {type: array, uniqueItems: true, items: {type: string}}
                matrix: {type: array, items: {type: array, items: {type: integer}}}
                lists: {type: object, additionalProperties: {type: array, items: {$ref: '#/components/schemas/Item'}}}
                nulls: {type: array, items: {type: string, nullable: true}}
                items: {type: array, items: {nullable: true, allOf: [{$ref: '#/components/schemas/Item'}]}}
            """);

    assertThat(client.type("model.All", "getSet")).isEqualTo("List<String>");
    client.roundTrips(
        "All",
        "{'set':['b','a','b'],'matrix':[[1],[]],'lists':{'k':[{'a':'x'}]},'nulls':[null,'x'],"
            + "'items':[null,{}]}");
  }

  @Test
  void numbers_keepEachDigit() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Numbers:
              type: object
              required: [whole]
              properties:
                whole: {type: integer}
                small: {type: integer, format: int32}
                exact: {type: number}
                double: {type: number, format: double}
            """);

    assertThat(client.type("model.Numbers", "getWhole")).isEqualTo("long");
    assertThat(client.type("model.Numbers", "getSmall")).isEqualTo("Integer");
    client.roundTrips("Numbers", "{'whole':9007199254740993,'exact':0.10,'x':9007199254740993}");
    Object read =
        client.read("Numbers", "{'whole':1,'x':9007199254740993,'y':1.10,'z':1e999999999999}");
    assertThat(call(read, "getAdditionalProperties"))
        .hasToString("{x=9007199254740993, y=1.10, z=1e999999999999}");
  }

  @Test
  void version31_isReadLikeVersion30() {
    GeneratedClient client =
        GeneratedClient.of31(
            """
            components:
              schemas:
                Modern:
                  type: object
                  required: [kind]
                  properties:
                    name: {type: [string, 'null'], examples: [a]}
                    kind: {const: modern}
                    fixed: {const: {a: 1}}
                    either: {anyOf: [{type: integer}, {type: 'null'}]}
                    nothing: {type: 'null'}
                    many: {type: [string, integer]}
                    untyped: {enum: [1, 2]}
            webhooks:
              changed: {post: {tags: [Hooks], responses: {'200': {description: Fine.}}}}
            """);

    assertThat(client.type("model.Modern", "getName")).isEqualTo("String");
    assertThat(client.type("model.Modern", "getEither")).isEqualTo("Long");
    assertThat(client.type("model.Modern", "getUntyped")).isEqualTo("BigDecimal");
    client.roundTrips(
        "Modern",
        "{'kind':'modern','fixed':{'a':1},'name':null,'either':null,'nothing':null,'many':5}");
    assertThat(client.files("api")).noneMatch(name -> name.endsWith("Api"));
  }

  @Test
  void absentAndNull_areDifferent() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Patch:
              type: object
              required: [always]
              properties:
                always: {type: string, nullable: true}
                maybe: {type: string, nullable: true}
                any: {}
                plain: {type: string}
            """);

    client.roundTrips("Patch", "{'always':null}");
    client.roundTrips("Patch", "{'always':null,'maybe':null,'any':null}");
    Object builder = call(client.model("Patch"), "builder");
    Object cleared = call(call(builder, "maybe", (Object) null), "build");
    assertThat(client.write(cleared)).isEqualTo("{'always':null,'maybe':null}");
    Object set = call(call(builder, "maybe", "x"), "build");
    assertThat(client.write(set)).isEqualTo("{'always':null,'maybe':'x'}");
    assertThat(call(cleared, "getExplicitNulls")).hasToString("[maybe]");
    assertThat(set).isNotEqualTo(cleared);
    Object plain =
        call(call(call(client.model("Patch"), "builder"), "plain", (Object) null), "build");
    assertThat(client.write(plain)).isEqualTo("{'always':null}");
  }

  @Test
  void readOnlyAndWriteOnly_areRequiredInTheirDirection() {
    GeneratedClient client =
        GeneratedClient.of(
            """
            paths:
              /things:
                post:
                  operationId: add
                  requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
                  responses: {'200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
            components:
              schemas:
                Thing:
                  type: object
                  required: [id, name, password]
                  properties:
                    part: {type: object, required: [n], properties: {n: {type: string, readOnly: true}}}
                    id: {type: string, readOnly: true}
                    name: {type: string}
                    password: {type: string, writeOnly: true}
            """);

    Object sent =
        call(
            call(call(call(client.model("Thing"), "builder"), "name", "n"), "password", "p"),
            "build");
    assertThat(client.write(sent)).isEqualTo("{'name':'n','password':'p'}");
    assertThat(call(call(client.model("ThingPart"), "builder"), "build")).isNotNull();
    assertThat(client.read("Thing", "{'id':'1','name':'n'}")).isNotNull();
    assertThatThrownBy(() -> client.read("Thing", "{'name':'n'}"))
        .hasMessage("Required property is missing at path $.id");
    assertThatThrownBy(
            () -> call(call(call(client.model("Thing"), "builder"), "name", "n"), "build"))
        .hasMessage("password is required");
  }

  @Test
  void readOnlyPart_ofAnythingThatIsSent_isNotRequired() {
    String id = "{type: object, required: [id], properties: {id: {type: string, readOnly: true}}}";
    GeneratedClient client =
        GeneratedClient.of(
            """
            paths:
              /list: {post: {operationId: list, requestBody: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Either'}}}}}, responses: {'204': {description: Nothing.}}}}
              /part: {post: {operationId: part, requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {part: {$ref: '#/components/schemas/Piece'}}}}}}, responses: {'204': {description: Nothing.}}}}
              /query: {get: {operationId: query, parameters: [{name: q, in: query, content: {application/json: {schema: {$ref: '#/components/schemas/Filter'}}}}], responses: {'204': {description: Nothing.}}}}
            components:
              schemas:
                Either: {oneOf: [{$ref: '#/components/schemas/Listed'}, {type: object, additionalProperties: {$ref: '#/components/schemas/Valued'}}]}
                Listed: {type: object, properties: {more: {type: array, items: {$ref: '#/components/schemas/Nested'}}}, additionalProperties: {$ref: '#/components/schemas/Extra'}}
                Valued: ID
                Nested: ID
                Extra: ID
                Piece: ID
                Filter: ID
                Read: ID
            """
                .replace("ID", id));

    for (String sent : List.of("Valued", "Nested", "Extra", "Piece", "Filter")) {
      assertThat(call(call(client.model(sent), "builder"), "build")).as(sent).isNotNull();
    }
    assertThatThrownBy(() -> call(call(client.model("Read"), "builder"), "build"))
        .hasMessage("id is required");
  }

  @Test
  void secrets_areMaskedAtAnyDepth() {
    GeneratedClient client =
        GeneratedClient.of(
            """
            components:
              schemas:
                Secret: {type: string, x-sensitive: true}
                Wrapped: {allOf: [{description: Wrapped.}, {$ref: '#/components/schemas/Secret'}]}
                Holder:
                  type: object
                  properties:
                    a: {$ref: '#/components/schemas/Secret'}
                    b: {type: array, items: {$ref: '#/components/schemas/Wrapped'}}
                    c: {type: object, additionalProperties: {type: array, items: {type: string, format: password}}}
                    d: {oneOf: [{type: string, x-sensitive: true}, {type: integer}]}
                    e: {anyOf: [{type: string, format: password}, {type: string}]}
                    listed: {type: string}
                    open: {type: string}
            """,
            "secretProperties=other, listed");

    Object holder =
        client.roundTrips(
            "Holder",
            "{'a':'hidden','b':['hidden'],'c':{'k':['hidden']},'d':'hidden','e':'hidden','listed':'hidden','open':'o'}");
    assertThat(holder).hasToString("Holder{a=██, b=██, c=██, d=██, e=██, listed=██, open=o}");
    assertThat(call(holder, "getD")).hasToString("██");
  }

  @Test
  void enums_keepTheirValues() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Odd: {type: string, enum: ['*/*', 'GMT+12', 'GMT-12', '', ' ', 'a"b', 'null', 'ä']}
            Level: {type: integer, enum: [1, 2]}
            Ratio: {type: number, enum: [0.1, -1]}
            Link: {type: string, format: uri, enum: ['https://example.com/A']}
            Small: {type: integer, format: int32, enum: [1, 2147483647]}
            Word: {enum: [a, b]}
            Holder:
              type: object
              properties:
                matrix: {type: array, items: {type: array, items: {type: string, enum: [x, y]}}}
                map: {type: object, additionalProperties: {type: string, enum: [x]}}
                ids: {type: array, items: {type: string, format: uuid, enum: ['F174E90A-fafe-4643-bbbc-4a0ed4fc8415']}}
                odd: {$ref: '#/components/schemas/Odd'}
                level: {$ref: '#/components/schemas/Level'}
                ratio: {$ref: '#/components/schemas/Ratio'}
                link: {$ref: '#/components/schemas/Link'}
                inline: {type: integer, enum: [1, 2]}
            """);

    client.roundTrips(
        "Holder",
        "{'matrix':[['x','new']],'map':{'k':'new'},'ids':['F174E90A-fafe-4643-bbbc-4a0ed4fc8415'],"
            + "'odd':'','level':7,'ratio':0.1,'link':'https://example.com/A'}");
    assertThat(client.type("model.Small", "getValue")).isEqualTo("Integer");
    assertThat(client.type("model.Word", "getValue")).isEqualTo("String");
    assertThat(client.type("model.Holder", "getInline")).isEqualTo("Long");
    assertThat(client.source("model/Odd"))
        .contains("Odd GMT_12 = ", "Odd GMT_MINUS_12 = ", "Odd EMPTY = ");
    assertThat(call(client.model("Odd"), "of", "*/*")).isEqualTo(client.read("Odd", "'*/*'"));
  }

  @Test
  void secretsOfOtherSchemas_areMasked() {
    GeneratedClient client =
        GeneratedClient.of(
            """
            components:
              schemas:
                Secret: {type: object, x-sensitive: true, properties: {a: {type: string}}}
                Word: {type: string, x-sensitive: true, enum: [one, two]}
                Id: {type: string, nullable: true, readOnly: true}
                Holder:
                  type: object
                  required: [id]
                  properties:
                    id: {oneOf: [{$ref: '#/components/schemas/Id'}]}
                    object: {anyOf: [{$ref: '#/components/schemas/Secret'}, {enum: [null]}]}
                    word: {oneOf: [{$ref: '#/components/schemas/Word'}]}
                    first: {type: string}
                    free: {type: object}
                    any: {}
            """,
            "secretProperties= first , first,");

    Object holder =
        client.roundTrips(
            "Holder",
            "{'any':['hidden'],'first':'hidden','free':{'token':'hidden'},'id':null,"
                + "'object':{'a':'hidden'},'word':'hidden'}");
    assertThat(holder.toString()).doesNotContain("hidden");
    client.roundTrips("Holder", "{'id':null,'object':null}");
  }

  @Test
  void nullInAMap_isKept() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Holder: {type: object, properties: {map: {type: object, additionalProperties: {type: string, nullable: true}}}}
            Typed: {type: object, properties: {a: {type: string}}, additionalProperties: {type: string, nullable: true}}
            """);

    client.roundTrips("Holder", "{'map':{'k':null,'l':'x'}}");
    client.roundTrips("Typed", "{'k':null,'l':'x'}");
  }

  @Test
  void choice_thatItsTypesExtend_endsSomewhere() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Pet:
              type: object
              required: [kind]
              properties: {kind: {type: string}}
              oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
              discriminator: {propertyName: kind}
            Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {lives: {type: integer}}}]}
            Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {breed: {type: string}}}]}
            Deep: {anyOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Deep'}}]}
            """);

    assertThat(call(client.roundTrips("Pet", "{'kind':'Cat','lives':9}"), "asCat")).isNotNull();
    client.roundTrips("Cat", "{'kind':'Cat','lives':9}");
    String deep = "[".repeat(200) + "'x'" + "]".repeat(200);
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> client.roundTrips("Deep", deep));
  }

  @Test
  void choice_looksAtConstantsNullsAndEveryElement() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Flag:
              oneOf:
                - {type: object, required: [ok], properties: {ok: {type: boolean, enum: [true]}}}
                - {type: object, required: [ok], properties: {ok: {type: boolean, enum: [false]}}}
            State:
              oneOf:
                - {type: object, properties: {state: {type: string, enum: [a, b]}, x: {type: string}}}
                - {type: object, properties: {state: {type: string, enum: [c, d]}, x: {type: string}}}
            Lists:
              anyOf:
                - {type: array, items: {type: string, nullable: true}}
                - {type: array, items: {type: integer, nullable: true}}
            Required:
              oneOf:
                - {type: object, required: [a], properties: {a: {type: string}}}
                - {type: object, required: [a], properties: {a: {type: string, nullable: true}}}
            Any: {oneOf: [{$ref: '#/components/schemas/Required'}, {type: array, items: {}}]}
            Alias: {$ref: '#/components/schemas/Cat'}
            Cat: {type: object, properties: {kind: {type: string}}}
            Pet:
              oneOf: [{$ref: '#/components/schemas/Alias'}, {$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Cat'}]
              discriminator: {propertyName: kind, mapping: {c: '#/components/schemas/Cat'}}
            """);

    assertThat(call(client.roundTrips("Flag", "{'ok':false}"), "asOption2")).isNotNull();
    assertThat(call(client.roundTrips("State", "{'state':'d'}"), "asOption2")).isNotNull();
    assertThat(call(client.roundTrips("State", "{'state':'new'}"), "asOption1")).isNotNull();
    assertThat(call(client.roundTrips("Lists", "[null,1]"), "asLongList")).isNotNull();
    assertThat(call(client.roundTrips("Lists", "['a',1]"), "isUnknown")).isEqualTo(true);
    assertThat(call(client.roundTrips("Required", "{'a':null}"), "asOption2")).isNotNull();
    client.roundTrips("Any", "[1,null]");
    assertThat(call(client.roundTrips("Pet", "{'kind':'c'}"), "isUnknown")).isEqualTo(false);
  }

  @Test
  void siblingsOfAReference_countInVersion31() {
    GeneratedClient client =
        GeneratedClient.of31(
            """
            components:
              schemas:
                Base: {type: object, properties: {a: {type: string}}}
                Word: {type: string}
                Words: {type: array, items: {}}
                Free: {type: object}
                Holder:
                  type: object
                  properties:
                    more: {$ref: '#/components/schemas/Base', properties: {b: {type: string, format: date}}}
                    must: {$ref: '#/components/schemas/Base', required: [a]}
                    days: {$ref: '#/components/schemas/Words', items: {type: string, format: date}}
                    known: {$ref: '#/components/schemas/Word', enum: [x]}
                    fixed: {$ref: '#/components/schemas/Word', const: x}
                    map: {$ref: '#/components/schemas/Free', additionalProperties: {type: string, format: date}}
                    old: {$ref: '#/components/schemas/Word', deprecated: true, description: Told.}
            """);

    assertThat(client.type("model.HolderMore", "getB")).isEqualTo("LocalDate");
    assertThat(client.type("model.Holder", "getMust")).isEqualTo("HolderMust");
    assertThat(client.type("model.Holder", "getDays")).isEqualTo("List<LocalDate>");
    assertThat(client.type("model.Holder", "getKnown")).isEqualTo("HolderKnown");
    assertThat(client.type("model.Holder", "getFixed")).isEqualTo("HolderFixed");
    assertThat(client.type("model.Holder", "getMap")).isEqualTo("Map<String, LocalDate>");
    assertThat(client.source("model/Holder")).contains(" Told.", "@Deprecated");
    client.roundTrips("Holder", "{'more':{'a':'x','b':'2026-01-01'}}");
  }

  @Test
  void choice_isNullableIfOneOfItsTypesIs() {
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Maybe: {type: string, nullable: true}
            Sure: {type: string}
            Holder:
              required: [maybe, word, sure]
              properties:
                maybe: {oneOf: [{$ref: '#/components/schemas/Maybe'}, {type: string, format: date}]}
                word: {allOf: [{type: string, nullable: true}, {enum: [a]}]}
                sure: {oneOf: [{$ref: '#/components/schemas/Sure'}, {type: string, format: date}]}
                typed: {allOf: [{type: object, additionalProperties: {type: integer}}, {additionalProperties: true}]}
            """);

    assertThat(client.type("model.Holder", "getTyped")).isEqualTo("Map<String, Long>");
    client.roundTrips("Holder", "{'maybe':null,'word':null,'sure':'s'}");
    assertThatThrownBy(() -> client.read("Holder", "{'maybe':'m','word':'a','sure':null}"))
        .isInstanceOf(JsonDataException.class)
        .hasMessageContaining("$.sure");
  }

  @Test
  void allOf_ofDifferentTypes_hasTheCommonOrTheLastOne() {
    GeneratedClient client =
        GeneratedClient.of31(
            """
            components:
              schemas:
                Holder:
                  properties:
                    common: {allOf: [{type: [string, integer]}, {type: integer}]}
                    last: {allOf: [{type: string}, {type: integer}]}
            """);

    assertThat(client.type("model.Holder", "getCommon")).isEqualTo("Long");
    assertThat(client.type("model.Holder", "getLast")).isEqualTo("Long");
  }

  @Test
  void enums_ofOtherFormatsAndSizes_keepTheirValues() {
    String many =
        IntStream.range(0, 6000).mapToObj(i -> "v" + i).collect(Collectors.joining(", ", "[", "]"));
    GeneratedClient client =
        GeneratedClient.ofSchemas(
            """
            Day: {type: string, format: date, enum: ['2026-01-01']}
            Time: {type: string, format: date-time, enum: ['2026-01-01T00:00:00Z']}
            Large: {type: integer, format: int32, enum: [3000000000]}
            Many: {type: string, enum: MANY}
            """
                .replace("MANY", many));

    assertThat(client.source("model/Day")).contains("new Day(\"2026-01-01\")");
    assertThat(client.source("model/Time")).contains("new Time(\"2026-01-01T00:00:00Z\")");
    client.roundTrips("Large", "3000000000");
    client.roundTrips("Many", "'v5999'");
  }
}
