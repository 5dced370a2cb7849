package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RotateCommandTest {
  private static final String API_TOKEN = "an-api-token-nobody-may-see";

  private final StubProvider provider = StubProvider.start();
  private final StubToken token = provider.addToken();
  private final String oldSecret = token.clientSecret();
  private final Map<String, String> variables = new HashMap<>();

  RotateCommandTest() {
    provider.acceptApiToken(API_TOKEN);
    variables.put("CLOUDFLARE_API_TOKEN", API_TOKEN);
    variables.put("CLOUDFLARE_ACCOUNT_ID", token.accountId());
    variables.put("CLOUDFLARE_BASE_URL", provider.baseUrl());
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  /** Rotates the token with these options more; standard output is a pipe. */
  private Run rotate(String... options) {
    List<String> arguments = new ArrayList<>(List.of("--service-token-id", token.id()));
    arguments.addAll(List.of(options));
    return run(arguments.toArray(new String[0]));
  }

  private Run run(String... arguments) {
    return Run.of(variables, false, arguments);
  }

  private void refusedUnsent(Run run, String... words) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(words).doesNotContain(API_TOKEN).doesNotContain("\tat ");
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void textTellsWhatAPersonNeeds() {
    Run run = rotate();

    assertThat(run)
        .isEqualTo(
            new Run(
                0,
                """
                Rotated the service token "CI/CD token" (%s).
                The previous secret stopped working at once.
                  Client ID      %s
                  Client Secret  %s
                Store the secret now: it is not shown again.
                """
                    .formatted(token.id(), token.clientId(), token.clientSecret()),
                ""));
    assertThat(token.clientSecret()).isNotEqualTo(oldSecret);
  }

  @Test
  void jsonIsOneObject() throws IOException {
    Run run = rotate("--output", "json", "--previous-expires-at", "2126-12-01T00:00:00+01:00");

    assertThat(run.exitCode()).isEqualTo(0);
    Map<String, Object> json = run.json();
    assertThat(OffsetDateTime.parse(String.valueOf(json.get("updated_at"))))
        .isCloseToUtcNow(within(1, ChronoUnit.MINUTES));
    json.remove("updated_at");
    assertThat(json)
        .isEqualTo(
            Map.of(
                "outcome",
                "rotated",
                "id",
                token.id(),
                "client_id",
                token.clientId(),
                "client_secret",
                token.clientSecret(),
                "name",
                "CI/CD token",
                "previous_secret_expires_at",
                "2126-12-01T00:00:00+01:00"));
    assertThat(run.err()).contains("works until 2126-12-01").doesNotContain(token.clientSecret());
  }

  @Test
  void envIsTwoLinesForAShell() {
    Run run = rotate("--output", "env");

    assertThat(run.out())
        .isEqualTo(
            "CF_ACCESS_CLIENT_ID=%s\nCF_ACCESS_CLIENT_SECRET=%s\n"
                .formatted(token.clientId(), token.clientSecret()));
    assertThat(run.err()).contains("stopped working at once").doesNotContain(token.clientSecret());
  }

  @Test
  void envSurvivesAShellWhateverTheSecretHolds() throws Exception {
    provider.enqueue(
        Fault.answer(
            200,
            "application/json",
            """
            {"success": true, "errors": [], "messages": [],
             "result": {"client_id": "an id", "client_secret": "it's $HOME `id` \\"\\\\\\n*"}}
            """));

    Run run = rotate("--output", "env");

    Process shell =
        new ProcessBuilder("sh", "-c", run.out() + "printf %s \"$CF_ACCESS_CLIENT_SECRET\"")
            .redirectErrorStream(true)
            .start();
    assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8))
        .isEqualTo("it's $HOME `id` \"\\\n*");
  }

  @Test
  void whatTheProviderNamesATokenSteersNoTerminal() {
    StubToken named = provider.addToken(token.accountId(), "another", "\u001b[2J\u009bgone");

    Run run = run("--service-token-id", named.id());

    assertThat(run.out()).contains("\"?[2J?gone\"").doesNotContain("\u001b");
  }

  @Test
  void terminalGetsTheSecretOnlyWhenAsked() {
    refusedUnsent(
        Run.of(variables, true, "--service-token-id", token.id()),
        "the secret would have nowhere to go; add --show-secret or --secret-file FILE");

    Run asked = Run.of(variables, true, "--service-token-id", token.id(), "--show-secret");

    assertThat(asked.exitCode()).isEqualTo(0);
    assertThat(asked.out()).contains(token.clientSecret());
  }

  @Test
  void secretThatStandardOutputDidNotTakeIsReportedLost() {
    PrintStream full =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("No space left on device");
              }
            },
            true,
            UTF_8);
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int exitCode =
        RotateCommand.run(
            new Surroundings(variables, full, new PrintStream(err, true, UTF_8), () -> false),
            "--service-token-id",
            token.id());

    assertThat(exitCode).isEqualTo(4);
    assertThat(err.toString(UTF_8)).contains("the new secret is lost");
  }

  @ParameterizedTest
  @CsvSource({
    "90m, 5400",
    "24h, 86400",
    "1h30m, 5400",
    "30d, 2592000",
    "1d12h, 129600",
    "45s, 45",
    "PT1H, 3600"
  })
  void graceIsCountedFromNow(String grace, long seconds) {
    OffsetDateTime before = OffsetDateTime.now(ZoneOffset.UTC);

    Run run = rotate("--grace", grace);

    assertThat(run.exitCode()).isEqualTo(0);
    String body = provider.requests().get(0).body();
    OffsetDateTime sent =
        OffsetDateTime.parse(
            body.replaceFirst("\\{\"previous_client_secret_expires_at\":\"(.*)\"}", "$1"));
    assertThat(sent)
        .isAfterOrEqualTo(before.plusSeconds(seconds))
        .isCloseTo(before.plusSeconds(seconds), within(30, ChronoUnit.SECONDS));
    assertThat(run.out())
        .contains("The previous secret works until " + sent.toString().substring(0, 16));
  }

  @Test
  void withoutGraceNoBodyIsSent() {
    rotate();

    assertThat(provider.requests().get(0).body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "h", "1x", "24", "-1h", "1h 30m", "30m1h", "P1Y"})
  void graceThatIsNoDuration(String grace) {
    refusedUnsent(rotate("--grace", grace), "--grace", "90m");
  }

  @ParameterizedTest
  @CsvSource({
    "0s, longer than nothing",
    "PT-1H, longer than nothing",
    "9999999999999d, too long",
    "9000000d, beyond the year 9999"
  })
  void graceThatIsOfNoUse(String grace, String reason) {
    refusedUnsent(rotate("--grace", grace), "--grace", reason);
  }

  @ParameterizedTest
  @CsvSource({
    "2020-01-01T00:00:00Z, is in the past",
    "+10000-01-01T00:00:00Z, beyond the year 9999",
    "2126-12-01, 2026-12-01T00:00:00Z",
    "2126-12-01T00:00:00, 2026-12-01T00:00:00Z"
  })
  void timeThatIsOfNoUse(String time, String reason) {
    refusedUnsent(rotate("--previous-expires-at", time), "--previous-expires-at", reason);
  }

  @Test
  void bothKindsOfGrace() {
    refusedUnsent(
        rotate("--grace", "1h", "--previous-expires-at", "2126-12-01T00:00:00Z"),
        "--grace",
        "--previous-expires-at",
        "mutually exclusive");
  }

  @ParameterizedTest
  @CsvSource({
    "../x, must not contain '/'",
    "a/b, must not contain '/'",
    "'', must not be empty",
    "123456789012345678901234567890123, must have at most 32 characters"
  })
  void badAccountId(String id, String reason) {
    refusedUnsent(rotate("--account-id", id), "--account-id " + reason);

    if (!id.isEmpty()) {
      variables.put("CLOUDFLARE_ACCOUNT_ID", id);
      refusedUnsent(rotate(), "CLOUDFLARE_ACCOUNT_ID " + reason);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "../x, must not contain '/'",
    "a/b, must not contain '/'",
    "'', must not be empty",
    "1234567890123456789012345678901234567, must have at most 36 characters"
  })
  void badServiceTokenId(String id, String reason) {
    refusedUnsent(run("--service-token-id", id), "--service-token-id " + reason);
  }

  @Test
  void missingIds() {
    refusedUnsent(run(), "--service-token-id is missing");
    variables.put("CLOUDFLARE_ACCOUNT_ID", "");
    refusedUnsent(rotate(), "--account-id is missing, and CLOUDFLARE_ACCOUNT_ID is not set");
  }

  @ParameterizedTest
  @CsvSource({
    "http://api.example.com/client/v4, must be https",
    "https://user:hunter2@api.example.com, must not have user info",
    "nowhere, is not an http or https URL"
  })
  void badBaseUrl(String url, String reason) {
    variables.put("CLOUDFLARE_BASE_URL", url);

    Run run = rotate();

    refusedUnsent(run, "CLOUDFLARE_BASE_URL " + reason);
    assertThat(run.err()).doesNotContain("hunter2");
  }

  @Test
  void optionsWithoutCredentialsAskForThemAndDemonstrateNothing() {
    variables.remove("CLOUDFLARE_API_TOKEN");

    refusedUnsent(rotate(), "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY");
    refusedUnsent(run("--grace", "1h"), "CLOUDFLARE_API_TOKEN");
    refusedUnsent(run("--output", "json"), "CLOUDFLARE_API_TOKEN");
  }

  @Test
  void halfOfAPairOfCredentials() {
    variables.remove("CLOUDFLARE_API_TOKEN");
    variables.put("CLOUDFLARE_API_KEY", "a-key-nobody-may-see");

    Run run = run();

    refusedUnsent(run, "CLOUDFLARE_EMAIL is not set");
    assertThat(run.err()).doesNotContain("a-key-nobody");
  }

  @Test
  void bothKindsOfCredentials() {
    variables.put("CLOUDFLARE_EMAIL", "user@example.com");
    variables.put("CLOUDFLARE_API_KEY", "a-key-nobody-may-see");

    Run run = rotate();

    refusedUnsent(run, "CLOUDFLARE_API_TOKEN and CLOUDFLARE_API_KEY are both set");
    assertThat(run.err()).doesNotContain("a-key-nobody");
  }

  @Test
  void emailAndKeyRotateToo() {
    variables.remove("CLOUDFLARE_API_TOKEN");
    variables.put("CLOUDFLARE_EMAIL", "user@example.com");
    variables.put("CLOUDFLARE_API_KEY", "a-key");
    provider.acceptApiKey("user@example.com", "a-key");

    assertThat(rotate().exitCode()).isEqualTo(0);
  }

  @Test
  void apiTokenWithALineBreak() {
    variables.put("CLOUDFLARE_API_TOKEN", API_TOKEN + "\nX-Evil: 1");

    Run run = rotate();

    refusedUnsent(run, "CLOUDFLARE_API_TOKEN has a line break");
    assertThat(run.err()).doesNotContain("Evil");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--api-token=" + API_TOKEN,
        "--api-token " + API_TOKEN,
        "--output --api-token=" + API_TOKEN,
        "--show-secret=" + API_TOKEN,
        "-k" + API_TOKEN,
        API_TOKEN,
        "--show-secret --secret-file x",
        "--output xml",
        "--output",
        "--demo"
      })
  void argumentsThatDoNotFit(String arguments) {
    Run run = rotate(arguments.split(" ", -1));

    refusedUnsent(run, "rotate: ");
    assertThat(run.err()).hasLineCount(1);
  }

  @Test
  void refusalIsToldWithItsCodes() throws IOException {
    provider.enqueue(Fault.status(403));

    Run run = rotate("--output", "json");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.json())
        .contains(entry("outcome", "not_applied"), entry("id", token.id()), entry("status", 403.0))
        .contains(
            entry(
                "errors",
                List.of(Map.of("code", 1000.0, "message", "The stub was told to answer 403"))))
        .containsKey("message");
    assertThat(run.json().get("cf_ray")).asString().hasSize(16);
    assertThat(run.err()).contains("403", "(1000)", "cf-ray " + run.json().get("cf_ray"));
    assertThat(token.clientSecret()).isEqualTo(oldSecret);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "env"})
  void refusalLeavesStandardOutputEmpty(String output) {
    provider.enqueue(Fault.status(403));

    Run run = rotate("--output", output);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("Not rotated: the provider answered 403")
        .doesNotContain("\tat ");
  }

  @Test
  void providerThatIsNotThereHasNoStatus() throws IOException {
    provider.close();

    Run run = rotate("--output", "json");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.json()).containsEntry("outcome", "not_applied").containsEntry("status", null);
    assertThat(run.err()).contains("nothing was sent").doesNotContain("\tat ");
  }

  @Test
  void lostAnswerIsUnknown() throws IOException {
    provider.enqueue(Fault.cutAfterApplying());

    Run run = rotate("--output", "json");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.json().keySet()).hasToString("[outcome, id, message]");
    assertThat(run.json()).containsEntry("outcome", "unknown").containsEntry("id", token.id());
    assertThat(run.err())
        .contains(
            "the previous one has stopped working", "dashboard", "Do not simply run this again")
        .doesNotContain("\tat ");
    assertThat(provider.rotations()).isEqualTo(1);
  }

  @Test
  void lostAnswerTellsTheEndOfTheGrace() {
    provider.enqueue(Fault.cutAfterApplying());

    Run run = rotate("--previous-expires-at", "2126-12-01T00:00:00Z");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("stops working at 2126-12-01T00:00:00Z");
  }

  @Test
  void helpListsTheExitCodes() {
    Run run = run("--help");

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out())
        .startsWith("Usage: rotate ")
        .containsPattern("(?m)^  0   .*\n  1   .*\n  2   .*\n  3   .*\n  4   .*$")
        .contains("--secret-file", "CLOUDFLARE_API_TOKEN");
  }

  @Test
  void versionIsTheBuilds() {
    Run run = run("--version");

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out()).matches("rotate \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }
}
