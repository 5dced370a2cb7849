package io.github.accesstokens;

/** The result of requests to a protected URL without and with a Client ID and its Client Secret. */
public enum Verification {
  /** Access lets the pair in, and refuses a request without it. */
  ACCEPTED,
  /**
   * Access refuses the pair. The refusal is not that of an application behind Access. A firewall
   * with a rule for the headers of the pair looks the same, and so does one that limits the rate
   * for a moment.
   */
  REFUSED,
  /** The URL lets everybody in, so it proves nothing about the pair. */
  UNPROTECTED,
  /**
   * The responses prove nothing about the pair. Examples are a missing page, a 403 that every
   * request gets, and a 401 of the application.
   */
  INCONCLUSIVE
}
