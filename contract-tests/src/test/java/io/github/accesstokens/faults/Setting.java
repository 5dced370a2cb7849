package io.github.accesstokens.cuts;

import java.util.ArrayList;
import java.util.List;

/**
 * What a rotation goes through.
 *
 * @param reused whether it takes a pooled connection, over which another rotation went before
 */
record Setting(boolean tls, boolean http2, boolean gzip, boolean grace, boolean reused) {
  /** In cleartext, everything there is. */
  static List<Setting> cleartext() {
    List<Setting> settings = new ArrayList<>();
    for (int bits = 0; bits < 16; bits++) {
      settings.add(
          new Setting(false, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0));
    }
    return settings;
  }

  @Override
  public String toString() {
    return (tls ? "HTTPS" : http2 ? "HTTP/2" : "HTTP/1.1")
        + (gzip ? ", gzip" : ", plain")
        + (grace ? ", grace" : ", no grace")
        + (reused ? ", reused connection" : ", fresh connection");
  }
}
