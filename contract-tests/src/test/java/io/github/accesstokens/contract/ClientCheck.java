package io.github.accesstokens.contract;

import java.util.List;

/** The description against the client: its models and its requests. */
final class ClientCheck {
  private ClientCheck() {}

  static List<Finding> check(Contract contract) {
    Findings findings = new Findings("client", Findings.DESCRIPTION);
    for (String schema : contract.spec().schemas().keySet()) {
      new ModelCheck(contract, schema, findings).check();
    }
    new RequestCheck(contract, findings).check();
    return findings.all();
  }
}
