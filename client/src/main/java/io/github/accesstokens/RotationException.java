package io.github.accesstokens;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A rotation that did not end as asked: {@link RotationNotAppliedException}, {@link
 * RotationUnknownException} or {@link HandoverException}. No message, nor that of a cause, shows a
 * credential or a secret.
 */
public abstract class RotationException extends IOException {
  private static final long serialVersionUID = 1L;

  RotationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
