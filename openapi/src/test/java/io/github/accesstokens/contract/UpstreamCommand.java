package io.github.accesstokens.contract;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Compares the description with the provider's document, and takes differences over from it. */
@Command(
    name = "upstream",
    description = "Compares the description with the provider's document.",
    mixinStandardHelpOptions = true)
final class UpstreamCommand {
  private static final int WIDEST = 60;

  private final Path openapi;
  private final HttpClient http;
  private final Duration timeout;
  private final PrintStream out;

  UpstreamCommand(Path openapi, HttpClient http, Duration timeout, PrintStream out) {
    this.openapi = openapi;
    this.http = http;
    this.timeout = timeout;
    this.out = out;
  }

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    HttpClient http =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(30))
            .build();
    Path openapi = Path.of(System.getProperty("openapi.directory", "openapi"));
    System.exit(
        commandLine(new UpstreamCommand(openapi, http, Duration.ofMinutes(2), System.out))
            .execute(arguments));
  }

  static CommandLine commandLine(UpstreamCommand command) {
    return new CommandLine(command)
        .setExecutionExceptionHandler(
            (failure, line, result) -> {
              if (failure instanceof UnreadableDocumentException unreadable) {
                line.getErr().println(unreadable.getMessage());
                return unreadable.verdict().exitCode();
              }
              throw failure;
            });
  }

  @Command(
      description = "Shows where the description differs from the provider's document.",
      mixinStandardHelpOptions = true)
  int compare(
      @Parameters(paramLabel = "DOCUMENT", description = "A file, or a URL with https.")
          String document,
      @Option(names = "--json", description = "Print JSON.") boolean json)
      throws InterruptedException {
    Comparison comparison = new Comparison(ProvidersDocument.read(document, http, timeout));
    out.print(json ? comparison.json() : comparison.table());
    return comparison.verdict().exitCode();
  }

  @Command(
      description = {
        "Takes differences over into the description,",
        "and keeps the document's shapes to compare with."
      },
      mixinStandardHelpOptions = true)
  int adopt(
      @Parameters(
              index = "0",
              paramLabel = "DOCUMENT",
              description = "A file, or a URL with https.")
          String document,
      @Parameters(
              index = "1..*",
              arity = "0..*",
              paramLabel = "PLACE",
              description = "As compare shows it.")
          @Nullable List<String> places,
      @Option(names = "--all", description = "All differences that are not deliberate.")
          boolean all,
      @Option(names = "--source", paramLabel = "NAME", description = "Where the document is from.")
          @Nullable String source,
      @Option(names = "--commit", paramLabel = "HASH", description = "The commit of the document.")
          @Nullable String commit,
      @Option(
              names = "--date",
              paramLabel = "YYYY-MM-DD",
              description = "The date of the document; today without it.")
          @Nullable LocalDate date)
      throws InterruptedException, IOException {
    ProvidersDocument theirs = ProvidersDocument.read(document, http, timeout);
    Comparison comparison = new Comparison(theirs);
    Set<String> wanted = places == null ? new LinkedHashSet<>() : new LinkedHashSet<>(places);
    if (all) {
      wanted.addAll(comparison.undecided());
    }
    Path file = openapi.resolve("service-tokens.yaml");
    String text = Files.readString(file);
    for (String place : wanted) {
      text = adopted(text, place, theirs.spec());
    }
    Map<String, String> origin = new LinkedHashMap<>();
    origin.put("source", source == null ? theirs.name() : source);
    origin.put("date", String.valueOf(date == null ? LocalDate.now(ZoneOffset.UTC) : date));
    if (commit != null) {
      origin.put("commit", commit);
    }
    origin.put("sha256", theirs.sha256());
    Spec extract = Extract.of(theirs.spec(), comparison.ours, origin);
    List<Difference> lost = Difference.between(theirs.spec(), extract);
    if (!lost.isEmpty()) {
      throw new UnreadableDocumentException(
          Verdict.NO_SUCH_DIFFERENCE,
          lost.get(0).place() + " of the document cannot be kept. Nothing was changed.");
    }
    write(
        openapi.resolve("upstream").resolve(Upstream.EXTRACT),
        "# Written by \"upstream adopt\"."
            + " The shapes of the provider's own document, without its text.\n"
            + DescriptionEditor.YAML.writeValueAsString(extract.root()),
        file,
        text);
    out.print("taken over into %s: %d%n".formatted(Findings.DESCRIPTION, wanted.size()));
    return Verdict.SAME.exitCode();
  }

  /** Refuses a change that does not remove exactly the difference. */
  private static String adopted(String text, String place, Spec theirs) {
    List<Difference> before = differences(text, theirs);
    Difference wanted =
        before.stream()
            .filter(difference -> difference.place().equals(place))
            .findFirst()
            .orElseThrow(
                () ->
                    new UnreadableDocumentException(
                        Verdict.NO_SUCH_DIFFERENCE, "There is no difference at " + place));
    try {
      String changed = DescriptionEditor.adopt(text, wanted);
      boolean exact =
          differences(changed, theirs).stream()
              .allMatch(left -> !left.isSameAs(wanted) && before.stream().anyMatch(left::isSameAs));
      if (exact) {
        return changed;
      }
      throw new IllegalArgumentException("it would change more than this place");
    } catch (IllegalArgumentException | UnreadableDocumentException | JacksonException e) {
      throw new UnreadableDocumentException(
          Verdict.NO_SUCH_DIFFERENCE,
          "%s has to be changed by hand: %s. Nothing was changed."
              .formatted(place, e.getMessage()));
    }
  }

  private static List<Difference> differences(String text, Spec theirs) {
    return Difference.between(new Spec(DescriptionEditor.YAML.readTree(text)), theirs);
  }

  /** Writes two files, or none. */
  private static void write(Path one, String oneText, Path other, String otherText) {
    Path oldOne = one.resolveSibling(one.getFileName() + ".old");
    Path newOne = one.resolveSibling(one.getFileName() + ".new");
    Path newOther = other.resolveSibling(other.getFileName() + ".new");
    try {
      if (Files.exists(one)) {
        Files.copy(one, oldOne, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.writeString(newOne, oneText);
      Files.writeString(newOther, otherText);
      Files.move(newOne, one, StandardCopyOption.ATOMIC_MOVE);
      Files.move(newOther, other, StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(oldOne);
    } catch (IOException e) {
      boolean restored = restored(one, oldOne, newOne, newOther);
      String left = restored ? "Nothing was changed." : "Restore " + one + " by hand.";
      throw new UnreadableDocumentException(
          Verdict.NOT_WRITTEN, "cannot write: " + e + ". " + left);
    }
  }

  private static boolean restored(Path one, Path oldOne, Path newOne, Path newOther) {
    try {
      if (!Files.deleteIfExists(newOne) && Files.exists(oldOne)) {
        Files.move(oldOne, one, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.deleteIfExists(oldOne);
      if (Files.isRegularFile(newOther)) {
        Files.delete(newOther);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A difference as the table shows it. The reason is empty if it is not deliberate. */
  private record Row(Difference difference, boolean breaks, String reason) {
    boolean isDeliberate() {
      return !reason.isEmpty();
    }
  }

  /** The description against one document. */
  private final class Comparison {
    private final ProvidersDocument document;
    private final Spec ours = Spec.read(openapi.resolve("service-tokens.yaml"));
    private final List<Upstream.Deliberate> deliberate =
        Upstream.deliberate(openapi.resolve("upstream"));
    private final List<Row> rows = new ArrayList<>();

    Comparison(ProvidersDocument document) {
      this.document = document;
      for (Difference difference : Difference.between(ours, document.spec())) {
        String reason =
            deliberate.stream()
                .filter(listed -> listed.is(difference))
                .map(Upstream.Deliberate::reason)
                .findFirst()
                .orElse("");
        rows.add(new Row(difference, difference.breaks(), reason));
      }
    }

    List<String> undecided() {
      return rows.stream()
          .filter(row -> !row.isDeliberate())
          .map(row -> row.difference.place())
          .toList();
    }

    List<String> stale() {
      return deliberate.stream()
          .filter(listed -> rows.stream().noneMatch(row -> listed.is(row.difference)))
          .map(Upstream.Deliberate::place)
          .toList();
    }

    Verdict verdict() {
      if (rows.stream().anyMatch(row -> row.breaks && !row.isDeliberate())) {
        return Verdict.BREAKING;
      }
      return undecided().isEmpty() && stale().isEmpty() ? Verdict.SAME : Verdict.COMPATIBLE;
    }

    String table() {
      List<String[]> lines = new ArrayList<>();
      lines.add(new String[] {"place", "ours", "theirs", "breaks callers", "deliberate"});
      for (Row row : rows) {
        lines.add(
            new String[] {
              plain(row.difference.place()),
              cut(row.difference.ours()),
              cut(row.difference.theirs()),
              row.breaks ? "yes" : "no",
              row.isDeliberate() ? "yes" : "no"
            });
      }
      int[] widths = new int[lines.get(0).length];
      for (String[] row : lines) {
        Arrays.setAll(widths, column -> Math.max(widths[column], row[column].length()));
      }
      StringBuilder table = new StringBuilder();
      for (String[] row : lines) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.length; column++) {
          line.append(row[column]);
          line.append(" ".repeat(widths[column] - row[column].length() + 2));
        }
        table.append(line.toString().stripTrailing()).append('\n');
      }
      for (String place : stale()) {
        table.append(
            "%s lists %s, where there is no such difference any more\n"
                .formatted(Upstream.DIFFERENCES, place));
      }
      return table.append(verdict()).append('\n').toString();
    }

    /** A name in the document must not end the block of code that shows the table. */
    private static String plain(String value) {
      return value.replaceAll("[`\\p{Cntrl}]", "?");
    }

    private static String cut(String value) {
      String plain = plain(value);
      return plain.length() <= WIDEST ? plain : plain.substring(0, WIDEST - 1) + "…";
    }

    String json() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("document", document.name());
      json.put("sha256", document.sha256());
      json.put("verdict", verdict().name());
      ArrayNode all = json.putArray("differences");
      for (Row row : rows) {
        ObjectNode one = all.addObject();
        one.put("place", row.difference.place());
        one.set("ours", row.difference.openApi(row.difference.our()));
        one.set("theirs", row.difference.openApi(row.difference.their()));
        one.put("breaks", row.breaks);
        if (row.isDeliberate()) {
          one.put("reason", row.reason);
        }
      }
      stale().forEach(json.putArray("noLongerDifferent")::add);
      return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }
  }
}
