package io.github.accesstokens;

import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** The rules for URLs; no message repeats one, since it may hold a password. */
final class BaseUrl {
  private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1");

  private BaseUrl() {}

  static HttpUrl parse(String text) {
    HttpUrl url = HttpUrl.parse(text.endsWith("/") ? text : text + "/");
    if (url == null) {
      throw new IllegalArgumentException("base URL is not an http or https URL");
    }
    checkPrivate("base URL", url);
    if (url.query() != null || url.fragment() != null) {
      throw new IllegalArgumentException("base URL must not have a query or a fragment");
    }
    return url;
  }

  /** The URL of a page that the secret may be shown to. */
  static HttpUrl parseProtected(String text) {
    HttpUrl url = HttpUrl.parse(text);
    if (url == null) {
      throw new IllegalArgumentException("protected URL is not an http or https URL");
    }
    checkPrivate("protected URL", url);
    return url;
  }

  private static void checkPrivate(String name, HttpUrl url) {
    if (!url.isHttps() && !LOOPBACK.matcher(url.host()).matches()) {
      throw new IllegalArgumentException(
          name + " must be https, since credentials go there; http is for loopback alone");
    }
    if (!url.username().isEmpty() || !url.password().isEmpty()) {
      throw new IllegalArgumentException(name + " must not have user info; give credentials apart");
    }
  }
}
