package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Handover;
import io.github.accesstokens.HandoverException;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.RotationException;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.Verification;
import io.github.accesstokens.model.EnvelopeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Rotates one service token and says what became of it. */
@Command(
    name = "rotate",
    mixinStandardHelpOptions = true,
    versionProvider = RotateCommand.Version.class,
    sortOptions = false,
    description = {
      "Rotates the secret of a Cloudflare Access service token.",
      "Without options and credentials it shows how, on a stand-in provider."
    },
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  CLOUDFLARE_API_TOKEN    an API token that may write service tokens; or",
      "  CLOUDFLARE_EMAIL, CLOUDFLARE_API_KEY",
      "                          an e-mail address with its API key",
      "  CLOUDFLARE_ACCOUNT_ID   the account, unless --account-id is given",
      "  CLOUDFLARE_BASE_URL     another place of the API; http for loopback alone",
      "Credentials are no options, since every user of a machine sees a command line."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:rotated, or demonstrated",
      "1:not rotated: nothing was sent, or the provider refused",
      "2:not rotated: an option or a variable cannot be used; nothing was sent",
      "3:unknown whether rotated: look before you run it again",
      "4:rotated, but the secret could not be brought where it should go",
      "5:rotated and the secret kept, but --verify did not see it accepted",
      " :Anything else, such as from an interrupt: unknown"
    })
final class RotateCommand implements Callable<Integer> {
  static final int DONE = 0;
  static final int NOT_APPLIED = 1;
  static final int BAD_INPUT = 2;
  static final int UNKNOWN = 3;
  static final int SECRET_NOT_KEPT = 4;
  static final int NOT_VERIFIED = 5;

