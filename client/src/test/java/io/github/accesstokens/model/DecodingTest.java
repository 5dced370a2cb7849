package io.github.accesstokens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonWriter;
import com.squareup.moshi.Moshi;
import java.io.IOException;
import java.lang.reflect.Method;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import okio.Buffer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecodingTest {
  private static final String SECRET =
      "bdd31cbc4dec990953e39163fbbb194c93313ca9f0a6e420346af9d326b1d2a5";
  private static final String ENVELOPE =
      """
      {"errors":[{"code":1000,"message":"message","documentation_url":"documentation_url",\
      "source":{"pointer":"pointer"}}],"messages":[],"success":true,"result":{"id":"id",\
      "client_id":"88bf3b6d86161464f6509f7219099e57.access.example.com","client_secret":"%s",\
      "created_at":"2014-01-01T05:20:00.12345Z","duration":"60m","name":"CI/CD token",\
      "updated_at":"2014-01-01T05:20:00.12345Z"}}"""
          .formatted(SECRET);

  private final Moshi moshi = new Moshi.Builder().add(ModelJsonAdapterFactory.INSTANCE).build();
  private final JsonAdapter<ServiceTokenEnvelope> envelopes =
      moshi.adapter(ServiceTokenEnvelope.class);
  private final JsonAdapter<EnvelopeMessage> messages = moshi.adapter(EnvelopeMessage.class);

  @Test
  void everyProperty_isDecoded() throws IOException {
    ServiceTokenEnvelope envelope = envelopes.fromJson(ENVELOPE);

    assertThat(envelope.isSuccess()).isTrue();
    assertThat(envelopes.fromJson(ENVELOPE.replace("true", "false")).isSuccess()).isFalse();
    assertThat(envelope.getMessages()).isEmpty();
    assertThat(envelope.getErrors())
        .containsExactly(
            EnvelopeMessage.builder()
                .code(1000)
                .message("message")
                .documentationUrl("documentation_url")
                .source(EnvelopeMessageSource.builder().pointer("pointer").build())
                .build());
    OffsetDateTime time = OffsetDateTime.parse("2014-01-01T05:20:00.12345Z");
    // By name, so that a renamed property fails this test and not the compiler.
    assertThat(envelope.getResult())
        .hasFieldOrPropertyWithValue("id", "id")
        .hasFieldOrPropertyWithValue(
            "clientId", "88bf3b6d86161464f6509f7219099e57.access.example.com")
        .hasFieldOrPropertyWithValue("clientSecret", SECRET)
        .hasFieldOrPropertyWithValue("createdAt", time)
        .hasFieldOrPropertyWithValue("duration", "60m")
        .hasFieldOrPropertyWithValue("name", "CI/CD token")
        .hasFieldOrPropertyWithValue("updatedAt", time);
  }

  @Test
  void equalDocuments_areEqualModels() throws IOException {
    ServiceTokenEnvelope envelope = envelopes.fromJson(ENVELOPE);
    assertThat(envelope)
        .isEqualTo(envelopes.fromJson(ENVELOPE))
        .hasSameHashCodeAs(envelopes.fromJson(ENVELOPE))
        .isNotEqualTo(envelopes.fromJson(ENVELOPE.replace("60m", "61m")));
  }

  @Test
  void decodedDocument_isEncodedUnchanged() throws IOException {
    assertThat(envelopes.toJson(envelopes.fromJson(ENVELOPE))).isEqualTo(ENVELOPE);
  }

  @Test
  void unknownProperty_isKeptAndMasked() throws IOException {
    EnvelopeMessage message =
        messages.fromJson("{\"new\":{\"a\":[1,{}]},\"code\":1000,\"also\":null,\"message\":\"m\"}");
    assertThat(message.getMessage()).isEqualTo("m");
    assertThat(message.getAdditionalProperties()).hasToString("{new={a=[1, {}]}, also=null}");
    assertThat(message).asString().endsWith("source=null, additionalProperties=██}");
    assertThat(messages.fromJson(messages.toJson(message))).isEqualTo(message);
  }

  @Test
  void numberOfAnUnknownProperty_keepsItsDigits() throws IOException {
    String digits = "1".repeat(400);
    String numbers = "[1,1.50,12345678901234567890," + digits + "]";
    String json = "{\"code\":1000,\"message\":\"m\",\"new\":" + numbers + "}";
    assertThat(messages.toJson(messages.fromJson(json))).isEqualTo(json);
    String longer = json.replace(digits, digits + "1");
    assertThat(messages.fromJson(longer).getAdditionalProperties())
        .extractingByKey("new")
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .endsWith(Double.POSITIVE_INFINITY);
  }

  @Test
  void numberOf400Digits_isRead_andALongerOneIsRefused() throws IOException {
    String json = "{\"message\":\"m\",\"code\":1000." + "0".repeat(395);
    assertThat(messages.fromJson(json + "}").getCode()).isEqualTo(1000);
    assertThatThrownBy(() -> messages.fromJson(json + "0}"))
        .isInstanceOf(JsonDataException.class)
        .hasMessage("Malformed value at path $.code");
  }

  @Test
  void nullForAnOptionalProperty_isNull() throws IOException {
    assertThat(messages.fromJson("{\"code\":1000,\"message\":\"m\",\"source\":null}").getSource())
        .isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'code':1000}                                           | $.message",
        "{'message':'m'}                                         | $.code",
        "{'code':1000,'message':null}                            | $.message",
        "{'code':null,'message':'m'}                             | $.code",
        "{'code':'1000','message':'m'}                           | $.code",
        "{'code':1000.5,'message':'m'}                           | $.code",
        "{'code':1000.0000000000000000001,'message':'m'}         | $.code",
        "{'code':99999999999999999999,'message':'m'}             | $.code",
        "{'code':1000,'message':5}                               | $.message",
        "{'code':1000,'message':true}                            | $.message",
        "{'code':1000,'message':['m']}                           | $.message",
        "{'code':1000,'message':'m','source':[]}                 | $.source",
        "{'code':1000,'message':'m','source':{'pointer':1}}      | $.source.pointer",
        "{'code':1000,'message':'m','message':'m'}               | $.message",
        "[]                                                      | $",
        "null                                                    | $",
        "5                                                       | $",
      })
  void badMessage_isRefusedWithItsPath(String json, String path) {
    assertThatThrownBy(() -> messages.fromJson(json.replace('\'', '"')))
        .isInstanceOf(JsonDataException.class)
        .message()
        .endsWith("path " + path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'messages':[],'success':true}                                         | $.errors",
        "{'errors':{},'messages':[],'success':true} | $.errors",
        "{'errors':[{'code':1}],'messages':[],'success':true} | $.errors[0].message",
        "{'errors':[{'code':1,'message':''},{}],'messages':[],'success':true} | $.errors[1].code",
        "{'errors':[null],'messages':[],'success':true} | $.errors[0]",
        "{'errors':[],'messages':[],'success':'true'} | $.success",
        "{'errors':[],'messages':[],'success':null} | $.success",
        "{'errors':[],'messages':[],'success':true,'result':[]} | $.result",
        "{'errors':[],'messages':[],'success':true,'result':{'id':1}} | $.result.id",
        "{'errors':[],'messages':[],'success':true,'result':{'created_at':''}}|$.result.created_at",
        "{'errors':[],'messages':[],'success':true,'result':{'created_at':1}}| $.result.created_at",
      })
  void badEnvelope_isRefusedWithItsPath(String json, String path) {
    assertThatThrownBy(() -> envelopes.fromJson(json.replace('\'', '"')))
        .isInstanceOf(JsonDataException.class)
        .message()
        .endsWith("path " + path);
  }

  @Test
  void malformedTime_isNotShown() {
    assertThatThrownBy(
            () ->
                envelopes.fromJson(
                    ENVELOPE.replaceFirst("2014-01-01T05:20:00.12345Z", "mistaken-" + SECRET)))
        .hasMessageNotContaining("mistaken")
        .hasNoCause();
  }

  @Test
  void truncatedDocument_isRefusedAndTheSecretNotShown() {
    for (int length = 0; length < ENVELOPE.length(); length++) {
      String truncated = ENVELOPE.substring(0, length);
      assertThatThrownBy(() -> envelopes.fromJson(truncated))
          .as(truncated)
          .isInstanceOf(IOException.class)
          .hasMessageNotContaining(SECRET);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"x\":%s}", "{\"result\":{\"x\":%s}}", "%s"})
  void deepNesting_isRefused(String around) {
    String deep = around.formatted("[".repeat(100_000));
    assertThatThrownBy(() -> envelopes.fromJson(deep)).isInstanceOf(JsonDataException.class);
  }

  /** Each model with the documented properties, in the order of the description. */
  static Stream<Arguments> everyModel() {
    String source = "{\"pointer\":\"pointer\"}";
    String message =
        "{\"code\":1000,\"message\":\"m\",\"documentation_url\":\"u\",\"source\":" + source + "}";
    String request = "{\"previous_client_secret_expires_at\":\"2026-12-01T10:00:00+01:00\"}";
    String token = ENVELOPE.substring(ENVELOPE.indexOf("{\"id\""), ENVELOPE.length() - 1);
    String lists = "\"errors\":[" + message + "," + message + "],\"messages\":[" + message + "]";
    return Stream.of(
        Arguments.of(EnvelopeMessageSource.class, source),
        Arguments.of(EnvelopeMessage.class, message),
        Arguments.of(RotateServiceTokenRequest.class, request),
        Arguments.of(ServiceToken.class, token),
        Arguments.of(
            ServiceTokenEnvelope.class,
            "{" + lists + ",\"success\":true,\"result\":" + token + "}"),
        Arguments.of(
            FailureEnvelope.class,
            "{" + lists + ",\"success\":true,\"result\":{\"documented\":\"null\"}}"));
  }

  private static String withUnknown(String model) {
    return model.substring(0, model.length() - 1)
        + ",\"unknown\":[null,1.50,{\"a\":null}],\"also\":null}";
  }

  @ParameterizedTest
  @MethodSource("everyModel")
  void everyModel_isWrittenAndRebuiltWithUnknownProperties(
      Class<AbstractModel<?>> type, String json) throws Exception {
    JsonAdapter<AbstractModel<?>> adapter = moshi.adapter(type);
    AbstractModel<?> known = adapter.fromJson(json);
    AbstractModel<?> model = adapter.fromJson(withUnknown(json));

    assertThat(adapter).isInstanceOf(ModelJsonAdapter.class);
    assertThat(adapter.toJson(model)).isEqualTo(withUnknown(json));
    Object rebuilt = build(builder(model));
    assertThat(rebuilt).isEqualTo(model).hasSameHashCodeAs(model).isNotEqualTo(known);
    assertThat(model.hashCode()).isNotEqualTo(known.hashCode());
    assertThat(model)
        .isNotEqualTo(json)
        .hasToString(known.toString().replaceFirst("}$", ", additionalProperties=\u2588\u2588}"))
        .asString()
        .startsWith(type.getSimpleName() + "{");
  }

  @ParameterizedTest
  @MethodSource("everyModel")
  void everyBuilder_addsAnUnknownPropertyOnly(Class<AbstractModel<?>> type, String json)
      throws Exception {
    Object builder = builder(moshi.adapter(type).fromJson(json));
    Method add = builder.getClass().getMethod("additionalProperty", String.class, Object.class);

    add.invoke(builder, "added", 1L);

    assertThat(((AbstractModel<?>) build(builder)).getAdditionalProperties())
        .hasToString("{added=1}");
    String described = json.substring(2, json.indexOf('"', 2));
    assertThatThrownBy(() -> add.invoke(builder, described, "x"))
        .hasRootCauseInstanceOf(IllegalArgumentException.class)
        .hasRootCauseMessage(described + " is a property of the description");
  }

  private static Object builder(AbstractModel<?> model) throws Exception {
    return model.getClass().getMethod("toBuilder").invoke(model);
  }

  private static Object build(Object builder) throws Exception {
    return builder.getClass().getMethod("build").invoke(builder);
  }

  @Test
  void nullOfTheBuilder_isWrittenUnlessAValueReplacesIt() {
    JsonAdapter<FailureEnvelope> failures = moshi.adapter(FailureEnvelope.class);
    FailureEnvelope.Builder builder =
        FailureEnvelope.builder().errors(List.of()).messages(List.of()).success(false).result(null);
    FailureEnvelope withNull = builder.build();

    assertThat(failures.toJson(withNull)).endsWith(",\"result\":null}");
    assertThat(withNull.toString()).contains("result=null");
    FailureEnvelope withValue = builder.result(Map.of("a", "b")).build();
    assertThat(withValue.getExplicitNulls()).isEmpty();
    assertThat(withValue.toString()).contains("result=\u2588\u2588");
  }

  @Test
  void writtenNull_leavesTheSettingOfTheWriter() throws IOException {
    JsonWriter writer = JsonWriter.of(new Buffer());
    messages.toJson(
        writer, messages.fromJson(withUnknown("{\"code\":1000,\"message\":\"message\"}")));
    assertThat(writer.getSerializeNulls()).isFalse();
  }

  @Test
  void secret_isMaskedInText() throws IOException {
    ServiceTokenEnvelope envelope = envelopes.fromJson(ENVELOPE);
    assertThat(envelope.toString()).contains("clientSecret=██").doesNotContain(SECRET);
    assertThat(ServiceToken.builder().build().toString()).contains("clientSecret=null");
  }

  @Test
  void lists_cannotBeChanged() throws IOException {
    ServiceTokenEnvelope envelope = envelopes.fromJson(ENVELOPE);
    assertThatThrownBy(() -> envelope.getErrors().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> envelope.getMessages().add(envelope.getErrors().get(0)))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void missingProperty_isNamedByTheBuilder() {
    assertThatThrownBy(() -> EnvelopeMessage.builder().code(1000).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("message is required");
  }

  @Test
  void nullResultOfAFailure_isWritten() throws IOException {
    String json =
        "{\"errors\":[{\"code\":7003,\"message\":\"No route for the URI\"}],\"messages\":[],"
            + "\"success\":false,\"result\":null}";
    JsonAdapter<FailureEnvelope> failures = moshi.adapter(FailureEnvelope.class);
    assertThat(failures.toJson(failures.fromJson(json))).isEqualTo(json);
  }

  @Test
  void absentPropertyOfARequest_isNotWritten() throws IOException {
    JsonAdapter<RotateServiceTokenRequest> requests =
        moshi.adapter(RotateServiceTokenRequest.class);
    assertThat(requests.toJson(RotateServiceTokenRequest.builder().build())).isEqualTo("{}");
    Buffer buffer = new Buffer();
    requests.toJson(
        buffer,
        RotateServiceTokenRequest.builder()
            .previousClientSecretExpiresAt(OffsetDateTime.parse("2026-12-01T10:00:00+01:00"))
            .build());
    assertThat(buffer.readUtf8())
        .isEqualTo("{\"previous_client_secret_expires_at\":\"2026-12-01T10:00:00+01:00\"}");
  }
}
