package io.github.accesstokens.generator;

import static io.github.accesstokens.generator.GeneratedClient.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import retrofit2.Call;

/** What the generated interfaces send, and how they read responses. */
@NullUnmarked // An unexpected null fails the test as well as an assertion does.
class RequestsTest {
  @AutoClose private final MockWebServer server = new MockWebServer();

  private static GeneratedClient operation(String path, String method, String operation) {
    return GeneratedClient.of(
        "paths:\n  '"
            + path
            + "':\n    "
            + method
            + ":\n      operationId: run\n"
            + operation.indent(6));
  }

  private @Nullable Object body(
      GeneratedClient client, MockResponse response, @Nullable Object... arguments)
      throws IOException {
    server.enqueue(response);
    Call<?> call = (Call<?>) call(client.api("DefaultApi", server.url("/")), "run", arguments);
    return call.execute().body();
  }

  private RecordedRequest sent(GeneratedClient client, @Nullable Object... arguments)
      throws Exception {
    body(client, new MockResponse(), arguments);
    RecordedRequest request = server.takeRequest(5, TimeUnit.SECONDS);
    assertThat(request).isNotNull();
    return request;
  }

  @Test
  void pathParameters_areInTheOrderOfThePath() throws Exception {
    GeneratedClient client =
        operation(
            "/a/{first}/{second}",
            "get",
            """
            parameters:
              - {name: q, in: query, schema: {type: string}}
              - {name: second, in: path, required: true, schema: {type: string}}
              - {name: must, in: query, required: true, schema: {type: string}}
              - {name: first, in: path, required: true, schema: {type: string}}
            responses: {'204': {description: Nothing.}}
            """);

    assertThat(sent(client, "1", "2", "m", "o").getPath()).isEqualTo("/a/1/2?must=m&q=o");
    assertThatThrownBy(() -> sent(client, "a/b", "2", "m", null))
        .hasMessage("first must not contain '/', but has it at index 1");
  }

  @Test
  void rootPath_isTheBaseUrl() throws Exception {
    GeneratedClient client = operation("/", "get", "responses: {'204': {description: Nothing.}}\n");

    assertThat(sent(client).getPath()).isEqualTo("/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-multi-segment: true, schema: {type: string}",
        "allowReserved: true, schema: {type: string}",
        "schema: {type: string, pattern: '^[^?]+/.+$'}"
      })
  void slashes_areAllowedWhereTheDescriptionSaysSo(String allowed) throws Exception {
    GeneratedClient client =
        operation(
            "/files/{path}",
            "get",
            """
            parameters: [{name: path, in: path, required: true, ALLOWED}]
            responses: {'204': {description: Nothing.}}
            """
                .replace("ALLOWED", allowed));

    assertThat(sent(client, "a/b c%/d?e").getPath()).isEqualTo("/files/a/b%20c%25/d%3Fe");
    assertThatThrownBy(() -> sent(client, "a/../b")).hasMessageStartingWith("path must not have");
  }

  @ParameterizedTest
  @ValueSource(strings = {"^[^/?]+$", "^[^\\/]+$", "^(?!.*/).+$"})
  void patternThatForbidsSlashes_allowsNone(String pattern) {
    GeneratedClient client =
        operation(
            "/things/{id}",
            "get",
            """
            parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: 'PATTERN'}}]
            responses: {'204': {description: Nothing.}}
            """
                .replace("PATTERN", pattern));

    assertThatThrownBy(() -> sent(client, "x/delete"))
        .hasMessageStartingWith("id must not contain");
  }

  @Test
  void joinedPathParameter_isNeverEmpty() throws Exception {
    GeneratedClient client =
        operation(
            "/things/{ids}",
            "delete",
            """
            parameters: [{name: ids, in: path, required: true, schema: {type: array, items: {type: string}}}]
            responses: {'204': {description: Nothing.}}
            """);

    assertThat(sent(client, joined(client, "a", "b")).getPath()).isEqualTo("/things/a,b");
    assertThatThrownBy(() -> sent(client, joined(client))).hasMessage("ids must not be empty");
    assertThatThrownBy(() -> sent(client, joined(client, "a", "")))
        .hasMessage("ids must not be empty");
    assertThatThrownBy(() -> sent(client, joined(client, "..")))
        .hasMessageStartingWith("ids must not be '.'");
  }

