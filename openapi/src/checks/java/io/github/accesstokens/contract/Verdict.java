package io.github.accesstokens.contract;

/** The result of a comparison with the provider's document, and its exit code. */
enum Verdict {
  SAME(0),
  COMPATIBLE(10),
  BREAKING(11),
  OPERATION_GONE(12),
  NO_FILE(20),
  MALFORMED(21),
  NOT_OPENAPI(22),
  UNRESOLVED_REFERENCE(23),
  CIRCULAR_REFERENCE(24),
  TOO_LARGE(25),
  NOT_HTTPS(30),
  REDIRECTED(31),
  NO_RESPONSE(32),
  NO_SUCH_DIFFERENCE(40),
  NOT_WRITTEN(41);

  private final int exitCode;

  Verdict(int exitCode) {
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
