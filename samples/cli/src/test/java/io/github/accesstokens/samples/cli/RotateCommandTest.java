package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubToken;
import io.github.accesstokens.samples.cli.Fixture.Run;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RotateCommandTest {
  @AutoClose private final Fixture rotate = new Fixture();
  private final StubToken token = rotate.token;
  private final String oldSecret = token.clientSecret();

  @Nested
  final class Rotated {
    @Test
    void noOptions_printABlankLineAndTheSecret() {
      assertThat(rotate.run())
          .isEqualTo(
              new Run(
                  0,
                  """

                  CF_ACCESS_CLIENT_ID=%s
                  CF_ACCESS_CLIENT_SECRET=%s
                  """
                      .formatted(token.clientId(), token.clientSecret()),
                  """
                  Rotated the service token "CI/CD token" (%s).
                  The previous secret expired at once.
                  The new secret is on standard output. Keep it: it is not shown again.
                  """
                      .formatted(token.id())));
      assertThat(token.clientSecret()).isNotEqualTo(oldSecret);
      assertThat(rotate.provider.requests().get(0).body()).isEmpty();
    }

    @Test
    void json_isOneObjectWithTheSecret() {
      Run run =
          rotate.runWithoutGrace("--json", "--previous-expires-at", "2126-12-01T00:00:00+01:00");

      assertThat(run.exitCode()).isEqualTo(0);
      Map<String, Object> json = run.json();
      assertThat(OffsetDateTime.parse(String.valueOf(json.remove("updated_at"))))
          .isCloseToUtcNow(within(1, ChronoUnit.MINUTES));
      assertThat(json)
          .isEqualTo(
              Fixture.parse(
                  """
                  {"outcome": "rotated", "id": "%s", "client_id": "%s", "client_secret": "%s",
                   "kept_by": null, "name": "CI/CD token",
                   "previous_secret_expires_at": "2126-12-01T00:00:00+01:00", "messages": []}
                  """
                      .formatted(token.id(), token.clientId(), token.clientSecret())));
      assertThat(run.err()).contains("works until 2126-12-01").doesNotContain(token.clientSecret());
    }

    @Test
    void terminal_getsTheSecretOnlyWithShowSecret() {
      rotate.outIsTerminal = () -> true;

      assertBadInput(
          rotate.run(),
          "--secret-file, --exec or --show-secret is needed, because standard output is a"
              + " terminal");

      Run shown = rotate.run("--show-secret");
      assertThat(shown.exitCode()).isEqualTo(0);
      assertThat(shown.out()).contains(token.clientSecret());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--format=env", "--json", "--exec=exit 1"})
    void standardOutputThatFailsLater_isReportedAsLoss(String option) {
      rotate.failStandardOutput();

      Run run = rotate.run(option);

      assertThat(run.exitCode()).isEqualTo(4);
      assertThat(run.err()).contains("so the new secret is lost: rotate again");
    }

    @Test
    void providerMessage_isPrinted() {
      rotate.respond(
          200,
          """
          {"success": true, "errors": [], "messages": [{"code": 1234, "message": "so\u001b[2Jon"}],
           "result": {"client_secret": "s3cret"}}
          """);

      Run run = rotate.run("--json");

      assertThat(run.json())
          .containsEntry("messages", List.of(Map.of("code", 1234.0, "message", "so\u001b[2Jon")))
          .containsEntry("name", null);
      assertThat(run.err()).contains("Provider message: so?[2Jon (1234)").contains(token.id());
    }

    @Test
    void providerMessageWithoutACode_isPrintedWithoutOne() {
      rotate.respond(
          200,
          """
          {"success": true, "errors": [], "messages": ["hello"], "result": {"client_secret": "s3"}}
          """);

      Run run = rotate.run("--json");

      assertThat(run.err()).contains("Provider message: hello\n");
      assertThat(run.out()).contains("\"messages\":[{\"code\":null,\"message\":\"hello\"}]");
    }

    @Test
    void nameThatRepeatsTheSecret_isMasked() {
      rotate.respond(
          Map.of("client_id", "id of s3cret", "name", "token s3cret", "client_secret", "s3cret"));

      Run run = rotate.run("--exec", "cat > /dev/null", "--json");

      assertThat(run.exitCode()).isEqualTo(0);
      assertThat(run.out() + run.err()).doesNotContain("s3cret");
      assertThat(run.err()).startsWith("Rotated the service token \"\u2588\u2588\" (");
    }

    @Test
    void controlCharactersInTheName_areNotPrinted() {
      StubToken named =
          rotate.provider.addToken(token.accountId(), "another", "\u001b[2J\u009bgone");

      Run run = rotate.runWith("--service-token-id", named.id(), "--revoke-now");
      assertThat(run.err()).contains("\"?[2J?gone\"").doesNotContain("\u001b", "\u009b");

      Run json = rotate.runWith("--service-token-id", named.id(), "--revoke-now", "--json");
      assertThat(json.out()).doesNotContain("\u001b", "\u009b");
      assertThat(json.json()).containsEntry("name", "\u001b[2J\u009bgone");
    }

    @Test
    void emailAndApiKey_areCredentialsToo() {
      rotate.variables.remove("CLOUDFLARE_API_TOKEN");
      rotate.variables.put("CLOUDFLARE_EMAIL", "user@example.com");
      rotate.variables.put("CLOUDFLARE_API_KEY", "a-key");
      rotate.provider.acceptApiKey("user@example.com", "a-key");

      assertThat(rotate.run().exitCode()).isEqualTo(0);
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
    void grace_countsFromNow(String grace, long seconds) {
      OffsetDateTime expected = OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(seconds);

      Run run = rotate.runWithoutGrace("--grace", grace);

      assertThat(run.exitCode()).isEqualTo(0);
      String body = rotate.provider.requests().get(0).body();
      OffsetDateTime sent =
          OffsetDateTime.parse(
              body.replaceFirst("\\{\"previous_client_secret_expires_at\":\"(.*)\"}", "$1"));
      assertThat(sent)
          .isAfterOrEqualTo(expected)
          .isCloseTo(expected, within(30, ChronoUnit.SECONDS));
      assertThat(run.err())
          .contains("The previous secret works until " + sent.toString().substring(0, 16));
    }
  }

  @Test
  void whiteSpaceAroundTheAccount_isTrimmed() {
    rotate.variables.compute("CLOUDFLARE_ACCOUNT_ID", (name, id) -> " " + id + "\r\n");

    assertThat(rotate.run().exitCode()).isEqualTo(0);
  }

  /** The log of a job masks what it has read before. */
  @Nested
  final class GitHubActions {
    @BeforeEach
    void job() {
      rotate.variables.put("GITHUB_ACTIONS", "true");
    }

    private String masks(String secret, String base64) {
      return "::add-mask::" + secret + "\n::add-mask::" + base64 + "\n";
    }

    @Test
    void printedSecret_isMaskedFirst() {
      Run run = rotate.run();

      String secret = token.clientSecret();
      String base64 = Base64.getEncoder().encodeToString(secret.getBytes(US_ASCII));
      assertThat(run.out()).contains("CF_ACCESS_CLIENT_SECRET=" + secret).doesNotContain("::");
      assertThat(run.err()).startsWith(masks(secret, base64) + "Rotated");
    }

    @Test
    void lineBreaksInTheSecret_areEscaped() {
      rotate.respond(Map.of("client_secret", "50%\n\r"));

      assertThat(rotate.run().err()).startsWith(masks("50%25%0A%0D", "NTAlCg0="));
    }

    @Test
    void keptSecret_isNotShown() {
      assertThat(rotate.run("--exec", "cat > /dev/null").err())
          .startsWith("Rotated")
          .doesNotContain(token.clientSecret());
    }
  }

  @Nested
  final class Progress {
    private static final String SHOWN_AND_ERASED = "(?s)(\rRotating[.]{3} \\d+ s)+\r +\r";

    @Test
    void terminal_showsProgress() {
      rotate.errIsTerminal = () -> true;

      assertThat(rotate.run().err()).matches(SHOWN_AND_ERASED + "Rotated the service token.*");
    }

    @Test
    void failure_isPrintedAfterTheProgressIsErased() {
      rotate.errIsTerminal = () -> true;
      rotate.provider.enqueue(Fault.status(403));

      assertThat(rotate.run().err()).matches(SHOWN_AND_ERASED + "rotate: .*");
    }
  }

  private void assertBadInput(Run run, String problem) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("rotate: ")
        .contains(problem)
        .hasLineCount(1)
        .doesNotContain(Fixture.API_TOKEN, "nobody", "hunter2", "Evil", "\tat ");
    assertThat(rotate.provider.requests()).isEmpty();
  }

  @Nested
  final class BadInput {
    /** Spaces separate options, except in brackets. */
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            --account-id=../x | --account-id must not contain '/'
            --account-id=a/b  | --account-id must not contain '/'
            --account-id=     | --account-id must not be empty
            --account-id=123456789012345678901234567890123 | --account-id must have at most 32 char
            --service-token-id=../x | --service-token-id must not contain '/'
            --service-token-id=a/b  | --service-token-id must not contain '/'
            --service-token-id=     | --service-token-id must not be empty
            --service-token-id=1234567890123456789012345678901234567 | must have at most 36 char
            --grace=          | for option '--grace': not a duration like 90m
            --grace=h         | for option '--grace': not a duration like 90m
            --grace=1x        | for option '--grace': not a duration like 90m
            --grace=24        | for option '--grace': not a duration like 90m
            --grace=-1h       | for option '--grace': not a duration like 90m
            [--grace=1h 30m]  | for option '--grace': not a duration like 90m
            --grace=30m1h     | for option '--grace': not a duration like 90m
            --grace=P1Y       | for option '--grace': not a duration like 90m
            --grace=0s        | --grace must be positive
            --grace=PT-1H     | --grace must be positive
            --grace=9999999999999d | --grace is too long
            --grace=9000000d  | --grace is after the year 9999
            --previous-expires-at=2020-01-01T00:00:00Z   | --previous-expires-at is in the past
            --previous-expires-at=+10000-01-01T00:00:00Z | --previous-expires-at is after the year
            --previous-expires-at=2126-12-01             | like 2026-12-01T00:00:00Z
            --previous-expires-at=2126-12-01T00:00:00    | like 2026-12-01T00:00:00Z
            --grace=1h --previous-expires-at=2126-12-01T00:00:00Z | are mutually exclusive
            --grace=1h --revoke-now | are mutually exclusive
            --previous-expires-at=2126-12-01T00:00:00Z --revoke-now | are mutually exclusive
            --format=xml      | for option '--format'
            --format          | for option '--format'
            --format --api-token=SECRET   | for option '--format'
            --secret-name=ci  | --secret-name needs --format kubernetes
            --secret-name=ci --format=json | --secret-name needs --format kubernetes
            --json --format=env | --format with --json needs --secret-file or --exec
            --json --verify=https://127.0.0.1 | --verify with --json needs --secret-file or --exec
            --exec=           | --exec must not be empty
            --retries=-1      | --retries must not be negative
            --retries=SECRET  | for option '--retries': the value is not an int
            --timeout=0s      | --timeout must be positive
            --timeout=PT0.0001S | --timeout must be positive
            --timeout=25h     | 24h at most
            --timeout=SECRET  | for option '--timeout': not a duration
            --verify=http://app.example.com | --verify must be https
            --verify=https://user:hunter2@app.example.com | --verify must not have user info
            --verify=app.example.com | --verify is not an http or https URL
            --verify=         | --verify is not an http or https URL
            --verify          | for option '--verify'
            --verify-within=1s | --verify-within needs --verify
            --verify=https://127.0.0.1 --verify-within=-1s | for option '--verify-within'
            --verify=https://127.0.0.1 --verify-within=25h | 24h at most
            --unproven-exec=x | --exec
            --exec=x --unproven-exec= | --unproven-exec must not be empty
            --secret-mode=600 | --secret-file
            --secret-file=x --secret-mode=9 | for option '--secret-mode': not a mode like 640
            --secret-file=x --secret-mode=SECRET | for option '--secret-mode': not a mode
            --secret-group=x  | --secret-file
            --demo            | --demo excludes all other options
            --api-token=SECRET | unknown option --api-token
            --api-token SECRET | unknown option --api-token
            --output json     | unknown option --output
            -kSECRET          | unexpected argument
            SECRET            | unexpected argument
            --show-secret=SECRET            | '--show-secret'
            --show-secret --secret-file=x   | are mutually exclusive
            --show-secret --exec=x          | are mutually exclusive
            --secret-file=x --exec=x        | are mutually exclusive
            --exec=x --exec=SECRET          | an option is given twice
            --grace=1h --grace=SECRET       | for option '--grace': not a duration
            --json --json                   | option '--json' should be specified only once
            """)
    void option_isRefused(String options, String problem) {
      String[] arguments =
          options.startsWith("[")
              ? new String[] {options.substring(1, options.length() - 1)}
              : options.replace("SECRET", Fixture.API_TOKEN).split(" ", -1);

      Run run;
      if (options.startsWith("--service-token-id")) {
        run = rotate.runWith(arguments[0], "--revoke-now");
      } else if (options.matches(".*--(grace|previous).*")) {
        run = rotate.runWithoutGrace(arguments);
      } else {
        run = rotate.run(arguments);
      }
      assertBadInput(run, problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--json", "--dry-run"})
    void neitherGraceNorRevokeNow_isRefused(String option) {
      assertBadInput(
          rotate.runWithoutGrace(option),
          "--grace or --revoke-now is needed: --grace 24h keeps the previous secret working for 24"
              + " hours, and --revoke-now stops it at once");
    }

    @Test
    void missingServiceTokenId_isRefused() {
      assertBadInput(rotate.runWith(), "--service-token-id is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a_b", "-a", "a-", "a.", ".a", "a..b", "a.-b", "a/b", "a\nb"})
    void secretName_isRefused(String name) {
      assertBadInput(
          rotate.run("--format", "kubernetes", "--secret-name", name), "--secret-name must be");
    }

    @Test
    void longSecretName_isRefusedAtOnce() {
      for (String name : List.of("a".repeat(254), "a-".repeat(100) + "_", "a.".repeat(100_000))) {
        secretName_isRefused(name);
      }
    }

    /** Semicolons separate variables. */
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            CLOUDFLARE_ACCOUNT_ID=../x | CLOUDFLARE_ACCOUNT_ID must not contain '/'
            CLOUDFLARE_ACCOUNT_ID=a/b  | CLOUDFLARE_ACCOUNT_ID must not contain '/'
            CLOUDFLARE_ACCOUNT_ID=123456789012345678901234567890123 | CLOUDFLARE_ACCOUNT_ID must
            CLOUDFLARE_ACCOUNT_ID=a b | CLOUDFLARE_ACCOUNT_ID must not contain white space
            CLOUDFLARE_ACCOUNT_ID= | --account-id is missing, and CLOUDFLARE_ACCOUNT_ID is not set
            CLOUDFLARE_BASE_URL=http://api.example.com/client/v4 | CLOUDFLARE_BASE_URL must be https
            CLOUDFLARE_BASE_URL=https://user:hunter2@api.example.com | CLOUDFLARE_BASE_URL must not
            CLOUDFLARE_BASE_URL=nowhere | CLOUDFLARE_BASE_URL is not an http or https URL
            CLOUDFLARE_API_KEY=nobody;CLOUDFLARE_API_TOKEN= | CLOUDFLARE_EMAIL is not set
            CLOUDFLARE_API_KEY=nobody;CLOUDFLARE_EMAIL=user@example.com | CLOUDFLARE_API_TOKEN and \
            CLOUDFLARE_API_KEY are both set
            'CLOUDFLARE_API_TOKEN=nobody\nX-Evil: 1' | CLOUDFLARE_API_TOKEN has a line break
            """)
    void variable_isRefused(String variables, String problem) {
      for (String variable : variables.split(";", -1)) {
        String[] nameAndValue = variable.split("=", 2);
        rotate.variables.put(nameAndValue[0], nameAndValue[1]);
      }

      assertBadInput(rotate.run(), problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--service-token-id=id", "--grace=1h", "--json"})
    void optionWithoutCredentials_isRefused(String option) {
      rotate.variables.remove("CLOUDFLARE_API_TOKEN");

      Run run = rotate.runWith(option);

      assertBadInput(run, "CLOUDFLARE_API_TOKEN is not set");
      assertThat(run.err()).contains("CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY");
    }
  }

  @Nested
  final class NotApplied {
    @Test
    void refusal_isExitCode1() {
      rotate.respond(
          403,
          """
          {"success": false, "errors": [{"code": 1000, "message": "No"}], "messages": []}
          """);

      Run run = rotate.run("--json");

      run.assertOutcome(
          1,
          """
          {"outcome": "not_applied", "id": "%s", "reason": "refused", "retryable": false,
           "retry_after": null, "status": 403, "errors": [{"code": 1000, "message": "No"}]}
          """
              .formatted(token.id()),
          "403",
          "No (1000)",
          "A retry does not help",
          "cf-ray " + run.json().get("cf_ray"));
      assertThat(run.json().keySet())
          .hasToString(
              "[outcome, id, message, reason, retryable, retry_after, status, errors, cf_ray]");
      assertThat(run.out()).contains("\"errors\":[{\"code\":1000,\"message\":\"No\"}]");
      assertThat(run.json().get("cf_ray")).asString().hasSize(16);
      assertThat(run.err()).startsWith("rotate: " + run.json().get("message"));
      assertThat(token.clientSecret()).isEqualTo(oldSecret);
    }

    @Test
    void refusalWithoutJson_leavesStandardOutputBlank() {
      rotate.provider.enqueue(Fault.status(403));

      Run run = rotate.run();

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).isBlank();
      assertThat(run.err()).doesNotContain("\tat ");
    }

    @Test
    void limitedRate_isReportedWithItsDelay() {
      rotate.provider.enqueue(Fault.status(429).retryAfter("3600"));

      rotate
          .run("--json")
          .assertOutcome(
              1,
              "{\"outcome\": \"not_applied\", \"retryable\": true, \"retry_after\": 3600}",
              "A retry may help after 3600 s.");
    }

    @Test
    void unreachableProvider_hasNoStatus() throws IOException {
      rotate.variables.put(
          "CLOUDFLARE_BASE_URL", "http://127.0.0.1:" + rotate.closedPort() + "/client/v4/");

      rotate
          .run("--json", "--retries", "0")
          .assertOutcome(
              1,
              """
              {"outcome": "not_applied", "reason": "not_sent", "retryable": true, "status": null}
              """,
              "nothing was sent",
              "A later retry may help.");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1", "1, 0, 2"})
    void retries_areLimited(String retries, int exitCode, int requests) {
      rotate.provider.enqueue(Fault.status(403).retryAfter("0"));

      assertThat(rotate.run("--retries", retries).exitCode()).isEqualTo(exitCode);
      assertThat(rotate.provider.requests()).hasSize(requests);
    }
  }

  @Nested
  final class Unknown {
    @Test
    void lostResponse_isExitCode3() {
      rotate.provider.enqueue(Fault.cutAfterApplying());

      Run run = rotate.run("--json");

      run.assertOutcome(
          3,
          """
          {"outcome": "unknown", "id": "%s", "reason": "no_response", "status": null,
           "answer_held_secret": false, "previous_secret_expires_at": null}
          """
              .formatted(token.id()),
          "updated_at");
      assertThat(run.err())
          .startsWith("rotate: " + run.json().get("message"))
          .containsOnlyOnce("has expired")
          .containsOnlyOnce("look at the token before you rotate again")
          .doesNotContain("getServiceToken");
      assertThat(rotate.provider.rotations()).isEqualTo(1);
    }

    @Test
    void lostResponseWithGrace_reportsItsEnd() {
      rotate.provider.enqueue(Fault.cutAfterApplying());

      Run run = rotate.runWithoutGrace("--previous-expires-at", "2126-12-01T00:00:00Z", "--json");

      run.assertOutcome(3, "{\"previous_secret_expires_at\": \"2126-12-01T00:00:00Z\"}");
      assertThat(run.err()).containsOnlyOnce("2126-12-01T00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--exec=cat", "--exec=cat --unproven-exec=cat>/dev/null"})
    void secretOfAnotherToken_isNotAdvisedForUse(String options) {
      rotate.respond(Map.of("id", "00000000-fafe-4643-bbbc-4a0ed4fc8415", "client_secret", "s3"));

      Run run = rotate.run(options.split(" "));

      assertThat(run.exitCode()).isEqualTo(3);
      assertThat(run.err())
          .contains("The response held the secret of another service token.")
          .contains("Do not use that secret for this token.")
          .contains("Try the old pair on a protected page")
          .doesNotContain("the secret is the current one", "Try that secret");
    }

    @Test
    void timeout_endsTheWait() {
      rotate.provider.enqueue(Fault.delay(Duration.ofHours(1)));

      rotate.run("--timeout", "PT0.3S", "--json").assertOutcome(3, "{\"reason\": \"timeout\"}");
    }

    @Test
    void unexpectedError_isReportedWithoutItsMessage() {
      rotate.errIsTerminal =
          () -> {
            throw new OutOfMemoryError(Fixture.API_TOKEN);
          };

      Run run = rotate.run("--json");

      run.assertOutcome(3, "{\"outcome\": \"unknown\", \"id\": \"%s\"}".formatted(token.id()));
      assertThat(run.err())
          .isEqualTo("rotate: Unknown whether rotated: java.lang.OutOfMemoryError\n");
      assertThat(run.out()).doesNotContain(Fixture.API_TOKEN);
    }
  }

  @Test
  void help_listsTheExitCodesAndFitsATerminal() {
    Run run = rotate.runWith("--help");

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out())
        .startsWith("Usage: rotate ")
        .containsPattern(
            "(?m)^  0   .*\n  1   .*\n  2   .*\n  3   .*\n  4   .*\n  5   .*\n"
                + "        .*\n      Any")
        .contains("--secret-file", "--exec", "--verify", "CLOUDFLARE_API_TOKEN")
        .doesNotContainPattern(".{81}");
  }

  @Test
  void version_isThatOfTheBuild() {
    Run run = rotate.runWith("--version");

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out()).matches("rotate \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }
}
