package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Handover;
import io.github.accesstokens.HandoverException;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.RotationException;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.Verification;
import io.github.accesstokens.api.InvalidArgumentException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
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
  private final int arguments;

  private RotateCommand(ProcessEnvironment environment, int arguments) {
    this.environment = environment;
    this.output = new Output(environment, options);
    this.arguments = arguments;
  }

  public static void main(String... args) {
    System.exit(run(ProcessEnvironment.ofThisProcess(), args));
  }

  static int run(ProcessEnvironment environment, String... args) {
    RotateCommand command = new RotateCommand(environment, args.length);
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false)
        .setOut(new PrintWriter(environment.out(), true, UTF_8))
        .setParameterExceptionHandler(
            (e, given) -> command.report(new Outcome.BadInput(Options.problem(e) + "; see --help")))
        .execute(args);
  }

  @Override
  public Integer call() {
    Outcome outcome;
    try {
      if (options.demo && arguments > 1) {
        outcome = new Outcome.BadInput("--demo excludes all other options");
      } else if (options.demo || (arguments == 0 && !environment.hasCredentials())) {
        outcome = Demonstration.run(environment.out(), options.demo);
      } else {
        outcome = rotate();
      }
    } catch (RotationException | RuntimeException e) {
      outcome = new Outcome.Unexpected(e.getClass());
    }
    return report(outcome);
  }

  private Outcome rotate() throws RotationException {
    AccessTokensClient client;
    Rotated rotated;
    try {
      client = options.client(environment);
      Rotation rotation = options.rotation(environment);
      options.checkOutput(environment);
      rotated = rotate(client, rotation);
    } catch (InvalidArgumentException e) {
      return new Outcome.BadInput(options.problem(e));
    } catch (RotationNotAppliedException e) {
      return new Outcome.NotApplied(e);
    } catch (RotationUnknownException e) {
      return new Outcome.Unknown(e);
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

  private Rotated rotate(AccessTokensClient client, Rotation rotation) throws RotationException {
    ProgressLine progress = ProgressLine.start(environment, "Rotating", SECOND);
    try {
      Handover handover =
          options.sink.handover(
              rotated -> {
                // The command of --exec may write to the same terminal.
                progress.end();
                return options.format(rotated);
              });
      return client.rotate(handover == null ? rotation : rotation.withHandover(handover));
    } finally {
      progress.end();
    }
  }

  private Outcome verify(AccessTokensClient client, Outcome.Applied applied) {
    if (options.protectedUrl == null || applied instanceof Outcome.Lost) {
      return applied;
    }
    output.printText(applied);
    ProgressLine progress = ProgressLine.start(environment, "Verifying", SECOND);
    try {
      return new Outcome.Verified(
          applied, client.verify(options.protectedUrl, applied.rotated(), Duration.ZERO), null);
    } catch (IllegalArgumentException | IOException e) {
      return new Outcome.Verified(applied, Verification.INCONCLUSIVE, e.getMessage());
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
