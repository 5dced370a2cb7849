package io.github.accesstokens.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;

import au.com.dius.pact.core.matchers.BodyMismatch;
import au.com.dius.pact.core.matchers.Mismatch;
import au.com.dius.pact.core.model.Interaction;
import au.com.dius.pact.core.model.Pact;
import au.com.dius.pact.provider.IHttpClientFactory;
import au.com.dius.pact.provider.VerificationFailureType;
import au.com.dius.pact.provider.junit5.HttpTestTarget;
import au.com.dius.pact.provider.junit5.HttpsTestTarget;
import au.com.dius.pact.provider.junit5.PactVerificationContext;
import au.com.dius.pact.provider.junit5.PactVerificationInvocationContextProvider;
import au.com.dius.pact.provider.junitsupport.Provider;
import au.com.dius.pact.provider.junitsupport.State;
import au.com.dius.pact.provider.junitsupport.VerificationReports;
import au.com.dius.pact.provider.junitsupport.loader.PactFolder;
import io.github.accesstokens.provider.StubProvider;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The committed pacts against a provider: the stub provider, or the provider at {@code
 * -Dprovider.url=http://127.0.0.1:4010}.
 *
 * <p>The URL takes the place of {@code https://api.cloudflare.com/client/v4}. The test cannot set
 * the provider states there. Without an account, it sends the documented ids and credentials, and
 * the expected status in the header {@code Prefer}, which mock servers such as Prism follow. With a
 * {@link ProviderAccount}, it rotates a service token for real. The README of this module says how.
 */
@Provider(PactFile.PROVIDER)
@PactFolder(PactFile.FOLDER)
// No reports: a green run prints nothing, and the message of a failure has it all.
@VerificationReports({})
final class ProviderPactTest {
  private static final String PREFIX = "/client/v4";

  private final String url = System.getProperty("provider.url", "");
  private final @Nullable ProviderAccount account =
      ProviderAccount.of(System::getProperty, System::getenv);
  private final @Nullable StubProvider stub = url.isEmpty() ? StubProvider.start() : null;

  @BeforeEach
  void target(PactVerificationContext context) {
    URI provider = URI.create(stub == null ? url : stub.baseUrl());
    boolean https = "https".equals(provider.getScheme());
    int port = provider.getPort() != -1 ? provider.getPort() : https ? 443 : 80;
    // Pact's own client waits and retries after 429 and 503.
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
  void pactRequest_getsTheExpectedResponse(
      PactVerificationContext context, Pact pact, Interaction interaction, HttpRequest request) {
    int status = interaction.asSynchronousRequestResponse().getResponse().getStatus();
    if (stub == null) {
      request.setPath(base() + request.getPath().substring(PREFIX.length()));
      if (account == null) {
        request.setHeader("Prefer", "code=" + status);
      } else {
        String state = interaction.getProviderStates().get(0).getName();
        assumeThat(account.isFor(pact.getConsumer().getName(), state))
            .as("the account is for this interaction")
            .isTrue();
        account.prepare(request);
      }
    } else if (pact.getConsumer().getName().equals(PactFile.DOCUMENTED)) {
      // The client's pact is for the short refusals, which the real API was seen to send.
      stub.documentedRefusals();
    }

    try {
      context.verifyInteraction();
    } catch (AssertionError e) {
      fail(message(context));
    }

    if (stub != null) {
      assertThat(stub.rotations())
          .as("rotations applied by \"%s\"", interaction.getDescription())
          .isEqualTo(status == 200 ? 1 : 0);
    }
  }

  @State(ProviderState.TOKEN_EXISTS)
  void tokenExists() {
    given(ProviderState.TOKEN_EXISTS);
  }

  @State(ProviderState.API_KEY_ACCEPTED)
  void apiKeyAccepted() {
    given(ProviderState.API_KEY_ACCEPTED);
  }

  @State(ProviderState.SECRET_IN_USE)
  void secretInUse() {
    given(ProviderState.SECRET_IN_USE);
  }

  @State(ProviderState.API_TOKEN_MALFORMED)
  void apiTokenMalformed() {
    given(ProviderState.API_TOKEN_MALFORMED);
  }

  @State(ProviderState.PERMISSION_MISSING)
  void permissionMissing() {
    given(ProviderState.PERMISSION_MISSING);
  }

  @State(ProviderState.NO_TOKEN)
  void noToken() {
    given(ProviderState.NO_TOKEN);
  }

  @State(ProviderState.RATE_LIMITED)
  void rateLimited() {
    given(ProviderState.RATE_LIMITED);
  }

  @State(ProviderState.FAILING)
  void failing() {
    given(ProviderState.FAILING);
  }

  private void given(String state) {
    if (stub != null) {
      ProviderState.set(state, stub);
    }
  }

  /** One line for each place that differs. Pact's own message needs its reporter. */
  private String message(PactVerificationContext context) {
    return context.getTestExecutionResult().stream()
        .flatMap(failed -> failed.getFailures().values().stream())
        .flatMap(List::stream)
        .map(this::message)
        .collect(
            Collectors.joining(
                "\n  ",
                "response to \"" + context.getInteraction().getDescription() + "\":\n  ",
                "\n"));
  }

  private String message(VerificationFailureType failure) {
    if (failure instanceof VerificationFailureType.MismatchFailure place) {
      Mismatch mismatch = place.getMismatch();
      if (mismatch instanceof BodyMismatch body) {
        // A part of the body of a real account may be a secret.
        String found = account == null ? body.getMismatch() : "does not fit the pact";
        return "body " + body.getPath() + ": " + found;
      }
      return mismatch.type() + ": " + mismatch.description();
    }
    return failure.description();
  }

  private String base() {
    String path = URI.create(url).getPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
