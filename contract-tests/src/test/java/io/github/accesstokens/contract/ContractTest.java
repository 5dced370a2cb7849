package io.github.accesstokens.contract;

import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Documentation, description, client, pact and provider agree. */
class ContractTest {
  private static final Contract CONTRACT = Inputs.read();

  @ParameterizedTest
  @EnumSource(Checks.class)
  void agrees(Checks check) {
    List<Finding> findings = check.run(CONTRACT);
    if (!findings.isEmpty()) {
      fail(
          findings.stream()
              .map(Finding::toString)
              .collect(Collectors.joining("\n  ", "What disagrees, and where:\n  ", "")));
    }
  }

  /**
   * For what is about damage: on top of a contract that disagrees already, it tells nothing new.
   */
  static void assumeAgrees(Contract contract) {
    assumeThat(Arrays.stream(Checks.values()).flatMap(check -> check.run(contract).stream()))
        .as("what ContractTest reports")
        .isEmpty();
  }
}
