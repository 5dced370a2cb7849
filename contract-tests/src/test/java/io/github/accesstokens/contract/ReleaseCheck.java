package io.github.accesstokens.contract;

import java.util.ArrayList;
import java.util.List;
import org.openapitools.openapidiff.core.OpenApiCompare;
import org.openapitools.openapidiff.core.model.ChangedOpenApi;

/** The description against the last released one: what breaks callers needs a new version. */
final class ReleaseCheck {
  private static final String NAME = "release";

  private ReleaseCheck() {}

  static List<Finding> check(Contract contract) {
    ChangedOpenApi changes;
    try {
      changes =
          OpenApiCompare.fromContents(
              contract.released().root().toString(), contract.spec().root().toString());
    } catch (IllegalArgumentException e) {
      return List.of(
          new Finding(NAME, "description", "cannot be compared with the last: " + e.getMessage()));
    }
    String released = version(contract.released());
    String current = version(contract.spec());
    if (!changes.isIncompatible() || !breakingPart(released).equals(breakingPart(current))) {
      return List.of();
    }
    return List.of(
        new Finding(
            NAME,
            "description",
            "breaks callers of "
                + released
                + " but is only version "
                + current
                + "; lost: "
                + without(contract.released(), contract.spec())
                + ", new: "
                + without(contract.spec(), contract.released())));
  }

  private static String version(Spec spec) {
    return spec.root().at("/info/version").asString("");
  }

  /** Major version, and before 1.0 the minor one too. */
  private static String breakingPart(String version) {
    String[] parts = version.split("\\.", -1);
    return parts[0].equals("0") && parts.length > 1 ? "0." + parts[1] : parts[0];
  }

  private static List<String> without(Spec spec, Spec other) {
    List<String> facts = new ArrayList<>(DocumentationCheck.facts(spec));
    facts.removeAll(DocumentationCheck.facts(other));
    return facts;
  }
}
