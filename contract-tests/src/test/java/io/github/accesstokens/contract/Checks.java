package io.github.accesstokens.contract;

import java.util.List;

/** The checks. Each compares some inputs of the contract. */
enum Checks {
  DOCUMENTATION,
  UPSTREAM,
  RELEASE,
  CLIENT,
  PACT,
  PROVIDER;

  List<Finding> run(Contract contract) {
    return switch (this) {
      case DOCUMENTATION -> DocumentationCheck.check(contract.spec(), contract.documented());
      case UPSTREAM -> UpstreamCheck.check(contract.spec(), contract.upstream());
      case RELEASE -> ReleaseCheck.check(contract.spec(), contract.released());
      case CLIENT -> ClientCheck.check(contract);
      case PACT -> PactCheck.check(contract);
      case PROVIDER -> ProviderCheck.check(contract);
    };
  }
}
