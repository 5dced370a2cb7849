package io.github.accesstokens.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page when something is wrong. {@code report-check} looks at the page when all is well. */
final class ContractReportTest {
  private static final Contract CONTRACT = Inputs.read();
  private static final PactInteraction INTERACTION = PactInteraction.all(CONTRACT.pact()).get(0);

  @TempDir Path folder;

  @BeforeAll
  static void assumeAgrees() {
    ContractTest.assumeAgrees(CONTRACT);
  }

  @Test
  void missedDrift_isCountedAndComesFirst() throws IOException {
    Map<Drift, Set<Checks>> caught = new LinkedHashMap<>();
    caught.put(drift(Drift.Input.CLIENT, "requires"), EnumSet.of(Checks.CLIENT));
    caught.put(drift(Drift.Input.PROVIDER, "status <b>\"&"), EnumSet.noneOf(Checks.class));

    String page = page(CONTRACT, caught);

    assertThat(between(page, "id=\"drift-caught\"", "</p>"))
        .isEqualTo(" class=\"bad\">1 of 2</strong>.");
    String kinds = between(page, "id=\"drift\"", "</table>");
    assertThat(between(kinds, "data-kind=", "</tr>"))
        .startsWith("\"status &lt;b&gt;&quot;&amp;\" class=\"missed\">")
        .contains("status &lt;b&gt;&quot;&amp;, missed: ServiceToken.name<");
    // One of two drifts on the property is missed.
    assertThat(between(page, "data-property=\"ServiceToken.name\"", "</tr>"))
        .startsWith(" class=\"missed\">")
        .containsSubsequence(">2</td>", ">1</td>");
    assertThat(page.contains("<b>")).as("markup in a name is escaped").isFalse();
  }

  @Test
  void missingResponse_isListedAndTheInteractionDisagrees() throws IOException {
    String page = page(CONTRACT.withResponse(INTERACTION.key(), null), Map.of());

    assertThat(between(page, "id=\"findings\"", "</strong>")).isEqualTo(" class=\"bad\">1");
    assertThat(between(page, "<ul class=\"bad\">", "</ul>"))
        .contains("response to " + INTERACTION.key().replace("\"", "&quot;") + ": there is none");
    assertThat(between(page, "data-interaction=\"" + INTERACTION.description() + "\"", "</tr>"))
        .startsWith(" class=\"missed\">")
        .containsSubsequence(">nothing</td>", ">disagrees</td>");
  }

  /** Assertions about a part of the page have short messages. */
  private static String between(String page, String start, String end) {
    assertThat(page.contains(start)).as("page contains " + start).isTrue();
    String rest = page.substring(page.indexOf(start) + start.length());
    return rest.substring(0, rest.indexOf(end));
  }

  private String page(Contract contract, Map<Drift, Set<Checks>> caught) throws IOException {
    Path file = folder.resolve("report/index.html");
    ContractReport.write(file, contract, caught);
    return Files.readString(file);
  }

  private static Drift drift(Drift.Input input, String kind) {
    return new Drift(input, kind, "ServiceToken.name", "name", contract -> contract);
  }
}
