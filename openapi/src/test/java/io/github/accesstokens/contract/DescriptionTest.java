package io.github.accesstokens.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The build runs this test first: what it finds would break many others. */
@Tag("contract")
final class DescriptionTest {
  private static final String ADVICE =
      """
      openapi/README.md shows how to take over a change of the provider's document.
      A difference on purpose gets an entry in openapi/upstream/differences.yaml.""";

  /** The comparison with the last release runs if nothing else is wrong. */
  @Test
  void description_agreesWithTheProviderAndTheLastRelease() {
    Spec spec = Spec.read(Path.of("service-tokens.yaml"));
    List<Finding> findings =
        new ArrayList<>(UpstreamCheck.check(spec, Upstream.read(Path.of("upstream"))));
    findings.addAll(
        DocumentationCheck.check(
            spec, JsonMapper.shared().readTree(Path.of("upstream/rotate-200.json").toFile())));
    if (findings.isEmpty()) {
      findings.addAll(ReleaseCheck.check(spec, Spec.read(Path.of("released/service-tokens.yaml"))));
    }
    Findings.failIfAny(findings, ADVICE);
    assertThat(spec.operations()).isNotEmpty();
  }
}
