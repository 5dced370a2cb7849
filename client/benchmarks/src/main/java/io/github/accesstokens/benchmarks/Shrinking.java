package io.github.accesstokens.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Shrinks an app that makes one rotation with R8, as Android builds do. */
final class Shrinking {
  private static final Path DIRECTORY = Path.of(System.getProperty("benchmarks.directory"));

  private Shrinking() {}

  /** Returns the bytes of the app's dex file. */
  static double dexSize(Contender contender) throws IOException, InterruptedException {
    Path dex = Files.createDirectories(DIRECTORY.resolve("dex"));
    shrink(contender, dex, "--min-api", "26");
    return Files.size(dex.resolve("classes.dex"));
  }

  /**
   * Shrinks the app for the JVM and runs it.
   *
   * @throws IOException if the shrunk app fails
   */
  static void run(Contender contender, int port) throws IOException, InterruptedException {
    Path jar = DIRECTORY.resolve("shrunk.jar");
    shrink(contender, jar, "--classfile");
    Jvm.run(List.of("-cp", jar.toString(), contender.mainClass(), Integer.toString(port)));
  }

  private static void shrink(Contender contender, Path output, String... options)
      throws IOException, InterruptedException {
    Path rules = DIRECTORY.resolve("rules.txt");
    Files.writeString(
        rules,
        "-keep class %s { public static void main(java.lang.String[]); }\n-dontwarn **\n"
            .formatted(contender.mainClass()));
    List<String> arguments =
        new ArrayList<>(
            List.of(
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
                // Without this file, R8 keeps its content in the app.
                "--pg-map-output",
                DIRECTORY.resolve("map.txt").toString(),
                "--output",
                output.toString()));
    arguments.addAll(List.of(options));
    contender.jars().forEach(jar -> arguments.add(jar.toString()));
    Jvm.run(arguments);
  }
}
