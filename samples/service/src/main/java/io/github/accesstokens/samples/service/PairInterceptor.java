package io.github.accesstokens.samples.service;

import java.io.IOException;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Adds the current pair to the requests for one application. After a refusal it reads the store
 * again, and repeats the request once with another pair, if the request may be repeated.
 */
final class PairInterceptor implements Interceptor {
  /** The methods that HTTP defines as idempotent. */
  private static final Set<String> REPEATABLE =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

  private final HttpUrl application;
  private final PairStore store;

  private PairInterceptor(HttpUrl application, PairStore store) {
    this.application = application;
    this.store = store;
  }

  /**
   * Returns a client for the application. It does not follow redirects: OkHttp would send the pair
   * to the other host, and the login page would look like a success.
   */
  static OkHttpClient install(OkHttpClient http, HttpUrl application, PairStore store) {
    return http.newBuilder()
        .followRedirects(false)
        .addInterceptor(new PairInterceptor(application, store))
        .build();
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    if (!isForApplication(request.url())) {
      return chain.proceed(request);
    }
    Pair pair = store.read().current();
    Response response = chain.proceed(with(pair, request));
    if (!isRefusal(response) || !isRepeatable(request)) {
      return response;
    }
    Pair alternative = store.read().alternativeTo(pair);
    if (alternative == null) {
      return response;
    }
    response.close();
    return chain.proceed(with(alternative, request));
  }

  private boolean isForApplication(HttpUrl url) {
    return url.scheme().equals(application.scheme())
        && url.host().equals(application.host())
        && url.port() == application.port();
  }

  private static Request with(Pair pair, Request request) {
    return request
        .newBuilder()
        .header("CF-Access-Client-Id", pair.clientId())
        .header("CF-Access-Client-Secret", pair.clientSecret())
        .build();
  }

  /** Access redirects to its login page, or responds with 401 or 403. */
  private static boolean isRefusal(Response response) {
    return response.code() == 401 || response.code() == 403 || isLogin(response);
  }

  private static boolean isLogin(Response response) {
    String location = response.header("Location");
    HttpUrl target = location == null ? null : response.request().url().resolve(location);
    return response.isRedirect()
        && target != null
        && target.host().endsWith(".cloudflareaccess.com");
  }

  private static boolean isRepeatable(Request request) {
    RequestBody body = request.body();
    return REPEATABLE.contains(request.method()) && (body == null || !body.isOneShot());
  }
}
