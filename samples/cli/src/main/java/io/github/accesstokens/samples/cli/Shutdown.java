package io.github.accesstokens.samples.cli;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.accesstokens.Handover;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.model.ServiceToken;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;

/**
 * Ends a run in order when a signal ends the process, so that the exit code stays right.
 *
 * <p>If nothing was sent yet, nothing is sent. Otherwise the process waits for the response and for
 * the handover. After 8 seconds it cancels the call, or stops the command that takes the secret.
 *
 * <p>As a network interceptor it is the last point before the request is sent.
 */
final class Shutdown implements Interceptor {
  /** With {@link #CLEAN_UP}, shorter than the 10 seconds that containers usually get. */
  static final Duration WAIT = Duration.ofSeconds(8);

  private static final Duration CLEAN_UP = Duration.ofSeconds(1);

  private enum Phase {
    NOTHING_SENT,
    AWAITING_RESPONSE,
    RESPONSE_ARRIVED,
    VERIFYING
  }

  private final Duration wait;
  private final Thread thread = Thread.currentThread();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private Phase phase = Phase.NOTHING_SENT;
  private boolean stopping;
  private @Nullable Call<?> call;
  private Handover.@Nullable Receiver receiver;

  /** Creates an object for a run on this thread. */
  Shutdown(Duration wait) {
    this.wait = wait;
  }

  /** Makes signals call {@link #stop}. */
  void install(PrintStream err) {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(stop(err)), "shutdown"));
  }

  /** Ends the process. */
  void exit(int code) {
    exitCode.complete(code);
    System.exit(code);
  }

  /** Adds a call that a signal may cancel. */
  synchronized <T> Call<T> watch(Call<T> call) {
    this.call = call;
    if (stopping) {
      call.cancel();
    }
    return call;
  }

  /** Returns a handover whose receiver is closed even if the thread hangs before it uses it. */
  Handover watch(Handover handover) {
    return () -> {
      Handover.Receiver prepared = handover.prepare();
      synchronized (this) {
        receiver = prepared;
      }
      return new Handover.Receiver() {
        @Override
        public void receive(Rotated rotated) throws IOException {
          startHandover();
          prepared.receive(rotated);
        }

        @Override
        public @Nullable String receiveUnproven(ServiceToken token) throws IOException {
          startHandover();
          return prepared.receiveUnproven(token);
        }

        @Override
        public void close() {
          prepared.close();
        }
      };
    };
  }

  /** Leaves the receiver alone, because it has a secret. */
  private synchronized void startHandover() {
    receiver = null;
  }

  /** Starts an attempt. If the client starts another one, the previous one was not applied. */
  Response startAttempt(Interceptor.Chain chain) throws IOException {
    synchronized (this) {
      phase = Phase.NOTHING_SENT;
    }
    return chain.proceed(chain.request());
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    synchronized (this) {
      if (stopping) {
        throw new IOException("a signal ended the process");
      }
      phase = Phase.AWAITING_RESPONSE;
    }
    try {
      return chain.proceed(chain.request());
    } finally {
      synchronized (this) {
        phase = Phase.RESPONSE_ARRIVED;
        if (stopping && call != null) {
          // Prevents a retry. The response counts.
          call.cancel();
        }
      }
    }
  }

  /** Starts the verification, which a signal interrupts at once. */
  synchronized void startVerification() {
    phase = Phase.VERIFYING;
    if (stopping) {
      thread.interrupt();
    }
  }

  /** Stops the run and returns the exit code. */
  private int stop(PrintStream err) {
    if (!exitCode.isDone()) {
      begin(err);
    }
    Integer code = exitCode(wait);
    if (code == null) {
      giveUp();
      code = exitCode(CLEAN_UP);
    }
    return code == null ? abandon(err) : code;
  }

  private @Nullable Integer exitCode(Duration limit) {
    try {
      return exitCode.get(limit.toNanos(), NANOSECONDS);
    } catch (TimeoutException | InterruptedException | ExecutionException e) {
      return null;
    }
  }

  private synchronized void begin(PrintStream err) {
    stopping = true;
    if (phase != Phase.AWAITING_RESPONSE) {
      cancel();
    }
    if (phase == Phase.VERIFYING) {
      thread.interrupt();
    }
    err.println(
        "rotate: a signal arrived; waiting for the outcome, " + wait.toSeconds() + " s at most");
  }

  private synchronized void giveUp() {
    if (phase == Phase.RESPONSE_ARRIVED) {
      // Stops the command. The secret then goes to standard output.
      thread.interrupt();
    } else {
      cancel();
    }
  }

  private void cancel() {
    if (call != null) {
      call.cancel();
    }
  }

  /** Returns the exit code of a run that does not end, for example because a disk hangs. */
  private synchronized int abandon(PrintStream err) {
    int code = describe(err);
    if (receiver != null) {
      receiver.close();
    }
    return code;
  }

  private int describe(PrintStream err) {
    return switch (phase) {
      case NOTHING_SENT -> {
        err.println("rotate: Not rotated: a signal ended the process");
        yield Outcome.NOT_APPLIED;
      }
      case AWAITING_RESPONSE, RESPONSE_ARRIVED -> {
        err.println("rotate: Unknown whether rotated: a signal ended the process");
        yield Outcome.UNKNOWN;
      }
      case VERIFYING -> Outcome.NOT_VERIFIED;
    };
  }
}
