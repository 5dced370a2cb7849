package io.github.accesstokens.truth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider that answers with bytes, since no HTTP server lets itself answer all of these. */
final class RawProvider implements AutoCloseable {
  private static final int LONGEST_HEAD = 1 << 16;
  // Of a client that does not close its end; such a test fails, but does not hang.
  private static final int READ_TIMEOUT_MILLIS = 20_000;

  /** Answers one request; the connection is closed afterwards. */
  interface Script {
    /**
     * Writes the answer.
     *
     * @param path the request's, without the base
     */
    void answer(String path, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final Script script;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<String, AtomicInteger> requests = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private RawProvider(Script script) throws IOException {
    this.script = script;
    server = new ServerSocket(0, 500, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    threads.execute(this::accept);
  }

  static RawProvider start(Script script) {
    try {
      return new RawProvider(script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers every request with these bytes. */
  static RawProvider answering(byte[] answer) {
    return start((path, out) -> out.write(answer));
  }

  String baseUrl() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** How many requests came whole, for paths that begin so. */
  int requests(String prefix) {
    return requests.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .mapToInt(entry -> entry.getValue().get())
        .sum();
  }

  int requests() {
    return requests("/");
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        connections.add(connection);
        threads.execute(() -> serve(connection));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setSoTimeout(READ_TIMEOUT_MILLIS);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      String path = readRequest(in);
      requests.computeIfAbsent(path, key -> new AtomicInteger()).incrementAndGet();
      OutputStream out = connection.getOutputStream();
      script.answer(path, out);
      out.flush();
      connection.shutdownOutput();
      // The client's turn: closing with bytes unread would take the answer away from it.
      in.skip(Long.MAX_VALUE);
    } catch (IOException e) {
      // Either side gave up, which is what some of the tests are about.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(connection);
    }
  }

  private static String readRequest(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      boolean http = next >= ' ' || next == '\r' || next == '\n';
      if (!http || head.length() > LONGEST_HEAD) {
        throw new EOFException("no request");
      }
      head.append((char) next);
    }
    for (String line : head.toString().split("\r\n", 100)) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        in.readNBytes(Integer.parseInt(line.substring(15).trim()));
      }
    }
    return head.toString().split(" ", 3)[1];
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** An answer of HTTP/1.1; the length is told unless the headers tell otherwise. */
  static byte[] answer(String status, String headers, byte[] body) {
    String length =
        headers.contains("Content-Length:") || headers.contains("Transfer-Encoding:")
            ? ""
            : "Content-Length: " + body.length + "\r\n";
    byte[] head =
        ("HTTP/1.1 " + status + "\r\nConnection: close\r\n" + length + headers + "\r\n")
            .getBytes(ISO_8859_1);
    byte[] answer = new byte[head.length + body.length];
    System.arraycopy(head, 0, answer, 0, head.length);
    System.arraycopy(body, 0, answer, head.length, body.length);
    return answer;
  }
}
