package io.github.accesstokens.samples.service;

/** A Client ID with its Client Secret. Public, because Moshi reads public records only. */
public record Pair(String clientId, String clientSecret) {
  /** Shows the Client ID alone. */
  @Override
  public String toString() {
    return "Pair[clientId=" + clientId + "]";
  }
}
