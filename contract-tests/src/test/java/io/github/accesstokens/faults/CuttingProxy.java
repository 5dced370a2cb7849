package io.github.accesstokens.cuts;

import io.github.accesstokens.cuts.Cut.Direction;
import io.github.accesstokens.cuts.Cut.Way;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Passes bytes between a client and a loopback port, and does to one connection what a {@link Cut}
 * says.
 *
 * <p>{@link #close} returns once the far side has read all that passed and closed its connection,
 * so an HTTP/1.1 provider is then done with it.
 */
final class CuttingProxy implements AutoCloseable {
  // Far longer than anything takes that works; it only bounds what does not.
  private static final int PATIENCE_MILLIS = 20_000;
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

  // Guarded by this, as is what follows.
  private final List<Link> links = new ArrayList<>();
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

  /** Starts a proxy that accepts connections with this socket, which is not bound yet. */
  static CuttingProxy to(int target, ServerSocket server) throws IOException {
    server.bind(new InetSocketAddress(loopback(), 0));
    return new CuttingProxy(server, target);
  }

  /** The address that everything here is bound to, however the machine names it. */
  static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  int port() {
    return server.getLocalPort();
  }

  /** Cuts the last connection, or the next if there is none; bytes are counted from now on. */
  synchronized void arm(Cut cut) throws IOException {
    armed = cut;
    if (!links.isEmpty()) {
      links.get(links.size() - 1).arm(cut);
    }
  }

  /** Whether a connection came to the byte where it was cut. */
  boolean reached() {
    return reached;
  }

  /** How many connections were made. */
  synchronized int connections() {
    return links.size();
  }

  /** What passed on the last connection since it was armed, or else since its begin. */
  synchronized byte[] passed(Direction direction) {
    return links.get(links.size() - 1).passed(direction);
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
    Link link = new Link(client);
    boolean first = links.isEmpty();
    links.add(link);
    if (armed != null && (first || armed.everyConnection())) {
      link.arm(armed);
    }
    THREADS.execute(() -> link.pump(Direction.REQUEST));
    THREADS.execute(() -> link.pump(Direction.ANSWER));
  }

  @Override
  public void close() throws IOException {
    server.close();
    List<Link> open;
    synchronized (this) {
      closed = true;
      open = List.copyOf(links);
    }
    for (Link link : open) {
      link.close();
    }
  }

  private final class Link {
    private final Socket client;
    private final Socket provider = new Socket();
    private final CountDownLatch requestEnded = new CountDownLatch(1);
    private final CountDownLatch answerEnded = new CountDownLatch(1);

    // Guarded by this, as is what follows.
    private final ByteArrayOutputStream requestPassed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream answerPassed = new ByteArrayOutputStream();
    private final Set<Direction> blocked = EnumSet.noneOf(Direction.class);
    private final ByteArrayOutputStream heldBack = new ByteArrayOutputStream();
    private @Nullable Cut cut;

    Link(Socket client) throws IOException {
      this.client = client;
      client.setTcpNoDelay(true);
      provider.setTcpNoDelay(true);
      provider.connect(new InetSocketAddress(loopback(), target), PATIENCE_MILLIS);
    }

    synchronized void arm(Cut cut) throws IOException {
      requestPassed.reset();
      answerPassed.reset();
      this.cut = cut;
      if (cut.position() == Cut.AT_ONCE) {
        cut(cut);
      }
    }

    synchronized byte[] passed(Direction direction) {
      return counted(direction).toByteArray();
    }

    private ByteArrayOutputStream counted(Direction direction) {
      return direction == Direction.REQUEST ? requestPassed : answerPassed;
    }

    void pump(Direction direction) {
      byte[] buffer = new byte[8192];
      try {
        InputStream in = (direction == Direction.REQUEST ? client : provider).getInputStream();
        for (int count; (count = in.read(buffer)) >= 0; ) {
          pass(direction, buffer, count);
        }
      } catch (IOException e) {
        // Over, like the end of the stream.
      }
      ended(direction);
    }

    private synchronized void pass(Direction direction, byte[] buffer, int count)
        throws IOException {
      int passing = blocked.contains(direction) ? 0 : count;
      ByteArrayOutputStream before = counted(direction);
      Cut due = cut != null && cut.direction() == direction ? cut : null;
      if (due != null) {
        passing = Math.min(passing, due.position() - before.size());
      }
      if (passing > 0) {
        write(direction, buffer, 0, passing);
        before.write(buffer, 0, passing);
      }
      if (due != null && before.size() == due.position()) {
        cut(due);
      }
      if (direction == Direction.REQUEST) {
        heldBack.write(buffer, passing, count - passing);
      }
    }

    private void write(Direction direction, byte[] buffer, int offset, int count)
        throws IOException {
      (direction == Direction.REQUEST ? provider : client)
          .getOutputStream()
          .write(buffer, offset, count);
    }

    private void cut(Cut due) throws IOException {
      cut = null;
      reached = true;
      if (due.way() == Way.STALL) {
        blocked.add(due.direction());
        return;
      }
      blocked.addAll(EnumSet.allOf(Direction.class));
      provider.shutdownOutput();
      if (due.way() == Way.RST) {
        client.setSoLinger(true, 0);
        client.close();
      } else {
        client.shutdownOutput();
      }
    }

    private synchronized void ended(Direction direction) {
      try {
        if (direction == Direction.REQUEST) {
          if (!provider.isOutputShutdown()) {
            // What was stalled arrives after all, when nobody waits for it any more.
            write(direction, heldBack.toByteArray(), 0, heldBack.size());
            provider.shutdownOutput();
          }
        } else if (!blocked.contains(direction)) {
          client.shutdownOutput();
        }
      } catch (IOException e) {
        // The other side is gone too.
      }
      (direction == Direction.REQUEST ? requestEnded : answerEnded).countDown();
      if (requestEnded.getCount() + answerEnded.getCount() == 0) {
        disconnect();
      }
    }

    private void disconnect() {
      try (client;
          provider) {
        // Nothing to do but that.
      } catch (IOException e) {
        // Gone already.
      }
    }

    void close() {
      try {
        // Nothing that the client sent may get lost on the way.
        await(requestEnded);
        await(answerEnded);
      } finally {
        disconnect();
      }
    }

    private void await(CountDownLatch latch) {
      try {
        if (!latch.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException("a side of the connection does not close it");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
