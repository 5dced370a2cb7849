package io.github.accesstokens;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Gives POST and PATCH requests a one-shot body, so that OkHttp sends them at most once. A rotation
 * has one from its {@link Transmission}.
 */
final class OneShotInterceptor implements Interceptor {
  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    RequestBody body = request.body();
    boolean idempotent = !request.method().equals("POST") && !request.method().equals("PATCH");
    if (body == null || idempotent || Transmission.of(chain.call()) != null) {
      return chain.proceed(request);
    }
    RequestBody oneShot = new OneShotBody(body, () -> {});
    return chain.proceed(request.newBuilder().method(request.method(), oneShot).build());
  }
}
