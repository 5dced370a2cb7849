package io.github.accesstokens.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** At least one check reports each damage and names its place. */
@Execution(ExecutionMode.CONCURRENT)
final class DriftTest {
  private static final Contract CONTRACT = Inputs.read();
  private static final List<Drift> DRIFTS = Drift.of(CONTRACT);
  private static final Map<Drift, Set<Checks>> CAUGHT = new ConcurrentHashMap<>();

  static List<Drift> drifts() {
    return DRIFTS;
  }

  @BeforeAll
  static void assumeAgrees() {
    ContractTest.assumeAgrees(CONTRACT);
  }

  /** The catalogue leaves out an edit that changes nothing, so a broken edit needs this test. */
  @Test
  void catalogue_hasAllKinds() {
    assertThat(DRIFTS.stream().map(drift -> drift.input() + drift.kind()).distinct())
        .hasSizeGreaterThanOrEqualTo(195);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("drifts")
  void damage_isReported(Drift drift) {
    Contract damaged = drift.damage().apply(CONTRACT);
    Set<Checks> caughtBy = EnumSet.noneOf(Checks.class);
    List<Finding> findings = new ArrayList<>();
    for (Checks check : drift.input().checks()) {
      for (Finding finding : check.run(damaged)) {
        findings.add(finding);
        if (finding.toString().contains(drift.named())) {
          caughtBy.add(check);
        }
      }
    }
    CAUGHT.put(drift, caughtBy);
    assertThat(caughtBy)
        .as(
            "%s: checks that report \"%s\"; all findings: %s",
            drift, drift.named(), Finding.listed(findings))
        .isNotEmpty();
  }

  @AfterAll
  static void writeReport() throws IOException {
    Map<Drift, Set<Checks>> inOrder = new LinkedHashMap<>();
    for (Drift drift : DRIFTS) {
      if (CAUGHT.containsKey(drift)) {
        inOrder.put(drift, CAUGHT.get(drift));
      }
    }
    ContractReport.write(Path.of("target/contract-report/index.html"), CONTRACT, inOrder);
    long caught = CAUGHT.values().stream().filter(checks -> !checks.isEmpty()).count();
    if (!CAUGHT.isEmpty()) {
      TestRun.count("Drift caught: " + caught + " of " + CAUGHT.size());
    }
  }
}
