package io.github.accesstokens.contract;

import static io.github.accesstokens.fixtures.Documented.ACCOUNT_ID;
import static io.github.accesstokens.fixtures.Documented.API_EMAIL;
import static io.github.accesstokens.fixtures.Documented.API_KEY;
import static io.github.accesstokens.fixtures.Documented.API_TOKEN;
import static io.github.accesstokens.fixtures.Documented.SERVICE_TOKEN_ID;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import au.com.dius.pact.consumer.MockServer;
import au.com.dius.pact.consumer.PactVerificationResult;
import au.com.dius.pact.consumer.dsl.HttpRequestBuilder;
import au.com.dius.pact.consumer.dsl.HttpResponseBuilder;
import au.com.dius.pact.consumer.dsl.LambdaDsl;
import au.com.dius.pact.consumer.dsl.LambdaDslObject;
import au.com.dius.pact.consumer.dsl.Matchers;
import au.com.dius.pact.consumer.dsl.PactBuilder;
import au.com.dius.pact.consumer.dsl.PactDslRootValue;
import au.com.dius.pact.consumer.junit5.PactConsumerTest;
import au.com.dius.pact.consumer.junit5.PactTestFor;
import au.com.dius.pact.core.model.PactSpecVersion;
import au.com.dius.pact.core.model.V4Pact;
import au.com.dius.pact.core.model.annotations.Pact;
import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.RotationException;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.ServiceToken;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import retrofit2.Response;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the shipped client needs of a provider, and no more, written to {@code target/pacts}.
 *
 * <p>The mock server responds with exactly the body of an interaction, so the client is proved with
 * the shortest answers. A provider may send more.
 */
