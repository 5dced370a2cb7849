package io.github.accesstokens.contract;

import static org.assertj.core.api.Assertions.fail;

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
}
