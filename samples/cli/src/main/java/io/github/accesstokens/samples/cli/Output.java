package io.github.accesstokens.samples.cli;

/** Prints the secret and JSON on standard output, and text on standard error. */
record Output(ProcessEnvironment environment, Options options) {
  /** Prints the secret before any text, so that no later failure loses it. */
  Outcome.Applied printSecret(Outcome.Printed printed) {
    String secret;
    try {
      secret = options.json ? json(printed) : options.format(printed.rotated());
    } catch (IllegalArgumentException e) {
      // The format cannot hold this secret. JSON can.
      secret = Format.JSON.of(printed.rotated(), "");
    }
    environment.out().print(secret);
    return environment.out().checkError()
        ? new Outcome.Lost(printed.rotated(), printed.failure())
        : printed;
  }

  void printText(Outcome outcome) {
    TextRendering.print(environment.err(), options.serviceTokenId, outcome);
  }

  /** Prints JSON, unless {@link #printSecret} has printed it. */
  void printJson(Outcome outcome) {
    if (options.json && !(outcome instanceof Outcome.Printed || outcome instanceof Outcome.Lost)) {
      environment.out().print(json(outcome));
      environment.out().flush();
    }
  }

  private String json(Outcome outcome) {
    return JsonRendering.of(options.serviceTokenId, outcome);
  }
}
