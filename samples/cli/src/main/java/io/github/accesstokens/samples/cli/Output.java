package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.model.ServiceToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Prints the secret and JSON on standard output, and text on standard error. */
record Output(ProcessEnvironment environment, Options options) {
  /** Prints the secret before any text, so that no later failure loses it. */
  Outcome.Applied printSecret(Outcome.Printed printed) {
    ServiceToken token = printed.rotated().getToken();
    return print(printed, token, true)
        ? printed
        : new Outcome.NotPrinted(printed.rotated(), printed.failure(), rescue(token, true));
  }

  /** Prints an unproven secret that nothing has kept. */
  Outcome.Unknown printSecret(Outcome.Unknown unknown) {
    ServiceToken token = Objects.requireNonNull(unknown.failure().getServiceToken());
    Outcome.Unknown printed = unknown.keptBy(Outcome.Unknown.STANDARD_OUTPUT);
    return print(printed, token, false) ? printed : unknown.keptBy(rescue(token, false));
  }

  private boolean print(Outcome outcome, ServiceToken token, boolean proven) {
    if (options.sink.option() != null && !canPrint()) {
      return false;
    }
    if ("true".equals(environment.variable("GITHUB_ACTIONS"))) {
      mask(String.valueOf(token.getClientSecret()));
    }
    environment.out().print(options.json ? json(outcome) : format(token, proven));
    return !environment.out().checkError();
  }

  /** Checks standard output. Without an option that keeps the secret, it was checked before. */
  private boolean canPrint() {
    // A signal interrupts the handover. On an interrupted thread, the check would close the file.
    boolean interrupted = Thread.interrupted();
    try {
      environment.outCheck().check(options.blank());
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private @Nullable String rescue(ServiceToken token, boolean proven) {
    Path file = RescueFile.write(environment.rescueDirectories(), format(token, proven));
    return file == null ? null : file.toString();
  }

  private String format(ServiceToken token, boolean proven) {
    try {
      return options.format(token, proven);
    } catch (IllegalArgumentException e) {
      // The format cannot hold this secret. JSON can.
      return Format.JSON.of(token, proven, null, "");
    }
  }

  /**
   * Masks the secret in the log of a GitHub Actions job. The runner reads commands from both
   * streams. Standard output may be captured, so the command is on standard error.
   */
  private void mask(String secret) {
    String base64 = Base64.getEncoder().encodeToString(secret.getBytes(UTF_8));
    Stream.of(secret, base64)
        .map(text -> text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))
        .forEach(text -> environment.err().println("::add-mask::" + text));
  }

  void printText(Outcome outcome) {
    TextRendering.print(environment.err(), options.serviceTokenId, outcome);
  }

  /** Prints JSON, unless it was printed with the secret. */
  void printJson(Outcome outcome) {
    if (options.json && !outcome.isPrinted()) {
      environment.out().print(json(outcome));
      environment.out().flush();
    } else if (outcome instanceof Outcome.Checked checked) {
      environment.out().println(JsonRendering.lowerCase(checked.result()));
    }
  }

  private String json(Outcome outcome) {
    return JsonRendering.of(options.serviceTokenId, outcome);
  }
}
