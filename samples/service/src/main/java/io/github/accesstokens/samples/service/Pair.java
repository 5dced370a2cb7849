package io.github.accesstokens.samples.service;

import static java.util.Objects.requireNonNull;

/** A Client ID with its Client Secret. Public, because Moshi reads public records only. */
public record Pair(String clientId, String clientSecret) {
  /** Refuses what Moshi leaves null because the file does not have it. */
  public Pair {
    requireNonNull(clientId, "clientId");
    requireNonNull(clientSecret, "clientSecret");
  }

  /** Shows the Client ID alone. */
  @Override
  public String toString() {
    return "Pair[clientId=" + clientId + "]";
  }
}
