package io.github.accesstokens;

import io.github.accesstokens.api.Credentials;
import java.io.IOException;
import java.net.ProtocolException;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Authenticates requests to the base URL's origin; no other interceptor sees the credentials. */
final class AuthenticationInterceptor implements Interceptor {
  private final Credentials credentials;
  private final HttpUrl baseUrl;

  AuthenticationInterceptor(Credentials credentials, HttpUrl baseUrl) {
    this.credentials = credentials;
    this.baseUrl = baseUrl;
  }

  /** The request with the credentials. */
  Request authenticate(Request request) throws IOException {
    HttpUrl url = request.url();
    if (!url.scheme().equals(baseUrl.scheme())
        || !url.host().equals(baseUrl.host())
        || url.port() != baseUrl.port()) {
      throw new ProtocolException(
          "the request was led to another host than the base URL's; credentials do not go there");
    }
    return credentials.authenticate(request);
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(authenticate(chain.request()));
    // Whoever prints the response prints its request.
    return response.newBuilder().request(chain.request()).build();
  }
}
