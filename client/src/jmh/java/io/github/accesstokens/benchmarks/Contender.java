package io.github.accesstokens.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A client that is compared as a whole: its own jar, if it has one, and what it needs to run. */
record Contender(String id, String mainClass, @Nullable Path jar, List<Path> libraries) {
  private static final Path DIRECTORY = Path.of(System.getProperty("benchmarks.directory"));
  private static final Path PEERS = Path.of(System.getProperty("benchmarks.peers"));
  private static final Path OUR_SOURCES =
      DIRECTORY.resolveSibling("generated-sources/openapi/src/main/java");
  private static final String PACKAGE = "io/github/accesstokens";
  private static final String STOCK =
      "retrofit converter-scalars okhttp okio okio-jvm kotlin-stdlib kotlin-stdlib-jdk7"
          + " kotlin-stdlib-jdk8 annotations org.apache.oltu.oauth2.client"
          + " org.apache.oltu.oauth2.common json commons-codec slf4j-api swagger-annotations jsr305"
          + " jakarta.annotation-api ";
  private static final String JACKSON =
      "jackson-core jackson-annotations jackson-databind jackson-datatype-jsr310"
          + " jackson-databind-nullable ";

  /** Returns all contenders, ours first, after making those jars that the build does not make. */
  static List<Contender> all() throws IOException {
    String retrofit =
        "retrofit okhttp okio okio-jvm kotlin-stdlib kotlin-stdlib-jdk7 kotlin-stdlib-jdk8"
            + " annotations ";
    return List.of(
        of(
            "ours",
            "Ours",
            Path.of(System.getProperty("benchmarks.jar")),
            retrofit + "converter-moshi moshi jspecify"),
        of(
            "gson",
            "Gson",
            jar("gson", "peers/gson"),
            STOCK + "converter-gson gson gson-fire error_prone_annotations"),
        of(
            "jackson",
            "Jackson",
            jar("jackson", "peers/jackson"),
            STOCK + JACKSON + "converter-jackson javax.ws.rs-api"),
        of("native", "Jdk", jar("native", "peers/jdk"), JACKSON + "jsr305 jakarta.annotation-api"),
        of("retrofit", "BareRetrofit", null, retrofit),
        of("moshi", "BareMoshi", null, retrofit + "converter-moshi moshi"));
  }

  private static Contender of(String id, String mainClass, @Nullable Path jar, String libraries) {
    return new Contender(
        id,
        "io.github.accesstokens.benchmarks.Rotations$" + mainClass,
        jar,
        Pattern.compile(" ").splitAsStream(libraries.trim()).map(Contender::library).toList());
  }

  /** All jars of the contender, and the one with the mains of the cold starts. */
  String classPath(Path mains) {
    return Stream.concat(
            Stream.concat(Stream.ofNullable(jar), libraries.stream()), Stream.of(mains))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Bytes of the jar and of everything that it needs. */
  double closureSize() throws IOException {
    long size = jar == null ? 0 : Files.size(jar);
    for (Path file : libraries) {
      size += Files.size(file);
    }
    return size;
  }

  double generatedLines() throws IOException {
    Path sources = id.equals("ours") ? OUR_SOURCES : DIRECTORY.resolve(id + "/src/main/java");
    long lines = 0;
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        lines += Files.readAllLines(file).size();
      }
    }
    return lines;
  }

  /** Bytes of a jar with the generated part of ours alone. */
  static double generatedPartOfOurs() throws IOException {
    return Files.size(jar("generated", Path.of(System.getProperty("benchmarks.ours")), "", true));
  }

  private static Path library(String name) {
    Pattern file = Pattern.compile(".*/" + Pattern.quote(name) + "-\\d[^/]*\\.jar");
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(System.getProperty("java.class.path"))
        .filter(entry -> file.matcher(entry.replace('\\', '/')).matches())
        .findFirst()
        .map(Path::of)
        .orElseThrow(() -> new IllegalStateException("not on the class path: " + name));
  }

  private static Path jar(String name, String below) throws IOException {
    return jar(name, PEERS, below, false);
  }

  /** Packs the mains: an archive of classes wants jars. */
  static Path mains() throws IOException {
    return jar("mains", Path.of(System.getProperty("benchmarks.mains")), "benchmarks", false);
  }

  /** Packs the classes below a package, all of them or those that are not written by hand. */
  private static Path jar(String name, Path root, String below, boolean generatedOnly)
      throws IOException {
    Path target = DIRECTORY.resolve(name + ".jar");
    try (OutputStream file = Files.newOutputStream(target);
        JarOutputStream jar = new JarOutputStream(file);
        Stream<Path> classes = Files.walk(root.resolve(PACKAGE).resolve(below))) {
      for (Path entry : classes.filter(Files::isRegularFile).sorted().toList()) {
        String path = root.relativize(entry).toString().replace('\\', '/');
        if (!generatedOnly
            || Files.exists(OUR_SOURCES.resolve(path.replaceFirst("(\\$.*)?\\.class", ".java")))) {
          jar.putNextEntry(new JarEntry(path));
          Files.copy(entry, jar);
          jar.closeEntry();
        }
      }
    }
    return target;
  }
}
