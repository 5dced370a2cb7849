package io.github.accesstokens.contract;

import java.util.List;

/** The description against the shapes of the provider's own document. */
final class UpstreamCheck {
  private UpstreamCheck() {}

  static List<Finding> check(Spec spec, Upstream upstream) {
    Findings findings = new Findings("upstream", Findings.DESCRIPTION);
    List<Difference> differences;
    try {
      differences = Difference.between(spec, upstream.extract());
    } catch (UnreadableDocumentException e) {
      findings.add("/paths", String.valueOf(e.getMessage()));
      return findings.all();
    }
    for (Difference difference : differences) {
      if (upstream.differences().stream().noneMatch(listed -> listed.is(difference))) {
        findings.add(
            difference.place(),
            "has %s, but the provider's document has %s"
                .formatted(difference.ours(), difference.theirs()));
      }
    }
    for (Upstream.Deliberate listed : upstream.differences()) {
      if (differences.stream().noneMatch(listed::is)) {
        findings.add(
            Upstream.FOLDER + Upstream.DIFFERENCES,
            listed.place(),
            "lists %s against %s, but there is no such difference"
                .formatted(listed.ours(), listed.theirs()));
      }
    }
    return findings.all();
  }
}
