package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final PrintStream terminal = new PrintStream(shown, true, UTF_8);

  @Test
  void rewritesItsLineAndErasesIt() {
    Progress progress = Progress.start(terminal, "Waiting", Duration.ofDays(1));
    progress.run();
    progress.run();
    progress.end();

    assertThat(shown.toString(UTF_8))
        .isEqualTo("\rWaiting... 0 s\rWaiting... 1 s\rWaiting... 2 s\r              \r");
  }

  @Test
  void showsNothingOnceErased() {
    Progress progress = Progress.start(terminal, "Waiting", Duration.ofDays(1));
    progress.end();
    String erased = shown.toString(UTF_8);

    progress.run();
    progress.end();

    assertThat(shown.toString(UTF_8)).isEqualTo(erased);
  }

  @Test
  void ticksByItself() throws InterruptedException {
    CountDownLatch lines = new CountDownLatch(3);
    PrintStream counting =
        new PrintStream(shown, true, UTF_8) {
          @Override
          public void print(String line) {
            lines.countDown();
          }
        };

    Progress progress = Progress.start(counting, "Waiting", Duration.ofMillis(1));

    assertThat(lines.await(1, TimeUnit.MINUTES)).isTrue();
    progress.end();
  }

  @Test
  void hiddenShowsNothing() {
    Progress progress = Progress.hidden(terminal);
    progress.run();
    progress.end();

    assertThat(shown.toString(UTF_8)).isEmpty();
  }
}
