package io.github.accesstokens.benchmarks;

import com.android.tools.r8.CompilationFailedException;
import com.android.tools.r8.L8;
import com.android.tools.r8.L8Command;
import com.android.tools.r8.R8;
import com.android.tools.r8.R8Command;
import com.android.tools.r8.origin.Origin;
import com.android.tools.r8.tracereferences.TraceReferences;
import com.android.tools.r8.tracereferences.TraceReferencesCommand;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Shrinks the {@link ShrunkApps} with R8 in its full mode, as Android builds do. */
final class Shrinking {
  private static final Path DIRECTORY = Contender.DIRECTORY;
  private static final List<String> QUIET =
      List.of("--map-diagnostics", "warning", "none", "--map-diagnostics", "info", "none");
  private static final List<String> LIBRARIES =
      List.of(
          "--lib",
          DIRECTORY.resolve("android.jar").toString(),
          "--lib",
          System.getProperty("java.home"));

  /** Core library desugaring, which gives old Android java.time. */
  private static final List<String> DESUGARING =
      List.of("--desugared-lib", DIRECTORY.resolve("META-INF/desugar/d8/desugar.json").toString());

  private static final List<String> DESUGARED =
      List.of(
          DIRECTORY.resolve("desugar_jdk_libs_nio.jar").toString(),
          DIRECTORY.resolve("desugar_jdk_libs_configuration_nio.jar").toString());

  /** The lowest API level that the client supports, and the lowest without desugaring. */
  static final List<Integer> API_LEVELS = List.of(21, 26);

  private Shrinking() {}

  /** A dex file. */
  record Dex(Path file, long bytes, int methodReferences) {
    private static final int METHOD_IDS_SIZE = 0x58;

    /** Reads the only dex file of a directory. */
    static Dex in(Path directory) throws IOException {
      Path file = directory.resolve("classes.dex");
      if (Files.exists(directory.resolve("classes2.dex"))) {
        throw new IOException("more than one dex file in " + directory);
      }
      byte[] content = Files.readAllBytes(file);
      int methods = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(METHOD_IDS_SIZE);
      return new Dex(file, content.length, methods);
    }
  }

  /** Returns the app for Android. */
  static Dex dex(Contender contender, int apiLevel) throws IOException {
    Path directory = DIRECTORY.resolve("dex").resolve(contender.id() + "-" + apiLevel);
    Files.createDirectories(directory);
    shrink(
        contender,
        directory,
        Stream.concat(
            Stream.of("--min-api", Integer.toString(apiLevel)),
            apiLevel < 26 ? DESUGARING.stream() : Stream.empty()));
    return Dex.in(directory);
  }

  /** Returns the part of the desugared library that an app for API 21 needs. */
  static Dex desugaredLibrary(Dex app) throws IOException {
    Path all = DIRECTORY.resolve("desugared.jar");
    Path rules = DIRECTORY.resolve("desugared-rules.txt");
    Path directory = Files.createDirectories(app.file().resolveSibling("desugared"));
    try {
      desugar(List.of("--classfile", "--output", all.toString()));
      TraceReferences.run(
          TraceReferencesCommand.parse(
                  arguments(
                      List.of(
                          List.of("--keep-rules", "--target", all.toString()),
                          List.of("--source", app.file().toString(), "--output", rules.toString()),
                          // OkHttp names classes of platforms that are not there.
                          List.of(
                              "--map-diagnostics:MissingDefinitionsDiagnostic", "error", "none"),
                          LIBRARIES)),
                  Origin.root())
              .build());
      desugar(List.of("--pg-conf", rules.toString(), "--output", directory.toString()));
    } catch (CompilationFailedException e) {
      throw new IOException(e);
    }
    return Dex.in(directory);
  }

  private static void desugar(List<String> options) throws CompilationFailedException {
    L8.run(
        L8Command.parse(
                arguments(
                    List.of(
                        List.of("--release", "--min-api", "21"),
                        options,
                        QUIET,
                        LIBRARIES,
                        DESUGARING,
                        DESUGARED)),
                Origin.root())
            .build());
  }

  /** Returns the jar of the app, shrunk for the JVM. */
  static Path jar(Contender contender) throws IOException {
    Path jar = DIRECTORY.resolve(contender.id() + "-shrunk.jar");
    shrink(contender, jar, Stream.of("--classfile"));
    return jar;
  }

  private static void shrink(Contender contender, Path output, Stream<String> options)
      throws IOException {
    Path rules = DIRECTORY.resolve("rules.txt");
    Files.writeString(
        rules,
        "-keep class %s { public static void main(java.lang.String[]); }\n-dontwarn **\n"
            .formatted(contender.app()));
    List<String> outputs =
        List.of(
            "--release",
            "--pg-conf",
            rules.toString(),
            // Without this file, R8 keeps its content in the app.
            "--pg-map-output",
            DIRECTORY.resolve(contender.id() + "-map.txt").toString(),
            "--output",
            output.toString());
    try {
      R8.run(
          R8Command.parse(
                  arguments(
                      List.of(
                          outputs,
                          QUIET,
                          LIBRARIES,
                          options.toList(),
                          contender.jars().stream()
                              .map(Path::toString)
                              // R8 refuses classes that are there twice, and the jar of its client
                              // has the same.
                              .filter(jar -> !jar.contains("org.apache.oltu.oauth2.common"))
                              .toList())),
                  Origin.root())
              .build());
    } catch (CompilationFailedException e) {
      throw new IOException(e);
    }
  }

  private static String[] arguments(List<List<String>> parts) {
    return parts.stream().flatMap(List::stream).toArray(String[]::new);
  }
}
