package io.github.accesstokens.api;

/**
 * An argument was refused before anything was sent. The message starts with the argument's name and
 * never shows its value.
 */
public final class InvalidArgumentException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final String problem;

  /**
   * Creates an exception.
   *
   * @param name the argument's name, such as {@code account_id}
   * @param problem what is wrong, to be read after the name; must not repeat the value
   */
  public InvalidArgumentException(String name, String problem) {
    super(name + ' ' + problem);
    this.name = name;
    this.problem = problem;
  }

  /** Returns the argument's name: a parameter of the operation, or a setting of the client. */
  public String getName() {
    return name;
  }

  /** Returns the same problem with another name, such as that of a command-line option. */
  public InvalidArgumentException withName(String name) {
    return new InvalidArgumentException(name, problem);
  }
}
