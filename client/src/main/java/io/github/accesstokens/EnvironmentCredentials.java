package io.github.accesstokens;

import io.github.accesstokens.api.Credentials;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Credentials from environment variables of conventional names. */
final class EnvironmentCredentials {
  private static final String API_TOKEN = "CLOUDFLARE_API_TOKEN";
  private static final String EMAIL = "CLOUDFLARE_EMAIL";
  private static final String API_KEY = "CLOUDFLARE_API_KEY";

  private EnvironmentCredentials() {}

  static Credentials of(Map<String, String> variables) {
    String token = nonEmpty(variables, API_TOKEN);
    String email = nonEmpty(variables, EMAIL);
    String key = nonEmpty(variables, API_KEY);
    if (token != null && key != null) {
      throw new IllegalArgumentException(
          API_TOKEN + " and " + API_KEY + " are both set; unset one of them");
    }
    // An e-mail address alone is no credential: it may be there for other programs.
    if (token != null) {
      return Credentials.apiToken(token);
    }
    if (email != null && key != null) {
      return Credentials.apiEmailAndApiKey(email, key);
    }
    if (email != null || key != null) {
      throw new IllegalArgumentException(
          (email == null ? EMAIL : API_KEY)
              + " is not set; "
              + EMAIL
              + " and "
              + API_KEY
              + " go together");
    }
    throw new IllegalArgumentException(
        "no credentials; set " + API_TOKEN + ", or " + EMAIL + " and " + API_KEY);
  }

  private static @Nullable String nonEmpty(Map<String, String> variables, String name) {
    String value = variables.get(name);
    return value == null || value.isEmpty() ? null : value;
  }
}
