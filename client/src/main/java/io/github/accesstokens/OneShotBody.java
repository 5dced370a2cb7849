package io.github.accesstokens;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** A body that OkHttp sends once, whatever goes wrong: a second rotation makes a second secret. */
final class OneShotBody extends RequestBody {
  private final RequestBody body;
  private final Runnable beforeWriting;

  OneShotBody(RequestBody body, Runnable beforeWriting) {
    this.body = body;
    this.beforeWriting = beforeWriting;
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
    beforeWriting.run();
    body.writeTo(sink);
  }
}
