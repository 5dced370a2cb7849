package io.github.accesstokens.samples.cli;

/** Input that cannot be used, named by its option or variable; nothing was sent. */
final class BadInputException extends Exception {
  private static final long serialVersionUID = 1L;

  BadInputException(String message) {
    super(message);
  }
}
