package io.github.accesstokens.contract;

import java.util.List;

/** The description against the last released one. A change that breaks callers needs a version. */
final class ReleaseCheck {
  private static final String VERSION = "/info/version";

  private ReleaseCheck() {}

  static List<Finding> check(Spec spec, Spec released) {
    Findings findings = new Findings("release", Findings.DESCRIPTION);
    String before = released.root().at(VERSION).asString("");
    String now = spec.root().at(VERSION).asString("");
    if (!breakingPart(before).equals(breakingPart(now))) {
      return findings.all();
    }
    try {
      for (Difference difference : Difference.between(released, spec)) {
        if (difference.breaks()) {
          findings.add(
              difference.place(),
              "has %s, but release %s has %s; callers break, so raise %s"
                  .formatted(difference.theirs(), before, difference.ours(), VERSION));
        }
      }
    } catch (UnreadableDocumentException e) {
      findings.add("/paths", e.getMessage() + ": it is in release " + before);
    }
    return findings.all();
  }

  /** The major version, and before 1.0 the minor version too. */
  private static String breakingPart(String version) {
    String[] parts = version.split("\\.", -1);
    return parts[0].equals("0") && parts.length > 1 ? "0." + parts[1] : parts[0];
  }
}