  @Test
  void pathParameters_mayHaveAnyName() throws Exception {
    GeneratedClient client =
        operation(
            "/{account.id}/{account_id}/{_id}/{$id}/{1}",
            "get",
            """
            parameters:
              - {name: account.id, in: path, required: true, schema: {type: string}}
              - {name: account_id, in: path, required: true, schema: {type: string}}
              - {name: _id, in: path, required: true, schema: {type: string}}
              - {name: $id, in: path, required: true, schema: {type: string}}
              - {name: '1', in: path, required: true, schema: {type: array, items: {type: string}}}
            responses: {'204': {description: Nothing.}}
            """);

    assertThat(sent(client, "a", "b", "c", "d", joined(client, "e")).getPath())
        .isEqualTo("/a/b/c/d/e");
    assertThatThrownBy(() -> sent(client, "", "b", "c", "d", joined(client, "e")))
        .hasMessage("account.id must not be empty");
  }

  @Test
  void firstSegment_isNeverASchemeOrHost() throws Exception {
    String parameter =
        "parameters: [{name: id, in: path, required: true, x-multi-segment: true, schema: {type: string}}]\n";
    String nothing = "responses: {'204': {description: Nothing.}}\n";

    assertThat(sent(operation("/things:batch", "post", nothing)).getPath())
        .isEqualTo("/things:batch");
    assertThat(sent(operation("/things:x/{id}", "get", parameter + nothing), "v").getPath())
        .isEqualTo("/things:x/v");
    GeneratedClient first = operation("/{id}:cancel", "post", parameter + nothing);
    assertThat(sent(first, "v").getPath()).isEqualTo("/v:cancel");
    assertThat(sent(first, "http:x").getPath()).isEqualTo("/http:x:cancel");
    assertThat(sent(first, "//example.com/x").getPath()).endsWith("//example.com/x:cancel");
  }

  @Test
  void serverOfAnOperation_isInItsUrl() {
    GeneratedClient client =
        GeneratedClient.of(
            """
            paths:
              /upload/{id}:
                servers: [{url: 'https://{region}.example.com/v2', variables: {region: {default: eu}}}]
                get:
                  operationId: get
                  servers: [{url: 'https://example.com/api/'}]
                  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
                  responses: {'204': {description: Nothing.}}
                put:
                  operationId: put
                  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
                  responses: {'204': {description: Nothing.}}
            """);
    Object api = client.api("DefaultApi", server.url("/"));

    assertThat(((Call<?>) call(api, "get", "a")).request().url())
        .isEqualTo(server.url("/upload/a"));
    assertThat(((Call<?>) call(api, "put", "a")).request().url())
        .hasToString("https://eu.example.com/v2/upload/a");
  }

  @Test
  void pathItemOfAReference_hasItsOperations() {
    GeneratedClient client =
        GeneratedClient.of31(
            """
            paths: {/a: {$ref: '#/components/pathItems/A'}}
            components: {pathItems: {A: {get: {operationId: run, responses: {'204': {description: Nothing.}}}}}}
            """);

    assertThat(client.source("api/DefaultApi")).contains("String RUN = \"a\";");
  }

  @Test
  void tags_areInterfacesThatDifferByMoreThanCase() {
    GeneratedClient client =
        GeneratedClient.of(
            """
            paths:
              /a:
                get: {operationId: one, tags: [petStore], responses: {'204': {description: Nothing.}}}
                put: {operationId: two, tags: [petstore], responses: {'204': {description: Nothing.}}}
                post: {operationId: three, tags: [pet-store], responses: {'204': {description: Nothing.}}}
            """);

    assertThat(client.source("api/PetStoreApi")).contains(" one()", " three()");
    assertThat(client.source("api/PetstoreApi2")).contains(" two()");
  }

