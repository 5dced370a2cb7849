package io.github.accesstokens.outcomes;

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

/** A provider that responds with any bytes, including those that no HTTP server would send. */
final class RawProvider implements AutoCloseable {
  private static final int LONGEST_HEAD = 1 << 16;
  // Ends a connection that the client never closes, so that its test fails and does not hang.
  private static final int READ_TIMEOUT_MILLIS = 20_000;

  /** Responds to one request. The connection is closed afterwards. */
  interface Script {
    /**
     * Writes the response.
     *
     * @param path the path of the request, without the base URL's
     */
    void respond(String path, OutputStream out) throws IOException, InterruptedException;
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

  /** Starts a provider that responds to every request with these bytes. */
  static RawProvider responding(byte[] response) {
    return start((path, out) -> out.write(response));
  }

  String baseUrl() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** How many whole requests came for paths with this prefix. */
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
      script.respond(path, out);
      out.flush();
      connection.shutdownOutput();
      // The client closes first. Closing with bytes unread would discard the response.
      in.skip(Long.MAX_VALUE);
    } catch (IOException e) {
      // Either side gave up, as some tests intend.
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

  /** An HTTP/1.1 response. Adds its length unless the headers say how long it is. */
  static byte[] response(String status, String headers, byte[] body) {
    String length =
        headers.contains("Content-Length:") || headers.contains("Transfer-Encoding:")
            ? ""
            : "Content-Length: " + body.length + "\r\n";
    byte[] head =
        ("HTTP/1.1 " + status + "\r\nConnection: close\r\n" + length + headers + "\r\n")
            .getBytes(ISO_8859_1);
    byte[] response = new byte[head.length + body.length];
    System.arraycopy(head, 0, response, 0, head.length);
    System.arraycopy(body, 0, response, head.length, body.length);
    return response;
  }
}
