package io.github.accesstokens;

/** The result of a request to a protected URL with a Client ID and its Client Secret. */
public enum Verification {
  /** The URL lets the pair in, and nobody without it. */
  ACCEPTED,
  /** The URL does not let the pair in. */
  REFUSED,
  /** The URL lets everybody in, so it proves nothing about the pair. */
  UNPROTECTED,
  /** The URL responds in another way, for example that there is no page. */
  INCONCLUSIVE
}
