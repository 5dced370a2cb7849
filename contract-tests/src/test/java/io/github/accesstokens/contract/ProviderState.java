package io.github.accesstokens.contract;

import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;

/** How the stub provider comes into the states of the pact. */
final class ProviderState {
  static final String TOKEN_EXISTS = "a service token exists";
  static final String API_KEY_ACCEPTED = "a service token exists and an API key is accepted";
  static final String SECRET_IN_USE = "a service token exists whose secret is in use";
  static final String API_TOKEN_REFUSED = "the API token is not accepted";
  static final String PERMISSION_MISSING = "the API token lacks the permission to rotate";
  static final String NO_TOKEN = "no service token exists";
  static final String RATE_LIMITED = "the rate limit is used up";
  static final String FAILING = "the provider is failing";

  private static final String API_TOKEN = "Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY";
  private static final String EMAIL = "user@example.com";
  private static final String API_KEY = "144c9defac04969c7bfad8efaa8ea194";

  private ProviderState() {}

  static void set(String state, StubProvider provider) {
    if (!state.equals(NO_TOKEN)) {
      provider.addToken();
    }
    switch (state) {
      case API_TOKEN_REFUSED -> {}
      case PERMISSION_MISSING -> provider.acceptApiTokenWithoutPermission(API_TOKEN);
      case TOKEN_EXISTS, SECRET_IN_USE, NO_TOKEN -> provider.acceptApiToken(API_TOKEN);
      case API_KEY_ACCEPTED -> provider.acceptApiKey(EMAIL, API_KEY);
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
