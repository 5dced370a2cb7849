package io.github.accesstokens.faults;

import io.github.accesstokens.faults.Cut.Direction;
import io.github.accesstokens.faults.Cut.Way;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Passes bytes between a client and a loopback port, and applies a {@link Cut} to one connection.
 *
 * <p>{@link #close} returns once the provider has read all that passed and has closed its
 * connection. An HTTP/1.1 provider has then finished with the request.
 */
final class CuttingProxy implements AutoCloseable {
  // A limit for a connection that hangs; one that works ends far sooner.
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "cutting-proxy");
            thread.setDaemon(true);
            return thread;
          });

  private final ServerSocket server;
  private final int target;
  private volatile boolean reached;

  // Guarded by this.
  private final List<Connection> connections = new ArrayList<>();
  private @Nullable Cut armed;
  private boolean closed;

  private CuttingProxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
    THREADS.execute(this::accept);
  }

  /** Starts a proxy in front of a loopback port. */
  static CuttingProxy to(int target) throws IOException {
    return to(target, new ServerSocket());
  }

  /** Starts a proxy that binds this socket and accepts connections from it. */
  static CuttingProxy to(int target, ServerSocket server) throws IOException {
    server.bind(new InetSocketAddress(loopback(), 0));
    return new CuttingProxy(server, target);
  }

  /** The address that these tests bind to. It does not depend on the names of the machine. */
  static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  int port() {
    return server.getLocalPort();
  }

  /** Cuts the last connection, or the next if there is none. Bytes are counted from now on. */
  synchronized void arm(Cut cut) throws IOException {
    armed = cut;
    if (!connections.isEmpty()) {
      last().arm(cut);
    }
  }

  /** Whether a connection reached the byte where it was cut. */
  boolean reached() {
    return reached;
  }

  /** How many connections were made. */
  synchronized int connections() {
    return connections.size();
  }

  /** What passed on the last connection since it was armed, or else since it began. */
  synchronized byte[] passed(Direction direction) {
    return last().passed(direction);
  }

  private Connection last() {
    return connections.get(connections.size() - 1);
  }

  private void accept() {
    try {
      while (true) {
        accepted(server.accept());
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private synchronized void accepted(Socket client) throws IOException {
    if (closed) {
      client.close();
      return;
    }
    Connection connection = new Connection(client);
    connections.add(connection);
    if (armed != null && (connections.size() == 1 || armed.everyConnection())) {
      connection.arm(armed);
    }
    THREADS.execute(connection.request);
    THREADS.execute(connection.response);
  }

  @Override
  public void close() throws IOException {
    server.close();
    List<Connection> open;
    synchronized (this) {
      closed = true;
      open = List.copyOf(connections);
    }
    for (Connection connection : open) {
      connection.close();
    }
  }

  private final class Connection {
    private final Socket client;
    private final Socket provider = new Socket();
    private final Pipe request;
    private final Pipe response;

    // Guarded by this.
    private @Nullable Cut cut;

    Connection(Socket client) throws IOException {
      this.client = client;
      client.setTcpNoDelay(true);
      provider.setTcpNoDelay(true);
      provider.connect(new InetSocketAddress(loopback(), target), TIMEOUT_MILLIS);
      request = new Pipe(Direction.REQUEST, client, provider);
      response = new Pipe(Direction.RESPONSE, provider, client);
    }

    private Pipe pipe(Direction direction) {
      return direction == Direction.REQUEST ? request : response;
    }

    synchronized void arm(Cut cut) throws IOException {
      request.passed.reset();
      response.passed.reset();
      this.cut = cut;
      if (cut.position() == Cut.AT_ONCE) {
        apply(cut);
      }
    }

    synchronized byte[] passed(Direction direction) {
      return pipe(direction).passed.toByteArray();
    }

    private void apply(Cut due) throws IOException {
      cut = null;
      reached = true;
      pipe(due.direction()).blocked = true;
      if (due.way() == Way.STALL) {
        return;
      }
      request.blocked = true;
      response.blocked = true;
      provider.shutdownOutput();
      if (due.way() == Way.RST) {
        client.setSoLinger(true, 0);
        client.close();
      } else {
        client.shutdownOutput();
      }
    }

    private void disconnect() {
      try (client;
          provider) {
        // Closes both.
      } catch (IOException e) {
        // Closed already.
      }
    }

    void close() {
      try {
        // No byte that the client sent may get lost.
        for (CountDownLatch ended : List.of(request.ended, response.ended)) {
          if (!ended.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("one side does not close its connection");
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        disconnect();
      }
    }

    /** Copies the bytes of one direction. The connection guards its state. */
    private final class Pipe implements Runnable {
      private final Direction direction;
      private final Socket from;
      private final Socket to;
      private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
      private final ByteArrayOutputStream heldBack = new ByteArrayOutputStream();
      private final CountDownLatch ended = new CountDownLatch(1);
      private boolean blocked;

      Pipe(Direction direction, Socket from, Socket to) {
        this.direction = direction;
        this.from = from;
        this.to = to;
      }

      @Override
      public void run() {
        byte[] buffer = new byte[8192];
        try {
          InputStream in = from.getInputStream();
          for (int count; (count = in.read(buffer)) >= 0; ) {
            pass(buffer, count);
          }
        } catch (IOException e) {
          // The same as the end of the stream.
        }
        end();
      }

      private void pass(byte[] buffer, int count) throws IOException {
        synchronized (Connection.this) {
          Cut due = cut != null && cut.direction() == direction ? cut : null;
          int passing = blocked ? 0 : count;
          if (due != null) {
            passing = Math.min(passing, due.position() - passed.size());
          }
          if (passing > 0) {
            to.getOutputStream().write(buffer, 0, passing);
            passed.write(buffer, 0, passing);
          }
          if (due != null && passed.size() == due.position()) {
            apply(due);
          }
          heldBack.write(buffer, passing, count - passing);
        }
      }

      private void end() {
        synchronized (Connection.this) {
          try {
            // A stalled request goes on when the client has given up; a stalled response does not.
            if (direction == Direction.REQUEST || !blocked) {
              to.getOutputStream().write(heldBack.toByteArray());
              to.shutdownOutput();
            }
          } catch (IOException e) {
            // Cut by us, or closed by the other side.
          }
          ended.countDown();
          if (request.ended.getCount() + response.ended.getCount() == 0) {
            disconnect();
          }
        }
      }
    }
  }
}
