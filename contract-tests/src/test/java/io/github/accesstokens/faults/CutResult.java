package io.github.accesstokens.cuts;

import io.github.accesstokens.cuts.Told.Truth;

/**
 * What a call told, beside what became of its token.
 *
 * @param what the case, in words
 * @param reached whether the connection was really cut
 * @param nothingSent whether not one byte of the request was written
 * @param rotations how often the token was rotated, once the provider was done
 * @param isTrue whether the call told the truth
 */
record Outcome(
    String what,
    Cut cut,
    Told told,
    boolean reached,
    boolean nothingSent,
    int rotations,
    boolean isTrue) {
  boolean isUnknownThoughNothingSent() {
    return nothingSent && told.truth() == Truth.UNKNOWN;
  }

  boolean isRepeated() {
    return rotations > 1;
  }

  @Override
  public String toString() {
    return what + ": told " + told + ", rotations " + rotations + (reached ? "" : ", not cut");
  }
}
