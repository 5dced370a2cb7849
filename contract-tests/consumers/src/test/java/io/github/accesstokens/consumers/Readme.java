package io.github.accesstokens.consumers;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The code of a README that a reader copies. */
final class Readme {
  private Readme() {}

  /** Returns the first block of code in a language that contains a text. */
  static String block(String language, String text) throws IOException {
    return block("README.md", language, text);
  }

  static String block(String page, String language, String text) throws IOException {
    String readme = Files.readString(Bundle.ROOT.resolve(page));
    Matcher blocks =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(readme);
    while (blocks.find()) {
      if (blocks.group(1).contains(text)) {
        return blocks.group(1);
      }
    }
    throw new AssertionError(page + " has no block of " + language + " with " + text);
  }
}
