package io.github.accesstokens.contract;

import static io.github.accesstokens.contract.RotateConsumerPactTest.SPEC;
import static io.github.accesstokens.contract.RotateConsumerPactTest.baseUrl;
import static io.github.accesstokens.contract.RotateConsumerPactTest.calling;
import static io.github.accesstokens.contract.RotateConsumerPactTest.client;
import static io.github.accesstokens.contract.RotateConsumerPactTest.example;
import static io.github.accesstokens.contract.RotateConsumerPactTest.interaction;
import static io.github.accesstokens.fixtures.Documented.ACCOUNT_ID;
import static io.github.accesstokens.fixtures.Documented.API_TOKEN;
import static io.github.accesstokens.fixtures.Documented.SERVICE_TOKEN_ID;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import au.com.dius.pact.consumer.MockServer;
import au.com.dius.pact.consumer.dsl.HttpResponseBuilder;
import au.com.dius.pact.consumer.dsl.LambdaDsl;
import au.com.dius.pact.consumer.dsl.LambdaDslObject;
import au.com.dius.pact.consumer.dsl.PactBuilder;
import au.com.dius.pact.consumer.junit5.PactConsumerTest;
import au.com.dius.pact.consumer.junit5.PactTestFor;
import au.com.dius.pact.core.model.PactSpecVersion;
import au.com.dius.pact.core.model.V4Pact;
import au.com.dius.pact.core.model.annotations.Pact;
import io.github.accesstokens.api.AccessServiceTokensApi;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.FailureEnvelope;
import io.github.accesstokens.model.ModelConverterFactory;
import io.github.accesstokens.model.RotateServiceTokenRequest;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.lang.annotation.Annotation;
import java.time.OffsetDateTime;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import retrofit2.Response;
import retrofit2.Retrofit;
import tools.jackson.databind.JsonNode;

/**
 * The documented examples, whole, written to {@code target/pacts}. The client reads each property
 * with its getter.
 *
 * <p>The bodies are the examples of the description. A value that the provider chooses is matched
 * by type.
 */
@PactConsumerTest
@PactTestFor(providerName = PactFile.PROVIDER, pactVersion = PactSpecVersion.V4)
final class DocumentedConsumerPactTest {
  private static final Spec.Example ROTATED = example("rotated");
  private static final Spec.Example NO_ROUTE = example("no_route");

  @Pact(consumer = PactFile.DOCUMENTED)
  V4Pact rotated(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.TOKEN_EXISTS,
        "the documented rotation",
        RotateConsumerPactTest::withApiToken,
        response -> documented(response, 200, ROTATED));
  }

  @Test
  @PactTestFor(pactMethod = "rotated")
  void documentedRotation_isReadWhole(MockServer provider) throws Exception {
    Response<ServiceTokenEnvelope> response =
        calling(
            provider,
            () ->
                client(provider, Credentials.apiToken(API_TOKEN))
                    .serviceTokens()
                    .rotateServiceToken(ACCOUNT_ID, SERVICE_TOKEN_ID)
                    .execute());

    assertReadWhole(ROTATED, response.body());
  }

  @Pact(consumer = PactFile.DOCUMENTED)
  V4Pact rotatedWithGracePeriod(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.SECRET_IN_USE,
        "the documented rotation with a grace period",
        RotateConsumerPactTest::withGracePeriod,
        response -> documented(response, 200, ROTATED));
  }

  @Test
  @PactTestFor(pactMethod = "rotatedWithGracePeriod")
  void documentedRotationWithGracePeriod_isReadWhole(MockServer provider) throws Exception {
    RotateServiceTokenRequest grace =
        RotateServiceTokenRequest.builder()
            .previousClientSecretExpiresAt(OffsetDateTime.parse(RotateConsumerPactTest.GRACE_END))
            .build();
    Response<ServiceTokenEnvelope> response =
        calling(
            provider,
            () ->
                client(provider, Credentials.apiToken(API_TOKEN))
                    .serviceTokens()
                    .rotateServiceToken(ACCOUNT_ID, SERVICE_TOKEN_ID, grace)
                    .execute());

    assertReadWhole(ROTATED, response.body());
  }

  @Pact(consumer = PactFile.DOCUMENTED)
  V4Pact noRoute(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.NO_TOKEN,
        "the documented rotation of an unknown service token",
        RotateConsumerPactTest::withApiToken,
        response -> documented(response, 404, NO_ROUTE));
  }

  /** With the generated code alone: the hand-written client keeps the envelope of a failure. */
  @Test
  @PactTestFor(pactMethod = "noRoute")
  void documentedFailure_isReadWhole(MockServer provider) throws Exception {
    OkHttpClient http =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain ->
                    chain.proceed(
                        chain
                            .request()
                            .newBuilder()
                            .header("Authorization", "Bearer " + API_TOKEN)
                            .build()))
            .build();
    Retrofit retrofit =
        new Retrofit.Builder()
            .baseUrl(baseUrl(provider))
            .client(http)
            .addConverterFactory(ModelConverterFactory.create())
            .build();
    Response<ServiceTokenEnvelope> response =
        calling(
            provider,
            () ->
                AccessServiceTokensApi.create(retrofit)
                    .rotateServiceToken(ACCOUNT_ID, SERVICE_TOKEN_ID)
                    .execute());

    assertThat(response.code()).isEqualTo(404);
    assertReadWhole(
        NO_ROUTE,
        retrofit
            .<FailureEnvelope>responseBodyConverter(FailureEnvelope.class, new Annotation[0])
            .convert(requireNonNull(response.errorBody())));
  }

  private static void assertReadWhole(Spec.Example example, @Nullable Object envelope) {
    Object model = requireNonNull(envelope);
    assertThat(ModelCheck.differences(SPEC, example.schema(), example.value(), model)).isEmpty();
  }

  private static HttpResponseBuilder documented(
      HttpResponseBuilder response, int status, Spec.Example example) {
    return response
        .status(status)
        .header("Content-Type", "application/json")
        .body(LambdaDsl.newJsonBody(body -> add(body, example.schema(), example.value())).build());
  }

  /** Adds the properties of an example. A value that the schema fixes is exact. */
  private static void add(LambdaDslObject object, @Nullable String schemaName, JsonNode example) {
    Spec.properties(SPEC.schema(requireNonNull(schemaName)))
        .forEach(
            (name, schema) -> {
              if (example.has(name)) {
                add(object, name, schema, example.path(name));
              }
            });
  }

  private static void add(LambdaDslObject object, String name, JsonNode schema, JsonNode value) {
    String reference = Spec.reference(schema);
    if (value.isNull()) {
      object.nullValue(name);
    } else if (reference != null) {
      object.object(name, part -> add(part, reference, value));
    } else if (value.isArray()) {
      // Any number of entries. Each entry has all properties, because Pact has no optional ones.
      object.minArrayLike(
          name,
          schema.path("minItems").asInt(0),
          value.size(),
          entry -> add(entry, Spec.reference(schema.path("items")), value.path(0)));
    } else if (value.isBoolean() && schema.has("enum")) {
      object.booleanValue(name, value.asBoolean());
    } else if (value.isBoolean()) {
      object.booleanType(name, value.asBoolean());
    } else if (value.isIntegralNumber()) {
      object.integerType(name, value.asInt());
    } else if (schema.path("format").asString("").equals("date-time")) {
      object.stringMatcher(name, RotateConsumerPactTest.RFC_3339, value.asString());
    } else {
      object.stringType(name, value.asString());
    }
  }
}
