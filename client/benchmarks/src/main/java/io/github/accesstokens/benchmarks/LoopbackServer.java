package io.github.accesstokens.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import okio.Buffer;
import okio.BufferedSource;
import okio.Okio;

/** Sends the same response to every request. It runs in the process that starts the forks. */
final class LoopbackServer implements AutoCloseable {
  private static final String LENGTH = "Content-Length:";

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final byte[] response;

  LoopbackServer(byte[] json) throws IOException {
    response =
        new Buffer()
            .writeUtf8("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
            .writeUtf8("Content-Length: " + json.length + "\r\n\r\n")
            .write(json)
            .readByteArray();
    inBackground(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        inBackground(() -> serve(socket));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        BufferedSource in = Okio.buffer(Okio.source(socket))) {
      while (!in.exhausted()) {
        long length = 0;
        for (String line = in.readUtf8LineStrict();
            !line.isEmpty();
            line = in.readUtf8LineStrict()) {
          if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
            length = Long.parseLong(line.substring(LENGTH.length()).trim());
          }
        }
        in.skip(length);
        socket.getOutputStream().write(response);
      }
    } catch (IOException e) {
      // The client has gone.
    }
  }

  private static void inBackground(Runnable work) {
    Thread thread = new Thread(work, "loopback server");
    thread.setDaemon(true);
    thread.start();
  }
}
