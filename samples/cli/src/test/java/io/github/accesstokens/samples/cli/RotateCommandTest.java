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
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
  void standardOutputHasTheSecretAndNothingElse() {
    Run run = rotate();

    assertThat(run)
        .isEqualTo(
            new Run(
                0,
                "CF_ACCESS_CLIENT_ID=%s\nCF_ACCESS_CLIENT_SECRET=%s\n"
                    .formatted(token.clientId(), token.clientSecret()),
                """
                Rotated the service token "CI/CD token" (%s).
                The previous secret stopped working at once.
                The new secret is on standard output. Keep it: it is not shown again.
                """
                    .formatted(token.id())));
    assertThat(token.clientSecret()).isNotEqualTo(oldSecret);
  }

  @Test
  void jsonIsOneObject() throws IOException {
    Run run = rotate("--json", "--previous-expires-at", "2126-12-01T00:00:00+01:00");

    assertThat(run.exitCode()).isEqualTo(0);
    Map<String, Object> json = run.json();
    assertThat(OffsetDateTime.parse(String.valueOf(json.get("updated_at"))))
        .isCloseToUtcNow(within(1, ChronoUnit.MINUTES));
    json.remove("updated_at");
    Map<String, @Nullable Object> expected = new HashMap<>();
    expected.put("outcome", "rotated");
    expected.put("id", token.id());
    expected.put("client_id", token.clientId());
    expected.put("client_secret", token.clientSecret());
    expected.put("kept_by", null);
    expected.put("name", "CI/CD token");
    expected.put("previous_secret_expires_at", "2126-12-01T00:00:00+01:00");
    expected.put("messages", List.of());
    assertThat(json).isEqualTo(expected);
    assertThat(run.err()).contains("works until 2126-12-01").doesNotContain(token.clientSecret());
  }

  @Test
  void remarksOfTheProviderAreTold() throws IOException {
    provider.enqueue(
        Fault.respond(
            200,
            "application/json",
            """
            {"success": true, "errors": [], "messages": [{"code": 1234, "message": "so\u001b[2Jon"}],
             "result": {"client_secret": "s3cret"}}
            """));

    Run run = rotate("--json");

    assertThat(run.json())
        .containsEntry("messages", List.of(Map.of("code", 1234.0, "message", "so\u001b[2Jon")))
        .containsEntry("name", null);
    assertThat(run.err()).contains("The provider remarks: so?[2Jon (1234)").contains(token.id());
  }

  @Test
  void whatTheProviderNamesATokenSteersNoTerminal() throws IOException {
    StubToken named = provider.addToken(token.accountId(), "another", "\u001b[2J\u009bgone");

    Run run = run("--service-token-id", named.id());

    assertThat(run.err()).contains("\"?[2J?gone\"").doesNotContain("\u001b", "\u009b");

    Run json = run("--service-token-id", named.id(), "--json");

    assertThat(json.out()).doesNotContain("\u001b", "\u009b");
    assertThat(json.json()).containsEntry("name", "\u001b[2J\u009bgone");
  }

  @Test
  void terminalGetsTheSecretOnlyWhenAsked() {
    refusedUnsent(
        Run.of(variables, true, "--service-token-id", token.id()),
        "the secret would have nowhere to go; add --secret-file FILE, --exec COMMAND or --show-secret");

    Run asked = Run.of(variables, true, "--service-token-id", token.id(), "--show-secret");

    assertThat(asked.exitCode()).isEqualTo(0);
    assertThat(asked.out()).contains(token.clientSecret());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--format=env", "--json", "--exec=exit 1"})
  void secretThatStandardOutputDidNotTakeIsReportedLost(String option) {
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
            new Surroundings(
                variables, full, new PrintStream(err, true, UTF_8), () -> false, () -> false),
            "--service-token-id",
            token.id(),
            option);

    assertThat(exitCode).isEqualTo(4);
    assertThat(err.toString(UTF_8)).contains("it is lost; rotate once more");
  }

  @Test
  void failureThatNobodyForesawIsUnknownAndWithoutItsMessage() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int exitCode =
        RotateCommand.run(
            new Surroundings(
                variables,
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                () -> false,
                () -> {
                  throw new IllegalStateException(API_TOKEN);
                }),
            "--service-token-id",
            token.id(),
            "--json");

    assertThat(exitCode).isEqualTo(3);
    assertThat(err.toString(UTF_8))
        .isEqualTo("rotate: Unknown whether rotated: java.lang.IllegalStateException\n");
    assertThat(Run.parse(out.toString(UTF_8)))
        .containsEntry("outcome", "unknown")
        .containsEntry("id", token.id());
  }

  @Test
  void progressIsForATerminalAlone() {
    String[] arguments = {"--service-token-id", token.id()};

    assertThat(Run.of(variables, false, true, arguments).err())
        .matches("(?s)(\rRotating[.]{3} \\d+ s)+\r +\rRotated the service token.*");
    assertThat(Run.of(variables, false, false, arguments).err()).startsWith("Rotated the service");
  }

  @Test
  void progressIsGoneBeforeAFailureIsTold() {
    provider.enqueue(Fault.status(403));

    assertThat(Run.of(variables, false, true, "--service-token-id", token.id()).err())
        .matches("(?s)(\rRotating[.]{3} \\d+ s)+\r +\rrotate: Not rotated.*");
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
    assertThat(run.err())
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
    refusedUnsent(run("--json"), "CLOUDFLARE_API_TOKEN");
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
        "--format --api-token=" + API_TOKEN,
        "--show-secret=" + API_TOKEN,
        "-k" + API_TOKEN,
        API_TOKEN,
        "--show-secret --secret-file x",
        "--show-secret --exec x",
        "--secret-file x --exec x",
        "--exec x --exec " + API_TOKEN,
        "--grace 1h --grace " + API_TOKEN,
        "--format xml",
        "--format",
        "--output json",
        "--json --json",
        "--retries " + API_TOKEN,
        "--timeout " + API_TOKEN,
        "--verify",
        "--demo"
      })
  void argumentsThatDoNotFit(String arguments) {
    Run run = rotate(arguments.split(" ", -1));

    refusedUnsent(run, "rotate: ");
    assertThat(run.err()).hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "--secret-name ci, --secret-name goes with --format kubernetes",
    "--secret-name ci --format json, --secret-name goes with --format kubernetes",
    "--json --format env, --format with --json needs --secret-file or --exec",
    "--json --verify https://127.0.0.1, --verify with --json needs --secret-file or --exec",
    "--exec=, --exec must not be empty",
    "--retries -1, --retries must not be negative",
    "--timeout 0s, --timeout must be longer than nothing",
    "--timeout PT0.0001S, --timeout must be longer than nothing",
    "--timeout 25h, a day at most",
    "--verify http://app.example.com, --verify must be https",
    "--verify https://user:hunter2@app.example.com, --verify must not have user info",
    "--verify app.example.com, --verify is not an http or https URL",
    "--verify=, --verify is not an http or https URL"
  })
  void optionsThatCannotBeUsed(String options, String reason) {
    Run run = rotate(options.split(" "));

    refusedUnsent(run, reason);
    assertThat(run.err()).hasLineCount(1).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a_b", "-a", "a-", "a.", ".a", "a..b", "a.-b", "a/b", "a\nb"})
  void secretNameThatKubernetesRefuses(String name) {
    refusedUnsent(rotate("--format", "kubernetes", "--secret-name", name), "--secret-name must be");
  }

  @Test
  void secretNameOfAnyLengthIsJudgedAtOnce() {
    for (String name : List.of("a".repeat(254), "a-".repeat(100) + "_", "a.".repeat(100_000))) {
      refusedUnsent(
          rotate("--format", "kubernetes", "--secret-name", name), "--secret-name must be");
    }
  }

  @Test
  void refusalIsToldWithItsCodes() throws IOException {
    provider.enqueue(Fault.status(403));

    Run run = rotate("--json");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.json().keySet())
        .hasToString(
            "[outcome, id, message, reason, retryable, retry_after, status, errors, cf_ray]");
    assertThat(run.json())
        .contains(entry("outcome", "not_applied"), entry("id", token.id()), entry("status", 403.0))
        .contains(entry("reason", "refused"), entry("retryable", false), entry("retry_after", null))
        .contains(
            entry(
                "errors",
                List.of(Map.of("code", 1000.0, "message", "Fault of the stub: status 403"))));
    assertThat(run.json().get("cf_ray")).asString().hasSize(16);
    assertThat(run.err())
        .contains("Not rotated: the provider answered 403", "(1000)")
        .contains("Trying again does not help", "cf-ray " + run.json().get("cf_ray"));
    assertThat(token.clientSecret()).isEqualTo(oldSecret);
  }

  @Test
  void limitTellsWhenToTryAgain() throws IOException {
    provider.enqueue(Fault.status(429).retryAfter("3600"));

    Run run = rotate("--json");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.json()).containsEntry("retryable", true).containsEntry("retry_after", 3600.0);
    assertThat(run.err()).contains("Trying again may help, after 3600 s.");
  }

  @Test
  void refusalLeavesStandardOutputEmpty() {
    provider.enqueue(Fault.status(403));

    Run run = rotate();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).doesNotContain("\tat ");
  }

  @Test
  void retriesAreAsManyAsAllowed() {
    provider.enqueue(Fault.status(403).retryAfter("0"));

    assertThat(rotate("--retries", "0").exitCode()).isEqualTo(1);
    assertThat(provider.requests()).hasSize(1);

    provider.enqueue(Fault.status(403).retryAfter("0"));

    assertThat(rotate("--retries", "1").exitCode()).isEqualTo(0);
    assertThat(provider.requests()).hasSize(3);
  }

  @Test
  void timeoutEndsTheWait() throws IOException {
    provider.enqueue(Fault.delay(Duration.ofHours(1)));

    Run run = rotate("--timeout", "PT0.3S", "--json");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.json()).containsEntry("reason", "timeout");
  }

  @Test
  void providerThatIsNotThereHasNoStatus() throws IOException {
    provider.close();

    Run run = rotate("--json", "--retries", "0");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.json())
        .containsEntry("outcome", "not_applied")
        .containsEntry("reason", "not_sent")
        .containsEntry("retryable", true)
        .containsEntry("status", null);
    assertThat(run.err())
        .contains("nothing was sent", "Trying again later may help.")
        .doesNotContain("\tat ");
  }

  @Test
  void lostAnswerIsUnknown() throws IOException {
    provider.enqueue(Fault.cutAfterApplying());

    Run run = rotate("--json");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.json())
        .contains(entry("outcome", "unknown"), entry("id", token.id()), entry("status", null))
        .contains(entry("reason", "no_answer"), entry("answer_held_secret", false))
        .containsEntry("previous_secret_expires_at", null);
    assertThat(run.err())
        .containsOnlyOnce("the previous one has stopped working")
        .containsOnlyOnce("look at the token before you rotate again")
        .contains("updated_at")
        .doesNotContain("\tat ", "getServiceToken");
    assertThat(provider.rotations()).isEqualTo(1);
  }

  @Test
  void lostAnswerTellsTheEndOfTheGrace() throws IOException {
    provider.enqueue(Fault.cutAfterApplying());

    Run run = rotate("--previous-expires-at", "2126-12-01T00:00:00Z", "--json");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).containsOnlyOnce("stops working at 2126-12-01T00:00Z");
    assertThat(run.json()).containsEntry("previous_secret_expires_at", "2126-12-01T00:00:00Z");
  }

  @Test
  void secretInAContradictoryAnswerIsMentionedAndNotShown() throws IOException {
    provider.enqueue(
        Fault.respond(
            403,
            "application/json",
            """
            {"success": true, "errors": [], "messages": [], "result": {"client_secret": "s3cret"}}
            """));

    Run run = rotate("--json");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.json())
        .contains(entry("reason", "contradictory"), entry("answer_held_secret", true))
        .containsEntry("status", 403.0);
    assertThat(run.err()).contains("The answer held a secret all the same", "getServiceToken()");
    assertThat(run.out() + run.err()).doesNotContain("s3cret");
  }

  @Test
  void helpListsTheExitCodes() {
    Run run = run("--help");

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out())
        .startsWith("Usage: rotate ")
        .containsPattern(
            "(?m)^  0   .*\n  1   .*\n  2   .*\n  3   .*\n  4   .*\n  5   .*\n      Anything else")
        .contains("--secret-file", "--exec", "--verify", "CLOUDFLARE_API_TOKEN");
  }

  @Test
  void versionIsTheBuilds() {
    Run run = run("--version");

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out()).matches("rotate \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }
}
