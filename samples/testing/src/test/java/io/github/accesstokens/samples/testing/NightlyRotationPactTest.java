package io.github.accesstokens.samples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import au.com.dius.pact.consumer.MockServer;
import au.com.dius.pact.consumer.dsl.LambdaDsl;
import au.com.dius.pact.consumer.dsl.Matchers;
import au.com.dius.pact.consumer.dsl.PactBuilder;
import au.com.dius.pact.consumer.junit5.PactConsumerTest;
import au.com.dius.pact.consumer.junit5.PactTestFor;
import au.com.dius.pact.core.model.PactSpecVersion;
import au.com.dius.pact.core.model.V4Pact;
import au.com.dius.pact.core.model.annotations.Pact;
import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.api.Credentials;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What this application needs of the provider, against the published description. */
@PactConsumerTest
@PactTestFor(providerName = "access-service-tokens", pactVersion = PactSpecVersion.V4)
final class NightlyRotationPactTest {
  private static final String PATH =
      "/client/v4/accounts/account/access/service_tokens/token/rotate";

  @Pact(consumer = "nightly-rotation")
  V4Pact rotated(PactBuilder pact) {
    return pact.expectsToReceiveHttpInteraction(
            "a rotation",
            http ->
                http.state("a service token exists")
                    .withRequest(
                        request ->
                            request
                                .method("POST")
                                .path(PATH)
                                .header(
                                    "Authorization",
                                    Matchers.regexp("Bearer .+", "Bearer api-token")))
                    .willRespondWith(
                        response ->
                            response
                                .status(200)
                                .body(
                                    LambdaDsl.newJsonBody(
                                            body ->
                                                body.booleanValue("success", true)
                                                    .object(
                                                        "result",
                                                        token ->
                                                            token
                                                                .stringType("client_id", "an-id")
                                                                .stringType(
                                                                    "client_secret", "a-secret")))
                                        .build())))
        .toPact();
  }

  @Test
  @PactTestFor(pactMethod = "rotated")
  void rotation_storesTheSecretAndFitsTheDescription(MockServer provider, V4Pact pact)
      throws Exception {
    List<String> stored = new ArrayList<>();
    try (AccessTokensClient client =
        AccessTokensClient.builder()
            .baseUrl(provider.getUrl() + "/client/v4/")
            .credentials(Credentials.apiToken("api-token"))
            .build()) {
      assertThat(new NightlyRotation(client, stored::add).run("account", "token"))
          .isEqualTo("rotated");
    }

    assertThat(stored).containsExactly("a-secret");
    assertThat(PublishedDescription.problems(pact)).isEmpty();
  }
}
