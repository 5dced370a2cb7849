package io.github.accesstokens.contract;

import java.util.List;
import org.openapitools.openapidiff.core.OpenApiCompare;
import org.openapitools.openapidiff.core.model.ChangedOpenApi;

/** The description against the last released one. A change that breaks callers needs a version. */
final class ReleaseCheck {
  private static final String VERSION = "/info/version";

  private ReleaseCheck() {}

  static List<Finding> check(Contract contract) {
    Findings findings = new Findings("release", Findings.DESCRIPTION);
    Spec released = contract.released();
    Spec spec = contract.spec();
    String before = released.root().at(VERSION).asString("");
    String now = spec.root().at(VERSION).asString("");
    try {
      ChangedOpenApi changes =
          OpenApiCompare.fromContents(released.root().toString(), spec.root().toString());
      if (changes.isIncompatible() && breakingPart(before).equals(breakingPart(now))) {
        findings.add(
            VERSION,
            "is %s, but the description breaks callers of %s; removed: %s; added: %s"
                .formatted(now, before, without(released, spec), without(spec, released)));
      }
    } catch (IllegalArgumentException e) {
      findings.add(VERSION, "cannot be compared with the released " + before + ": " + e);
    }
    return findings.all();
  }

  /** The major version, and before 1.0 the minor version too. */
  private static String breakingPart(String version) {
    String[] parts = version.split("\\.", -1);
    return parts[0].equals("0") && parts.length > 1 ? "0." + parts[1] : parts[0];
  }

  private static String without(Spec spec, Spec other) {
    return Finding.listed(
        DocumentationCheck.difference(
            DocumentationCheck.facts(spec), DocumentationCheck.facts(other)));
  }
}
