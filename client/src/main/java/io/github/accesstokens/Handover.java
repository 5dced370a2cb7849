package io.github.accesstokens;

import io.github.accesstokens.model.ServiceToken;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Stores the new secret of a rotation. */
public interface Handover {
  /**
   * Prepares for one rotation. Called before anything is sent.
   *
   * @throws HandoverInUseException if another rotation uses the handover; nothing is sent
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

    /**
     * Keeps the secret of a response that does not prove a rotation, apart from the proven ones.
     * Called once for each such secret, before the rotating call fails with a {@link
     * RotationUnknownException}. By default, keeps nothing.
     *
     * @param token a token with a secret; its other properties may be null
     * @return where the secret is kept, in words for a message; null if it is not kept
     * @throws IOException if the secret is not kept
     */
    default @Nullable String receiveUnproven(ServiceToken token) throws IOException {
      return null;
    }

    /** Cleans up what was prepared. */
    @Override
    void close();
  }
}
