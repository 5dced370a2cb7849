package io.github.accesstokens.api;

import org.jspecify.annotations.Nullable;

/** Checks arguments. A message names the argument and the problem, and never shows the value. */
final class Arguments {
  private Arguments() {}

  /** Refuses a value that would change the path that the description gives. */
  static void checkPathSegment(String name, @Nullable String value, int maxLength) {
    String checked = checkNotEmpty(name, value);
    if (checked.length() > maxLength) {
      throw new InvalidArgumentException(
          name, "must have at most " + maxLength + " characters, but has " + checked.length());
    }
    for (int i = 0; i < checked.length(); i++) {
      char character = checked.charAt(i);
      if (Character.isISOControl(character)) {
        throw new InvalidArgumentException(name, "has a control character at index " + i);
      }
      if ("/\\?#%;".indexOf(character) >= 0) {
        throw new InvalidArgumentException(
            name, "must not contain '" + character + "', but has it at index " + i);
      }
    }
    if (checked.equals(".") || checked.contains("..")) {
      throw new InvalidArgumentException(name, "must not be '.' or contain '..'");
    }
  }

  /** Refuses a value that cannot be sent in a header. OkHttp's own message would show it. */
  static String checkHeaderValue(String name, @Nullable String value) {
    String checked = checkNotEmpty(name, value);
    for (int i = 0; i < checked.length(); i++) {
      char character = checked.charAt(i);
      if (character == '\n' || character == '\r') {
        throw new InvalidArgumentException(name, "has a line break at index " + i);
      }
      if (character <= ' ' || character >= 0x7f) {
        throw new InvalidArgumentException(
            name, "has a character at index " + i + " that is not visible ASCII");
      }
    }
    return checked;
  }

  static String checkNotEmpty(String name, @Nullable String value) {
    if (value == null) {
      throw new InvalidArgumentException(name, "must not be null");
    }
    if (value.isEmpty()) {
      throw new InvalidArgumentException(name, "must not be empty");
    }
    return value;
  }
}
