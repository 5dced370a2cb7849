package io.github.accesstokens.contract;

import static io.github.accesstokens.fixtures.Documented.API_EMAIL;
import static io.github.accesstokens.fixtures.Documented.API_KEY;
import static io.github.accesstokens.fixtures.Documented.API_TOKEN;

import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;
import java.util.List;

/** The provider states of the pacts, and how the stub provider gets into each. */
final class ProviderState {
  static final String TOKEN_EXISTS = "a service token exists";
  static final String API_KEY_ACCEPTED = "a service token exists and an API key is accepted";
  static final String SECRET_IN_USE = "a service token exists whose secret is in use";
  static final String API_TOKEN_MALFORMED = "the API token is malformed";
  static final String PERMISSION_MISSING = "the API token lacks the permission to rotate";
  static final String NO_TOKEN = "no service token exists";
  static final String RATE_LIMITED = "the rate limit is used up";
  static final String FAILING = "the provider is failing";

  static final List<String> ALL =
      List.of(
          TOKEN_EXISTS,
          API_KEY_ACCEPTED,
          SECRET_IN_USE,
          API_TOKEN_MALFORMED,
          PERMISSION_MISSING,
          NO_TOKEN,
          RATE_LIMITED,
          FAILING);

  private ProviderState() {}

  static void set(String state, StubProvider provider) {
    if (!state.equals(NO_TOKEN)) {
      provider.addToken();
    }
    switch (state) {
      // The client refuses to send what the stub takes for malformed.
      case API_TOKEN_MALFORMED -> provider.enqueue(Fault.status(400));
      case PERMISSION_MISSING -> provider.acceptApiTokenWithoutPermission(API_TOKEN);
      case TOKEN_EXISTS, SECRET_IN_USE, NO_TOKEN -> provider.acceptApiToken(API_TOKEN);
      case API_KEY_ACCEPTED -> provider.acceptApiKey(API_EMAIL, API_KEY);
      case RATE_LIMITED -> {
        provider.acceptApiToken(API_TOKEN);
        provider.enqueue(Fault.status(429).retryAfter("30"));
      }
      case FAILING -> {
        provider.acceptApiToken(API_TOKEN);
        provider.enqueue(Fault.status(503).htmlBody());
      }
      default -> throw new IllegalArgumentException("the stub knows no state \"" + state + '"');
    }
  }
}
