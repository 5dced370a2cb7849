package io.github.accesstokens.faults;

import io.github.accesstokens.faults.ReportedOutcome.Kind;
import io.github.accesstokens.provider.StubToken;

/**
 * What one call reported, beside what happened to its token. Complete once the provider is closed.
 *
 * @param name the case
 * @param token the token, which this call alone rotates
 * @param reached whether the connection was really cut
 * @param nothingSent whether no byte of the request was written
 */
record CutResult(
    String name,
    Cut cut,
    StubToken token,
    ReportedOutcome reported,
    boolean reached,
    boolean nothingSent) {
  boolean isWrong() {
    return !reported.matches(token.rotations(), token.clientSecret());
  }

  boolean isUnknownWithNothingSent() {
    return nothingSent && reported.kind() == Kind.UNKNOWN;
  }

  boolean isRepeated() {
    return token.rotations() > 1;
  }

  @Override
  public String toString() {
    return name
        + (reached ? "" : ", not cut")
        + ": reported "
        + reported
        + ", rotations "
        + token.rotations();
  }
}
