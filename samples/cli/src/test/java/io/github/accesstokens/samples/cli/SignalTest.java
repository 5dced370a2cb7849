package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.samples.cli.Fixture.Run;
import io.github.accesstokens.samples.cli.Launcher.Launched;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to a process of its own, in each phase of a rotation. */
@Timeout(120)
final class SignalTest {
  private static final String LONG = "-Dwait=PT5M";
  private static final String SHORT = "-Dwait=PT0.5S";

  /** All signals have one handler, so that a short build tries the phases with one of them. */
  @ParameterizedTest
  @MethodSource("signals")
  @Retention(RetentionPolicy.RUNTIME)
  private @interface EachSignal {}

  static List<String> signals() {
    return Boolean.getBoolean("exhaustive") ? List.of("TERM", "INT", "HUP") : List.of("TERM");
  }

  /** The provider asks for the time when it rotates. */
  private final CountDownLatch requested = new CountDownLatch(1);

  private final CountDownLatch respond = new CountDownLatch(1);
  private boolean responseWaits;
  private final InstantSource time =
      () -> {
        if (responseWaits) {
          requested.countDown();
          await(respond);
        }
        return Instant.now();
      };
  @AutoClose private final Fixture fixture = new Fixture(time.withZone(ZoneOffset.UTC));
  private final Path output;
  private final Path directory;
  private final Path file;
  @AutoClose private final Launcher launcher;

  SignalTest(@TempDir Path directory) throws IOException {
    this.output = directory;
    this.directory = Files.createDirectory(directory.resolve("sink"));
    this.file = this.directory.resolve("token");
    this.launcher = new Launcher(output, fixture.variables).main(SlowCommand.class);
    // Readable by its owner alone, because a warning would erase the progress line too early.
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void processesDoNotIgnoreSignals() throws IOException {
    // Children of a process that ignores a signal ignore it too, for example below nohup.
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      String ignored =
          Files.readString(status).replaceFirst("(?s).*SigIgn:\\s+(\\w+).*", "$1").strip();
      assumeTrue((Long.parseUnsignedLong(ignored, 16) & 0b100_0000_0000_0011) == 0);
    }
  }

  @AfterEach
  void freeTheProvider() {
    respond.countDown();
  }

  private Launched start(String limit, String... options) throws IOException {
    Stream<String> token = Stream.of("--service-token-id=" + fixture.token.id(), "--revoke-now");
    return launcher
        .jvmOptions(limit)
        .start(Stream.concat(token, Stream.of(options)).toArray(String[]::new));
  }

  private Path pipe(String name) throws Exception {
    Path pipe = output.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  /** Waits until another process opens the pipe for writing. */
  private static void awaitWriter(Path pipe) throws IOException {
    Files.newInputStream(pipe).close();
  }

  /** Waits until another process opens the pipe for reading. */
  private static void awaitReader(Path pipe) throws IOException {
    Files.newOutputStream(pipe, StandardOpenOption.WRITE).close();
  }

  /** No temporary file is left. */
  private void assertFileHolds(String content) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
    assertThat(file).content().contains(content);
  }

