package io.github.accesstokens;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.Arrays;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;
import okio.GzipSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** A response of the provider, with its body in memory as far as the body arrived. */
final class ReceivedResponse {
  static final long MAX_BYTES = 1 << 20;
  private static final ByteString BYTE_ORDER_MARK = ByteString.decodeHex("efbbbf");

  /** Masks the caller's credentials and every secret of the body. */
  final Redaction redaction;

  /**
   * The response that interceptors and callers see. Its body has every secret masked. It has no
   * headers that show a secret, no trailers and no reason phrase.
   */
  final Response redacted;

  final byte[] body;
  final boolean tooLarge;

  /** Why the body is incomplete, or null if it is complete. */
  final @Nullable IOException truncated;

  private ReceivedResponse(
      Redaction redaction,
      Request request,
      Response response,
      byte[] body,
      boolean tooLarge,
      @Nullable IOException truncated) {
    this.redaction = redaction.andSecretsOf(body);
    this.body = body;
    this.tooLarge = tooLarge;
    this.truncated = truncated;
    // Built anew, because a copy of the response would keep its trailers.
    this.redacted =
        new Response.Builder()
            .request(request)
            .protocol(response.protocol())
            .code(response.code())
            .message("")
            .handshake(response.handshake())
            .headers(this.redaction.headers(response.headers()))
            .removeHeader("Content-Encoding")
            .removeHeader("Content-Length")
            .body(new RedactedBody())
            .sentRequestAtMillis(response.sentRequestAtMillis())
            .receivedResponseAtMillis(response.receivedResponseAtMillis())
            .build();
  }

  /**
   * Reads the body until it ends, is cut off or exceeds {@link #MAX_BYTES}, and closes the
   * response.
   *
   * @param request the request that the redacted response shows
   * @param call cancelled if the body is too large, because closing it alone would read on
   */
  static ReceivedResponse read(Redaction redaction, Request request, Response response, Call call) {
    ResponseBody body = response.body();
    if (body == null) {
      return new ReceivedResponse(redaction, request, response, new byte[0], false, null);
    }
    boolean tooLarge = false;
    IOException truncated = null;
    try {
      long length = body.contentLength();
      if (length >= 0 && length <= MAX_BYTES) {
        // Reads exactly this many bytes. OkHttp ends the call with the last byte. A later wait, for
        // example for the end of an HTTP/2 stream, would have no limit and could not be cancelled.
        body.source().require(length);
      } else {
        tooLarge = readDocument(body.source());
      }
    } catch (IOException e) {
      truncated = e;
    }
    // Empties the buffer, so that Okio reuses its segments for the next response.
    byte[] bytes = body.source().getBuffer().readByteArray();
    if (tooLarge) {
      call.cancel();
    }
    body.close();
    if (!tooLarge && "gzip".equalsIgnoreCase(response.header("Content-Encoding"))) {
      // Unzips only the bytes that arrived; on the socket, GzipSource would wait for more.
      BufferedSource unzipped = Okio.buffer(new GzipSource(new Buffer().write(bytes)));
      try {
        tooLarge = unzipped.request(MAX_BYTES + 1);
      } catch (IOException e) {
        if (truncated == null) {
          // All bytes arrived and they are damaged, so no part of the text can be trusted.
          truncated = e;
          unzipped.getBuffer().clear();
        }
      }
      bytes = unzipped.getBuffer().readByteArray();
    }
    return new ReceivedResponse(
        redaction, request, response, withoutMark(bytes), tooLarge, truncated);
  }

  /**
   * Reads until the body ends or is a whole JSON object: some servers never end it. Returns whether
   * it is too large.
   */
  private static boolean readDocument(BufferedSource source) throws IOException {
    Buffer buffer = source.getBuffer();
    do {
      if (buffer.size() > MAX_BYTES) {
        return true;
      }
    } while (!isObject(buffer) && source.request(buffer.size() + 1));
    return false;
  }

  private static boolean isObject(Buffer text) {
    if (text.exhausted() || text.getByte(text.size() - 1) != '}') {
      return false;
    }
    try {
      JsonReader reader = JsonReader.of(text.peek());
      reader.skipValue();
      return reader.peek() == JsonReader.Token.END_DOCUMENT;
    } catch (IOException | JsonDataException e) {
      return false;
    }
  }

  /** Moshi does not skip a byte order mark. */
  private static byte[] withoutMark(byte[] text) {
    return ByteString.of(text).startsWith(BYTE_ORDER_MARK)
        ? Arrays.copyOfRange(text, BYTE_ORDER_MARK.size(), text.length)
        : text;
  }

  @Nullable MediaType contentType() {
    String header = redacted.header("Content-Type");
    return header == null ? null : MediaType.parse(header);
  }

  /** Built lazily; most callers never read it. */
  private final class RedactedBody extends ResponseBody {
    private @Nullable BufferedSource source;

    RedactedBody() {}

    @Override
    public @Nullable MediaType contentType() {
      return ReceivedResponse.this.contentType();
    }

    @Override
    public long contentLength() {
      return -1;
    }

    @Override
    public BufferedSource source() {
      if (source == null) {
        String json = redaction.json(body);
        source = new Buffer().writeUtf8(json == null ? "" : json);
      }
      return source;
    }

    @Override
    public void close() {
      // The inherited method would build the source only to close it.
    }
  }
}
