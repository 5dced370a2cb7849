package io.github.accesstokens.provider;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks who may call. Not thread-safe: {@link StubProvider} guards it with its lock. */
final class Credentials {
  // The name of an authentication scheme is case-insensitive.
  private static final Pattern BEARER = Pattern.compile("(?i:bearer) (\\S+)");
  private static final Pattern KEY = Pattern.compile("\\S+");

  private final Set<String> apiTokens = new HashSet<>();
  private final Set<String> apiTokensWithoutPermission = new HashSet<>();
  private final Set<String> apiTokensOfAnotherPlace = new HashSet<>();
  private final Set<ApiKey> apiKeys = new HashSet<>();

  void acceptApiToken(String apiToken) {
    apiTokens.add(apiToken);
  }

  void acceptApiTokenWithoutPermission(String apiToken) {
    apiTokensWithoutPermission.add(apiToken);
  }

  void acceptApiTokenElsewhere(String apiToken) {
    apiTokensOfAnotherPlace.add(apiToken);
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
      checkApiKey(emails.get(0), keys.get(0));
    } else {
      throw new Refusal(401, "Send either one API token, or one e-mail address with its API key");
    }
  }

  private void checkApiToken(String authorization) throws Refusal {
    Matcher bearer = BEARER.matcher(authorization);
    if (!bearer.matches()) {
      throw Refusal.malformedHeader("Authorization", 6111);
    }
    String apiToken = bearer.group(1);
    if (apiTokensWithoutPermission.contains(apiToken)) {
      throw Refusal.missingPermission();
    }
    if (apiTokensOfAnotherPlace.contains(apiToken)) {
      throw Refusal.wrongPlace();
    }
    if (!apiTokens.contains(apiToken)) {
      throw new Refusal(401, "The API token is not accepted");
    }
  }

  private void checkApiKey(String email, String key) throws Refusal {
    if (!KEY.matcher(key).matches()) {
      throw Refusal.malformedHeader("X-Auth-Key", 6103);
    }
    if (!apiKeys.contains(new ApiKey(email, key))) {
      throw new Refusal(401, "The API key is not accepted");
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
