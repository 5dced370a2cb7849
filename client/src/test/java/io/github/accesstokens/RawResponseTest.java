package io.github.accesstokens;

import static io.github.accesstokens.Provider.ROTATED;
import static io.github.accesstokens.Provider.ROTATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.api.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.Okio;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Responses that a mock server does not make: the test writes their bytes. */
@Timeout(30)
class RawResponseTest {
  @AutoClose
  private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

  RawResponseTest() throws IOException {}

  /** Each protocol as bytes: informational responses, headers of a success, and its body. */
  private enum Wire {
    HTTP_1(Protocol.HTTP_1_1) {
      @Override
      void respond(BufferedSource in, BufferedSink out, int informational, boolean ended)
          throws IOException {
        while (!in.readUtf8LineStrict().isEmpty()) {
          // The request has no body, so it ends with an empty line.
        }
        for (int i = 0; i < informational; i++) {
          out.writeUtf8("HTTP/1.1 103 Early Hints\r\n\r\n");
        }
        out.writeUtf8("HTTP/1.1 200 OK\r\n");
        if (ended) {
          out.writeUtf8("Content-Length: " + ROTATED.length() + "\r\n");
        }
        out.writeUtf8("\r\n").writeUtf8(ROTATED);
      }
    },
    HTTP_2(Protocol.H2_PRIOR_KNOWLEDGE) {
      private static final int DATA = 0;
      private static final int HEADERS = 1;
      private static final int SETTINGS = 4;
      private static final int END_STREAM = 1;
      private static final int END_HEADERS = 4;
      private static final int PREFACE_BYTES = 24;

      @Override
      void respond(BufferedSource in, BufferedSink out, int informational, boolean ended)
          throws IOException {
        in.skip(PREFACE_BYTES);
        frame(out, SETTINGS, 0, 0, new Buffer());
        int type;
        int stream;
        do {
          int lengthAndType = in.readInt();
          type = lengthAndType & 0xff;
          in.readByte();
          stream = in.readInt();
          in.skip(lengthAndType >>> 8);
        } while (type != HEADERS);
        for (int i = 0; i < informational; i++) {
          // HPACK: the eighth static header is ":status"; a literal value of three bytes follows.
          Buffer status = new Buffer().writeByte(8).writeByte(3).writeUtf8("103");
          frame(out, HEADERS, END_HEADERS, stream, status);
        }
        // HPACK: the static header ":status: 200".
        frame(out, HEADERS, END_HEADERS, stream, new Buffer().writeByte(0x88));
        frame(out, DATA, ended ? END_STREAM : 0, stream, new Buffer().writeUtf8(ROTATED));
      }

      private void frame(BufferedSink out, int type, int flags, int stream, Buffer payload)
          throws IOException {
        out.writeInt((int) payload.size() << 8 | type).writeByte(flags).writeInt(stream);
        out.writeAll(payload);
      }
    };

    private final Protocol protocol;

    Wire(Protocol protocol) {
      this.protocol = protocol;
    }

    abstract void respond(BufferedSource in, BufferedSink out, int informational, boolean ended)
        throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void informationalResponse_isSkipped(Wire wire) throws Exception {
    assertThat(rotate(wire, 1, true)).isEqualTo("new-secret");
  }

  /** OkHttp 5 skips all of them. OkHttp 4 skips one and takes the next one for the response. */
  @ParameterizedTest
  @EnumSource
  void severalInformationalResponses_areSkippedOrUnknown(Wire wire) throws Exception {
    boolean skipsAll = !System.getProperty("okhttp.tested.version").startsWith("4.");
    assertThat(rotate(wire, 3, true)).isEqualTo(skipsAll ? "new-secret" : "unknown");
  }

  @ParameterizedTest
  @EnumSource
  void wholeDocumentWithoutAnEnd_isRotatedAtOnce(Wire wire) throws Exception {
    assertThat(rotate(wire, 0, false)).isEqualTo("new-secret");
  }

  /** Returns the new secret, or "unknown". */
  private String rotate(Wire wire, int informational, boolean ended) throws Exception {
    OkHttpClient http = new OkHttpClient.Builder().protocols(List.of(wire.protocol)).build();
    AccessTokensClient client =
        AccessTokensClient.builder()
            .credentials(Credentials.apiToken("api-token"))
            .baseUrl("http://127.0.0.1:" + server.getLocalPort())
            // Longer than the limit of the test.
            .callTimeout(Duration.ofMinutes(1))
            .httpClient(http)
            .build();
    CompletableFuture<Rotated> rotated = client.rotateAsync(ROTATION);
    try (Socket socket = server.accept();
        BufferedSource in = Okio.buffer(Okio.source(socket));
        BufferedSink out = Okio.buffer(Okio.sink(socket))) {
      wire.respond(in, out, informational, ended);
      out.flush();
      // The connection stays open until the client closes it.
      return rotated.get().getClientSecret();
    } catch (ExecutionException e) {
      return e.getCause() instanceof RotationUnknownException
          ? "unknown"
          : String.valueOf(e.getCause());
    }
  }
}
