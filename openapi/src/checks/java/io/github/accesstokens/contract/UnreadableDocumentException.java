package io.github.accesstokens.contract;

import static java.util.stream.Collectors.joining;

/** A document that is no OpenAPI description, or that cannot be read. */
final class UnreadableDocumentException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Verdict verdict;

  UnreadableDocumentException(Verdict verdict, String message) {
    super(message);
    this.verdict = verdict;
  }

  /** The message of a parser in one line. */
  static String inOneLine(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().map(String::strip).collect(joining(" "));
  }

  Verdict verdict() {
    return verdict;
  }
}
