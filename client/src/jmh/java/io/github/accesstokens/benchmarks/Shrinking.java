package io.github.accesstokens.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** What our classes weigh in an Android app that R8 has shrunk around one rotation. */
final class Shrinking {
  private static final Path DIRECTORY = Path.of(System.getProperty("benchmarks.directory"));
  private static final Pattern OURS =
      Pattern.compile("io\\.github\\.accesstokens\\.(?!benchmarks\\.)\\S+ -> (\\S+):");

  private Shrinking() {}

  /** Returns the bytes of a dex file with our classes alone, whose tables it shares with nobody. */
  static double dexSize(Contender ours, Path mains) throws IOException, InterruptedException {
    Path rules = DIRECTORY.resolve("rules.txt");
    Files.writeString(
        rules,
        "-keep class %s { public static void main(java.lang.String[]); }\n-dontwarn **\n"
            .formatted(ours.mainClass()));
    Path map = DIRECTORY.resolve("map.txt");
    Path shrunk = DIRECTORY.resolve("shrunk.jar");
    List<String> shrink = tool("R8", shrunk);
    shrink.addAll(
        List.of("--classfile", "--pg-conf", rules.toString(), "--pg-map-output", map.toString()));
    Stream.concat(Stream.ofNullable(ours.jar()), ours.libraries().stream())
        .map(Path::toString)
        .forEach(shrink::add);
    shrink.add(mains.toString());
    Processes.run(shrink);

    Path own = DIRECTORY.resolve("own.jar");
    try (ZipFile from = new ZipFile(shrunk.toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(own))) {
      for (String line : Files.readAllLines(map)) {
        Matcher name = OURS.matcher(line);
        ZipEntry entry =
            name.matches() ? from.getEntry(name.group(1).replace('.', '/') + ".class") : null;
        // Without one, R8 has merged the class into another.
        if (entry != null) {
          to.putNextEntry(new ZipEntry(entry.getName()));
          try (InputStream bytes = from.getInputStream(entry)) {
            bytes.transferTo(to);
          }
        }
      }
    }
    Path dex = Files.createDirectories(DIRECTORY.resolve("dex"));
    List<String> convert = tool("D8", dex);
    convert.addAll(List.of("--min-api", "26", "--classpath", shrunk.toString(), own.toString()));
    Processes.run(convert);
    return Files.size(dex.resolve("classes.dex"));
  }

  private static List<String> tool(String name, Path output) {
    return new ArrayList<>(
        List.of(
            Processes.java(),
            "-cp",
            DIRECTORY.resolve("r8.jar").toString(),
            "com.android.tools.r8." + name,
            "--release",
            "--lib",
            DIRECTORY.resolve("android.jar").toString(),
            "--lib",
            System.getProperty("java.home"),
            "--output",
            output.toString()));
  }
}
