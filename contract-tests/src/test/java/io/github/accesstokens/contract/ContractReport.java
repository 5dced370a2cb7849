package io.github.accesstokens.contract;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A page that shows what the contract holds, whether it agrees, and which drift was caught. */
final class ContractReport {
  private static final String DOCUMENTED = "rotated";
  private static final String NONE = "–";
  private static final String STYLE =
      """
      :root {
        color-scheme: light dark;
        --paper: #fff; --ink: #1c2330; --muted: #5c6675; --line: #d9dee6; --head: #f4f6f9;
        --link: #0b57c2; --good: #17703a; --bad: #a8201a; --bad-paper: #fde8e6; --target: #fff6d6;
      }
      @media (prefers-color-scheme: dark) {
        :root {
          --paper: #14181f; --ink: #e3e8ef; --muted: #9aa5b4; --line: #323a46; --head: #1d232c;
          --link: #82b4ff; --good: #6fd08f; --bad: #ff9b92; --bad-paper: #43201e; --target: #3a3417;
        }
      }
      body {
        margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 76rem;
        background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
      }
      h1 { margin: 0 0 .5rem; font-size: 1.6rem; line-height: 1.2; }
      h2 { margin: 2.5rem 0 .25rem; font-size: 1.2rem; }
      p, ul { margin: .25rem 0 .75rem; max-width: 46rem; }
      .table + ul { margin-top: .75rem; }
      a { color: var(--link); }
      .table { overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; }
      table { border-collapse: collapse; width: 100%; min-width: 44rem; font-size: .875rem; }
      th, td { padding: .4rem .7rem; text-align: left; vertical-align: top; }
      thead th { background: var(--head); color: var(--muted); white-space: nowrap; }
      tbody tr { border-top: 1px solid var(--line); }
      tbody th { font-weight: 600; }
      .number { text-align: right; font-variant-numeric: tabular-nums; }
      .no { color: var(--muted); }
      .path { display: inline-block; min-width: 17rem; font: .75rem/1.5 ui-monospace, monospace; }
      .good { color: var(--good); }
      .bad, .missed th { color: var(--bad); }
      .missed { background: var(--bad-paper); }
      :target { background: var(--target); }
      """;

  /** A cell that is markup already. */
  private record Markup(String html) {}

  private record Kind(Drift.Input input, String name) {}

  private final Contract contract;
  private final Spec spec;
  private final Map<Drift.Case, Set<Checks>> caught;
  private final Map<Checks, List<Finding>> findings = new EnumMap<>(Checks.class);
  private final List<JsonNode> interactions = new ArrayList<>();

  /** By property, as in {@code ServiceToken.name}: who shows it, in the order of the page. */
  private final Map<String, Set<String>> examplesOf = new TreeMap<>();

  private final Map<String, Set<Integer>> interactionsOf = new TreeMap<>();

  /** By the place of a drift: the property that is damaged there. */
  private final Map<String, String> propertyAt = new HashMap<>();

  private final StringBuilder page = new StringBuilder();

  private ContractReport(Contract contract, Map<Drift.Case, Set<Checks>> caught) {
    this.contract = contract;
    this.spec = contract.spec();
    this.caught = caught;
    for (Checks check : Checks.values()) {
      findings.put(check, check.run(contract));
    }
    PactCheck.interactions(contract.pact()).forEach(interactions::add);
  }

