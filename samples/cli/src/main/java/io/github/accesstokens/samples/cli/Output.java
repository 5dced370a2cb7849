package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.model.ServiceToken;
import java.util.Base64;
import java.util.Objects;
import java.util.stream.Stream;

/** Prints the secret and JSON on standard output, and text on standard error. */
record Output(ProcessEnvironment environment, Options options) {
  /** Prints the secret before any text, so that no later failure loses it. */
  Outcome.Applied printSecret(Outcome.Printed printed) {
    return print(printed, printed.rotated().getToken(), true)
        ? printed
        : new Outcome.Lost(printed.rotated(), printed.failure());
  }

  /** Prints an unproven secret that nothing has kept. */
  Outcome.Unknown printSecret(Outcome.Unknown unknown) {
    Outcome.Unknown printed = unknown.keptBy(Outcome.Unknown.STANDARD_OUTPUT);
    return print(printed, Objects.requireNonNull(unknown.failure().getServiceToken()), false)
        ? printed
        : unknown;
  }

  private boolean print(Outcome outcome, ServiceToken token, boolean proven) {
    String secret;
    try {
      secret = options.json ? json(outcome) : options.format(token, proven);
    } catch (IllegalArgumentException e) {
      // The format cannot hold this secret. JSON can.
      secret = Format.JSON.of(token, proven, null, "");
    }
    if ("true".equals(environment.variable("GITHUB_ACTIONS"))) {
      mask(String.valueOf(token.getClientSecret()));
    }
    environment.out().print(secret);
    return !environment.out().checkError();
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
