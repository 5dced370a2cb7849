package io.github.accesstokens;

import java.io.Closeable;
import java.io.IOException;

/** Stores the new secret of a rotation. */
public interface Handover {
  /**
   * Prepares for one rotation. Called before anything is sent.
   *
   * @throws IOException if it would be impossible to store the secret; nothing is sent
   */
  Receiver prepare() throws IOException;

  /** Receives the secret of one rotation. Always closed, whether it received a secret or not. */
  interface Receiver extends Closeable {
    /**
     * Stores the secret. Called at most once, before the rotating call returns.
     *
     * @throws IOException if the secret is not stored; the caller gets it with a {@link
     *     HandoverException}
     */
    void receive(Rotated rotated) throws IOException;

    /** Cleans up what was prepared. */
    @Override
    void close();
  }
}
