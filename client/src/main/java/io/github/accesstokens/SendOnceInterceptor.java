package io.github.accesstokens;

import io.github.accesstokens.api.Credentials;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** Authenticates a request, keeps OkHttp from sending it again, and tells whether it was sent. */
final class SendOnceInterceptor implements Interceptor {
  /** To be added as a network interceptor: those run once a connection stands. */
  static final Interceptor MARK_SENT =
      chain -> {
        Sent sent = chain.request().tag(Sent.class);
        if (sent != null) {
          sent.value.set(true);
        }
        return chain.proceed(chain.request());
      };

  private static final String USER_AGENT = "access-tokens-client/" + ClientVersion.VERSION;

  private final Credentials credentials;
  private final HttpUrl baseUrl;

  SendOnceInterceptor(Credentials credentials, HttpUrl baseUrl) {
    this.credentials = credentials;
    this.baseUrl = baseUrl;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    HttpUrl url = request.url();
    if (!url.scheme().equals(baseUrl.scheme())
        || !url.host().equals(baseUrl.host())
        || url.port() != baseUrl.port()) {
      throw new RotationNotAppliedException(
          "the request was led to another host than the base URL's; credentials do not go there");
    }
    Sent sent = new Sent();
    Request.Builder once = credentials.authenticate(request).newBuilder().tag(Sent.class, sent);
    if (request.header("User-Agent") == null) {
      once.header("User-Agent", USER_AGENT);
    }
    RequestBody body = request.body();
    if (body != null) {
      once.method(request.method(), new OneShotBody(body));
    }
    try {
      return chain.proceed(once.build());
    } catch (IOException e) {
      if (sent.value.get()) {
        throw new RotationUnknownException("no answer came: " + e.getMessage(), e);
      }
      throw new RotationNotAppliedException("nothing was sent: " + e.getMessage(), e);
    }
  }

  private static final class Sent {
    final AtomicBoolean value = new AtomicBoolean();
  }

  /**
   * A body that OkHttp sends once, whatever goes wrong: a second rotation makes a second secret.
   */
  private static final class OneShotBody extends RequestBody {
    private final RequestBody body;

    OneShotBody(RequestBody body) {
      this.body = body;
    }

    @Override
    public @Nullable MediaType contentType() {
      return body.contentType();
    }

    @Override
    public long contentLength() throws IOException {
      return body.contentLength();
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      body.writeTo(sink);
    }
  }
}