  @Test
  void arrays_followTheirStyle() throws Exception {
    GeneratedClient client =
        operation(
            "/q/{ids}",
            "get",
            """
            parameters:
              - {name: ids, in: path, required: true, schema: {type: array, items: {type: integer}}}
              - {name: many, in: query, schema: {type: array, items: {type: string, format: uuid}}}
              - {name: csv, in: query, explode: false, schema: {type: array, items: {type: string, format: date-time}}}
              - {name: pipes, in: query, style: pipeDelimited, schema: {type: array, items: {type: string}}}
              - {name: deep, in: query, style: deepObject, schema: {type: object, properties: {a: {type: string}}}}
              - {name: form, in: query, schema: {type: object, additionalProperties: {type: string}}}
              - {name: spaces, in: query, style: spaceDelimited, explode: false, schema: {type: array, items: {type: string}}}
              - {name: styled, in: query, style: form, schema: {type: array, items: {type: string}}}
              - {name: brackets, in: query, style: deepObject, explode: true, schema: {type: array, items: {type: string}}}
              - {name: entries, in: query, style: form, schema: {type: object, additionalProperties: {type: string}}}
              - {name: X-List, in: header, schema: {type: array, items: {type: string}}}
              - {name: Authorization, in: header, schema: {type: string}}
            responses: {'204': {description: Nothing.}}
            """);
    Map<String, Object> deep = new LinkedHashMap<>();
    deep.put("a", "1");
    deep.put("b", Map.of("c", List.of("x", "y")));
    deep.put("at", OffsetDateTime.parse("2026-01-01T00:00Z"));
    UUID id = UUID.fromString("f174e90a-fafe-4643-bbbc-4a0ed4fc8415");

    RecordedRequest request =
        sent(
            client,
            joined(client, 1L, 2L),
            List.of(id, id),
            joined(client, OffsetDateTime.parse("2026-01-01T00:00Z")),
            joined(client, "a", "b"),
            deep,
            Map.of("f", "g"),
            joined(client, "s", "t"),
            List.of("u", "v"),
            List.of("w"),
            Map.of("x", "y"),
            joined(client, "h1", "h2"));

    assertThat(request.getRequestUrl().encodedPath()).isEqualTo("/q/1,2");
    assertThat(request.getRequestUrl().query())
        .isEqualTo(
            "many="
                + id
                + "&many="
                + id
                + "&csv=2026-01-01T00:00:00Z&pipes=a|b&deep[a]=1&deep[b][c][0]=x&deep[b][c][1]=y"
                + "&deep[at]=2026-01-01T00:00:00Z&f=g&spaces=s t&styled=u&styled=v&brackets[]=w&x=y");
    assertThat(request.getHeader("X-List")).isEqualTo("h1,h2");
    Object[] onlyTheFirst = new Object[11];
    onlyTheFirst[0] = joined(client, 1L);
    assertThat(sent(client, onlyTheFirst).getPath()).isEqualTo("/q/1");
  }

  @Test
  void parametersWithKnownValues_areTextUnlessTheyHaveAName() throws Exception {
    GeneratedClient client =
        GeneratedClient.of(
            """
            paths:
              /q/{level}:
                get:
                  operationId: run
                  parameters:
                    - {name: level, in: path, required: true, schema: {$ref: '#/components/schemas/Level'}}
                    - {name: one, in: query, schema: {type: string, enum: [a, b]}}
                    - {name: many, in: query, schema: {type: array, items: {type: string, enum: [a, b]}}}
                    - {name: days, in: query, schema: {type: array, items: {type: string, format: date}}}
                    - {name: number, in: query, schema: {type: integer, enum: [1, 2]}}
                    - {name: levels, in: query, schema: {type: array, items: {$ref: '#/components/schemas/Level'}}}
                  responses: {'204': {description: Nothing.}}
            components: {schemas: {Level: {type: string, enum: [low, high]}}}
            """);
    Object low = call(client.model("Level"), "of", "low");

    assertThat(client.models()).containsExactly("Level");
    assertThat(
            sent(client, low, "a", List.of("b"), List.of(LocalDate.EPOCH), 2L, List.of(low))
                .getPath())
        .isEqualTo("/q/low?one=a&many=b&days=1970-01-01&number=2&levels=low");
    Object slash = call(client.model("Level"), "of", "a/b");
    assertThatThrownBy(() -> sent(client, slash, null, null, null, null, null))
        .hasMessageStartingWith("level must not contain '/'");
  }

