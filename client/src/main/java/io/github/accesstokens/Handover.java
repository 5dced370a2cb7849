package io.github.accesstokens;

import java.io.Closeable;
import java.io.IOException;

/** Brings the secret of a rotation to where it is kept. */
public interface Handover {
  /**
   * Makes ready for one rotation whatever can be; called before anything is sent.
   *
   * @throws IOException if the secret could not be kept; then nothing is sent
   */
  Receiver prepare() throws IOException;

  /** What was made ready for one rotation; closed in any case, whether it received or not. */
  interface Receiver extends Closeable {
    /**
     * Keeps the secret; called at most once, before the call that rotated returns.
     *
     * @throws IOException if the secret is not kept; the caller gets it with a {@link
     *     HandoverException}
     */
    void receive(Rotated rotated) throws IOException;

    /** Leaves nothing behind of what was made ready. */
    @Override
    void close();
  }
}
