package io.github.accesstokens.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A client that is measured as a whole: its own jar, if it has one, and what it needs to run. */
record Contender(String id, String mainClass, @Nullable Path jar, List<Path> libraries) {
  static final String CLASS_PATH = System.getProperty("java.class.path");
  static final Path DIRECTORY = Path.of(System.getProperty("benchmarks.directory"));
  static final Path API_AND_MODEL = DIRECTORY.resolve("api-and-model.jar");

  private static final Path CLIENT = Path.of(System.getProperty("benchmarks.client"));
  private static final String BASELINE = System.getProperty("benchmarks.baseline", "");
  private static final String RETROFIT =
      "retrofit okhttp okio-jvm kotlin-stdlib kotlin-stdlib-jdk7 kotlin-stdlib-jdk8 annotations ";
  private static final String STOCK =
      RETROFIT
          + "converter-scalars org.apache.oltu.oauth2.client org.apache.oltu.oauth2.common json"
          + " commons-codec slf4j-api swagger-annotations jsr305 jakarta.annotation-api ";
  private static final String JACKSON =
      "jackson-core jackson-annotations jackson-databind jackson-datatype-jsr310"
          + " jackson-databind-nullable ";
  private static final String OURS = RETROFIT + "converter-moshi moshi jspecify";

  /** Returns all contenders, this client first, and the baseline last if there is one. */
  static List<Contender> all() {
    List<Contender> contenders = new ArrayList<>();
    contenders.add(of("ours", "Ours", library("access-tokens-client"), OURS));
    contenders.add(
        of("gson", "Gson", STOCK + "converter-gson gson gson-fire error_prone_annotations"));
    contenders.add(of("jackson", "Jackson", STOCK + JACKSON + "converter-jackson javax.ws.rs-api"));
    contenders.add(of("native", "Jdk", JACKSON + "jsr305 jakarta.annotation-api"));
    contenders.add(of("retrofit", "BareRetrofit", null, RETROFIT));
    contenders.add(of("moshi", "BareMoshi", null, RETROFIT + "converter-moshi moshi"));
    if (!BASELINE.isEmpty()) {
      contenders.add(of("before", "Ours", Path.of(BASELINE), OURS));
    }
    return contenders;
  }

  private static Contender of(String id, String mainClass, String libraries) {
    return of(id, mainClass, DIRECTORY.resolve(id + ".jar"), libraries);
  }

  private static Contender of(String id, String mainClass, @Nullable Path jar, String libraries) {
    return new Contender(
        id,
        "io.github.accesstokens.benchmarks.Rotations$" + mainClass,
        jar,
        Pattern.compile(" ").splitAsStream(libraries.trim()).map(Contender::library).toList());
  }

  /** Finds a library on the class path by its name without the version. */
  private static Path library(String name) {
    Pattern file = Pattern.compile(Pattern.quote(name) + "-\\d.*\\.jar");
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(CLASS_PATH)
        .map(Path::of)
        .filter(path -> file.matcher(path.getFileName().toString()).matches())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("not on the class path: " + name));
  }

  /** Returns the class path of the benchmarks with the baseline in place of this client. */
  static String classPathOfBaseline() {
    return CLASS_PATH.replace(library("access-tokens-client").toString(), BASELINE);
  }

  /** Returns the same client with another version of a library. */
  Contender with(String library, Path jar) {
    Path replaced = library(library);
    return new Contender(
        id,
        mainClass,
        this.jar,
        libraries.stream().map(other -> other.equals(replaced) ? jar : other).toList());
  }

  /** Returns the main class of the app that is shrunk. */
  String app() {
    return mainClass.replace("Rotations$", "ShrunkApps$");
  }

  boolean isBefore() {
    return id.equals("before");
  }

  /** Returns its own jar, its libraries, and the jar with the main classes. */
  List<Path> jars() {
    return Stream.of(Stream.ofNullable(jar), libraries.stream(), mains())
        .flatMap(jars -> jars)
        .toList();
  }

  private static Stream<Path> mains() {
    return Stream.of(DIRECTORY.resolve("mains.jar"));
  }

  /** Returns the milliseconds from main to the first rotation in a fresh JVM. */
  double coldStart(int port, String... options) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            jars().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
            mainClass,
            Integer.toString(port)));
    return Double.parseDouble(Jvm.run(arguments));
  }

  /** Writes the classes of a rotation to an archive, which later JVMs map into memory. */
  void archiveClasses(int port) throws IOException, InterruptedException {
    // Without this option, the JVM prints a warning for each class that it leaves out.
    coldStart(port, "-Xlog:disable", "-XX:ArchiveClassesAtExit=" + archive());
  }

  Path archive() {
    return DIRECTORY.resolve(id + ".jsa");
  }

  double loadedClasses(int port) throws IOException, InterruptedException {
    Path log = DIRECTORY.resolve(id + "-classes.txt");
    coldStart(port, "-Xlog:disable", "-Xlog:class+load:file=" + log);
    return Files.readAllLines(log).size();
  }

  double sizeWithDependencies() throws IOException {
    long size = jar == null ? 0 : Files.size(jar);
    for (Path library : libraries) {
      size += Files.size(library);
    }
    return size;
  }

  double generatedLines() throws IOException {
    Path sources =
        id.equals("ours")
            ? CLIENT.resolve("target/generated-sources/openapi/src/main/java")
            : DIRECTORY.resolve(id).resolve("src/main/java");
    long lines = 0;
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        lines += Files.readAllLines(file).size();
      }
    }
    return lines;
  }
}
