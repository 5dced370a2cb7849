package io.github.accesstokens.generator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One alternative of the security of the description: schemes that are sent together. */
record Security(String factory, List<Scheme> schemes) {

  String parameters() {
    return String.join(
        ", ", schemes.stream().map(scheme -> "String " + scheme.variable()).toList());
  }

  String maskedLiteral() {
    List<String> masked = schemes.stream().map(scheme -> scheme.name() + "=██").toList();
    return '"' + "Credentials{" + String.join(", ", masked) + "}\"";
  }

  String names() {
    return String.join(" and ", schemes.stream().map(scheme -> Text.code(scheme.name())).toList());
  }

  /**
   * A scheme with a value of its own.
   *
   * @param variable the name of the parameter
   * @param method the end of the names of its methods
   * @param parameter the name of the header, query parameter or cookie, or null for Authorization
   */
  record Scheme(
      String name, String variable, String method, Kind kind, @Nullable String parameter) {
    String literal() {
      return Text.literal(name);
    }

    String parameterLiteral() {
      return Text.literal(String.valueOf(parameter));
    }

    boolean bearer() {
      return kind == Kind.BEARER;
    }

    boolean basic() {
      return kind == Kind.BASIC;
    }

    boolean header() {
      return kind == Kind.HEADER;
    }

    boolean query() {
      return kind == Kind.QUERY;
    }

    boolean cookie() {
      return kind == Kind.COOKIE;
    }

    /** Text in the body of a header needs no check, because it is encoded. */
    String check() {
      if (basic() || query()) {
        return "checkNotEmpty";
      }
      // Its value is a scheme and what belongs to it.
      boolean words = header() && "Authorization".equalsIgnoreCase(parameter);
      return words ? "checkHeaderText" : "checkHeaderValue";
    }

    /** Returns the start of the cookie, with its name. */
    String cookieLiteral() {
      return Text.literal(parameter + "=");
    }
  }

  enum Kind {
    BEARER,
    BASIC,
    HEADER,
    QUERY,
    COOKIE
  }
}
