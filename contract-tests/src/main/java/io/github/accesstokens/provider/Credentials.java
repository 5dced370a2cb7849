package io.github.accesstokens.provider;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import okhttp3.Headers;

/** Decides who may call; the caller sees to it that one thread at a time does so. */
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

  void check(Headers headers) throws Refusal {
    List<String> authorizations = headers.values("Authorization");
    List<String> emails = headers.values("X-Auth-Email");
    List<String> keys = headers.values("X-Auth-Key");
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
    // The name of a scheme is case-insensitive.
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
    /** The e-mail address alone, since a record would print the key. */
    @Override
    public String toString() {
      return email;
    }
  }
}