  @Test
  void valuesOfSeveralTypes_areTextInAQuery() throws Exception {
    GeneratedClient client =
        operation(
            "/q",
            "get",
            """
            parameters:
              - {name: any, in: query, schema: {type: array, items: {}}}
              - {name: either, in: query, schema: {type: array, items: {oneOf: [{type: string, format: date-time}, {type: integer}]}}}
              - {name: deep, in: query, style: deepObject, schema: {type: object, properties: {a: {type: object, properties: {b: {type: string}}}}}}
              - {name: json, in: query, content: {application/json: {schema: {type: array, items: {type: object}}}}}
            responses:
              '200': {description: It., content: {application/json: {schema: {type: object, properties: {b: {type: string}}}}}}
              '202': {description: Later.}
            """);

    assertThat(
            sent(client, List.of("a", "1"), List.of("2"), Map.of("c", "d"), "[{}]")
                .getRequestUrl()
                .query())
        .isEqualTo("any=a&any=1&either=2&deep[c]=d&json=[{}]");
    Map<String, Object> model = Map.of("c", client.read("RunResponse", "{'b':'hidden'}"));
    assertThatThrownBy(() -> sent(client, null, null, model, null))
        .hasMessageContaining("no RunResponse")
        .hasMessageNotContaining("hidden");
  }

  private static Object joined(GeneratedClient client, Object... values) {
    return call(client.model("Joined"), "of", Arrays.asList(values));
  }

  @Test
  void jsonInAQuery_isText() throws Exception {
    GeneratedClient client =
        operation(
            "/q",
            "get",
            """
            parameters:
              - {name: filter, in: query, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}
            responses: {'204': {description: Nothing.}}
            """);
    Object filter = client.read("RunFilter", "{'a':'x'}");

    assertThat(sent(client, filter).getRequestUrl().queryParameter("filter"))
        .isEqualTo("{\"a\":\"x\"}");
  }

