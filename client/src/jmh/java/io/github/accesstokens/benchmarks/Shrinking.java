package io.github.accesstokens.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What an Android app weighs that R8 has shrunk around one rotation. */
final class Shrinking {
  private static final Path DIRECTORY = Path.of(System.getProperty("benchmarks.directory"));

  private Shrinking() {}

  /** Returns the bytes of the dex file of an app that rotates with this contender. */
  static double dexSize(Contender contender, Path mains) throws IOException, InterruptedException {
    Path rules = DIRECTORY.resolve("rules.txt");
    Files.writeString(
        rules,
        "-keep class %s { public static void main(java.lang.String[]); }\n-dontwarn **\n"
            .formatted(contender.mainClass()));
    Path dex = Files.createDirectories(DIRECTORY.resolve("dex"));
    List<String> shrink =
        new ArrayList<>(
            List.of(
                Processes.java(),
                "-cp",
                DIRECTORY.resolve("r8.jar").toString(),
                "com.android.tools.r8.R8",
                "--release",
                "--min-api",
                "26",
                "--lib",
                DIRECTORY.resolve("android.jar").toString(),
                "--lib",
                System.getProperty("java.home"),
                "--pg-conf",
                rules.toString(),
                "--output",
                dex.toString()));
    Stream.concat(Stream.ofNullable(contender.jar()), contender.libraries().stream())
        .map(Path::toString)
        .forEach(shrink::add);
    shrink.add(mains.toString());
    Processes.run(shrink);
    return Files.size(dex.resolve("classes.dex"));
  }
}
