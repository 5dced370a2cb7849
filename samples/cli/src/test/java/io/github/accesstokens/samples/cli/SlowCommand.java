package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The command in a process that waits as long as a test wants.
 *
 * <p>The system property {@code wait} replaces the limit after a signal. The process opens the
 * pipes {@link #REACHED} and {@link #GO} when it starts to hand the secret over, if the working
 * directory has them. It opens the pipe {@link #RETRIED} when it retries, and hangs.
 */
final class SlowCommand {
  static final String REACHED = "reached";
  static final String GO = "go";
  static final String RETRIED = "retried";

  private SlowCommand() {}

  public static void main(String... args) {
    ProcessEnvironment real = ProcessEnvironment.ofThisProcess();
    boolean slow = new File(REACHED).exists();
    if (new File(RETRIED).exists()) {
      ProxySelector.setDefault(new HangingRetry());
    }
    PrintStream err = slow ? new SlowErase(real.err()) : real.err();
    RotateCommand.run(
        new ProcessEnvironment(
            real.variables(),
            real.out(),
            real.outCheck(),
            real.rescueDirectories(),
            err,
            real.outIsTerminal(),
            slow ? () -> true : real.errIsTerminal()),
        Duration.parse(System.getProperty("wait")),
        args);
  }

  /** Hangs before the second attempt connects, as a DNS lookup can. No interrupt ends it. */
  private static final class HangingRetry extends ProxySelector {
    private int attempts;

    @Override
    public List<Proxy> select(URI uri) {
      // A socket asks too, with a scheme of its own.
      if (uri.getScheme().equals("http") && ++attempts == 2) {
        try {
          new FileOutputStream(RETRIED).close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        while (true) {
          LockSupport.park();
        }
      }
      return List.of(Proxy.NO_PROXY);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
  }

  /** The command erases its progress line when the handover starts. */
  private static final class SlowErase extends PrintStream {
    private boolean reached;

    SlowErase(PrintStream err) {
      super(err, true, UTF_8);
    }

    @Override
    public void print(String text) {
      if (!reached && text.matches("\r +\r")) {
        reached = true;
        pause();
      }
      super.print(text);
    }

    private static void pause() {
      try {
        new FileOutputStream(REACHED).close();
        new FileInputStream(GO).close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
