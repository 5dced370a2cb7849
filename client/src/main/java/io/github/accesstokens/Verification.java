package io.github.accesstokens;

import io.github.accesstokens.api.InvalidArgumentException;
import java.io.IOException;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What a protected URL says of a Client ID with its Client Secret. */
public enum Verification {
  /** It lets the pair in, and nobody without. */
  ACCEPTED,
  /** It does not let the pair in. */
  REFUSED,
  /** It lets in whoever comes, and so tells nothing of the pair. */
  UNPROTECTED,
  /** It answers in another way, such as that there is no such page. */
  INCONCLUSIVE;

  static Verification of(OkHttpClient http, HttpUrl url, Rotated rotated) throws IOException {
    Request.Builder with =
        new Request.Builder()
            .url(url)
            .header("CF-Access-Client-Secret", checked("client_secret", rotated.getClientSecret()))
            .header("CF-Access-Client-Id", checked("client_id", rotated.getToken().getClientId()));
    OkHttpClient.Builder own = http.newBuilder();
    // The secret is in its requests, and not for the eyes of anybody else.
    own.interceptors().clear();
    own.networkInterceptors().clear();
    // An answer from a cache tells nothing, and a cookie of an earlier answer lets anybody in.
    OkHttpClient verifier = own.cache(null).cookieJar(CookieJar.NO_COOKIES).build();
    int without = status(verifier, new Request.Builder().url(url).build());
    if (without == 200) {
      return UNPROTECTED;
    }
    int status = status(verifier, with.build());
    if (isRefusal(status)) {
      return REFUSED;
    }
    return status == 200 && isRefusal(without) ? ACCEPTED : INCONCLUSIVE;
  }

  // OkHttp's own message would show the value.
  private static String checked(String name, @Nullable String value) {
    if (value == null || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new InvalidArgumentException(name, "is missing or cannot be sent in a header");
    }
    return value;
  }

  private static int status(OkHttpClient http, Request request) throws IOException {
    try (Response response = http.newCall(request).execute()) {
      return response.code();
    } catch (IOException e) {
      throw Transmission.quiet(e);
    }
  }

  private static boolean isRefusal(int status) {
    return status == 302 || status == 401 || status == 403;
  }
}
