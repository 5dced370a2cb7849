package io.github.accesstokens;

import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.api.InvalidArgumentException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads credentials from environment variables with the usual names. */
final class EnvironmentCredentials {
  private static final String API_TOKEN = "CLOUDFLARE_API_TOKEN";
  private static final String EMAIL = "CLOUDFLARE_EMAIL";
  private static final String API_KEY = "CLOUDFLARE_API_KEY";

  /** The variable that each argument of {@link Credentials} comes from. */
  private static final Map<String, String> VARIABLES = new HashMap<>();

  static {
    VARIABLES.put("api_token", API_TOKEN);
    VARIABLES.put("api_email", EMAIL);
    VARIABLES.put("api_key", API_KEY);
  }

  private EnvironmentCredentials() {}

  static Credentials of(Map<String, String> variables) {
    String token = trimmed(variables, API_TOKEN);
    String email = trimmed(variables, EMAIL);
    String key = trimmed(variables, API_KEY);
    if (token != null && key != null) {
      throw new InvalidArgumentException(
          API_TOKEN, "and " + API_KEY + " are both set; unset one of them");
    }
    try {
      if (token != null) {
        // An e-mail address is no credential without a key: it may be there for other programs.
        return Credentials.apiToken(token);
      }
      if (email != null && key != null) {
        return Credentials.apiEmailAndApiKey(email, key);
      }
    } catch (InvalidArgumentException e) {
      String variable = VARIABLES.get(e.getName());
      throw variable == null ? e : e.withName(variable);
    }
    if (email != null || key != null) {
      throw new InvalidArgumentException(
          email == null ? EMAIL : API_KEY,
          "is not set; " + EMAIL + " and " + API_KEY + " go together");
    }
    throw new InvalidArgumentException(
        API_TOKEN, "is not set, and neither are " + EMAIL + " and " + API_KEY);
  }

  /** Returns the value without white space around it; null if nothing is left. */
  static @Nullable String trimmed(Map<String, String> variables, String name) {
    String value = variables.get(name);
    String trimmed = value == null ? "" : value.trim();
    return trimmed.isEmpty() ? null : trimmed;
  }
}
