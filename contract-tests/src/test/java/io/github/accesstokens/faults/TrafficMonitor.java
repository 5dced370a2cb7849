package io.github.accesstokens.cuts;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;
import okhttp3.Call;
import okhttp3.EventListener;

/** Sees what goes out, independently of the client under test. */
class Witness extends EventListener {
  private final AtomicLong written = new AtomicLong();
  private volatile boolean headersStarted;

  /** Sockets that count. */
  final SocketFactory sockets = new CountingSockets();

  /** Bytes written to sockets, those of a write that failed included: some may have gone out. */
  long written() {
    return written.get();
  }

  /** Whether OkHttp began to write a request. */
  boolean headersStarted() {
    return headersStarted;
  }

  /** Counts from now on. */
  void forget() {
    written.set(0);
    headersStarted = false;
  }

  @Override
  public void requestHeadersStart(Call call) {
    headersStarted = true;
  }

  private final class CountingSockets extends SocketFactory {
    @Override
    public Socket createSocket() {
      return new Socket() {
        @Override
        public OutputStream getOutputStream() throws IOException {
          return new Counting(super.getOutputStream());
        }
      };
    }

    // OkHttp connects its sockets itself.

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(
        InetAddress address, int port, InetAddress localAddress, int localPort) {
      throw new UnsupportedOperationException();
    }
  }

  private final class Counting extends FilterOutputStream {
    Counting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      written.incrementAndGet();
      out.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      written.addAndGet(count);
      out.write(bytes, offset, count);
    }
  }
}
