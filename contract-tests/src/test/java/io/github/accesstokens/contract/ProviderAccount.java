package io.github.accesstokens.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.temporal.ChronoUnit.HOURS;
import static java.time.temporal.ChronoUnit.SECONDS;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.fixtures.Documented;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

/**
 * The account and the service token that a verification of the pacts rotates.
 *
 * <p>System properties name them. The credentials are environment variables: Surefire writes all
 * system properties into its reports. {@code toString()} and messages show no credential.
 */
final class ProviderAccount {
  private static final String URL = "provider.url";
  private static final String ACCOUNT_ID = "provider.account-id";
  private static final String SERVICE_TOKEN_ID = "provider.service-token-id";
  private static final String STATE = "provider.state";
  private static final String CONSUMER = "provider.consumer";
  private static final String ALLOW = "provider.allow";
  private static final String ROTATIONS = "rotations";
  private static final String API_TOKEN = "CLOUDFLARE_API_TOKEN";
  private static final String API_EMAIL = "CLOUDFLARE_EMAIL";
  private static final String API_KEY = "CLOUDFLARE_API_KEY";

  private final Map<String, String> settings;

  private ProviderAccount(Map<String, String> settings) {
    this.settings = settings;
  }

  /**
   * Reads the settings. Returns null if no property asks for an account.
   *
   * @throws IllegalStateException if a setting is missing or wrong; the message names it
   */
  static @Nullable ProviderAccount of(
      UnaryOperator<@Nullable String> properties, UnaryOperator<@Nullable String> environment) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String name : List.of(ACCOUNT_ID, SERVICE_TOKEN_ID, STATE, CONSUMER, ALLOW)) {
      put(settings, name, properties);
    }
    if (settings.isEmpty()) {
      return null;
    }
    put(settings, URL, properties);
    for (String name : List.of(API_TOKEN, API_EMAIL, API_KEY)) {
      put(settings, name, environment);
    }
    ProviderAccount account = new ProviderAccount(settings);
    account.check();
    return account;
  }

  private static void put(
      Map<String, String> settings, String name, UnaryOperator<@Nullable String> source) {
    String value = source.apply(name);
    if (value != null && !value.isBlank()) {
      settings.put(name, value.strip());
    }
  }

  private void check() {
    List<String> missing = new ArrayList<>();
    for (String name : List.of(URL, ACCOUNT_ID, SERVICE_TOKEN_ID, STATE)) {
      if (!settings.containsKey(name)) {
        missing.add("-D" + name + "=…");
      }
    }
    for (String name : usesApiKey() ? List.of(API_EMAIL, API_KEY) : List.of(API_TOKEN)) {
      if (!settings.containsKey(name)) {
        missing.add("the environment variable " + name);
      }
    }
    if (!missing.isEmpty()) {
      throw refused("To verify the pacts with an account, add " + String.join(", ", missing) + '.');
    }
    if (!ProviderState.ALL.contains(get(STATE))) {
      throw refused(
          STATE
              + " is \""
              + get(STATE)
              + "\". The pacts have: "
              + Finding.listed(ProviderState.ALL));
    }
    if (!get(CONSUMER).isEmpty() && !PactFile.CONSUMERS.contains(get(CONSUMER))) {
      throw refused(
          CONSUMER
              + " is \""
              + get(CONSUMER)
              + "\". The consumers are: "
              + Finding.listed(PactFile.CONSUMERS)
              + '.');
    }
    for (String name : List.of(ACCOUNT_ID, SERVICE_TOKEN_ID)) {
      if (!get(name).matches("[\\w-]+")) {
        throw refused(name + " is not an id.");
      }
    }
    checkForClient();
    if (!get(ALLOW).equals(ROTATIONS)) {
      throw refused(
          "Each interaction is a rotation of service token "
              + get(SERVICE_TOKEN_ID)
              + ". A rotation that succeeds replaces the secret, drops the new one and revokes the"
              + " previous one. To allow this, add -D"
              + ALLOW
              + "="
              + ROTATIONS
              + ".");
    }
  }

  /** The client knows which URLs may get credentials, and which credentials can be sent. */
  private void checkForClient() {
    try {
      AccessTokensClient.builder()
          .baseUrl(get(URL))
          .credentials(
              usesApiKey()
                  ? Credentials.apiEmailAndApiKey(get(API_EMAIL), get(API_KEY))
                  : Credentials.apiToken(get(API_TOKEN)));
    } catch (IllegalArgumentException e) {
      throw refused("The client refuses a setting: " + e.getMessage() + ".");
    }
  }

  private static IllegalStateException refused(String message) {
    return new IllegalStateException(message + " Nothing was sent.");
  }

  private String get(String name) {
    return settings.getOrDefault(name, "");
  }

  private boolean usesApiKey() {
    return get(STATE).equals(ProviderState.API_KEY_ACCEPTED);
  }

  /** Whether an interaction is to be verified: the account is in its state. */
  boolean isFor(String consumer, String state) {
    return get(STATE).equals(state) && (get(CONSUMER).isEmpty() || get(CONSUMER).equals(consumer));
  }

  /** Replaces the documented ids and credentials of a request by those of the account. */
  void prepare(HttpRequest request) {
    request.setPath(
        request
            .getPath()
            .replace(Documented.ACCOUNT_ID, get(ACCOUNT_ID))
            .replace(Documented.SERVICE_TOKEN_ID, get(SERVICE_TOKEN_ID)));
    if (usesApiKey()) {
      request.setHeader("X-Auth-Email", get(API_EMAIL));
      request.setHeader("X-Auth-Key", get(API_KEY));
    } else {
      request.setHeader("Authorization", "Bearer " + get(API_TOKEN));
    }
    if (get(STATE).equals(ProviderState.SECRET_IN_USE)
        && request instanceof ClassicHttpRequest withBody) {
      // The pact's time is so late that the previous secret would stay valid.
      Instant end = Instant.now().truncatedTo(SECONDS).plus(1, HOURS);
      withBody.setEntity(
          new StringEntity(
              "{\"previous_client_secret_expires_at\":\"" + end + "\"}",
              ContentType.APPLICATION_JSON.withCharset(UTF_8)));
    }
  }

  @Override
  public String toString() {
    return "service token " + get(SERVICE_TOKEN_ID) + " at " + get(URL);
  }
}
