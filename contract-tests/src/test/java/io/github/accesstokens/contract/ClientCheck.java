package io.github.accesstokens.contract;

import java.util.List;

/** The description against the client: its models and its requests. */
final class ClientCheck {
  private ClientCheck() {}

  static List<Finding> check(Contract contract) {
    return check(Findings.DESCRIPTION, contract.spec(), contract.client());
  }

  static List<Finding> check(String file, Spec description, Client client) {
    Findings findings = new Findings("client", file);
    Spec spec = FlatSpec.of(description);
    for (String schema : spec.schemas().keySet()) {
      new ModelCheck(spec, client, schema, findings).check();
    }
    new RequestCheck(spec, client, findings).check();
    return findings.all();
  }
}