  @Test
  void form_hasAFieldForEachProperty() throws Exception {
    GeneratedClient client =
        operation(
            "/form",
            "post",
            """
            requestBody:
              required: true
              content:
                application/x-www-form-urlencoded:
                  schema:
                    type: object
                    properties:
                      name: {type: string}
                      tags: {type: array, items: {type: string}}
                      csv: {type: array, items: {type: string}}
                      metadata: {type: object, additionalProperties: {type: string}}
                      json: {type: object, properties: {a: {type: integer}}}
                      pipes: {type: array, items: {type: string}}
                      list: {type: array, items: {type: string}}
                      rate: {type: number, format: float}
                  encoding:
                    metadata: {style: deepObject, explode: true}
                    csv: {explode: false}
                    pipes: {style: pipeDelimited}
                    list: {contentType: application/json}
            responses: {'204': {description: Nothing.}}
            """);
    Object form =
        client.read(
            "RunRequest",
            "{'name':'ä&b','tags':['x','y'],'csv':['1','2'],'metadata':{'k':'v'},'json':{'a':1},"
                + "'pipes':['','p'],'list':['l'],'rate':0.1}");

    RecordedRequest request = sent(client, form);
    assertThat(request.getHeader("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
    assertThat(request.getBody().readUtf8())
        .isEqualTo(
            "name=%C3%A4%26b&tags=x&tags=y&csv=1%2C2&metadata%5Bk%5D=v&json=%7B%22a%22%3A1%7D"
                + "&pipes=%7Cp&list=%5B%22l%22%5D&rate=0.1");
  }

  @Test
  void multipart_hasAPartForEachProperty() throws Exception {
    GeneratedClient client =
        operation(
            "/upload",
            "post",
            """
            requestBody:
              content:
                multipart/form-data:
                  schema:
                    type: object
                    required: [file, name]
                    properties:
                      file: {type: string, format: binary}
                      more: {type: string, format: binary}
                      name: {type: string}
                      size: {type: integer}
                      at: {type: string, format: date-time}
                      meta: {type: object, properties: {a: {type: string}}}
            responses: {'204': {description: Nothing.}}
            """);
    MultipartBody.Part file =
        MultipartBody.Part.createFormData(
            "file", "a.bin", RequestBody.create("data", MediaType.get("image/png")));

    OffsetDateTime time = OffsetDateTime.parse("2026-01-01T00:00Z");

    String body =
        sent(client, file, null, "a b", 5L, time, client.read("RunRequestMeta", "{'a':'x'}"))
            .getBody()
            .readUtf8();
    assertThat(body)
        .contains("name=\"file\"; filename=\"a.bin\"", "Content-Type: image/png", "data")
        .contains("name=\"name\"", "\r\n\r\na b\r\n", "text/plain")
        .contains("\r\n\r\n5\r\n", "\r\n\r\n{\"a\":\"x\"}\r\n")
        .contains("\r\n\r\n2026-01-01T00:00:00Z\r\n");
    assertThat(client.source("api/DefaultApi"))
        .contains("@Part MultipartBody.Part _file", "@Part MultipartBody.@Nullable Part more");
  }

  @Test
  void parts_haveTheMediaTypesOfTheDescription() throws Exception {
    GeneratedClient client =
        operation(
            "/upload",
            "post",
            """
            requestBody:
              content:
                multipart/form-data:
                  schema:
                    type: object
                    properties:
                      xml: {type: string}
                      json: {type: string}
                      rate: {type: number, format: float}
                      level: {type: string, enum: [low]}
                      files: {type: array, items: {type: string, format: binary}}
                  encoding: {xml: {contentType: application/xml}, json: {contentType: application/json}, level: {contentType: text/x-level}, files: {contentType: 'image/png, image/jpeg'}}
            responses: {'204': {description: Nothing.}}
            """);

    Object low = call(client.model("RunRequestLevel"), "of", "low");
    String body = sent(client, "<x/>", "a\"b", 0.1f, low, null).getBody().readUtf8();
    // OkHttp 4 states the length of a part, OkHttp 5 does not.
    assertThat(body.replaceAll("Content-Length: \\d+\r\n", ""))
        .contains("Content-Type: application/xml\r\n\r\n<x/>")
        .contains("Content-Type: application/json\r\n\r\n\"a\\\"b\"")
        .contains("Content-Type: text/x-level\r\n\r\nlow\r\n")
        .contains("\r\n\r\n0.1\r\n");
    assertThat(sent(client).getBodySize()).isZero();
    assertThatThrownBy(() -> sent(client, null, null, null, null, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("xml, json, rate, level, files must have a value: the body needs a part");
  }

  @Test
  void otherMultipartBody_isThatOfTheCaller() throws Exception {
    GeneratedClient client =
        operation(
            "/upload",
            "post",
            """
            requestBody: {required: true, content: {multipart/mixed: {schema: {type: object, properties: {a: {type: string}}}}}}
            responses: {'204': {description: Nothing.}}
            """);
    RequestBody mixed =
        new MultipartBody.Builder("b")
            .setType(MultipartBody.MIXED)
            .addPart(RequestBody.create("x", null))
            .build();

    assertThat(sent(client, mixed).getHeader("Content-Type"))
        .isEqualTo("multipart/mixed; boundary=b");
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, multipart/form-data, Multipart",
    "multipart/form-data, multipart/mixed, Multipart",
    "application/x-www-form-urlencoded, multipart/form-data, Form",
    "multipart/form-data, application/x-www-form-urlencoded, Form",
  })
  void bodyOfSeveralMediaTypes_isTheOneWithParts(String one, String other, String annotation) {
    GeneratedClient client =
        operation(
            "/b",
            "post",
            """
            requestBody: {content: {ONE: {schema: {type: object, properties: {a: {type: string}}}}, OTHER: {schema: {type: object, properties: {a: {type: string}}}}}}
            responses: {'204': {description: Nothing.}}
            """
                .replace("ONE", one)
                .replace("OTHER", other));

    assertThat(client.load("example.api.DefaultApi").getMethods())
        .flatExtracting(method -> Arrays.asList(method.getAnnotations()))
        .extracting(given -> given.annotationType().getSimpleName())
        .contains(annotation);
  }

  @Test
  void otherBodies_keepTheirMediaType() throws Exception {
    GeneratedClient text =
        operation(
            "/t",
            "put",
            """
            requestBody: {required: true, content: {text/plain: {schema: {type: string}}}}
            responses: {'204': {description: Nothing.}}
            """);
    GeneratedClient merge =
        operation(
            "/m",
            "patch",
            """
            requestBody: {required: true, content: {application/merge-patch+json: {schema: {type: object, properties: {a: {type: string, nullable: true}}}}}}
            responses: {'204': {description: Nothing.}}
            """);

    RecordedRequest request = sent(text, RequestBody.create("hello", null));
    assertThat(request.getHeader("Content-Type")).isEqualTo("text/plain");
    assertThat(request.getBody().readUtf8()).isEqualTo("hello");
    request = sent(merge, merge.read("RunRequest", "{'a':null}"));
    assertThat(request.getHeader("Content-Type")).isEqualTo("application/merge-patch+json");
    assertThat(request.getBody().readUtf8()).isEqualTo("{\"a\":null}");
  }

  @Test
  void delete_mayHaveABody() throws Exception {
    GeneratedClient client =
        operation(
            "/d",
            "delete",
            """
            requestBody: {content: {application/json: {schema: {type: array, items: {type: string, format: date-time}}}}}
            responses: {'204': {description: Nothing.}}
            """);

    RecordedRequest request = sent(client, List.of(OffsetDateTime.parse("2026-01-01T00:00Z")));
    assertThat(request.getMethod()).isEqualTo("DELETE");
    assertThat(request.getBody().readUtf8()).isEqualTo("[\"2026-01-01T00:00:00Z\"]");
    assertThat(sent(client).getBodySize()).isZero();
  }

  @Test
  void get_mayDescribeABodyWithoutContent() throws Exception {
    GeneratedClient client =
        operation(
            "/g",
            "get",
            """
            requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, additionalProperties: false}}}}
            responses: {'204': {description: Nothing.}}
            """);

    assertThat(sent(client).getRequestLine()).isEqualTo("GET /g HTTP/1.1");
  }

  @Test
  void responses_haveTheirTypes() throws Exception {
    GeneratedClient date = operation("/r", "get", response("{type: string, format: date-time}"));
    assertThat(body(date, new MockResponse().setBody("\"2026-01-01T00:00:00Z\"")))
        .isEqualTo(OffsetDateTime.parse("2026-01-01T00:00Z"));

    GeneratedClient free = operation("/r", "get", response("{}"));
    assertThat(body(free, new MockResponse().setBody("{\"a\":9007199254740993}")))
        .isEqualTo(Collections.singletonMap("a", 9007199254740993L));

    GeneratedClient any =
        operation(
            "/r",
            "get",
            "responses: {default: {description: It., content: {'*/*': {schema: {type: string}}}}}\n");
    assertThat(body(any, new MockResponse().setBody("\"a\""))).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image/png: {schema: {type: string, format: binary}}",
        "'*/*': {schema: {type: string, format: binary}}",
        "'*/*': {}, image/png: {}",
      })
  void binaryResponse_isNotRead(String content) throws Exception {
    GeneratedClient binary =
        operation(
            "/r", "get", "responses: {'200': {description: It., content: {" + content + "}}}\n");

    assertThat(((ResponseBody) body(binary, new MockResponse().setBody("png"))).string())
        .isEqualTo("png");
  }

  private static String response(String schema) {
    return "responses: {'200': {description: It., content: {application/json: {schema: "
        + schema
        + "}}}}\n";
  }

  @Test
  void severalSuccesses_areAChoice() throws Exception {
    GeneratedClient client =
        operation(
            "/r",
            "get",
            """
            responses:
              '200': {description: It., content: {application/json: {schema: {type: object, required: [a], properties: {a: {type: string}}}}}}
              '202': {description: Later., content: {application/json: {schema: {type: object, required: [b], properties: {b: {type: string}}}}}}
              '204': {description: Nothing.}
              default: {description: A failure., content: {application/json: {schema: {type: string}}}}
            """);

    Object later = body(client, new MockResponse().setResponseCode(202).setBody("{\"b\":\"x\"}"));
    assertThat(call(call(later, "asOption2"), "getB")).isEqualTo("x");
    assertThat(body(client, new MockResponse().setResponseCode(204))).isNull();
  }

  @Test
  void successWithoutContent_isNull() throws Exception {
    GeneratedClient client =
        operation(
            "/r",
            "get",
            """
            responses:
              '200': {description: It., content: {application/json: {schema: {type: string}}}}
              '202': {description: Later.}
            """);

    assertThat(body(client, new MockResponse().setResponseCode(202))).isNull();
    assertThat(body(client, new MockResponse().setBody("\"x\""))).isEqualTo("x");
    GeneratedClient always = operation("/r", "get", response("{type: string}"));
    assertThatThrownBy(() -> body(always, new MockResponse())).isInstanceOf(IOException.class);
  }

  @Test
  void head_hasNoBody() throws Exception {
    GeneratedClient client =
        operation("/r", "head", response("{type: object, properties: {a: {type: string}}}"));

    assertThat(body(client, new MockResponse())).isNull();
    assertThat(server.takeRequest().getMethod()).isEqualTo("HEAD");
  }

  @Test
  void credentials_areThoseOfTheDescriptionAndOfItsOperations() {
    GeneratedClient client =
        GeneratedClient.of31(
            """
            security: [{bearer: []}, {}]
            paths:
              /a:
                get:
                  operationId: run
                  security: [{cookie: [], query: []}, {login: [read]}, {certificate: []}, {bearer: []}]
                  responses: {'204': {description: Nothing.}}
            components:
              securitySchemes:
                bearer: {type: http, scheme: bearer}
                basic-unused: {type: http, scheme: basic}
                cookie: {type: apiKey, in: cookie, name: session}
                query: {type: apiKey, in: query, name: key}
                login: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://example.com/token', scopes: {read: Read.}}}}
                certificate: {type: mutualTLS}
            """);
    Class<?> credentials = client.load("example.api.Credentials");
    Request request = new Request.Builder().url("https://example.com/").build();

    Request both =
        (Request) call(call(credentials, "cookieAndQuery", "c", "q"), "authenticate", request);
    assertThat(both.header("Cookie")).isEqualTo("session=c");
    assertThat(both.url().queryParameter("key")).isEqualTo("q");
    Request login = (Request) call(call(credentials, "login", "t"), "authenticate", request);
    assertThat(login.header("Authorization")).isEqualTo("Bearer t");
    assertThat(credentials.getDeclaredMethods())
        .filteredOn(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
        .extracting("name")
        .containsExactlyInAnyOrder("bearer", "cookieAndQuery", "login", "authenticate");
  }

  @Test
  void credentialsOfSeveralSchemes_areAllSent() {
    GeneratedClient client =
        GeneratedClient.of(
            """
            security: [{api_key: [], apiKey: []}, {request: [], authenticated: []}, {token: []}]
            components:
              securitySchemes:
                api_key: {type: apiKey, in: cookie, name: A}
                apiKey: {type: apiKey, in: cookie, name: B}
                request: {type: apiKey, in: header, name: C}
                authenticated: {type: apiKey, in: header, name: D}
                token: {type: apiKey, in: header, name: Authorization}
            """);
    Class<?> credentials = client.load("example.api.Credentials");
    Request request =
        new Request.Builder().url("https://example.com/").header("Cookie", "A=0; z=9").build();

    Object cookies = call(credentials, "apiKeyAndApiKey", "1", "2");
    assertThat(((Request) call(cookies, "authenticate", request)).headers("Cookie"))
        .containsExactly("z=9; A=1; B=2");
    Object headers = call(credentials, "requestAndAuthenticated", "3", "4");
    assertThat(((Request) call(headers, "authenticate", request)).header("D")).isEqualTo("4");
    Object token = call(credentials, "token", "Token token=abc");
    assertThat(((Request) call(token, "authenticate", request)).header("Authorization"))
        .isEqualTo("Token token=abc");
    assertThatThrownBy(() -> call(credentials, "token", "abc "))
        .hasMessage("token must not begin or end with a space");
  }
}
