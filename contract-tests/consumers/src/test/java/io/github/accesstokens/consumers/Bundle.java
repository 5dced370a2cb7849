package io.github.accesstokens.consumers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The directory that the profile "release" stages. It has the layout of a Maven repository. */
final class Bundle {
  static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  static final Path DIRECTORY = ROOT.resolve("target/bundle");
  static final String VERSION = System.getProperty("version");
  static final List<String> JARS =
      List.of(
          "access-tokens-client",
          "access-tokens-generator",
          "access-tokens-openapi",
          "access-tokens-stub-provider");

  private Bundle() {}

  /** Returns a file of an artifact, for example with the suffix {@code -sources.jar}. */
  static Path file(String artifact, String suffix) {
    return DIRECTORY
        .resolve("io/github/accesstokens")
        .resolve(artifact)
        .resolve(VERSION)
        .resolve(artifact + "-" + VERSION + suffix);
  }

  /** Returns the paths of all published files. */
  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(DIRECTORY)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  static List<String> entries(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
    }
  }

  static String text(Path jar, String entry) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return new String(file.getInputStream(file.getEntry(entry)).readAllBytes(), UTF_8);
    }
  }
}