  /**
   * Writes the page.
   *
   * @param caught for each drift that was tried, the checks that caught it
   */
  static void write(Path file, Contract contract, Map<Drift.Case, Set<Checks>> caught)
      throws IOException {
    ContractReport report = new ContractReport(contract, caught);
    report.findProperties();
    report.addAll();
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, report.page);
  }

  // ---- where properties are

  private void findProperties() {
    spec.schemas()
        .forEach(
            (schema, node) -> Spec.properties(node).keySet().forEach(name -> find(schema, name)));
    for (Spec.Example example : spec.examples()) {
      within(example.schema(), example.value(), "")
          .forEach(
              (pointer, property) -> {
                at(examplesOf, property).add(example.name());
                propertyAt.put(example.name() + pointer, property);
                if (example.name().equals(DOCUMENTED)) {
                  propertyAt.put(pointer, property);
                }
              });
    }
    for (int i = 0; i < interactions.size(); i++) {
      find(i, "request");
      find(i, "response");
    }
  }

  private void find(String schema, String name) {
    String property = schema + "." + name;
    at(examplesOf, property);
    propertyAt.put(property, property);
    String pointer = "/components/schemas/" + schema;
    for (String fact : contract.facts()) {
      if (fact.startsWith(pointer + "/properties/" + name + "/")
          || fact.equals(pointer + "/required = " + name)) {
        propertyAt.put(fact, property);
      }
    }
  }

  private void find(int index, String side) {
    JsonNode interaction = interactions.get(index);
    String description = PactCheck.description(interaction);
    within(schema(interaction, side), PactCheck.body(interaction.path(side)), "")
        .forEach(
            (pointer, property) -> {
              at(interactionsOf, property).add(index);
              String path = pointer.replaceAll("/\\d+", "[*]").replace('/', '.');
              propertyAt.put(description + " /" + side + "/body " + pointer, property);
              propertyAt.put(description + " /" + side + "/matchingRules/body $" + path, property);
              if (side.equals("response")) {
                propertyAt.put(description + " " + pointer, property);
              }
            });
  }

  /** Name of the schema of a message of an interaction, or an empty text if it has none. */
  private String schema(JsonNode interaction, String side) {
    JsonNode request = interaction.path("request");
    for (Spec.Operation operation : spec.operations()) {
      String path = ".*" + operation.path().replaceAll("\\{[^}]*}", "[^/]+");
      if (operation.method().equalsIgnoreCase(request.path("method").asString())
          && request.path("path").asString().matches(path)) {
        JsonNode described =
            side.equals("request")
                ? operation.node().path("requestBody")
                : Spec.response(operation, interaction.at("/response/status").asInt())
                    .map(Map.Entry::getValue)
                    .orElse(spec.schema(""));
        String type = PactCheck.mediaType(interaction.path(side));
        String schema = Spec.reference(described.path("content").path(type).path("schema"));
        return schema == null ? "" : schema;
      }
    }
    return "";
  }

  /** By JSON pointer: the properties that a value has. */
  private Map<String, String> within(String schemaName, JsonNode value, String pointer) {
    Map<String, String> found = new LinkedHashMap<>();
    Spec.properties(spec.schema(schemaName))
        .forEach(
            (name, schema) -> {
              if (value.has(name)) {
                String at = pointer + "/" + name;
                found.put(at, schemaName + "." + name);
                String reference = Spec.reference(schema);
                if (reference != null) {
                  found.putAll(within(reference, value.path(name), at));
                }
                String items = Spec.reference(schema.path("items"));
                for (int i = 0; items != null && i < value.path(name).size(); i++) {
                  found.putAll(within(items, value.path(name).path(i), at + "/" + i));
                }
              }
            });
    return found;
  }

  private static <T> Set<T> at(Map<String, Set<T>> map, String key) {
    return map.computeIfAbsent(key, absent -> new TreeSet<>());
  }

  // ---- the page

  private void addAll() {
    page.append(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Contract report</title>
        <style>
        """);
    page.append(STYLE).append("</style>\n</head>\n<body>\n");
    addSummary();
    addChecks();
    addExamples();
    addProperties();
    addInteractions();
    addDrift();
    page.append("</body>\n</html>\n");
  }

  private void addSummary() {
    long found = allFindings().count();
    long missed = missed(caught.keySet());
    page.append(
        """
        <h1>Contract report: access service tokens</h1>
        <p>%d examples, %d properties and %d interactions;
        findings of all checks on the contract as it is:
        <strong id="findings" class="%s">%d</strong>;
        drift caught: <strong id="drift-caught" class="%s">%d of %d</strong>.</p>
        """
            .formatted(
                spec.examples().size(),
                examplesOf.size(),
                interactions.size(),
                found == 0 ? "good" : "bad",
                found,
                missed == 0 && !caught.isEmpty() ? "good" : "bad",
                caught.size() - missed,
                caught.size()));
  }

  private Stream<Finding> allFindings() {
    return findings.values().stream().flatMap(List::stream);
  }

  private long missed(Collection<Drift.Case> drifts) {
    return drifts.stream().filter(drift -> caughtBy(drift).isEmpty()).count();
  }

  private Set<Checks> caughtBy(Drift.Case drift) {
    return caught.getOrDefault(drift, Set.of());
  }

  private void addChecks() {
    openTable(
        "checks",
        "Who proves what",
        """
        Nothing here proves that the real provider agrees: the one that answers is the stub of \
        this project.""",
        List.of("Check", "Holds", "Against", "Findings now", "Kinds of drift caught"));
    findings.forEach(
        (check, found) -> {
          long kinds =
              kinds().values().stream()
                  .filter(drifts -> drifts.stream().anyMatch(d -> caughtBy(d).contains(check)))
                  .count();
          addRow("", name(check), holds(check), against(check), found.size(), kinds);
        });
    closeTable();
    if (allFindings().findAny().isPresent()) {
      page.append("<ul class=\"bad\">\n");
      allFindings()
          .forEach(finding -> page.append("<li>").append(escaped(finding)).append("</li>\n"));
      page.append("</ul>\n");
    }
  }

  private static String holds(Checks check) {
    return switch (check) {
      case DOCUMENTATION -> "the documentation: its answer and its facts";
      case RELEASE -> "the description as last released";
      case CLIENT -> "the description";
      case PACT -> "the committed pact";
      case PROVIDER -> "the answers of the stub provider";
    };
  }

  private static String against(Checks check) {
    return switch (check) {
      case DOCUMENTATION -> "the description, and its examples against its closed schemas";
      case RELEASE -> "the description";
      case CLIENT -> "the shipped client";
      case PACT -> "the description, and the pact that this build wrote";
      case PROVIDER -> "the committed pact and the description";
    };
  }

  private void addExamples() {
    openTable(
        "examples",
        "Examples",
        "The named examples of the description; its schemas are taken as closed.",
        List.of(
            "Example", "Status", "Schema", "As documented", "Valid", "Body of the interactions"));
    for (Spec.Example example : spec.examples()) {
      boolean documented = example.value().equals(contract.documented());
      String side = example.status() == null ? "request" : "response";
      List<Integer> carriers = new ArrayList<>();
      for (int i = 0; i < interactions.size(); i++) {
        if (PactCheck.body(interactions.get(i).path(side)).equals(example.value())) {
          carriers.add(i);
        }
      }
      addRow(
          attribute("example", example.name()),
          example.name(),
          example.status() == null ? "request" : example.status(),
          example.schema(),
          example.name().equals(DOCUMENTED) ? documented : NONE,
          spec.violations(example.schema(), example.value()).isEmpty(),
          links(carriers));
    }
    closeTable();
  }

  private void addProperties() {
    Map<String, List<Drift.Case>> drifts =
        caught.keySet().stream()
            .collect(groupingBy(drift -> propertyAt.getOrDefault(drift.place(), "")));
    openTable(
        "properties",
        "Properties",
        """
        Drift on a property is damage to it in any input: its schema, what is documented of it, \
        examples, the client's model, bodies and matchers of the pact, answers.""",
        List.of(
            "Property",
            "Type",
            "Required",
            "Nullable",
            "Secret",
            "Examples",
            "Interactions",
            "Drift",
            "Caught"));
    spec.schemas()
        .forEach(
            (name, schema) ->
                Spec.properties(schema)
                    .forEach(
                        (property, described) -> {
                          String place = name + "." + property;
                          List<Drift.Case> tried = drifts.getOrDefault(place, List.of());
                          long missed = missed(tried);
                          addRow(
                              attribute("property", place) + missedClass(missed),
                              new Markup(escaped(place).replaceAll("[._]", "$0<wbr>")),
                              type(described),
                              Spec.isRequired(schema, property),
                              described.path("nullable").asBoolean(false),
                              described.path("format").asString("").equals("password"),
                              joined(at(examplesOf, place)),
                              links(at(interactionsOf, place)),
                              tried.size(),
                              tried.size() - missed);
                        }));
    closeTable();
  }

  private static String type(JsonNode schema) {
    String reference = Spec.reference(schema);
    if (reference != null) {
      return reference;
    }
    String type = schema.path("type").asString("any");
    String format = schema.path("format").asString("");
    return type.equals("array")
        ? "array of " + type(schema.path("items"))
        : format.isEmpty() ? type : type + ", " + format;
  }

  private void addInteractions() {
    openTable(
        "interactions",
        "Interactions",
        "The committed pact, and what the stub provider answered over a socket.",
        List.of(
            "Number",
            "Interaction",
            "Provider state",
            "Request",
            "Status",
            "Media type",
            "Matchers",
            "Answered",
            "Verdict"));
    for (int i = 0; i < interactions.size(); i++) {
      JsonNode interaction = interactions.get(i);
      String description = PactCheck.description(interaction);
      Contract.Answer answer = contract.answers().get(description);
      long found =
          allFindings()
              .filter(finding -> finding.place().contains('"' + description + '"'))
              .count();
      String request =
          interaction.at("/request/method").asString()
              + " "
              + interaction.at("/request/path").asString();
      addRow(
          " id=\"interaction-%d\"".formatted(i + 1)
              + attribute("interaction", description)
              + missedClass(found),
          i + 1,
          description,
          interaction.at("/providerStates/0/name").asString(""),
          new Markup("<span class=\"path\">" + escaped(request).replace("/", "<wbr>/") + "</span>"),
          interaction.at("/response/status").asInt(),
          PactCheck.mediaType(interaction.path("response")),
          matchers(interaction),
          answer == null ? "nothing" : answer.status(),
          found == 0 ? "agrees" : "disagrees");
    }
    closeTable();
  }

  private static int matchers(JsonNode interaction) {
    return interaction.findValues("matchingRules").stream()
        .flatMap(rules -> rules.findValues("matchers").stream())
        .mapToInt(JsonNode::size)
        .sum();
  }

  private void addDrift() {
    openTable(
        "drift",
        "Drift caught by kind",
        "A copy of the contract is damaged in one place; a check has to report it and name it.",
        List.of("Kind", "Input", "Tried", "Caught", "By"));
    Map<Kind, List<Drift.Case>> kinds = kinds();
    kinds.forEach((kind, drifts) -> addDrift(kind, drifts, true));
    kinds.forEach((kind, drifts) -> addDrift(kind, drifts, false));
    closeTable();
  }

  private void addDrift(Kind kind, List<Drift.Case> drifts, boolean missing) {
    long missed = missed(drifts);
    if (missed > 0 != missing) {
      return;
    }
    Set<Checks> by = EnumSet.noneOf(Checks.class);
    drifts.forEach(drift -> by.addAll(caughtBy(drift)));
    String places =
        drifts.stream()
            .filter(drift -> caughtBy(drift).isEmpty())
            .map(Drift.Case::place)
            .collect(joining("; "));
    addRow(
        attribute("kind", kind.name()) + missedClass(missed),
        missing ? kind.name() + ", missed: " + places : kind.name(),
        name(kind.input()),
        drifts.size(),
        drifts.size() - missed,
        joined(by.stream().map(ContractReport::name).toList()));
  }

  /** By input, and for each in the order of the catalogue. */
  private Map<Kind, List<Drift.Case>> kinds() {
    return caught.keySet().stream()
        .sorted(comparing(Drift.Case::input))
        .collect(
            groupingBy(
                drift -> new Kind(drift.input(), drift.kind()), LinkedHashMap::new, toList()));
  }

  // ---- markup

  private void openTable(String id, String title, String text, List<String> columns) {
    page.append("<h2>").append(escaped(title)).append("</h2>\n");
    page.append("<p>").append(escaped(text)).append("</p>\n");
    page.append(
        """
        <div class="table" role="region" aria-label="%s" tabindex="0"><table id="%s">
        <thead><tr>"""
            .formatted(escaped(title), id));
    columns.forEach(
        column -> page.append("<th scope=\"col\">").append(escaped(column)).append("</th>"));
    page.append("</tr></thead>\n<tbody>\n");
  }

  private void addRow(String attributes, Object... cells) {
    page.append("<tr").append(attributes).append('>');
    for (int i = 0; i < cells.length; i++) {
      Object cell = cells[i];
      String name = i == 0 ? "th" : "td";
      String scope = i == 0 ? " scope=\"row\"" : "";
      String style = cell instanceof Number ? " class=\"number\"" : no(cell) ? " class=\"no\"" : "";
      page.append('<').append(name).append(scope).append(style).append('>');
      page.append(cell instanceof Markup markup ? markup.html() : escaped(shown(cell)));
      page.append("</").append(name).append('>');
    }
    page.append("</tr>\n");
  }

  private void closeTable() {
    page.append("</tbody>\n</table></div>\n");
  }

  private static boolean no(Object cell) {
    return cell.equals(false) || cell.equals(NONE);
  }

  private static Object shown(Object cell) {
    return cell instanceof Boolean yes ? (yes ? "yes" : "no") : cell;
  }

  private static String attribute(String name, String value) {
    return " data-" + name + "=\"" + escaped(value) + '"';
  }

  private static String missedClass(long missed) {
    return missed == 0 ? "" : " class=\"missed\"";
  }

  private Markup links(Collection<Integer> indexes) {
    return new Markup(
        indexes.stream()
            .map(
                index ->
                    "<a href=\"#interaction-%d\" title=\"%s\">%d</a>"
                        .formatted(
                            index + 1,
                            escaped(PactCheck.description(interactions.get(index))),
                            index + 1))
            .collect(joining(", ")));
  }

  private static String joined(Collection<String> texts) {
    return texts.isEmpty() ? NONE : String.join(", ", texts);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String escaped(Object text) {
    return text.toString()
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
