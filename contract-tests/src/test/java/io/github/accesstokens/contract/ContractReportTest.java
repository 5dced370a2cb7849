package io.github.accesstokens.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page has to show when something is wrong; when all is well, {@code report-check}. */
final class ContractReportTest {
  private static final Contract CONTRACT = Inputs.read();

  @TempDir Path folder;

  @Test
  void missedDriftIsCountedAndComesFirst() throws IOException {
    Map<Drift.Case, Set<Checks>> caught = new LinkedHashMap<>();
    caught.put(drift(Drift.Input.CLIENT, "requires"), EnumSet.of(Checks.CLIENT));
    caught.put(drift(Drift.Input.PROVIDER, "answers <b>\"&"), EnumSet.noneOf(Checks.class));

    String page = page(CONTRACT, caught);

    assertShown(page, "class=\"bad\">1 of 2</strong>");
    assertShown(
        page,
        "id=\"drift\".*class=\"missed\".*answers &lt;b&gt;&quot;&amp;, missed: ServiceToken.name.*requires");
    // The property is marked too: one of two drifts on it was missed.
    assertShown(
        page, "data-property=\"ServiceToken.name\" class=\"missed\">[^\n]*>2</td><td [^>]*>1<");
    assertThat(page.contains("<b>")).as("markup of a place is escaped").isFalse();
  }

  @Test
  void findingsAreToldAndTheInteractionDisagrees() throws IOException {
    String page = page(CONTRACT.withAnswers(Map.of()), Map.of());

    assertShown(page, "id=\"findings\" class=\"bad\">");
    assertShown(page, "answer to &quot;a rotation with a grace time&quot;: there is none");
    assertShown(
        page, "\"a rotation with a grace time\" class=\"missed\">[^\n]*>nothing<[^\n]*>disagrees<");
  }

  /** Without the page in the message: it is long. */
  private static void assertShown(String page, String pattern) {
    assertThat(Pattern.compile(pattern, Pattern.DOTALL).matcher(page).find()).as(pattern).isTrue();
  }

  @BeforeAll
  static void agrees() {
    ContractTest.assumeAgrees(CONTRACT);
  }

  private String page(Contract contract, Map<Drift.Case, Set<Checks>> caught) throws IOException {
    Path file = folder.resolve("report/index.html");
    ContractReport.write(file, contract, caught);
    return Files.readString(file);
  }

  private static Drift.Case drift(Drift.Input input, String kind) {
    return new Drift.Case(input, kind, "ServiceToken.name", "name", contract -> contract);
  }
}
