package io.github.accesstokens.faults;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/** Watches what OkHttp sends, independently of the client under test. */
class TrafficMonitor extends EventListener {
  private final AtomicLong written = new AtomicLong();
  private volatile boolean headersStarted;

  /** Adds this to an OkHttp client: its sockets count bytes, and this is its event listener. */
  OkHttpClient.Builder watch(OkHttpClient http) {
    return http.newBuilder().socketFactory(new CountingSockets()).eventListener(this);
  }

  /** Bytes written to sockets. Counts failed writes too, as part of one may have gone out. */
  long written() {
    return written.get();
  }

  /** Whether OkHttp started to write a request. */
  boolean headersStarted() {
    return headersStarted;
  }

  /** Counts from now on. */
  void reset() {
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
          return new CountingStream(super.getOutputStream());
        }
      };
    }

    // OkHttp creates unconnected sockets only.

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

  private final class CountingStream extends FilterOutputStream {
    CountingStream(OutputStream out) {
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
