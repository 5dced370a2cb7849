package io.github.accesstokens.contract;

/**
 * Something that disagrees.
 *
 * @param check what noticed it
 * @param place where to look
 * @param problem what is wrong there
 */
record Finding(String check, String place, String problem) {
  @Override
  public String toString() {
    return place + ": " + problem + " [" + check + "]";
  }
}
