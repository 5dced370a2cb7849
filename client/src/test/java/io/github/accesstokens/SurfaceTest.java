package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is generated and what is public, against reviewed listings. To accept a change: {@code mvn
 * -pl client -am verify -Dsurface.accept=true}, then look at the difference.
 */
class SurfaceTest {
  private static final Path GENERATED = Path.of("target/generated-sources/openapi/src/main/java");
  private static final Path CLASSES = Path.of("target/classes");

  @Test
  void emittedFiles_areListed() throws IOException {
    assertListed(Path.of("generated-files.txt"), filesBelow(GENERATED, ".java"));
  }

  @Test
  void publicSurface_isListed() throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("-protected", "-constants", "-cp", CLASSES.toString()));
    for (String file : filesBelow(CLASSES, ".class")) {
      if (!file.endsWith("package-info.class")) {
        arguments.add(file.replace(".class", "").replace('/', '.'));
      }
    }
    StringWriter printed = new StringWriter();
    ToolProvider javap = ToolProvider.findFirst("javap").orElseThrow();
    int exit =
        javap.run(
            new PrintWriter(printed), new PrintWriter(printed), arguments.toArray(String[]::new));
    assertThat(exit).as(printed.toString()).isZero();
    List<String> publicTypes =
        Stream.of(printed.toString().split("(?<=\n}\n)"))
            .map(type -> type.replaceFirst("Compiled from .*\n", ""))
            .filter(type -> type.startsWith("public "))
            .flatMap(String::lines)
            .toList();
    assertListed(Path.of("public-api.txt"), publicTypes);
  }

  /** A released member may go only when the breaking part of the version changes. */
  @Test
  void releasedMember_isStillThere() throws IOException {
    List<String> released = Files.readAllLines(Path.of("released/public-api.txt"));
    String releasedVersion = released.get(0).replace("# ", "");
    if (breakingPart(releasedVersion).equals(breakingPart(ClientVersion.VERSION))) {
      List<String> members = members(Files.readAllLines(Path.of("public-api.txt")));
      assertThat(members(released.subList(1, released.size())))
          .filteredOn(member -> !members.contains(member))
          .as("public in %s, and missing in %s", releasedVersion, ClientVersion.VERSION)
          .isEmpty();
    }
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
        members.add(type + " " + line.trim());
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

  private static void assertListed(Path listing, List<String> lines) throws IOException {
    if (Boolean.getBoolean("surface.accept")) {
      Files.write(listing, lines);
    }
    List<String> listed = members(Files.readAllLines(listing));
    List<String> actual = members(lines);
    List<String> difference = new ArrayList<>();
    listed.stream().filter(line -> !actual.contains(line)).forEach(l -> difference.add("- " + l));
    actual.stream().filter(line -> !listed.contains(line)).forEach(l -> difference.add("+ " + l));
    assertThat(difference)
        .as("client/%s; if the change is intended, run with -Dsurface.accept=true", listing)
        .isEmpty();
  }
}
