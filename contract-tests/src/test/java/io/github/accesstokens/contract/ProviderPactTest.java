package io.github.accesstokens.contract;

import static org.assertj.core.api.Assertions.assertThat;

import au.com.dius.pact.core.model.Interaction;
import au.com.dius.pact.provider.IHttpClientFactory;
import au.com.dius.pact.provider.junit5.HttpTestTarget;
import au.com.dius.pact.provider.junit5.HttpsTestTarget;
import au.com.dius.pact.provider.junit5.PactVerificationContext;
import au.com.dius.pact.provider.junit5.PactVerificationInvocationContextProvider;
import au.com.dius.pact.provider.junitsupport.Provider;
import au.com.dius.pact.provider.junitsupport.State;
import au.com.dius.pact.provider.junitsupport.VerificationReports;
import au.com.dius.pact.provider.junitsupport.loader.PactFolder;
import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;
import java.io.IOException;
import java.net.URI;
import java.util.function.Consumer;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The committed pact against a provider: the stub, in the state that each interaction asks for, or
 * the one at {@code -Dprovider.url=http://127.0.0.1:4010}.
 *
 * <p>That URL stands for {@code https://api.cloudflare.com/client/v4}, as the client's base URL
 * does. States are taken for granted there, and the wanted status is asked for with the header
 * {@code Prefer}, which mock servers such as Prism follow and others ignore. Only the pact's own
 * example credentials are sent.
 */
@Provider(RotateConsumerPactTest.PROVIDER)
@PactFolder("pacts")
// None on the console: a failure tells it all.
@VerificationReports({})
final class ProviderPactTest {
  private static final String PREFIX = "/client/v4";
  private static final String API_TOKEN = "Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY";

  private final String url = System.getProperty("provider.url", "");
  private final @Nullable StubProvider stub = url.isEmpty() ? StubProvider.start() : null;

  @BeforeAll
  static void accept() throws IOException {
    CommittedPactTest.acceptIfAsked();
  }

  @BeforeEach
  void target(PactVerificationContext context) {
    URI provider = URI.create(stub == null ? url : stub.baseUrl());
    boolean https = "https".equals(provider.getScheme());
    int port = provider.getPort() != -1 ? provider.getPort() : https ? 443 : 80;
    // Pact's own client sends again after 429 and 503, and waits before it does.
    IHttpClientFactory sendOnce =
        info -> HttpClients.custom().disableAutomaticRetries().disableRedirectHandling().build();
    context.setTarget(
        https
            ? new HttpsTestTarget(provider.getHost(), port, "", false, () -> sendOnce)
            : new HttpTestTarget(provider.getHost(), port, "", () -> sendOnce));
  }

  @AfterEach
  void close() {
    if (stub != null) {
      stub.close();
    }
  }

  @TestTemplate
  @ExtendWith(PactVerificationInvocationContextProvider.class)
  void answersAsThePactExpects(
      PactVerificationContext context, Interaction interaction, HttpRequest request) {
    int status = interaction.asSynchronousRequestResponse().getResponse().getStatus();
    if (stub == null) {
      request.setHeader("Prefer", "code=" + status);
      request.setPath(base() + request.getPath().substring(PREFIX.length()));
    }

    context.verifyInteraction();

    if (stub != null) {
      assertThat(stub.rotations()).as("rotations applied").isEqualTo(status == 200 ? 1 : 0);
    }
  }

  @State("a service token exists")
  void serviceTokenExists() {
    given(
        provider -> {
          provider.addToken();
          provider.acceptApiToken(API_TOKEN);
        });
  }

  @State("a service token exists and an API key is accepted")
  void serviceTokenExistsAndApiKeyIsAccepted() {
    given(
        provider -> {
          provider.addToken();
          provider.acceptApiKey("user@example.com", "144c9defac04969c7bfad8efaa8ea194");
        });
  }

  @State("a service token exists whose secret is in use")
  void serviceTokenExistsWhoseSecretIsInUse() {
    serviceTokenExists();
  }

  @State("the API token is not accepted")
  void apiTokenIsNotAccepted() {
    given(StubProvider::addToken);
  }

  @State("the API token lacks the permission to rotate")
  void apiTokenLacksThePermission() {
    given(
        provider -> {
          provider.addToken();
          provider.acceptApiTokenWithoutPermission(API_TOKEN);
        });
  }

  @State("no service token exists")
  void noServiceTokenExists() {
    given(provider -> provider.acceptApiToken(API_TOKEN));
  }

  @State("the rate limit is used up")
  void rateLimitIsUsedUp() {
    serviceTokenExists();
    given(provider -> provider.enqueue(Fault.status(429).retryAfter("30")));
  }

  @State("the provider is failing")
  void providerIsFailing() {
    serviceTokenExists();
    given(provider -> provider.enqueue(Fault.status(503).htmlBody()));
  }

  private void given(Consumer<StubProvider> fact) {
    if (stub != null) {
      fact.accept(stub);
    }
  }

  private String base() {
    String path = URI.create(url).getPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
