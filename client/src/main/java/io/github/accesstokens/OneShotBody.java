package io.github.accesstokens;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** A body that OkHttp does not send again: a second rotation would make a second secret. */
final class OneShotBody extends RequestBody {
  private final RequestBody body;
  private final Runnable beforeWrite;

  /**
   * Creates a body.
   *
   * @param beforeWrite called before the first byte of the body is written
   */
  OneShotBody(RequestBody body, Runnable beforeWrite) {
    this.body = body;
    this.beforeWrite = beforeWrite;
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
    beforeWrite.run();
    body.writeTo(sink);
  }
}
