package io.github.accesstokens.faults;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The kind of connection, request and response that a rotation uses.
 *
 * @param grace whether the request asks for a grace period, and so has a body
 * @param reused whether the connection comes from the pool, after another rotation
 */
record Setting(boolean tls, boolean http2, boolean gzip, boolean grace, boolean reused) {
  /** All combinations without TLS. The client connects for each attempt, so none is reused. */
  static List<Setting> cleartext() {
    return IntStream.range(0, 8)
        .mapToObj(
            bits -> new Setting(false, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, false))
        .toList();
  }

  @Override
  public String toString() {
    return (tls ? "HTTPS" : http2 ? "HTTP/2" : "HTTP/1.1")
        + (gzip ? ", gzip" : ", plain")
        + (grace ? ", grace" : ", no grace")
        + (reused ? ", reused connection" : ", fresh connection");
  }
}
