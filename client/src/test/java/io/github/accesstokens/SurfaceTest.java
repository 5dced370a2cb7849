package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is generated and what is public, against reviewed listings. The build runs it first. */
@Tag("surface")
class SurfaceTest {
  private static final String ACCEPT =
      "If the change is meant, accept it and look at the difference:"
          + " mvn -q verify -pl client -am -Daccept=true";
  private static final Path GENERATED = Path.of("target/generated-sources/openapi/src/main/java");
  private static final Path CLASSES = Path.of("target/classes");

  @Test
  void emittedFiles_areListed() throws IOException {
    assertListed(Path.of("generated-files.txt"), filesBelow(GENERATED, ".java"));
  }

  @Test
  void publicSurface_isListed() throws IOException {
    assertListed(Path.of("public-api.txt"), publicSurface());
  }

  /** A released member may go only when the breaking part of the version changes. */
  @Test
  void releasedMember_isStillThere() throws IOException {
    List<String> released = Files.readAllLines(Path.of("released/public-api.txt"));
    String version = released.get(0).replace("# ", "");
    if (breakingPart(version).equals(breakingPart(ClientVersion.VERSION))) {
      List<String> missing = new ArrayList<>(members(released.subList(1, released.size())));
      missing.removeAll(members(publicSurface()));
      if (!missing.isEmpty()) {
        missing.replaceAll(
            member -> "client, " + member + ": is missing, but is public in " + version);
        fail(missing, "A release without it needs a new version: see Release in CONTRIBUTING.md");
      }
    }
  }

  /** The public types and their members, as javap prints them. */
  private static List<String> publicSurface() throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("-protected", "-constants", "-cp", CLASSES.toString()));
    for (String file : filesBelow(CLASSES, ".class")) {
      if (!file.endsWith("package-info.class")) {
        arguments.add(file.replace(".class", "").replace('/', '.'));
      }
    }
    StringWriter printed = new StringWriter();
    StringWriter errors = new StringWriter();
    ToolProvider javap = ToolProvider.findFirst("javap").orElseThrow();
    int exit =
        javap.run(
            new PrintWriter(printed), new PrintWriter(errors), arguments.toArray(String[]::new));
    assertThat(exit).as(errors.toString()).isZero();
    return Stream.of(printed.toString().split("(?<=\n}\n)"))
        .map(type -> type.replaceFirst("Compiled from .*\n", ""))
        .filter(type -> type.startsWith("public "))
        .flatMap(String::lines)
        .toList();
  }

  /** Before 1.0 the breaking part is the minor version, after it the major one. */
  private static String breakingPart(String version) {
    return version.replaceFirst(version.startsWith("0.") ? "(0\\.\\d+).*" : "(\\d+).*", "$1");
  }

  /** Returns each line, and each interface of a type, below the type that it belongs to. */
  private static List<String> members(List<String> lines) {
    List<String> members = new ArrayList<>();
    String type = "";
    for (String line : lines) {
      if (line.startsWith("public ")) {
        List<String> parts = List.of(line.replace(" {", "").split(" implements |, ", -1));
        type = parts.get(0);
        members.add(type);
        for (String implemented : parts.subList(1, parts.size())) {
          members.add(type + " implements " + implemented);
        }
      } else {
        members.add((type + " " + line.trim()).trim());
      }
    }
    return members;
  }

  private static List<String> filesBelow(Path directory, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(suffix))
          .map(file -> directory.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  /** Reports each entry that differs in one line. */
  private static void assertListed(Path listing, List<String> lines) throws IOException {
    if (Boolean.getBoolean("accept")) {
      Files.write(listing, lines);
    }
    Map<String, String> listed = entries(Files.readAllLines(listing));
    Map<String, String> actual = entries(lines);
    Set<String> entries = new LinkedHashSet<>(listed.keySet());
    entries.addAll(actual.keySet());
    entries.removeIf(entry -> Objects.equals(listed.get(entry), actual.get(entry)));
    if (!entries.isEmpty()) {
      List<String> findings = new ArrayList<>();
      for (String entry : entries) {
        String was = listed.get(entry);
        String is = actual.get(entry);
        findings.add(
            "client/%s, %s: %s"
                .formatted(
                    listing,
                    entry,
                    was == null
                        ? "is new"
                        : is == null ? "is missing" : "is " + is + ", but was " + was));
      }
      fail(findings, ACCEPT);
    }
  }

  /** By the member: the value of a constant, or an empty text. */
  private static Map<String, String> entries(List<String> lines) {
    Map<String, String> entries = new LinkedHashMap<>();
    for (String member : members(lines)) {
      String[] parts = member.split(" = ", 2);
      entries.put(parts[0], parts.length == 1 ? "" : parts[1].replaceFirst(";$", ""));
    }
    return entries;
  }

  private static void fail(List<String> findings, String command) {
    AssertionError error =
        new AssertionError("\n  " + String.join("\n  ", findings) + "\n" + command);
    // The lines of this test say nothing about the findings.
    error.setStackTrace(new StackTraceElement[0]);
    throw error;
  }
}
