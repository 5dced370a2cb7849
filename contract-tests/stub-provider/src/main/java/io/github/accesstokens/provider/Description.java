package io.github.accesstokens.provider;

import static java.util.Objects.requireNonNull;

import com.squareup.moshi.Moshi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import okio.Okio;

/** What the responses take from the examples of the description. */
final class Description {
  /** The tokens of all examples of a rotation, in one. A later example wins. */
  static final Map<String, Object> TOKEN = token();

  private Description() {}

  private static Map<String, Object> token() {
    Map<String, Object> token = new LinkedHashMap<>();
    Map<?, ?> examples = object(object(read(), "components"), "examples");
    for (Object example : examples.values()) {
      Map<?, ?> value = object((Map<?, ?>) example, "value");
      if (Boolean.TRUE.equals(value.get("success"))) {
        object(value, "result").forEach((name, part) -> token.put((String) name, whole(part)));
      }
    }
    return Collections.unmodifiableMap(token);
  }

  /** Moshi reads each number as a double, and would write 2 as 2.0. */
  private static Object whole(Object value) {
    boolean whole = value instanceof Double number && number == Math.rint(number);
    return whole ? (Object) ((Double) value).longValue() : value;
  }

  private static Map<?, ?> object(Map<?, ?> parent, String name) {
    return (Map<?, ?>) requireNonNull(parent.get(name), name);
  }

  private static Map<?, ?> read() {
    try (InputStream json = Description.class.getResourceAsStream("openapi.json")) {
      Object document =
          new Moshi.Builder()
              .build()
              .adapter(Object.class)
              .fromJson(Okio.buffer(Okio.source(requireNonNull(json))));
      return (Map<?, ?>) requireNonNull(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
