package io.github.accesstokens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.Moshi;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @Test
  void builderOfAModel_returnsAnEqualModel() throws IOException {
    ServiceTokenEnvelope envelope = envelopes.fromJson(ENVELOPE);
    ServiceToken token = Objects.requireNonNull(envelope.getResult());
    EnvelopeMessage message = envelope.getErrors().get(0);
    EnvelopeMessageSource source = Objects.requireNonNull(message.getSource());
    FailureEnvelope failure =
        FailureEnvelope.builder()
            .errors(envelope.getErrors())
            .messages(envelope.getErrors())
            .success(false)
            .result(Map.of("only", "null is documented"))
            .build();
    RotateServiceTokenRequest request =
        RotateServiceTokenRequest.builder()
            .previousClientSecretExpiresAt(token.getCreatedAt())
            .build();
    for (Object model : List.of(envelope, token, message, source, failure, request)) {
      assertThat(model).hasNoNullFieldsOrProperties();
    }

    assertThat(envelope.toBuilder().build()).isEqualTo(envelope);
    assertThat(token.toBuilder().build()).isEqualTo(token);
    assertThat(message.toBuilder().build()).isEqualTo(message);
    assertThat(source.toBuilder().build()).isEqualTo(source);
    assertThat(failure.toBuilder().build()).isEqualTo(failure);
    assertThat(request.toBuilder().build()).isEqualTo(request);
    assertThat(token.toBuilder().name("other").build()).isNotEqualTo(token);
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
