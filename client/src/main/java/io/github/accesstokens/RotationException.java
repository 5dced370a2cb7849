package io.github.accesstokens;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A rotation that gave no secret; its two kinds tell whether it may have been applied. */
public abstract class RotationException extends IOException {
  private static final long serialVersionUID = 1L;

  RotationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