@PactConsumerTest
@PactTestFor(providerName = PactFile.PROVIDER, pactVersion = PactSpecVersion.V4)
final class RotateConsumerPactTest {
  static final Spec SPEC = Spec.read(Path.of("../openapi/service-tokens.yaml"));
  static final String RFC_3339 =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)";

  /** The only properties of a token that the client needs. */
  private static final JsonNode TOKEN = needed(example("rotated").value().path("result"));

  static final String GRACE_END =
      example("grace_period").value().path("previous_client_secret_expires_at").asString();

  // ---- the rotation is applied

  @Pact(consumer = PactFile.CLIENT)
  V4Pact rotatedWithApiToken(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.TOKEN_EXISTS,
        "a rotation with an API token",
        RotateConsumerPactTest::withApiToken,
        response -> rotated(response, RotateConsumerPactTest::neededToken));
  }

  @Test
  @PactTestFor(pactMethod = "rotatedWithApiToken")
  void minimalSuccess_isRotated(MockServer provider) throws Exception {
    assertNeeded(
        calling(provider, () -> apiTokenClient(provider).rotate(ACCOUNT_ID, SERVICE_TOKEN_ID))
            .getToken());
  }

  @Pact(consumer = PactFile.CLIENT)
  V4Pact rotatedWithUnknownProperties(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.TOKEN_EXISTS,
        "a rotation whose response has properties that are not described",
        RotateConsumerPactTest::withApiToken,
        response ->
            rotated(
                response,
                token ->
                    token
                        .stringValue("client_id", TOKEN.path("client_id").asString())
                        .stringValue("client_secret", TOKEN.path("client_secret").asString())
                        .object("not_described", any -> any.numberValue("version", 2))
                        // Demands no property, so that a provider need not send this one.
                        .eachKeyMatching(Matchers.regexp(".+", "client_id"))),
        "/result/not_described: the provider was seen to send more than it describes");
  }

  @Test
  @PactTestFor(pactMethod = "rotatedWithUnknownProperties")
  void unknownProperties_areTolerated(MockServer provider) throws Exception {
    assertNeeded(
        calling(provider, () -> apiTokenClient(provider).rotate(ACCOUNT_ID, SERVICE_TOKEN_ID))
            .getToken());
  }

  @Pact(consumer = PactFile.CLIENT)
  V4Pact rotatedWithEmailAndApiKey(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.API_KEY_ACCEPTED,
        "a rotation with an e-mail address and an API key",
        request ->
            request
                .header("X-Auth-Email", Matchers.regexp(".+@.+", API_EMAIL))
                .header("X-Auth-Key", Matchers.regexp(".+", API_KEY)),
        response -> rotated(response, RotateConsumerPactTest::neededToken));
  }

  @Test
  @PactTestFor(pactMethod = "rotatedWithEmailAndApiKey")
  void minimalSuccessOfTheGeneratedCall_hasTheToken(MockServer provider) throws Exception {
    Response<ServiceTokenEnvelope> response =
        calling(
            provider,
            () ->
                client(provider, Credentials.apiEmailAndApiKey(API_EMAIL, API_KEY))
                    .serviceTokens()
                    .rotateServiceToken(ACCOUNT_ID, SERVICE_TOKEN_ID)
                    .execute());

    assertThat(response.code()).isEqualTo(200);
    ServiceTokenEnvelope envelope = response.body();
    assertThat(envelope).isNotNull();
    assertThat(envelope.isSuccess()).isTrue();
    assertNeeded(envelope.getResult());
  }

  @Pact(consumer = PactFile.CLIENT)
  V4Pact rotatedWithGracePeriod(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.SECRET_IN_USE,
        "a rotation with a grace period",
        RotateConsumerPactTest::withGracePeriod,
        response -> rotated(response, RotateConsumerPactTest::neededToken));
  }

  @Test
  @PactTestFor(pactMethod = "rotatedWithGracePeriod")
  void minimalSuccessWithGracePeriod_isRotated(MockServer provider) throws Exception {
    assertNeeded(
        calling(
                provider,
                () ->
                    apiTokenClient(provider)
                        .rotate(ACCOUNT_ID, SERVICE_TOKEN_ID, OffsetDateTime.parse(GRACE_END)))
            .getToken());
  }

  // ---- the rotation is not applied

  @Pact(consumer = PactFile.CLIENT)
  V4Pact apiTokenMalformed(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.API_TOKEN_MALFORMED,
        "a rotation with a malformed API token",
        RotateConsumerPactTest::withApiToken,
        response ->
            refused(
                response,
                400,
                entry ->
                    entry
                        .numberValue("code", 6003)
                        .stringValue("message", "Invalid request headers")
                        .array(
                            "error_chain",
                            chain -> chain.object(link -> link.numberValue("code", 6111)))
                        // Demands no property, so that a provider need not send the chain.
                        .eachKeyMatching(Matchers.regexp(".+", "code"))),
        "/errors/0/error_chain: was seen in responses of the provider");
  }

  @Test
  @PactTestFor(pactMethod = "apiTokenMalformed")
  void chainOfErrors_isNotApplied(MockServer provider) throws Exception {
    assertRefused(failureOf(provider), 400, "Invalid request headers", 6003L, 6111L);
  }

  @Pact(consumer = PactFile.CLIENT)
  V4Pact permissionMissing(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.PERMISSION_MISSING,
        "a rotation with an API token that lacks the permission",
        RotateConsumerPactTest::withApiToken,
        response -> refused(response, 403, neededError(10000, "Authentication error")));
  }

  @Test
  @PactTestFor(pactMethod = "permissionMissing")
  void missingPermission_isNotApplied(MockServer provider) throws Exception {
    assertRefused(failureOf(provider), 403, "Authentication error", 10000L);
  }

  @Pact(consumer = PactFile.CLIENT)
  V4Pact serviceTokenUnknown(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.NO_TOKEN,
        "a rotation of an unknown service token",
        RotateConsumerPactTest::withApiToken,
        response -> refused(response, 404, neededError(7003, "No route for the URI")));
  }

  @Test
  @PactTestFor(pactMethod = "serviceTokenUnknown")
  void unknownServiceToken_isNotApplied(MockServer provider) throws Exception {
    assertRefused(failureOf(provider), 404, "No route for the URI", 7003L);
  }

  @Pact(consumer = PactFile.CLIENT)
  V4Pact rateLimited(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.RATE_LIMITED,
        "a rotation beyond the rate limit",
        RotateConsumerPactTest::withApiToken,
        // The client needs no body: the status says that the rotation is not applied.
        response -> response.status(429).header("Retry-After", Matchers.regexp("\\d+", "30")));
  }

  @Test
  @PactTestFor(pactMethod = "rateLimited")
  void usedUpRateLimit_isNotApplied(MockServer provider) throws Exception {
    assertThat(failureOf(provider))
        .isInstanceOfSatisfying(
            RotationNotAppliedException.class,
            refusal -> {
              assertThat(refusal.getStatus()).isEqualTo(429);
              assertThat(refusal.isRetryable()).isTrue();
            });
  }

  // ---- the outcome is unknown

  @Pact(consumer = PactFile.CLIENT)
  V4Pact providerFailing(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.FAILING,
        "a rotation while the provider is failing",
        RotateConsumerPactTest::withApiToken,
        response ->
            response
                .status(503)
                .header("Content-Type", "text/html")
                // Any text, since only people read it.
                .body(
                    PactDslRootValue.stringMatcher(
                        ".*", "<!DOCTYPE html><title>Error</title><h1>Error</h1>")));
  }

  @Test
  @PactTestFor(pactMethod = "providerFailing")
  void htmlPageWith503_isUnknown(MockServer provider) throws Exception {
    assertThat(failureOf(provider))
        .isInstanceOf(RotationUnknownException.class)
        .hasMessageContaining("503")
        .hasMessageNotContaining("html");
  }

  // ---- the client

  private static AccessTokensClient apiTokenClient(MockServer provider) {
    return client(provider, Credentials.apiToken(API_TOKEN));
  }

  static AccessTokensClient client(MockServer provider, Credentials credentials) {
    return AccessTokensClient.builder()
        .credentials(credentials)
        .baseUrl(baseUrl(provider))
        // One request for each interaction, and no wait for the time in Retry-After.
        .maxRetries(0)
        .build();
  }

  static String baseUrl(MockServer provider) {
    return provider.getUrl() + "/client/v4/";
  }

  private static RotationException failureOf(MockServer provider) throws Exception {
    return calling(
        provider,
        () ->
            catchThrowableOfType(
                RotationException.class,
                () -> apiTokenClient(provider).rotate(ACCOUNT_ID, SERVICE_TOKEN_ID)));
  }

  /** Reports a wrong request first. The mock server's response to it says less. */
  static <T> T calling(MockServer provider, Callable<T> call) throws Exception {
    try {
      return call.call();
    } finally {
      PactVerificationResult result = provider.validateMockServerState(null);
      assertThat(result)
          .withFailMessage(result::getDescription)
          .isInstanceOf(PactVerificationResult.Ok.class);
    }
  }

  // ---- the pact

  /**
   * @param notDescribed why the body has a property that the description does not have: its JSON
   *     pointer, a colon and a reason
   */
  static V4Pact interaction(
      PactBuilder pact,
      String state,
      String description,
      UnaryOperator<HttpRequestBuilder> request,
      UnaryOperator<HttpResponseBuilder> response,
      String... notDescribed) {
    return pact.expectsToReceiveHttpInteraction(
            description,
            http -> {
              for (String comment : notDescribed) {
                http.comment(comment);
              }
              return http.state(state)
                  .withRequest(
                      builder ->
                          request.apply(
                              builder
                                  .method("POST")
                                  .path(
                                      "/client/v4/accounts/"
                                          + ACCOUNT_ID
                                          + "/access/service_tokens/"
                                          + SERVICE_TOKEN_ID
                                          + "/rotate")))
                  .willRespondWith(response::apply);
            })
        .toPact();
  }

  static HttpRequestBuilder withApiToken(HttpRequestBuilder request) {
    return request.header("Authorization", Matchers.regexp("Bearer .+", "Bearer " + API_TOKEN));
  }

  static HttpRequestBuilder withGracePeriod(HttpRequestBuilder request) {
    return withApiToken(request)
        .header("Content-Type", "application/json")
        .body(
            LambdaDsl.newJsonBody(
                    body ->
                        body.stringMatcher(
                            "previous_client_secret_expires_at", RFC_3339, GRACE_END))
                .build());
  }

  private static HttpResponseBuilder rotated(
      HttpResponseBuilder response, Consumer<LambdaDslObject> token) {
    return response
        .status(200)
        .header("Content-Type", "application/json")
        .body(
            LambdaDsl.newJsonBody(
                    envelope -> envelope.booleanValue("success", true).object("result", token))
                .build());
  }

  private static void neededToken(LambdaDslObject token) {
    TOKEN
        .properties()
        .forEach(property -> token.stringType(property.getKey(), property.getValue().asString()));
  }

  private static HttpResponseBuilder refused(
      HttpResponseBuilder response, int status, Consumer<LambdaDslObject> error) {
    return response
        .status(status)
        .header("Content-Type", "application/json")
        .body(
            LambdaDsl.newJsonBody(
                    envelope ->
                        envelope.booleanValue("success", false).minArrayLike("errors", 1, error))
                .build());
  }

  private static Consumer<LambdaDslObject> neededError(int code, String message) {
    return error -> error.integerType("code", code).stringType("message", message);
  }

  private static ObjectNode needed(JsonNode token) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("client_id", token.path("client_id").asString())
        .put("client_secret", token.path("client_secret").asString());
  }

  static Spec.Example example(String name) {
    return SPEC.examples().stream()
        .filter(example -> example.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the description uses no example " + name));
  }

  // ---- assertions

  private static void assertNeeded(@Nullable ServiceToken token) {
    Object model = requireNonNull(token);
    assertThat(ModelCheck.differences(SPEC, "ServiceToken", TOKEN, model)).isEmpty();
  }

  /** The codes of the errors, and the message of the first one. */
  private static void assertRefused(
      RotationException failure, int status, String message, Long... codes) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            RotationNotAppliedException.class,
            refusal -> {
              assertThat(refusal.getStatus()).isEqualTo(status);
              assertThat(refusal.getErrors())
                  .extracting(EnvelopeMessage::getCode)
                  .containsExactly(codes);
              assertThat(refusal.getErrors().get(0)).returns(message, EnvelopeMessage::getMessage);
            });
  }
}
