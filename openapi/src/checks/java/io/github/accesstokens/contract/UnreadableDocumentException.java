package io.github.accesstokens.contract;

/** A document that is no OpenAPI description, or that cannot be read. */
final class UnreadableDocumentException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Verdict verdict;

  UnreadableDocumentException(Verdict verdict, String message) {
    super(message);
    this.verdict = verdict;
  }

  Verdict verdict() {
    return verdict;
  }
}
