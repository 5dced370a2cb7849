package io.github.accesstokens.contract;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Description, client, pact and provider agree. The build runs this test first; the module openapi
 * has run the checks that need no client.
 */
@Tag("contract")
final class ContractTest {
  private static final Contract CONTRACT = Inputs.read();
  private static final String ACCEPT =
      """
      If the client's change to a pact is meant, accept it and look at the difference:
        mvn -pl contract-tests -am verify -Daccept=true""";

  @ParameterizedTest
  @EnumSource(names = {"CLIENT", "PACT", "PROVIDER"})
  void contract_hasNoFindings(Checks check) {
    Findings.failIfAny(check.run(CONTRACT), check == Checks.PACT ? ACCEPT : "");
  }

  /** Skips a test about damage if the contract itself has findings. */
  static void assumeAgrees(Contract contract) {
    assumeThat(Arrays.stream(Checks.values()).flatMap(check -> check.run(contract).stream()))
        .as("findings, which ContractTest reports")
        .isEmpty();
  }
}
