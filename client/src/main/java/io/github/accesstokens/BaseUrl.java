package io.github.accesstokens;

import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** The rules for a base URL; no message repeats it, since it may hold a password. */
final class BaseUrl {
  private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1");

  private BaseUrl() {}

  static HttpUrl parse(String text) {
    HttpUrl url = HttpUrl.parse(text.endsWith("/") ? text : text + "/");
    if (url == null) {
      throw new IllegalArgumentException("base URL is not an http or https URL");
    }
    if (!url.isHttps() && !LOOPBACK.matcher(url.host()).matches()) {
      throw new IllegalArgumentException(
          "base URL must be https, since credentials go there; http is for loopback alone");
    }
    if (!url.username().isEmpty() || !url.password().isEmpty()) {
      throw new IllegalArgumentException(
          "base URL must not have user info; give credentials apart");
    }
    if (url.query() != null || url.fragment() != null) {
      throw new IllegalArgumentException("base URL must not have a query or a fragment");
    }
    return url;
  }
}
