package io.github.accesstokens;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** A body that OkHttp sends once, whatever goes wrong: a second rotation makes a second secret. */
final class OneShotBody extends RequestBody {
  private final RequestBody body;
  private final @Nullable Transmission transmission;

  /**
   * Makes a body.
   *
   * @param transmission told when the body is sent; null for a body that others may write, too
   */
  OneShotBody(RequestBody body, @Nullable Transmission transmission) {
    this.body = body;
    this.transmission = transmission;
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
    if (transmission != null) {
      transmission.sending();
    }
    body.writeTo(sink);
  }
}
