package io.github.accesstokens.provider;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks who may call. Not thread-safe: {@link StubProvider} guards it with its lock. */
final class Credentials {
  private static final String BEARER = "Bearer ";

  private final Set<String> apiTokens = new HashSet<>();
  private final Set<String> apiTokensWithoutPermission = new HashSet<>();
  private final Set<ApiKey> apiKeys = new HashSet<>();

  void acceptApiToken(String apiToken) {
    apiTokens.add(apiToken);
  }

  void acceptApiTokenWithoutPermission(String apiToken) {
    apiTokensWithoutPermission.add(apiToken);
  }

  void acceptApiKey(String email, String key) {
    apiKeys.add(new ApiKey(email, key));
  }

  void check(ReceivedRequest request) throws Refusal {
    List<String> authorizations = request.headerValues("Authorization");
    List<String> emails = request.headerValues("X-Auth-Email");
    List<String> keys = request.headerValues("X-Auth-Key");
    if (authorizations.size() == 1 && emails.isEmpty() && keys.isEmpty()) {
      checkApiToken(authorizations.get(0));
    } else if (authorizations.isEmpty() && emails.size() == 1 && keys.size() == 1) {
      if (!apiKeys.contains(new ApiKey(emails.get(0), keys.get(0)))) {
        throw new Refusal(401, "The API key is not accepted");
      }
    } else {
      throw new Refusal(401, "Send either one API token, or one e-mail address with its API key");
    }
  }

  private void checkApiToken(String authorization) throws Refusal {
    // The name of an authentication scheme is case-insensitive.
    boolean bearer = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    String apiToken = bearer ? authorization.substring(BEARER.length()) : "";
    if (apiTokensWithoutPermission.contains(apiToken)) {
      throw new Refusal(403, "The API token lacks Access: Service Tokens Write");
    }
    if (!apiTokens.contains(apiToken)) {
      throw new Refusal(401, "The API token is not accepted");
    }
  }

  private record ApiKey(String email, String key) {
    /** The e-mail address only: a record's own toString() prints the key. */
    @Override
    public String toString() {
      return email;
    }
  }
}