  private static final String ACCOUNT_ID = "CLOUDFLARE_ACCOUNT_ID";
  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);
  private static final Duration TICK = Duration.ofSeconds(1);
  // A subdomain by RFC 1123, as Kubernetes has it.
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?=.{1,253}$)[a-z0-9]+((-+|\\.)[a-z0-9]+)*");

  @Option(
      names = "--account-id",
      paramLabel = "ID",
      description = "The account that owns the service token.")
  private @Nullable String accountId;

  @Option(
      names = "--service-token-id",
      paramLabel = "ID",
      description = "The service token: its UUID, not its Client ID.")
  private @Nullable String serviceTokenId;

  @ArgGroup private Grace grace = new Grace();

  @ArgGroup private Sink sink = new Sink();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "What the file, the command or standard output gets: env (lines that a shell reads; the"
              + " default), json, or kubernetes (the manifest of a Secret).")
  private @Nullable Format format;

  @Option(
      names = "--secret-name",
      paramLabel = "NAME",
      description = "Name of the Kubernetes Secret; cf-access-service-token unless given.")
  private @Nullable String secretName;

  @Option(
      names = "--verify",
      paramLabel = "URL",
      description = "Try the new secret on a page that Access protects.")
  private @Nullable String protectedUrl;

  @Option(
      names = "--json",
      description =
          "Print the outcome as one JSON object for every exit code but 2; it has the secret only"
              + " if neither a file nor a command does.")
  private boolean json;

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "How often to try again what was certainly not applied; 2 unless given.")
  private @Nullable Integer retries;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = Grace.ToDuration.class,
      description = "How long a try may take, and when the last may begin; 60s unless given.")
  private @Nullable Duration timeout;

  @Option(names = "--demo", description = "Show how, whatever the environment holds.")
  private boolean demo;

  private final Surroundings surroundings;
  private final int arguments;

  private RotateCommand(Surroundings surroundings, int arguments) {
    this.surroundings = surroundings;
    this.arguments = arguments;
  }

  public static void main(String... args) {
    System.exit(run(Surroundings.ofThisProcess(), args));
  }

  static int run(Surroundings surroundings, String... args) {
    return new CommandLine(new RotateCommand(surroundings, args.length))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false)
        .setOut(new PrintWriter(surroundings.out(), true, UTF_8))
        .setParameterExceptionHandler((e, given) -> badUsage(surroundings, e))
        .execute(args);
  }

  @Override
  public Integer call() {
    try {
      return demo || (arguments == 0 && !hasCredentials()) ? demonstrate() : rotate();
    } catch (BadInputException e) {
      complain(e.getMessage());
      return BAD_INPUT;
    } catch (RotationException | RuntimeException e) {
      // A bug: without its message, since nobody knows what that holds.
      String message = "Unknown whether rotated: " + e.getClass().getName();
      complain(message);
      report(Report.unknown(String.valueOf(serviceTokenId), message));
      return UNKNOWN;
    }
  }

  private boolean hasCredentials() {
    return Stream.of("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_EMAIL", "CLOUDFLARE_API_KEY")
        .anyMatch(name -> variable(name) != null);
  }

  private @Nullable String variable(String name) {
    String value = surroundings.variables().get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  private int demonstrate() throws BadInputException {
    if (demo && arguments > 1) {
      throw new BadInputException("--demo goes with no other option");
    }
    surroundings
        .out()
        .println(
            demo
                ? "This is a demonstration."
                : "There are no credentials in the environment, so this is a demonstration.");
    try {
      Demonstration.run(surroundings.out());
      return DONE;
    } catch (IOException | UncheckedIOException e) {
      complain("the demonstration failed: " + e.getMessage());
      return NOT_APPLIED;
    }
  }

  private int rotate() throws BadInputException, RotationException {
    AccessTokensClient client = client();
    String account = accountId == null ? variable(ACCOUNT_ID) : accountId;
    if (account == null) {
      throw new BadInputException("--account-id is missing, and " + ACCOUNT_ID + " is not set");
    }
    if (serviceTokenId == null) {
      throw new BadInputException("--service-token-id is missing; --demo shows how to rotate");
    }
    Rotation rotation = Rotation.of(account, serviceTokenId);
    OffsetDateTime previousExpiresAt = grace.previousExpiresAt();
    if (previousExpiresAt != null) {
      rotation = rotation.withPreviousSecretExpiresAt(previousExpiresAt);
    }
    checkForm();
    checkProtectedUrl();
    Rotated rotated;
    try {
      rotated = rotate(client, rotation);
    } catch (IllegalArgumentException e) {
      throw named(e);
    } catch (RotationNotAppliedException e) {
      return notApplied(serviceTokenId, e);
    } catch (RotationUnknownException e) {
      return unknown(serviceTokenId, e);
    } catch (HandoverException e) {
      return notKept(serviceTokenId, e);
    }
    return rotated(client, serviceTokenId, rotated);
  }

  private Rotated rotate(AccessTokensClient client, Rotation rotation)
      throws BadInputException, RotationException {
    Progress progress = progress("Rotating");
    try {
      Handover handover =
          sink.handover(
              rotated -> {
                // A command may write to the same terminal.
                progress.end();
                return inForm(rotated);
              });
      return client.rotate(handover == null ? rotation : rotation.withHandover(handover));
    } finally {
      progress.end();
    }
  }

  private AccessTokensClient client() throws BadInputException {
    AccessTokensClient.Builder builder = AccessTokensClient.builder();
    try {
      if (retries != null) {
        builder.maxRetries(retries);
      }
      if (timeout != null) {
        if (timeout.toMillis() <= 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
          throw new BadInputException("--timeout must be longer than nothing, and a day at most");
        }
        builder.callTimeout(timeout).retryTimeout(timeout);
      }
      return builder.environment(surroundings.variables()).build();
    } catch (IllegalArgumentException e) {
      throw named(e);
    }
  }

  private void checkForm() throws BadInputException {
    if (secretName != null) {
      if (format != Format.KUBERNETES) {
        throw new BadInputException("--secret-name goes with --format kubernetes");
      }
      if (!SECRET_NAME.matcher(secretName).matches()) {
        throw new BadInputException(
            "--secret-name must be at most 253 of a-z, 0-9, '-' and '.', with one of a-z and 0-9"
                + " at its ends and beside every '.'");
      }
    }
    if (!sink.isStandardOutput()) {
      return;
    }
    if (json && format != null) {
      throw new BadInputException(
          "--format with --json needs --secret-file or --exec; standard output is for one of them");
    }
    if (json && protectedUrl != null) {
      throw new BadInputException(
          "--verify with --json needs --secret-file or --exec, since the secret is not held back");
    }
    if (!sink.isShown() && surroundings.outIsTerminal().getAsBoolean()) {
      throw new BadInputException(
          "the secret would have nowhere to go;"
              + " add --secret-file FILE, --exec COMMAND or --show-secret");
    }
  }

  /** Finds out now what would fail once the token is rotated. */
  private void checkProtectedUrl() throws BadInputException {
    if (protectedUrl == null) {
      return;
    }
    try {
      // What else a base URL must not have, a protected one may.
      AccessTokensClient.builder().baseUrl(protectedUrl.replaceFirst("(?s)[?#].*", ""));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          String.valueOf(e.getMessage()).replaceFirst("^base URL", "--verify"));
    }
  }

  /** What the client refuses, under the name that the value has here. */
  private BadInputException named(IllegalArgumentException refused) {
    String message = String.valueOf(refused.getMessage());
    Map<String, String> names =
        Map.of(
            "account_id", accountId == null ? ACCOUNT_ID : "--account-id",
            "service_token_id", "--service-token-id",
            "api_token", "CLOUDFLARE_API_TOKEN",
            "api_email", "CLOUDFLARE_EMAIL",
            "api_key", "CLOUDFLARE_API_KEY",
            "base URL", "CLOUDFLARE_BASE_URL",
            "maxRetries", "--retries");
    return new BadInputException(
        names.entrySet().stream()
            .filter(name -> message.startsWith(name.getKey() + " "))
            .map(name -> name.getValue() + message.substring(name.getKey().length()))
            .findFirst()
            .orElse(message));
  }

  private Progress progress(String what) {
    return surroundings.errIsTerminal().getAsBoolean()
        ? Progress.start(surroundings.err(), what, TICK)
        : Progress.hidden(surroundings.err());
  }

  private String inForm(Rotated rotated) {
    return (format == null ? Format.ENV : format)
        .of(rotated, secretName == null ? "cf-access-service-token" : secretName);
  }

  private int rotated(AccessTokensClient client, String serviceTokenId, Rotated rotated) {
    String keptBy = sink.option();
    Report report = Report.rotated(serviceTokenId, rotated, keptBy);
    // The secret before any words about it.
    boolean kept = keptBy != null || print(rotated, report);
    summarize(serviceTokenId, rotated);
    if (!kept) {
      complain("rotated, but standard output took no secret: it is lost; rotate once more");
      return SECRET_NOT_KEPT;
    }
    tell(
        keptBy == null
            ? "The new secret is on standard output. Keep it: it is not shown again."
            : "The new secret went to " + keptBy + ".");
    int exitCode = verify(client, rotated, report);
    if (keptBy != null) {
      report(report);
    }
    return exitCode;
  }

  private int notKept(String serviceTokenId, HandoverException e) {
    Report report = Report.rotated(serviceTokenId, e.getRotated(), null);
    boolean printed = print(e.getRotated(), report.with("message", e.getMessage()));
    summarize(serviceTokenId, e.getRotated());
    complain(
        e.getMessage()
            + (printed
                ? "; the new secret is on standard output instead"
                : "; standard output took no secret either: it is lost; rotate once more"));
    return SECRET_NOT_KEPT;
  }

  private void summarize(String serviceTokenId, Rotated rotated) {
    String name = rotated.getToken().getName();
    OffsetDateTime expiresAt = rotated.getPreviousSecretExpiresAt();
    tell(
        "Rotated the service token "
            + (name == null ? serviceTokenId : '"' + name + "\" (" + serviceTokenId + ")")
            + ".");
    tell(
        "The previous secret "
            + (expiresAt == null
                ? "stopped working at once."
                : "works until " + ISO_OFFSET_DATE_TIME.format(expiresAt) + "."));
    for (EnvelopeMessage message : rotated.getMessages()) {
      tell("The provider remarks: " + message.getMessage() + " (" + message.getCode() + ")");
    }
  }

  /** Prints the secret; false if it did not get through. */
  private boolean print(Rotated rotated, Report report) {
    String printed;
    try {
      printed = json ? report.json() : inForm(rotated);
    } catch (IllegalArgumentException e) {
      // A secret in another form is better than none.
      printed = Format.JSON.of(rotated, "");
    }
    surroundings.out().print(printed);
    return !surroundings.out().checkError();
  }

  private int verify(AccessTokensClient client, Rotated rotated, Report report) {
    if (protectedUrl == null) {
      return DONE;
    }
    Verification verification = Verification.INCONCLUSIVE;
    String problem = "the URL of --verify answers neither with the page nor with a refusal";
    Progress progress = progress("Verifying");
    try {
      verification = client.verify(protectedUrl, rotated);
    } catch (IllegalArgumentException e) {
      problem = String.valueOf(e.getMessage());
    } catch (IOException e) {
      problem = "the URL of --verify gave no answer: " + e.getMessage();
    } finally {
      progress.end();
    }
    report.with("verification", Report.lowerCase(verification));
    switch (verification) {
      case ACCEPTED -> {
        tell("Verified: the URL of --verify lets in the new secret, and nobody without.");
        return DONE;
      }
      case REFUSED -> problem = "the URL of --verify refuses the new secret";
      case UNPROTECTED -> problem = "the URL of --verify lets in whoever comes";
      case INCONCLUSIVE -> {}
    }
    complain("rotated and kept, but not verified: " + problem);
    return NOT_VERIFIED;
  }

  private int notApplied(String serviceTokenId, RotationNotAppliedException e) {
    complain(e.getMessage());
    Duration retryAfter = e.getRetryAfter();
    if (!e.isRetryable()) {
      tell("Trying again does not help unless something changes.");
    } else if (retryAfter == null) {
      tell("Trying again later may help.");
    } else {
      tell("Trying again may help, after " + retryAfter.toSeconds() + " s.");
    }
    tellRay(e.getCfRay());
    report(Report.notApplied(serviceTokenId, e));
    return NOT_APPLIED;
  }

  private int unknown(String serviceTokenId, RotationUnknownException e) {
    complain(e.getMessage());
    tell(
        "The token's updated_at, which the provider's API shows, tells. Each further rotation makes"
            + " another secret and cuts the grace of the one before.");
    if (Report.heldSecret(e)) {
      tell(
          "The answer held a secret all the same, perhaps the current one. It is shown nowhere, nor"
              + " by --json; a program gets it by RotationUnknownException.getServiceToken().");
    }
    tellRay(e.getCfRay());
    report(Report.unknown(serviceTokenId, e));
    return UNKNOWN;
  }

  private void tellRay(@Nullable String cfRay) {
    if (cfRay != null) {
      tell("The provider's support asks for this: cf-ray " + cfRay);
    }
  }

  private void report(Report report) {
    if (json) {
      surroundings.out().print(report.json());
      surroundings.out().flush();
    }
  }

  // No argument is repeated: it may be a credential that somebody tried to pass.
  private static int badUsage(Surroundings surroundings, ParameterException e) {
    String message;
    if (e instanceof UnmatchedArgumentException unmatched) {
      String names =
          unmatched.getUnmatched().stream()
              .filter(argument -> argument.startsWith("--"))
              .map(argument -> argument.replaceFirst("(?s)=.*", ""))
              .collect(Collectors.joining(", "));
      message =
          names.isEmpty()
              ? "there is an argument that belongs to no option"
              : "there is no option " + names;
    } else if (e instanceof MaxValuesExceededException) {
      message = "an option, or one in place of another, is given more than once";
    } else {
      message =
          String.valueOf(e.getMessage())
              .replaceFirst("^Error: ", "")
              .replace("'" + e.getValue() + "'", "something else");
    }
    surroundings.err().println("rotate: " + printable(message) + "; see --help");
    return BAD_INPUT;
  }

  private void complain(@Nullable String message) {
    tell("rotate: " + message);
  }

  private void tell(String message) {
    surroundings.err().println(printable(message));
  }

  /** The text without what steers a terminal, since some of it comes from the provider. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cc}", "?");
  }

  /** The version that the build wrote down. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      Properties properties = new Properties();
      try (InputStream in = RotateCommand.class.getResourceAsStream("version.properties")) {
        properties.load(in);
      }
      return new String[] {"rotate " + properties.getProperty("version")};
    }
  }
}
