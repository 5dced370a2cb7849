package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.provider.Fault;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes rotate one token into one file, as overlapping jobs do. */
@Timeout(300)
final class TwoProcessesTest {
  private static final int ROUNDS = Boolean.getBoolean("exhaustive") ? 2000 : 100;
  private static final int MAX_START_MICROSECONDS = 100_000;
  private static final int MAX_RESPONSE_MICROSECONDS = 20_000;
  private static final String UNKNOWN = "3";

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  @AutoClose private final Fixture fixture = new Fixture();
  private final Path file;
  @AutoClose private final Launcher launcher;

  TwoProcessesTest(@TempDir Path directory) {
    file = directory.resolve("token");
    launcher = new Launcher(directory, fixture.variables).main(RotateWorker.class);
  }

  /** A response that is late, or lost. */
  private Fault fault() {
    return switch (random.nextInt(10)) {
      case 0 -> Fault.cutAfterApplying();
      case 1 -> Fault.cutDuringResponse();
      default -> Fault.delay(Duration.ofNanos(random.nextInt(MAX_RESPONSE_MICROSECONDS) * 1000L));
    };
  }

  @Test
  void overlappingRuns_leaveTheCurrentSecretOrReportUnknown() throws Exception {
    String[] arguments = {
      "--service-token-id=" + fixture.token.id(),
      "--revoke-now",
      "--secret-file=" + file,
      "--retries=0"
    };
    Process one = launcher.startWithPipes(arguments);
    Process two = launcher.startWithPipes(arguments);
    Map<String, Integer> counts = new TreeMap<>();
    int stale = 0;
    for (int round = 0; round < ROUNDS; round++) {
      while (fixture.provider.pendingFaults() < 2) {
        fixture.provider.enqueue(fault());
      }
      String exitCodes = run(one, two);
      counts.merge(exitCodes, 1, Integer::sum);
      boolean current =
          Files.exists(file) && Files.readString(file).contains(fixture.token.clientSecret());
      if (!current) {
        stale++;
        assertThat(exitCodes).as("seed %d, round %d", seed, round).contains(UNKNOWN);
      }
    }
    Fixture.count(
        "Two processes: %d rounds by exit codes %s, %d with an old file that a run reports"
            .formatted(ROUNDS, counts, stale));
    assertThat(counts).as("found the file in use").containsKey("0 1");
    assertThat(counts.keySet()).isSubsetOf("0 0", "0 1", "0 3", "1 3", "3 3");
  }

  /** Runs the command in both processes, and returns the exit codes in order. */
  private String run(Process... processes) throws IOException {
    for (Process process : processes) {
      Writer in = process.outputWriter(UTF_8);
      in.write(random.nextInt(MAX_START_MICROSECONDS) + "\n");
      in.flush();
    }
    List<String> exitCodes = new ArrayList<>();
    for (Process process : processes) {
      exitCodes.add(process.inputReader(UTF_8).readLine());
    }
    return exitCodes.stream().sorted().collect(Collectors.joining(" "));
  }
}
