package io.github.accesstokens.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A page that shows the contract, its findings and the drift that was caught. This class collects
 * the data. The markup is in {@code contract-report.mustache}.
 */
final class ContractReport {
  private static final String NONE = "–";

  private record CheckRow(String name, String holds, String against, long findings, long kinds) {}

  private record Link(int number, String description) {}

  private record ExampleRow(
      String name,
      String status,
      String schema,
      @Nullable Boolean documented,
      boolean valid,
      List<Link> links) {}

  private record PropertyRow(
      String name,
      List<String> parts,
      String type,
      boolean required,
      boolean nullable,
      boolean secret,
      String examples,
      List<Link> links,
      int tried,
      long caught,
      long missed) {}

  private record InteractionRow(
      int number,
      String consumer,
      String description,
      String state,
      List<String> parts,
      int status,
      String mediaType,
      int matchers,
      String response,
      long findings) {}

  private record KindRow(
      String name, String input, int tried, long caught, long missed, String places, String by) {}

  private record Kind(Drift.Input input, String name) {}

  private final Contract contract;
  private final Spec spec;
  private final Map<Drift, Set<Checks>> caught;
  private final List<Finding> findings = new ArrayList<>();
  private final List<PactInteraction> interactions;

  private final Map<String, Set<String>> examplesOf = new TreeMap<>();
  private final Map<String, Set<Integer>> interactionsOf = new TreeMap<>();

  /** By the place of a drift: the damaged property, such as {@code ServiceToken.name}. */
  private final Map<String, String> propertyAt = new HashMap<>();

  private ContractReport(Contract contract, Map<Drift, Set<Checks>> caught) {
    this.contract = contract;
    this.spec = contract.spec();
    this.caught = caught;
    this.interactions = PactInteraction.all(contract.pact());
    for (Checks check : Checks.values()) {
      findings.addAll(check.run(contract));
    }
    findProperties();
  }