  @EachSignal
  void beforeSending_nothingIsSent(String signal) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "https://127.0.0.1:" + silent.getLocalPort() + "/client/v4/";
      fixture.variables.put("CLOUDFLARE_BASE_URL", url);
      Launched process = start(LONG, "--secret-file=" + file);
      try (Socket connected = silent.accept()) {
        int handshake = 0x16;
        assertThat(connected.getInputStream().read()).isEqualTo(handshake);
        process.signal(signal);

        Run run = process.join();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("rotate: Not rotated: the call was cancelled");
        assertFileHolds("old");
      }
    }
  }

  /**
   * The process ends before the retry is due. The provider applies the rotation only because that
   * makes it wait.
   */
  @EachSignal
  @Timeout(45)
  void refusalAfterTheSignal_isNotRetried(String signal) throws Exception {
    responseWaits = true;
    fixture.provider.enqueue(Fault.status(429).retryAfter("55").afterApplying());
    Launched process = start(LONG, "--secret-file=" + file);
    await(requested);
    process.signal(signal);
    process.awaitErr("a signal arrived");
    respond.countDown();

    Run run = process.join();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(fixture.provider.requests()).hasSize(1);
    assertFileHolds("old");
  }

  @EachSignal
  void retryThatHangsBeforeItIsSent_isNotApplied(String signal) throws Exception {
    Path retried = pipe(SlowCommand.RETRIED);
    fixture.provider.enqueue(Fault.status(429).retryAfter("0"));
    Launched process = start(SHORT, "--secret-file=" + file);
    awaitWriter(retried);
    process.signal(signal);

    Run run = process.join();

    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    assertThat(fixture.provider.requests()).hasSize(1);
    assertFileHolds("old");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP"})
  void responseInTime_isHandedOver(String signal) throws Exception {
    responseWaits = true;
    Launched process = start(LONG, "--secret-file=" + file);
    await(requested);
    process.signal(signal);
    process.awaitErr("a signal arrived; waiting for the outcome");
    respond.countDown();

    Run run = process.join();

    assertThat(run.exitCode()).isEqualTo(0);
    assertFileHolds(fixture.token.clientSecret());
  }

  @EachSignal
  void noResponseInTime_isUnknown(String signal) throws Exception {
    responseWaits = true;
    Launched process = start(SHORT, "--secret-file=" + file);
    await(requested);
    process.signal(signal);

    Run run = process.join();

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("rotate: Unknown whether rotated: the call was cancelled");
    assertFileHolds("old");
  }

  @EachSignal
  void handoverToAFile_isFinished(String signal) throws Exception {
    Path reached = pipe(SlowCommand.REACHED);
    Path go = pipe(SlowCommand.GO);
    Launched process = start(LONG, "--secret-file=" + file);
    awaitWriter(reached);
    process.signal(signal);
    process.awaitErr("a signal arrived");
    awaitReader(go);

    Run run = process.join();

    assertThat(run.exitCode()).isEqualTo(0);
    assertFileHolds(fixture.token.clientSecret());
  }

  @EachSignal
  void handoverToACommand_isFinished(String signal) throws Exception {
    Path started = pipe("started");
    Path end = pipe("end");
    String command = "cat > '%s'; : > '%s'; : < '%s'".formatted(file, started, end);
    Launched process = start(LONG, "--exec", command);
    awaitWriter(started);
    process.signal(signal);
    process.awaitErr("a signal arrived");
    awaitReader(end);

    Run run = process.join();

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.err()).contains("The new secret was kept by --exec.");
    assertFileHolds(fixture.token.clientSecret());
  }

  @EachSignal
  void commandThatDoesNotEnd_isStoppedAndTheSecretPrinted(String signal) throws Exception {
    Path started = pipe("started");
    Launched process = start(SHORT, "--exec", ": > '" + started + "'; exec tail -f /dev/null");
    awaitWriter(started);
    process.signal(signal);

    Run run = process.join();

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.out()).contains(fixture.token.clientSecret());
    assertThat(run.err()).contains("standard output has the new secret");
    assertFileHolds("old");
  }

  @EachSignal
  void verification_endsAtOnce(String signal) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String page = "http://127.0.0.1:" + silent.getLocalPort();
      Launched process = start(LONG, "--json", "--secret-file=" + file, "--verify=" + page);
      try (Socket connected = silent.accept()) {
        process.signal(signal);

        Run run = process.join();

        run.assertOutcome(
            5, "{\"kept_by\": \"--secret-file\", \"verification\": \"inconclusive\"}");
        assertFileHolds(fixture.token.clientSecret());
        assertThat(connected.isClosed()).isFalse();
      }
    }
  }
}
