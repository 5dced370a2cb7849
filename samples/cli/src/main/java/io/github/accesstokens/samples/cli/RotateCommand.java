package io.github.accesstokens.samples.cli;

import static io.github.accesstokens.samples.cli.Output.printable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.RotationException;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.model.ServiceToken;
import io.github.accesstokens.samples.cli.Output.Rotated;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
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
      "4:rotated, but the secret could not be written where it should go"
    })
final class RotateCommand implements Callable<Integer> {
  static final int DONE = 0;
  static final int NOT_APPLIED = 1;
  static final int BAD_INPUT = 2;
  static final int UNKNOWN = 3;
  static final int SECRET_NOT_WRITTEN = 4;

  private static final String ACCOUNT_ID = "CLOUDFLARE_ACCOUNT_ID";

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

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      description = {
        "text (the default), json or env (lines that a shell reads).",
        "json is one object for every exit code but 2."
      })
  private Output output = Output.TEXT;

  @ArgGroup private Secret secret = new Secret();

  @Option(names = "--demo", description = "Show how, whatever the environment holds.")
  private boolean demo;

  private final Surroundings surroundings;
  private final int arguments;

  private RotateCommand(Surroundings surroundings, int arguments) {
    this.surroundings = surroundings;
    this.arguments = arguments;
  }

  /** Where the secret goes besides a standard output that is no terminal: one of two options. */
  private static final class Secret {
    @Option(
        names = "--show-secret",
        description = "Print the new secret even if standard output is a terminal.")
    private boolean show;

    @Option(
        names = "--secret-file",
        paramLabel = "FILE",
        description = {
          "Write the new secret to FILE, which only you can read, and do not print it:",
          "a JSON object with --output json, lines for a shell otherwise."
        })
    private @Nullable Path file;
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
        // A bug: without its message, since nobody knows what that holds.
        .setExecutionExceptionHandler(
            (e, command, parsed) -> {
              complain(surroundings, "unknown whether rotated: " + e.getClass().getName());
              return UNKNOWN;
            })
        .execute(args);
  }

  @Override
  public Integer call() {
    try {
      return demo || (arguments == 0 && !hasCredentials()) ? demonstrate() : rotate();
    } catch (BadInputException e) {
      complain(e.getMessage());
      return BAD_INPUT;
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

  private int rotate() throws BadInputException {
    AccessTokensClient client = client();
    String account = accountId == null ? variable(ACCOUNT_ID) : accountId;
    if (account == null) {
      throw new BadInputException("--account-id is missing, and " + ACCOUNT_ID + " is not set");
    }
    if (serviceTokenId == null) {
      throw new BadInputException("--service-token-id is missing; --demo shows how to rotate");
    }
    OffsetDateTime previousExpiresAt = grace.previousExpiresAt();
    if (!secret.show && secret.file == null && surroundings.outIsTerminal().getAsBoolean()) {
      throw new BadInputException(
          "the secret would have nowhere to go; add --show-secret or --secret-file FILE");
    }
    try (SecretFile file = secret.file == null ? null : SecretFile.prepare(secret.file)) {
      ServiceToken token;
      try {
        token =
            previousExpiresAt == null
                ? client.rotate(account, serviceTokenId).getToken()
                : client.rotate(account, serviceTokenId, previousExpiresAt).getToken();
      } catch (IllegalArgumentException e) {
        throw named(e);
      } catch (RotationNotAppliedException e) {
        return notApplied(serviceTokenId, e);
      } catch (RotationException e) {
        return unknown(serviceTokenId, previousExpiresAt, e);
      }
      return rotated(new Rotated(serviceTokenId, token, previousExpiresAt), file);
    }
  }

  private AccessTokensClient client() throws BadInputException {
    try {
      return AccessTokensClient.builder().environment(surroundings.variables()).build();
    } catch (IllegalArgumentException e) {
      throw named(e);
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
            "base URL", "CLOUDFLARE_BASE_URL");
    return new BadInputException(
        names.entrySet().stream()
            .filter(name -> message.startsWith(name.getKey() + " "))
            .map(name -> name.getValue() + message.substring(name.getKey().length()))
            .findFirst()
            .orElse(message));
  }

  private int rotated(Rotated rotated, @Nullable SecretFile file) {
    int exitCode = DONE;
    Path keptIn = secret.file;
    if (file != null) {
      try {
        file.commit(output.secretFile(rotated));
      } catch (IOException e) {
        complain(
            "rotated, but --secret-file could not be written ("
                + SecretFile.reason(e)
                + "); the new secret is on standard output instead");
        exitCode = SECRET_NOT_WRITTEN;
        keptIn = null;
      }
    }
    if (output != Output.TEXT) {
      surroundings.err().println(rotated.summary());
    }
    surroundings.out().print(output.rotated(rotated, keptIn));
    if (surroundings.out().checkError() && keptIn == null) {
      complain(
          "rotated, but standard output could not be written: the new secret is lost;"
              + " rotate once more");
      exitCode = SECRET_NOT_WRITTEN;
    }
    return exitCode;
  }

  private int notApplied(String serviceTokenId, RotationNotAppliedException e) {
    complain(e.getMessage());
    if (e.getCfRay() != null) {
      complain("cf-ray " + e.getCfRay() + ", which the provider's support asks for");
    }
    return failed(NOT_APPLIED, "not_applied", serviceTokenId, e);
  }

  private int unknown(
      String serviceTokenId, @Nullable OffsetDateTime previousExpiresAt, RotationException e) {
    complain(e.getMessage());
    surroundings
        .err()
        .println(
            """
            If it was, the new secret is lost and the previous one %s.
            Look in the dashboard whether the service token changed. Do not simply run this again:
            each rotation makes another secret and cuts the grace of the one before."""
                .formatted(
                    previousExpiresAt == null
                        ? "has stopped working"
                        : "stops working at " + ISO_OFFSET_DATE_TIME.format(previousExpiresAt)));
    return failed(UNKNOWN, "unknown", serviceTokenId, e);
  }

  private int failed(int exitCode, String outcome, String serviceTokenId, RotationException e) {
    surroundings.out().print(output.failed(outcome, serviceTokenId, e));
    return exitCode;
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
    } else {
      message =
          String.valueOf(e.getMessage())
              .replaceFirst("^Error: ", "")
              .replace("'" + e.getValue() + "'", "something else");
    }
    complain(surroundings, message + "; see --help");
    return BAD_INPUT;
  }

  private void complain(@Nullable String message) {
    complain(surroundings, message);
  }

  private static void complain(Surroundings surroundings, @Nullable String message) {
    surroundings.err().println("rotate: " + printable(String.valueOf(message)));
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