  /**
   * Writes the page.
   *
   * @param caught for each drift, the checks that caught it
   */
  static void write(Path file, Contract contract, Map<Drift, Set<Checks>> caught)
      throws IOException {
    String page =
        Mustache.compiler()
            .zeroIsFalse(true)
            .nullValue(NONE)
            .withFormatter(
                value -> value instanceof Boolean yes ? (yes ? "yes" : "no") : value + "")
            .compile(resource("contract-report.mustache"))
            .execute(new ContractReport(contract, caught).data());
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, page);
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = ContractReport.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(stream, name).readAllBytes(), UTF_8);
    }
  }

  private Map<String, Object> data() throws IOException {
    long missed = missed(caught.keySet());
    Map<String, Object> data = new HashMap<>();
    data.put("style", resource("contract-report.css"));
    data.put("exampleCount", spec.examples().size());
    data.put("propertyCount", examplesOf.size());
    data.put("interactionCount", interactions.size());
    data.put("found", findings.size());
    data.put("findings", findings);
    data.put("tried", caught.size());
    data.put("caught", caught.size() - missed);
    data.put("allCaught", missed == 0 && !caught.isEmpty());
    data.put("checks", checks());
    data.put("examples", spec.examples().stream().map(this::example).toList());
    data.put("properties", properties());
    data.put("interactions", IntStream.range(0, interactions.size()).mapToObj(this::row).toList());
    data.put("kinds", kindRows());
    return data;
  }

  private long missed(Collection<Drift> drifts) {
    return drifts.stream().filter(drift -> caughtBy(drift).isEmpty()).count();
  }

  private Set<Checks> caughtBy(Drift drift) {
    return caught.getOrDefault(drift, Set.of());
  }

  // ---- the places of properties

  private void findProperties() {
    spec.schemas()
        .forEach(
            (schema, node) -> Spec.properties(node).keySet().forEach(name -> find(schema, name)));
    for (Spec.Example example : spec.examples()) {
      spec.propertiesOf(example.schema(), example.value())
          .forEach(
              (pointer, property) -> {
                at(examplesOf, property).add(example.name());
                String value = "/components/examples/" + example.name() + "/value";
                propertyAt.put(example.name() + " " + value + pointer, property);
                if (example.name().equals(DocumentationCheck.ROTATED)) {
                  propertyAt.put(pointer, property);
                }
              });
    }
    for (int i = 0; i < interactions.size(); i++) {
      PactInteraction interaction = interactions.get(i);
      find(i, "request", interaction.request());
      find(i, "response", interaction.response());
    }
  }

  private void find(String schema, String name) {
    String property = schema + "." + name;
    at(examplesOf, property);
    propertyAt.put(property, property);
    String pointer = "/components/schemas/" + schema;
    propertyAt.put(pointer + "/properties/" + name, property);
  }

  private void find(int index, String side, JsonNode message) {
    PactInteraction interaction = interactions.get(index);
    spec.propertiesOf(schema(interaction, message), PactInteraction.body(message))
        .forEach(
            (pointer, property) -> {
              at(interactionsOf, property).add(index);
              String path = pointer.replaceAll("/\\d+", "[*]").replace('/', '.');
              String place =
                  "%s %s/%s".formatted(interaction.description(), interaction.pointer(), side);
              propertyAt.put(place + "/body/content" + pointer, property);
              propertyAt.put(place + "/matchingRules/body/$" + path, property);
              if (side.equals("response")) {
                propertyAt.put(interaction.key() + " " + pointer, property);
              }
            });
  }

  /** The name of the schema of a message, or an empty text. */
  private String schema(PactInteraction interaction, JsonNode message) {
    Spec.Operation operation = PactCheck.operation(spec, interaction.request()).orElse(null);
    if (operation == null) {
      return "";
    }
    JsonNode described =
        message.equals(interaction.request())
            ? operation.node().path("requestBody")
            : Spec.response(operation, interaction.status())
                .map(Map.Entry::getValue)
                .orElse(spec.schema(""));
    String type = PactInteraction.mediaType(message);
    String schema = Spec.reference(described.path("content").path(type).path("schema"));
    return schema == null ? "" : schema;
  }

  private static <T> Set<T> at(Map<String, Set<T>> map, String key) {
    return map.computeIfAbsent(key, absent -> new TreeSet<>());
  }

  // ---- the rows

  private List<CheckRow> checks() {
    List<CheckRow> rows = new ArrayList<>();
    for (Checks check : Checks.values()) {
      String name = name(check);
      long found = findings.stream().filter(finding -> finding.check().equals(name)).count();
      long kinds =
          kinds().values().stream()
              .filter(drifts -> drifts.stream().anyMatch(d -> caughtBy(d).contains(check)))
              .count();
      rows.add(new CheckRow(name, holds(check), against(check), found, kinds));
    }
    return rows;
  }

  private static String holds(Checks check) {
    return switch (check) {
      case DOCUMENTATION -> "the documented response";
      case UPSTREAM -> "the shapes of the provider's document";
      case RELEASE -> "the description as last released";
      case CLIENT -> "the description";
      case PACT -> "the committed pacts";
      case PROVIDER -> "the responses of the stub provider";
    };
  }

  private static String against(Checks check) {
    return switch (check) {
      case DOCUMENTATION -> "the description, and its examples against its closed schemas";
      case UPSTREAM, RELEASE -> "the description";
      case CLIENT -> "the shipped client";
      case PACT -> "the description, and the pacts that this build wrote";
      case PROVIDER -> "the committed pacts and the description";
    };
  }

  private ExampleRow example(Spec.Example example) {
    List<Integer> carriers =
        IntStream.range(0, interactions.size())
            .filter(i -> PactCheck.has(interactions.get(i), example))
            .boxed()
            .toList();
    return new ExampleRow(
        example.name(),
        example.status() == null ? "request" : example.status(),
        example.schema(),
        example.name().equals(DocumentationCheck.ROTATED)
            ? example.value().equals(contract.documented())
            : null,
        spec.violations(example.schema(), example.value()).isEmpty(),
        links(carriers));
  }

  private List<PropertyRow> properties() {
    Map<String, List<Drift>> drifts =
        caught.keySet().stream()
            .collect(groupingBy(drift -> propertyAt.getOrDefault(drift.place(), "")));
    List<PropertyRow> rows = new ArrayList<>();
    spec.schemas()
        .forEach(
            (name, schema) ->
                Spec.properties(schema)
                    .forEach(
                        (property, described) -> {
                          String place = name + "." + property;
                          List<Drift> tried = drifts.getOrDefault(place, List.of());
                          long missed = missed(tried);
                          rows.add(
                              new PropertyRow(
                                  place,
                                  List.of(place.split("(?<=[._])")),
                                  type(described),
                                  Spec.isRequired(schema, property),
                                  described.path("nullable").asBoolean(false),
                                  described.path("format").asString("").equals("password"),
                                  joined(at(examplesOf, place)),
                                  links(at(interactionsOf, place)),
                                  tried.size(),
                                  tried.size() - missed,
                                  missed));
                        }));
    return rows;
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

  private InteractionRow row(int index) {
    PactInteraction interaction = interactions.get(index);
    Contract.Response response = contract.responses().get(interaction.key());
    String method = interaction.request().path("method").asString();
    String path = interaction.request().path("path").asString();
    return new InteractionRow(
        index + 1,
        interaction.consumer(),
        interaction.description(),
        interaction.state(),
        List.of((method + " " + path).split("(?=/)")),
        interaction.status(),
        PactInteraction.mediaType(interaction.response()),
        matchers(interaction.node()),
        response == null ? "nothing" : String.valueOf(response.status()),
        findings.stream().filter(finding -> finding.place().contains(interaction.title())).count());
  }

  private static int matchers(JsonNode interaction) {
    return interaction.findValues("matchingRules").stream()
        .flatMap(rules -> rules.findValues("matchers").stream())
        .mapToInt(JsonNode::size)
        .sum();
  }

  /** By input and kind, in the order of the catalogue. */
  private Map<Kind, List<Drift>> kinds() {
    return caught.keySet().stream()
        .sorted(Comparator.comparing(Drift::input))
        .collect(
            groupingBy(
                drift -> new Kind(drift.input(), drift.kind()), LinkedHashMap::new, toList()));
  }

  /** The kinds with missed drift come first. */
  private List<KindRow> kindRows() {
    List<KindRow> rows = new ArrayList<>();
    kinds().forEach((kind, drifts) -> rows.add(row(kind, drifts)));
    rows.sort(Comparator.comparing(row -> row.missed == 0));
    return rows;
  }

  private KindRow row(Kind kind, List<Drift> drifts) {
    long missed = missed(drifts);
    Set<Checks> by = EnumSet.noneOf(Checks.class);
    drifts.forEach(drift -> by.addAll(caughtBy(drift)));
    return new KindRow(
        kind.name(),
        name(kind.input()),
        drifts.size(),
        drifts.size() - missed,
        missed,
        drifts.stream()
            .filter(drift -> caughtBy(drift).isEmpty())
            .map(Drift::place)
            .collect(joining("; ")),
        joined(by.stream().map(ContractReport::name).toList()));
  }

  private List<Link> links(Collection<Integer> indexes) {
    return indexes.stream().map(i -> new Link(i + 1, interactions.get(i).description())).toList();
  }

  private static String joined(Collection<String> texts) {
    return texts.isEmpty() ? NONE : String.join(", ", texts);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
