package io.github.accesstokens.samples.service;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Client ID with its Client Secret. */
record Pair(String clientId, String clientSecret) {
  /** Returns the pair of this name, or null if the map has none. */
  static @Nullable Pair of(Map<String, String> map, String name) {
    String clientId = map.get(name + "_client_id");
    return clientId == null
        ? null
        : new Pair(clientId, requireNonNull(map.get(name + "_client_secret")));
  }

  void putInto(Map<String, String> map, String name) {
    map.put(name + "_client_id", clientId);
    map.put(name + "_client_secret", clientSecret);
  }

  /** Shows the Client ID alone. */
  @Override
  public String toString() {
    return "Pair[clientId=" + clientId + "]";
  }
}
