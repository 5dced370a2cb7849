package io.github.accesstokens.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever drifts, at least one check reports it and names the place. */
class DriftTest {
  private static final Contract CONTRACT = Inputs.read();
  private static final Map<Drift.Case, Set<Checks>> CAUGHT = new LinkedHashMap<>();

  static List<Drift.Case> cases() {
    return Drift.of(CONTRACT);
  }

  @BeforeAll
  static void agrees() {
    ContractTest.assumeAgrees(CONTRACT);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isCaught(Drift.Case drift) {
    Contract damaged = drift.damage().apply(CONTRACT);
    Set<Checks> caughtBy = EnumSet.noneOf(Checks.class);
    StringBuilder messages = new StringBuilder();
    for (Checks check : drift.input().checks()) {
      for (Finding finding : check.run(damaged)) {
        messages.append(finding).append('\n');
        if (finding.toString().contains(drift.named())) {
          caughtBy.add(check);
        }
      }
    }
    CAUGHT.put(drift, caughtBy);
    assertThat(caughtBy)
        .as("checks that name %s; they say: %s", drift.named(), messages)
        .isNotEmpty();
  }

  @AfterAll
  static void tell() throws IOException {
    ContractReport.write(Path.of("target/contract-report/index.html"), CONTRACT, CAUGHT);
    long caught = CAUGHT.values().stream().filter(checks -> !checks.isEmpty()).count();
    if (CAUGHT.isEmpty()) {
      return;
    }
    TestRun.count("Drift caught: " + caught + " of " + CAUGHT.size());
  }
}
