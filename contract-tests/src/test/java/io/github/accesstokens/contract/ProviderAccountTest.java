package io.github.accesstokens.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.accesstokens.provider.ReceivedRequest;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The pacts with an account, in a process of its own. The account is one of the stub provider. */
final class ProviderAccountTest {
  private static final String CREDENTIAL = "marked-credential";

  private final StubProvider provider = StubProvider.start();
  private final StubToken token = provider.addToken("account-1", "token-1", "mine");
  private final Map<String, String> properties =
      new HashMap<>(
          Map.of(
              "provider.url", provider.baseUrl(),
              "provider.account-id", token.accountId(),
              "provider.service-token-id", token.id(),
              "provider.state", ProviderState.TOKEN_EXISTS,
              "provider.allow", "rotations"));
  private final Map<String, String> environment =
      new HashMap<>(Map.of("CLOUDFLARE_API_TOKEN", CREDENTIAL));

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void accountInItsState_isRotatedByTheInteractionsOfThatState() throws Exception {
    provider.acceptApiToken(CREDENTIAL);

    String output = verify(0);

    assertThat(token.rotations()).isEqualTo(3);
    assertThat(provider.requests())
        .hasSize(3)
        .extracting(ReceivedRequest::path)
        .containsOnly("/client/v4/accounts/account-1/access/service_tokens/token-1/rotate");
    assertThat(output).contains("3 tests successful").doesNotContain(token.clientSecret());
  }

  @Test
  void gracePeriod_endsSoon() throws Exception {
    properties.put("provider.state", ProviderState.SECRET_IN_USE);
    BasicClassicHttpRequest request = new BasicClassicHttpRequest("POST", "/");
    request.setEntity(new StringEntity("2999"));

    requireNonNull(ProviderAccount.of(properties::get, environment::get)).prepare(request);

    assertThat(EntityUtils.toString(request.getEntity()))
        .startsWith("{\"previous_client_secret_expires_at\":\"2")
        .doesNotContain("2999");
  }

  @Test
  void accountInAnotherState_failsWithoutSecrets() throws Exception {
    provider.acceptApiToken(CREDENTIAL);
    properties.put("provider.state", ProviderState.NO_TOKEN);

    String output = verify(1);

    assertThat(output)
        .contains("expected status of 404 but was 200", "$.success: does not fit the pact")
        .doesNotContain(token.clientSecret());
  }

  @Test
  void missingSettings_areNamed() {
    properties.keySet().removeIf(name -> !name.equals("provider.state"));
    environment.clear();

    assertRefused(
        "To verify the pacts with an account, add -Dprovider.url=…, -Dprovider.account-id=…,"
            + " -Dprovider.service-token-id=…, the environment variable CLOUDFLARE_API_TOKEN."
            + " Nothing was sent.");
  }

  @Test
  void missingApiKey_isNamed() {
    properties.put("provider.state", ProviderState.API_KEY_ACCEPTED);

    assertRefused(
        "To verify the pacts with an account, add the environment variable CLOUDFLARE_EMAIL, the"
            + " environment variable CLOUDFLARE_API_KEY. Nothing was sent.");
  }

  @Test
  void unknownState_isRefusedWithTheKnownOnes() {
    properties.put("provider.state", "all is well");

    assertThatIllegalStateException()
        .isThrownBy(account())
        .withMessageStartingWith(
            "provider.state is \"all is well\". The pacts have: a service token exists, ");
  }

  @Test
  void rotationsThatAreNotAllowed_areExplained() {
    properties.remove("provider.allow");

    assertRefused(
        "Each interaction is a rotation of service token token-1. A rotation that succeeds replaces"
            + " the secret, drops the new one and revokes the previous one. To allow this, add"
            + " -Dprovider.allow=rotations. Nothing was sent.");
  }

  @Test
  void consumer_isTheOnlyOneThatIsVerified() {
    properties.put("provider.consumer", PactFile.CLIENT);
    ProviderAccount account = requireNonNull(ProviderAccount.of(properties::get, environment::get));

    assertThat(account.isFor(PactFile.CLIENT, ProviderState.TOKEN_EXISTS)).isTrue();
    assertThat(account.isFor(PactFile.CLIENT, ProviderState.NO_TOKEN)).isFalse();
    assertThat(account.isFor(PactFile.DOCUMENTED, ProviderState.TOKEN_EXISTS)).isFalse();
  }

  @Test
  void unknownConsumer_isRefused() {
    properties.put("provider.consumer", "me");

    assertRefused(
        "provider.consumer is \"me\". The consumers are: access-tokens-client,"
            + " documented-examples. Nothing was sent.");
  }

  @Test
  void idThatIsAPath_isRefused() {
    properties.put("provider.account-id", "../x");

    assertRefused("provider.account-id is not an id. Nothing was sent.");
  }

  @Test
  void plainHttp_isRefused() {
    properties.put("provider.url", "http://api.example.com/client/v4");

    assertRefused(
        "The client refuses a setting: baseUrl must be https, because credentials are sent to it;"
            + " http is for loopback only. Nothing was sent.");
  }

  @Test
  void credentialThatCannotBeSent_isNotShown() {
    environment.put("CLOUDFLARE_API_TOKEN", "marked\ncredential");

    assertRefused(
        "The client refuses a setting: api_token has a line break at index 6. Nothing was sent.");
  }

  @Test
  void noSetting_isNoAccount() {
    assertThat(ProviderAccount.of(name -> null, environment::get)).isNull();
    assertThat(ProviderAccount.of(Map.of("provider.url", "http://127.0.0.1")::get, name -> null))
        .isNull();
  }

  @Test
  void toString_showsNoCredential() {
    assertThat(ProviderAccount.of(properties::get, environment::get))
        .hasToString("service token token-1 at " + provider.baseUrl());
  }

  private void assertRefused(String message) {
    assertThatIllegalStateException().isThrownBy(account()).withMessage(message);
  }

  private ThrowingCallable account() {
    return () -> ProviderAccount.of(properties::get, environment::get);
  }

  /** Runs {@link ProviderPactTest} in another process, and returns what it printed. */
  private String verify(int exitCode) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(
        List.of(
            "-Dpact_do_not_track=true",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "org.junit.platform.console.ConsoleLauncher",
            "execute",
            "--disable-ansi-colors",
            "--disable-banner",
            "--select-class=" + ProviderPactTest.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(output).isEqualTo(exitCode);
      assertThat(output).doesNotContain(CREDENTIAL);
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
