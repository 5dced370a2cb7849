package io.github.accesstokens.contract;

import static io.github.accesstokens.fixtures.Documented.ACCOUNT_ID;
import static io.github.accesstokens.fixtures.Documented.API_EMAIL;
import static io.github.accesstokens.fixtures.Documented.API_KEY;
import static io.github.accesstokens.fixtures.Documented.API_TOKEN;
import static io.github.accesstokens.fixtures.Documented.CLIENT_ID;
import static io.github.accesstokens.fixtures.Documented.CLIENT_SECRET;
import static io.github.accesstokens.fixtures.Documented.SERVICE_TOKEN_ID;
import static io.github.accesstokens.fixtures.Documented.TIME;
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
import io.github.accesstokens.model.EnvelopeMessageSource;
import io.github.accesstokens.model.ServiceToken;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.time.OffsetDateTime;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import retrofit2.Response;

/**
 * The shipped client's expectations of the provider, written to {@code target/pacts}.
 *
 * <p>The values are the documented examples. A value that the provider chooses is matched by type.
 * A value that decides the outcome is exact.
 */
@PactConsumerTest
@PactTestFor(providerName = PactFile.PROVIDER, pactVersion = PactSpecVersion.V4)
final class RotateConsumerPactTest {
  private static final String RFC_3339 =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)";
  private static final String GRACE_END = "2999-01-01T00:00:00Z";

  // ---- the rotation is applied

  @Pact(consumer = PactFile.CONSUMER)
  V4Pact rotatedWithApiToken(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.TOKEN_EXISTS,
        "a rotation with an API token",
        RotateConsumerPactTest::withApiToken,
        RotateConsumerPactTest::rotated);
  }

  @Test
  @PactTestFor(pactMethod = "rotatedWithApiToken")
  void rotationWithApiToken_isDecoded(MockServer provider) throws Exception {
    assertDocumented(
        calling(provider, () -> apiTokenClient(provider).rotate(ACCOUNT_ID, SERVICE_TOKEN_ID))
            .getToken());
  }

  @Pact(consumer = PactFile.CONSUMER)
  V4Pact rotatedWithEmailAndApiKey(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.API_KEY_ACCEPTED,
        "a rotation with an e-mail address and an API key",
        request ->
            request
                .header("X-Auth-Email", Matchers.regexp(".+@.+", API_EMAIL))
                .header("X-Auth-Key", Matchers.regexp(".+", API_KEY)),
        RotateConsumerPactTest::rotated);
  }

  @Test
  @PactTestFor(pactMethod = "rotatedWithEmailAndApiKey")
  void rotationWithEmailAndApiKey_isDecoded(MockServer provider) throws Exception {
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
    assertThat(envelope.getErrors())
        .singleElement()
        .satisfies(RotateConsumerPactTest::assertDocumented);
    assertThat(envelope.getMessages())
        .singleElement()
        .satisfies(RotateConsumerPactTest::assertDocumented);
    assertDocumented(envelope.getResult());
  }

  @Pact(consumer = PactFile.CONSUMER)
  V4Pact rotatedWithGracePeriod(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.SECRET_IN_USE,
        "a rotation with a grace period",
        request ->
            withApiToken(request)
                .header("Content-Type", "application/json")
                .body(
                    LambdaDsl.newJsonBody(
                            body ->
                                body.stringMatcher(
                                    "previous_client_secret_expires_at", RFC_3339, GRACE_END))
                        .build()),
        RotateConsumerPactTest::rotated);
  }

  @Test
  @PactTestFor(pactMethod = "rotatedWithGracePeriod")
  void rotationWithGracePeriod_isDecoded(MockServer provider) throws Exception {
    assertDocumented(
        calling(
                provider,
                () ->
                    apiTokenClient(provider)
                        .rotate(ACCOUNT_ID, SERVICE_TOKEN_ID, OffsetDateTime.parse(GRACE_END)))
            .getToken());
  }

  // ---- the rotation is not applied

  @Pact(consumer = PactFile.CONSUMER)
  V4Pact credentialsRefused(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.API_TOKEN_REFUSED,
        "a rotation with an API token that is refused",
        RotateConsumerPactTest::withApiToken,
        response -> refused(response, 401, 1000, "The API token is not accepted"));
  }

  @Test
  @PactTestFor(pactMethod = "credentialsRefused")
  void refusedApiToken_isNotApplied(MockServer provider) throws Exception {
    assertRefused(provider, 401, 1000, "The API token is not accepted");
  }

  @Pact(consumer = PactFile.CONSUMER)
  V4Pact permissionMissing(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.PERMISSION_MISSING,
        "a rotation with an API token that lacks the permission",
        RotateConsumerPactTest::withApiToken,
        response -> refused(response, 403, 1000, "The API token lacks a permission"));
  }

  @Test
  @PactTestFor(pactMethod = "permissionMissing")
  void missingPermission_isNotApplied(MockServer provider) throws Exception {
    assertRefused(provider, 403, 1000, "The API token lacks a permission");
  }

  @Pact(consumer = PactFile.CONSUMER)
  V4Pact serviceTokenUnknown(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.NO_TOKEN,
        "a rotation of an unknown service token",
        RotateConsumerPactTest::withApiToken,
        response -> refused(response, 404, 7003, "No route for the URI"));
  }

  @Test
  @PactTestFor(pactMethod = "serviceTokenUnknown")
  void unknownServiceToken_isNotApplied(MockServer provider) throws Exception {
    assertRefused(provider, 404, 7003, "No route for the URI");
  }

  @Pact(consumer = PactFile.CONSUMER)
  V4Pact rateLimited(PactBuilder pact) {
    return interaction(
        pact,
        ProviderState.RATE_LIMITED,
        "a rotation beyond the rate limit",
        RotateConsumerPactTest::withApiToken,
        response ->
            refused(
                response.header("Retry-After", Matchers.regexp("\\d+", "30")),
                429,
                1000,
                "Too many requests"));
  }

  @Test
  @PactTestFor(pactMethod = "rateLimited")
  void usedUpRateLimit_isNotApplied(MockServer provider) throws Exception {
    assertRefused(provider, 429, 1000, "Too many requests");
  }

  // ---- the outcome is unknown

  @Pact(consumer = PactFile.CONSUMER)
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
    RotationException failure = failureOf(provider);

    assertThat(failure)
        .isInstanceOf(RotationUnknownException.class)
        .hasMessageContaining("503")
        .hasMessageNotContaining("html");
  }

  // ---- the client

  private static AccessTokensClient apiTokenClient(MockServer provider) {
    return client(provider, Credentials.apiToken(API_TOKEN));
  }

  private static AccessTokensClient client(MockServer provider, Credentials credentials) {
    return AccessTokensClient.builder()
        .credentials(credentials)
        .baseUrl(provider.getUrl() + "/client/v4")
        // One request for each interaction, and no wait for the time in Retry-After.
        .maxRetries(0)
        .build();
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
  private static <T> T calling(MockServer provider, Callable<T> call) throws Exception {
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

  private static V4Pact interaction(
      PactBuilder pact,
      String state,
      String description,
      UnaryOperator<HttpRequestBuilder> request,
      UnaryOperator<HttpResponseBuilder> response) {
    return pact.expectsToReceiveHttpInteraction(
            description,
            http ->
                http.state(state)
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
                    .willRespondWith(response::apply))
        .toPact();
  }

  private static HttpRequestBuilder withApiToken(HttpRequestBuilder request) {
    return request.header("Authorization", Matchers.regexp("Bearer .+", "Bearer " + API_TOKEN));
  }

  private static HttpResponseBuilder rotated(HttpResponseBuilder response) {
    return response
        .status(200)
        .header("Content-Type", "application/json")
        .body(
            LambdaDsl.newJsonBody(
                    envelope ->
                        envelope
                            // Any number of entries. Each entry has all properties, because Pact
                            // has no optional ones.
                            .minArrayLike("errors", 0, 1, RotateConsumerPactTest::wholeEntry)
                            .minArrayLike("messages", 0, 1, RotateConsumerPactTest::wholeEntry)
                            .booleanValue("success", true)
                            .object(
                                "result",
                                result ->
                                    result
                                        .stringType("id", "id")
                                        .stringType("client_id", CLIENT_ID)
                                        .stringType("client_secret", CLIENT_SECRET)
                                        .stringMatcher("created_at", RFC_3339, TIME)
                                        .stringType("duration", "60m")
                                        .stringType("name", "CI/CD token")
                                        .stringMatcher("updated_at", RFC_3339, TIME)))
                .build());
  }

  private static void wholeEntry(LambdaDslObject entry) {
    entry
        .integerType("code", 1000)
        .stringType("message", "message")
        .stringType("documentation_url", "documentation_url")
        .object("source", source -> source.stringType("pointer", "pointer"));
  }

  private static HttpResponseBuilder refused(
      HttpResponseBuilder response, int status, int code, String message) {
    return response
        .status(status)
        .header("Content-Type", "application/json")
        .body(
            LambdaDsl.newJsonBody(
                    envelope ->
                        envelope
                            .minArrayLike(
                                "errors",
                                1,
                                entry ->
                                    entry.integerType("code", code).stringType("message", message))
                            // Pact does not look at entries without an example.
                            .minArrayLike("messages", 0, 0, entry -> {})
                            .booleanValue("success", false)
                            .nullValue("result"))
                .build());
  }

  // ---- assertions

  private static void assertDocumented(@Nullable ServiceToken token) {
    assertThat(token)
        .returns("id", ServiceToken::getId)
        .returns(CLIENT_ID, ServiceToken::getClientId)
        .returns(CLIENT_SECRET, ServiceToken::getClientSecret)
        .returns(OffsetDateTime.parse(TIME), ServiceToken::getCreatedAt)
        .returns("60m", ServiceToken::getDuration)
        .returns("CI/CD token", ServiceToken::getName)
        .returns(OffsetDateTime.parse(TIME), ServiceToken::getUpdatedAt);
  }

  private static void assertDocumented(EnvelopeMessage entry) {
    assertThat(entry)
        .returns(1000L, EnvelopeMessage::getCode)
        .returns("message", EnvelopeMessage::getMessage)
        .returns("documentation_url", EnvelopeMessage::getDocumentationUrl);
    assertThat(entry.getSource()).returns("pointer", EnvelopeMessageSource::getPointer);
  }

  private static void assertRefused(MockServer provider, int status, long code, String message)
      throws Exception {
    RotationException failure = failureOf(provider);

    assertThat(failure)
        .isInstanceOfSatisfying(
            RotationNotAppliedException.class,
            refusal -> {
              assertThat(refusal.getStatus()).isEqualTo(status);
              assertThat(refusal.getErrors())
                  .singleElement()
                  .returns(code, EnvelopeMessage::getCode)
                  .returns(message, EnvelopeMessage::getMessage)
                  .returns(null, EnvelopeMessage::getDocumentationUrl)
                  .returns(null, EnvelopeMessage::getSource);
            });
  }
}
