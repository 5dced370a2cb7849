package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ProgressLineTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  private ProgressLine start(PrintStream err, boolean isTerminal, Duration tick) {
    return ProgressLine.start(
        new ProcessEnvironment(
            Map.of(), err, blank -> {}, List.of(), err, () -> false, () -> isTerminal),
        "Waiting",
        tick);
  }

  private ProgressLine start(boolean isTerminal) {
    return start(new PrintStream(shown, true, UTF_8), isTerminal, Duration.ofDays(1));
  }

  @Test
  void ticks_areShownUntilTheLineIsErased() {
    ProgressLine progress = start(true);
    progress.run();
    progress.run();
    progress.end();
    progress.run();
    progress.end();

    assertThat(shown.toString(UTF_8))
        .isEqualTo("\rWaiting... 0 s\rWaiting... 1 s\rWaiting... 2 s\r              \r");
  }

  @Test
  void textAbove_erasesTheLineUntilTheNextTick() {
    ProgressLine progress = start(true);
    progress.printAbove("warning: one");
    progress.printAbove("warning: two");
    progress.run();
    progress.end();

    assertThat(shown.toString(UTF_8))
        .isEqualTo(
            """
            \rWaiting... 0 s\r              \rwarning: one
            \r\rwarning: two
            \rWaiting... 1 s\r              \r""");
  }

  @Test
  void textAboveAHiddenLine_isPrinted() {
    start(false).printAbove("warning: one");

    assertThat(shown.toString(UTF_8)).isEqualTo("warning: one\n");
  }

  @Test
  void hiddenLine_showsNothing() {
    ProgressLine progress = start(false);
    progress.run();
    progress.end();

    assertThat(shown.toString(UTF_8)).isEmpty();
  }

  @Test
  void timer_ticks() throws InterruptedException {
    CountDownLatch lines = new CountDownLatch(3);
    PrintStream counting =
        new PrintStream(shown, true, UTF_8) {
          @Override
          public void print(String line) {
            lines.countDown();
          }
        };

    ProgressLine progress = start(counting, true, Duration.ofMillis(1));

    assertThat(lines.await(1, TimeUnit.MINUTES)).isTrue();
    progress.end();
  }
}
