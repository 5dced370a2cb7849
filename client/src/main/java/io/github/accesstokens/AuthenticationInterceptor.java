package io.github.accesstokens;

import io.github.accesstokens.api.Credentials;
import java.io.IOException;
import java.net.ProtocolException;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Adds the credentials to requests to the base URL's origin, hidden from other interceptors. A
 * rotation is left to its {@link Transmission}, which also watches the network.
 */
final class AuthenticationInterceptor implements Interceptor {
  private final Credentials credentials;
  private final HttpUrl baseUrl;

  AuthenticationInterceptor(Credentials credentials, HttpUrl baseUrl) {
    this.credentials = credentials;
    this.baseUrl = baseUrl;
  }

  /** Returns a redaction that masks the credentials. */
  Redaction redaction() {
    return Redaction.of(credentials, baseUrl);
  }

  /** Returns the request with the credentials. */
  Request authenticate(Request request) throws IOException {
    HttpUrl url = request.url();
    if (!url.scheme().equals(baseUrl.scheme())
        || !url.host().equals(baseUrl.host())
        || url.port() != baseUrl.port()) {
      throw new ProtocolException(
          "the request goes to another host than the base URL's; credentials are not sent there");
    }
    return credentials.authenticate(request);
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Transmission rotation = Transmission.of(chain.call());
    if (rotation != null) {
      return rotation.send(chain);
    }
    Response response = chain.proceed(authenticate(chain.request()));
    // A printed response also prints its request.
    return response.newBuilder().request(chain.request()).build();
  }
}
