package io.github.accesstokens;

import io.github.accesstokens.api.InvalidArgumentException;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Checks URLs that credentials are sent to. No message shows a URL: it may hold a password. */
final class ServerUrl {
  private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1");

  private ServerUrl() {}

  /** Parses the base URL of the API and adds a missing slash at its end. */
  static HttpUrl parseBase(String text) {
    HttpUrl url = parse("baseUrl", text.endsWith("/") ? text : text + "/");
    if (url.query() != null || url.fragment() != null) {
      throw new InvalidArgumentException("baseUrl", "must not have a query or a fragment");
    }
    return url;
  }

  /** Parses the URL of a page that Access protects. */
  static HttpUrl parseProtected(String text) {
    return parse("protectedUrl", text);
  }

  private static HttpUrl parse(String name, String text) {
    // OkHttp drops line breaks and tabs inside a URL, and encodes spaces.
    HttpUrl url = text.matches("(?s).*\\s.*") ? null : HttpUrl.parse(text);
    if (url == null) {
      throw new InvalidArgumentException(name, "is not an http or https URL");
    }
    if (!url.isHttps() && !LOOPBACK.matcher(url.host()).matches()) {
      throw new InvalidArgumentException(
          name, "must be https, because credentials are sent to it; http is for loopback only");
    }
    if (!url.username().isEmpty() || !url.password().isEmpty()) {
      throw new InvalidArgumentException(
          name, "must not have user info; pass credentials separately");
    }
    return url;
  }
}
