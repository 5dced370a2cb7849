package io.github.accesstokens.samples.cli;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.api.InvalidArgumentException;
import io.github.accesstokens.model.ServiceToken;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The options, and the checks of them and of the environment before anything is sent. Their help
 * text is in {@code help.properties}.
 */
final class Options {
  private static final String ACCOUNT_ID_VARIABLE = "CLOUDFLARE_ACCOUNT_ID";
  private static final String DEFAULT_SECRET_NAME = "cf-access-service-token";
  private static final Duration MAX_TIMEOUT = Duration.ofHours(24);
  private static final Duration DEFAULT_VERIFICATION = Duration.ofSeconds(60);

  /** As in the client's own HTTP client: the call timeout ends an attempt, not a silence. */
  private static final int SILENCE_MINUTES = 5;

  // A DNS subdomain as Kubernetes requires it (RFC 1123), with room for "-unproven".
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?=.{1,244}$)[a-z0-9]+((-+|\\.)[a-z0-9]+)*");

  // Lower than the default order, because picocli lists groups before options.
  @Option(names = "--account-id", paramLabel = "ID", order = -3)
  private @Nullable String accountId;

  @Option(names = "--service-token-id", paramLabel = "ID", order = -2)
  @Nullable String serviceTokenId;

  @ArgGroup private Grace grace = new Grace();

  @ArgGroup Sink sink = new Sink();

  @Option(names = "--format", paramLabel = "FORMAT", completionCandidates = Format.Names.class)
  private @Nullable Format format;

  @Option(names = "--secret-name", paramLabel = "NAME")
  private @Nullable String secretName;

  @Option(names = "--verify", paramLabel = "URL")
  @Nullable String protectedUrl;

  @Option(names = "--verify-within", paramLabel = "DURATION", converter = Grace.ToDuration.class)
  private @Nullable Duration verificationTime;

  @Option(names = "--check-pair", paramLabel = "URL")
  @Nullable String checkedUrl;

  @Option(names = "--dry-run")
  boolean dryRun;

  @Option(names = "--json")
  boolean json;

  @Option(names = "--retries", paramLabel = "N")
  private @Nullable Integer retries;

  @Option(names = "--timeout", paramLabel = "DURATION", converter = Grace.ToDuration.class)
  private @Nullable Duration timeout;

  @Option(names = "--demo")
  boolean demo;

  @Option(names = "--completion")
  boolean completion;

  /** Holds what was requested, for the format that shows it. */
  private @Nullable OffsetDateTime previousExpiresAt;

  /**
   * Returns a client.
   *
   * @param shutdown sees each attempt
   * @param last the last interceptor before a request is sent
   */
  AccessTokensClient client(ProcessEnvironment environment, Shutdown shutdown, Interceptor last) {
    AccessTokensClient.Builder builder =
        AccessTokensClient.builder()
            .httpClient(
                http(environment)
                    .addInterceptor(shutdown::startAttempt)
                    .addNetworkInterceptor(last)
                    .build());
    if (retries != null) {
      builder.maxRetries(retries);
    }
    if (timeout != null) {
      if (timeout.toMillis() <= 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
        throw new InvalidArgumentException("--timeout", "must be positive, and 24h at most");
      }
      builder.callTimeout(timeout).retryTimeout(timeout);
    }
    return builder.environment(environment.variables()).build();
  }

  /** Returns a client that can verify a pair, which needs no credentials of the API. */
  AccessTokensClient verifyingClient(ProcessEnvironment environment) {
    return AccessTokensClient.builder()
        .httpClient(http(environment).build())
        .credentials(Credentials.apiToken("none"))
        .build();
  }

  private static OkHttpClient.Builder http(ProcessEnvironment environment) {
    OkHttpClient.Builder http =
        new OkHttpClient.Builder()
            .readTimeout(SILENCE_MINUTES, TimeUnit.MINUTES)
            .writeTimeout(SILENCE_MINUTES, TimeUnit.MINUTES);
    EnvironmentProxy proxy = EnvironmentProxy.of(environment);
    return proxy == null ? http : http.proxySelector(proxy).proxyAuthenticator(proxy);
  }

  Rotation rotation(ProcessEnvironment environment) {
    String account = accountId == null ? environment.variable(ACCOUNT_ID_VARIABLE) : accountId;
    if (account == null) {
      throw new InvalidArgumentException(
          "--account-id", "is missing, and " + ACCOUNT_ID_VARIABLE + " is not set");
    }
    if (account.chars().anyMatch(Character::isWhitespace)) {
      throw new InvalidArgumentException("account_id", "must not contain white space");
    }
    if (serviceTokenId == null) {
      throw new InvalidArgumentException(
          "--service-token-id", "is missing; --demo shows how to rotate");
    }
    Rotation rotation = Rotation.of(account, serviceTokenId);
    previousExpiresAt = grace.previousExpiresAt();
    return previousExpiresAt == null
        ? rotation
        : rotation.withPreviousSecretExpiresAt(previousExpiresAt);
  }

  /** Checks what would otherwise fail after the rotation. */
  void checkOutput(ProcessEnvironment environment) {
    if (secretName != null) {
      if (format != Format.KUBERNETES) {
        throw new InvalidArgumentException("--secret-name", "needs --format kubernetes");
      }
      if (!SECRET_NAME.matcher(secretName).matches()) {
        throw new InvalidArgumentException(
            "--secret-name",
            "must be at most 244 of a-z, 0-9, '-' and '.', with one of a-z and 0-9 at both ends"
                + " and beside each '.'");
      }
    }
    if (protectedUrl != null) {
      AccessTokensClient.checkProtectedUrl(protectedUrl);
    } else if (verificationTime != null) {
      throw new InvalidArgumentException("--verify-within", "needs --verify or --check-pair");
    }
    verificationTime();
    sink.check(environment);
    if (sink.option() == null) {
      checkStandardOutput(environment);
    }
  }

  private void checkStandardOutput(ProcessEnvironment environment) {
    if (json && format != null) {
      throw new InvalidArgumentException(
          "--format",
          "with --json needs --secret-file or --exec, because --json has a format of its own");
    }
    if (json && protectedUrl != null) {
      throw new InvalidArgumentException(
          "--verify",
          "with --json needs --secret-file or --exec, because the secret is printed before the"
              + " verification");
    }
    if (!sink.isShown() && environment.outIsTerminal().getAsBoolean()) {
      throw new InvalidArgumentException(
          "--secret-file, --exec or --show-secret",
          "is needed, because standard output is a terminal");
    }
  }

  /** Returns how long a verification may try again. */
  Duration verificationTime() {
    if (verificationTime == null) {
      return DEFAULT_VERIFICATION;
    }
    if (verificationTime.isNegative() || verificationTime.compareTo(MAX_TIMEOUT) > 0) {
      throw new InvalidArgumentException(
          "--verify-within", "must not be negative, and 24h at most");
    }
    return verificationTime;
  }

  /** Formats the secret; throws IllegalArgumentException if the format cannot hold it. */
  String format(ServiceToken token, boolean proven) {
    return format()
        .of(
            token,
            proven,
            previousExpiresAt,
            secretName == null ? DEFAULT_SECRET_NAME : secretName);
  }

  private Format format() {
    return format == null ? Format.ENV : format;
  }

  /** Returns what standard output may get before the secret. */
  String blank() {
    return (json ? Format.JSON : format()).blank();
  }

  /** Returns the problem under the name of the option or the variable that has it. */
  String problem(InvalidArgumentException e) {
    Map<String, String> names =
        Map.of(
            "account_id", accountId == null ? ACCOUNT_ID_VARIABLE : "--account-id",
            "service_token_id", "--service-token-id",
            "group", "--secret-group",
            "maxRetries", "--retries",
            "protectedUrl", checkedUrl == null ? "--verify" : "--check-pair");
    return String.valueOf(e.withName(names.getOrDefault(e.getName(), e.getName())).getMessage());
  }

  /** Returns the problem without the arguments: one of them may be a misplaced credential. */
  static String problem(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      String names =
          unmatched.getUnmatched().stream()
              .filter(argument -> argument.startsWith("--"))
              .map(argument -> argument.replaceFirst("(?s)=.*", ""))
              .collect(Collectors.joining(", "));
      return names.isEmpty() ? "unexpected argument" : "unknown option " + names;
    }
    if (e instanceof MaxValuesExceededException) {
      return "an option is given twice, or together with one that excludes it";
    }
    return String.valueOf(e.getMessage())
        .replaceFirst("^Error: ", "")
        .replace("'" + e.getValue() + "'", "the value");
  }
}
