package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Handover;
import io.github.accesstokens.HandoverException;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.Verification;
import io.github.accesstokens.api.InvalidArgumentException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Rotates one service token and reports the outcome. */
@Command(
    name = "rotate",
    mixinStandardHelpOptions = true,
    resourceBundle = "io.github.accesstokens.samples.cli.help",
    version = "rotate ${bundle:buildVersion}",
    sortOptions = false)
final class RotateCommand implements Callable<Integer> {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Mixin private final Options options = new Options();
  private final ProcessEnvironment environment;
  private final Output output;
  private final Shutdown shutdown;
  private final int arguments;

  private RotateCommand(ProcessEnvironment environment, Shutdown shutdown, int arguments) {
    this.environment = environment;
    this.shutdown = shutdown;
    this.output = new Output(environment, options);
    this.arguments = arguments;
  }

  public static void main(String... args) {
    run(ProcessEnvironment.ofThisProcess(), Shutdown.WAIT, args);
  }

  /** Runs the command and ends the process, also if a signal arrives. */
  static void run(ProcessEnvironment environment, Duration shutdownWait, String... args) {
    Shutdown shutdown = new Shutdown(shutdownWait);
    shutdown.install(environment.err());
    int exitCode = Outcome.UNKNOWN;
    try {
      exitCode = run(environment, shutdown, args);
    } finally {
      // Also after an error: the JVM's own exit code would mean that nothing was rotated.
      shutdown.exit(exitCode);
    }
  }

  static int run(ProcessEnvironment environment, Shutdown shutdown, String... args) {
    RotateCommand command = new RotateCommand(environment, shutdown, args.length);
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false)
        .setOut(new PrintWriter(environment.out(), true, UTF_8))
        .setParameterExceptionHandler(
            (e, given) -> command.report(new Outcome.BadInput(Options.problem(e) + "; see --help")))
        .setExecutionExceptionHandler((e, line, given) -> Outcome.UNKNOWN)
        .execute(args);
  }

  @Override
  public Integer call() {
    Outcome outcome;
    try {
      if (options.completion) {
        environment.out().print(AutoComplete.bash("rotate", new CommandLine(this)));
        return 0;
      } else if (options.demo && arguments > 1) {
        outcome = new Outcome.BadInput("--demo excludes all other options");
      } else if (options.demo || (arguments == 0 && !environment.hasCredentials())) {
        outcome = Demonstration.run(environment.out(), options.demo);
      } else if (options.checkedUrl != null) {
        outcome = checkPair(options.checkedUrl);
      } else {
        outcome = rotate();
      }
    } catch (Throwable e) {
      // Catches errors too: the request may have been sent.
      outcome = new Outcome.Unexpected(e.getClass());
    }
    return report(outcome);
  }

  private Outcome rotate() throws IOException {
    AccessTokensClient client;
    Rotated rotated;
    DryRun dryRun = new DryRun();
    try {
      client = options.client(environment, shutdown, options.dryRun ? dryRun : shutdown);
      Rotation rotation = options.rotation(environment);
      options.checkOutput(environment);
      rotated = rotate(client, rotation);
    } catch (InvalidArgumentException e) {
      return new Outcome.BadInput(options.problem(e));
    } catch (RotationNotAppliedException e) {
      return dryRun.connected() ? new Outcome.Ready() : new Outcome.NotApplied(e);
    } catch (RotationUnknownException e) {
      String keptBy = e.getKeptIn() == null ? null : options.sink.unprovenOption();
      Outcome.Unknown unknown = new Outcome.Unknown(e, keptBy);
      return unknown.hasSecret() && keptBy == null ? output.printSecret(unknown) : unknown;
    } catch (HandoverException e) {
      return output.printSecret(new Outcome.Printed(e.getRotated(), e.getMessage()));
    }
    String keptBy = options.sink.option();
    return verify(
        client,
        keptBy == null
            ? output.printSecret(new Outcome.Printed(rotated, null))
            : new Outcome.Kept(rotated, keptBy));
  }

  private Rotated rotate(AccessTokensClient client, Rotation rotation) throws IOException {
    ProgressLine progress =
        ProgressLine.start(environment, options.dryRun ? "Connecting" : "Rotating", SECOND);
    try {
      Handover handover =
          options.sink.handover(
              environment,
              (token, proven) -> {
                // The command of --exec may write to the same terminal.
                progress.end();
                return options.format(token, proven);
              },
              options.blank(),
              warning -> progress.printAbove("rotate: warning: " + warning));
      return Objects.requireNonNull(
          shutdown
              .watch(client.newCall(rotation.withHandover(shutdown.watch(handover))))
              .execute()
              .body());
    } finally {
      progress.end();
    }
  }

  private Outcome verify(AccessTokensClient client, Outcome.Applied applied) {
    String url = options.protectedUrl;
    if (url == null || applied instanceof Outcome.NotPrinted) {
      return applied;
    }
    output.printText(applied);
    try {
      return new Outcome.Verified(
          applied,
          verify(() -> client.verify(url, applied.rotated(), options.verificationTime())),
          null);
    } catch (IllegalArgumentException | IOException e) {
      return new Outcome.Verified(applied, Verification.INCONCLUSIVE, e.getMessage());
    }
  }

  private Outcome checkPair(String url) {
    try {
      if (options.dryRun) {
        throw new InvalidArgumentException("--dry-run", "does not apply to --check-pair");
      }
      if (options.serviceTokenId != null) {
        throw new InvalidArgumentException(
            "--check-pair", "rotates nothing, so it needs no --service-token-id");
      }
      AccessTokensClient client = options.verifyingClient(environment);
      String clientId = pairVariable("CF_ACCESS_CLIENT_ID");
      String clientSecret = pairVariable("CF_ACCESS_CLIENT_SECRET");
      AccessTokensClient.checkProtectedUrl(url);
      Duration within = options.verificationTime();
      return new Outcome.Checked(
          verify(() -> client.verify(url, clientId, clientSecret, within)), null);
    } catch (InvalidArgumentException e) {
      return new Outcome.BadInput(options.problem(e));
    } catch (IOException e) {
      return new Outcome.Checked(Verification.INCONCLUSIVE, e.getMessage());
    }
  }

  private String pairVariable(String name) {
    String value = environment.variable(name);
    if (value == null) {
      throw new InvalidArgumentException(name, "is not set");
    }
    return value;
  }

  /** Verifies on a thread of its own, because a signal cannot interrupt a read from a socket. */
  private Verification verify(Callable<Verification> verification) throws IOException {
    ProgressLine progress = ProgressLine.start(environment, "Verifying", SECOND);
    FutureTask<Verification> task = new FutureTask<>(verification);
    Thread thread = new Thread(task, "verification");
    thread.setDaemon(true);
    thread.start();
    try {
      shutdown.startVerification();
      return task.get();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("a signal ended the process");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalArgumentException cause) {
        throw cause;
      }
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } finally {
      progress.end();
    }
  }

  private int report(Outcome outcome) {
    output.printText(outcome);
    output.printJson(outcome);
    return outcome.exitCode();
  }
}
