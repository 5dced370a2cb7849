package io.github.accesstokens.contract;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * One damage to one input of the contract.
 *
 * @param input the damaged input
 * @param kind what is done to it
 * @param place where
 * @param named the text that a finding about it has to contain
 * @param damage returns a damaged copy
 */
record Drift(Input input, String kind, String place, String named, UnaryOperator<Contract> damage) {
  /** A name that no input contains. */
  static final String STRANGER = "stranger";

  /** The inputs that can be damaged. */
  enum Input {
    DOCUMENTATION,
    UPSTREAM,
    DESCRIPTION,
    CLIENT,
    PACT,
    PROVIDER;

    /** The checks that read this input. The other checks cannot notice the damage. */
    Set<Checks> checks() {
      return switch (this) {
        case DOCUMENTATION -> EnumSet.of(Checks.DOCUMENTATION);
        case UPSTREAM -> EnumSet.of(Checks.UPSTREAM);
        case DESCRIPTION -> EnumSet.allOf(Checks.class);
        case CLIENT -> EnumSet.of(Checks.CLIENT);
        case PACT -> EnumSet.of(Checks.PACT, Checks.PROVIDER);
        case PROVIDER -> EnumSet.of(Checks.PROVIDER);
      };
    }
  }

  /** The whole catalogue. It is derived from the contract, so it grows with the contract. */
  static List<Drift> of(Contract contract) {
    List<Drift> drifts = new ArrayList<>();
    addDocumentation(contract, drifts);
    UpstreamDrift.add(contract, drifts);
    DescriptionDrift.add(contract, drifts);
    ClientDrift.add(contract, drifts);
    PactDrift.add(contract, drifts);
    ProviderDrift.add(contract, drifts);
    return drifts;
  }

  private static void addDocumentation(Contract contract, List<Drift> drifts) {
    JsonNode documented = contract.documented();
    new JsonDrift(Input.DOCUMENTATION, null, documented, Contract::withDocumented, drifts)
        .mutate("", "", any -> true);
  }

  @Override
  public String toString() {
    return input.name().toLowerCase(Locale.ROOT) + ": " + kind + " " + place;
  }
}
