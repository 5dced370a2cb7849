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

  /**
   * Returns the bytes of the dex file of an app that rotates with this contender.
   *
   * @throws IOException if the app no longer works: shrunk in the same way for the JVM, it is run
   */
  static double dexSize(Contender contender, Path mains, int port)
      throws IOException, InterruptedException {
    Path jar = DIRECTORY.resolve("shrunk.jar");
    shrink(contender, mains, jar, "--classfile");
    Processes.run(
        List.of(
            Processes.java(),
            "-cp",
            jar.toString(),
            contender.mainClass(),
            Integer.toString(port)));
    Path dex = Files.createDirectories(DIRECTORY.resolve("dex"));
    shrink(contender, mains, dex, "--min-api", "26");
    return Files.size(dex.resolve("classes.dex"));
  }

  private static void shrink(Contender contender, Path mains, Path output, String... options)
      throws IOException, InterruptedException {
    Path rules = DIRECTORY.resolve("rules.txt");
    Files.writeString(
        rules,
        "-keep class %s { public static void main(java.lang.String[]); }\n-dontwarn **\n"
            .formatted(contender.mainClass()));
    List<String> command =
        new ArrayList<>(
            List.of(
                Processes.java(),
                "-cp",
                DIRECTORY.resolve("r8.jar").toString(),
                "com.android.tools.r8.R8",
                "--release",
                "--lib",
                DIRECTORY.resolve("android.jar").toString(),
                "--lib",
                System.getProperty("java.home"),
                "--pg-conf",
                rules.toString(),
                // Without one, what it has would stay in the app.
                "--pg-map-output",
                DIRECTORY.resolve("map.txt").toString(),
                "--output",
                output.toString()));
    command.addAll(List.of(options));
    Stream.concat(Stream.ofNullable(contender.jar()), contender.libraries().stream())
        .map(Path::toString)
        .forEach(command::add);
    command.add(mains.toString());
    Processes.run(command);
  }
}
