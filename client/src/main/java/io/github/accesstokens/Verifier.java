package io.github.accesstokens;

import io.github.accesstokens.api.InvalidArgumentException;
import java.io.IOException;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Requests a protected URL without and with a Client ID and its Client Secret. */
final class Verifier {
  private static final int OK = 200;

  private final OkHttpClient http;

  Verifier(OkHttpClient http) {
    OkHttpClient.Builder own = http.newBuilder();
    // The requests hold the secret, so no interceptor of the caller sees them.
    own.interceptors().clear();
    own.networkInterceptors().clear();
    // A cached response proves nothing, and a cookie of an earlier response lets anybody in.
    this.http = own.cache(null).cookieJar(CookieJar.NO_COOKIES).build();
  }

  Verification verify(HttpUrl url, @Nullable String clientId, @Nullable String clientSecret)
      throws IOException {
    Request.Builder withPair =
        new Request.Builder()
            .url(url)
            .header("CF-Access-Client-Secret", checked("client_secret", clientSecret))
            .header("CF-Access-Client-Id", checked("client_id", clientId));
    int without = status(new Request.Builder().url(url).build());
    if (without == OK) {
      return Verification.UNPROTECTED;
    }
    int with = status(withPair.build());
    if (isRefusal(with)) {
      return Verification.REFUSED;
    }
    return with == OK && isRefusal(without) ? Verification.ACCEPTED : Verification.INCONCLUSIVE;
  }

  /** OkHttp's own check shows the value in its message. */
  private static String checked(String name, @Nullable String value) {
    if (value == null || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new InvalidArgumentException(name, "is missing or cannot be sent in a header");
    }
    return value;
  }

  private int status(Request request) throws IOException {
    try (Response response = http.newCall(request).execute()) {
      return response.code();
    } catch (IOException e) {
      throw SafeFailure.redacted(e);
    }
  }

  private static boolean isRefusal(int status) {
    return status == 302 || status == 401 || status == 403;
  }
}
