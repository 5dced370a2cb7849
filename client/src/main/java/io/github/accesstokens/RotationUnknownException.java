package io.github.accesstokens;

import org.jspecify.annotations.Nullable;

/**
 * The rotation may have been applied: the request went out, and no answer tells what became of it.
 *
 * <p>The previous secret may have stopped working, and the new one is lost. Do not simply call
 * again: each rotation makes another secret, and cuts the grace period of the one before.
 */
public final class RotationUnknownException extends RotationException {
  private static final long serialVersionUID = 1L;

  RotationUnknownException(String reason, @Nullable Throwable cause) {
    super("Unknown whether rotated: " + reason, cause);
  }
}
