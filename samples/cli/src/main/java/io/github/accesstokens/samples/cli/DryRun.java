package io.github.accesstokens.samples.cli;

import java.net.ProtocolException;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Stops a rotation before its request is sent.
 *
 * <p>A network interceptor runs after OkHttp has connected, and before the client adds the
 * credentials. So everything that a rotation does before it sends was done.
 */
final class DryRun implements Interceptor {
  private boolean connected;

  @Override
  public Response intercept(Chain chain) throws ProtocolException {
    connected = true;
    // Neither OkHttp nor the client retries this type.
    throw new ProtocolException("a dry run sends nothing");
  }

  /** Returns whether only the request was missing. */
  boolean connected() {
    return connected;
  }
}
