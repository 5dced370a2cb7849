package io.github.accesstokens.generator;

import org.apache.commons.text.StringEscapeUtils;
import org.jspecify.annotations.Nullable;

/** Puts text of a description into Java source, where it stays text. */
final class Text {
  private Text() {}

  /** Returns a string literal, with its quotes. */
  static String literal(String text) {
    return '"' + StringEscapeUtils.escapeJava(text) + '"';
  }

  /**
   * Returns text for Javadoc, or null if there is none. No part of it ends the comment or is a tag.
   */
  static @Nullable String javadoc(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    StringBuilder escaped = new StringBuilder();
    text.strip()
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '@' -> escaped.append("&#64;");
                case '\\' -> escaped.append("&#92;");
                case '{' -> escaped.append("&#123;");
                case '}' -> escaped.append("&#125;");
                case '/' ->
                    // After an asterisk it would end the comment, before one javac may warn.
                    escaped.append(
                        escaped.length() > 0 && escaped.charAt(escaped.length() - 1) == '*'
                            ? "&#47;"
                            : "/");
                case '\n' -> escaped.append("\n   * ");
                default -> {
                  if (c == '\t' || !Character.isISOControl(c)) {
                    escaped.appendCodePoint(c);
                  }
                }
              }
            });
    return escaped.toString();
  }

  /** Returns a name as code in Javadoc. */
  static String code(String name) {
    return "<code>" + (name.isBlank() ? "&quot;&quot;" : javadoc(name)) + "</code>";
  }

  static String capitalized(String name) {
    return name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
