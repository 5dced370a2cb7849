package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last place for a secret: a new file that only its owner can read. */
final class RescueFile {
  private RescueFile() {}

  /** Writes the text to the first directory that takes it. Returns the file, or null. */
  static @Nullable Path write(List<Path> directories, String text) {
    for (Path directory : directories) {
      try {
        return write(directory, text);
      } catch (IOException e) {
        // The next directory may be on another file system.
      }
    }
    return null;
  }

  private static Path write(Path directory, String text) throws IOException {
    Path file = Files.createTempFile(directory, "rotate-secret-", "").toAbsolutePath();
    // Not through a channel: an interrupt would close it.
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      out.write(text.getBytes(UTF_8));
      out.getFD().sync();
      return file;
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }
}
