package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Proves that standard output can take a secret.
 *
 * <p>The JVM replaces a closed descriptor with {@code /dev/null} or with a file of its own that it
 * reads. Writing to {@code /dev/null} succeeds, so the type of the file is checked too.
 */
final class StandardOutput {
  private static final Path DESCRIPTOR = Path.of("/dev/fd/1");
  private static final int TYPE = 0170000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int REGULAR_FILE = 0100000;

  /** More than a secret in any format needs. */
  private static final int RESERVED_BYTES = 16 * 1024;

  private StandardOutput() {}

  /**
   * Checks that standard output can take a secret.
   *
   * @param blank what the format of the secret ignores at its start; a pipe gets it
   * @throws IOException if the secret would be lost
   */
  static void prove(BooleanSupplier isTerminal, String blank) throws IOException {
    int type = type();
    if (type == BLOCK_DEVICE || (type == CHARACTER_DEVICE && !isTerminal.getAsBoolean())) {
      throw new IOException("it is a device such as /dev/null");
    }
    // Never closed: that would close standard output itself.
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    if (type == REGULAR_FILE) {
      proveSpace(out.getChannel());
    } else {
      // A line break would separate the progress line from what erases it.
      out.write((type == CHARACTER_DEVICE ? "\r" : blank).getBytes(US_ASCII));
    }
  }

  /** Returns the type of the file, or 0 on a system that does not show it. */
  private static int type() {
    try {
      return (int) Files.getAttribute(DESCRIPTOR, "unix:mode") & TYPE;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return 0;
    }
  }

  /** Writes line breaks to the end of the file, flushes them to the disk and removes them. */
  private static void proveSpace(FileChannel file) throws IOException {
    ByteBuffer padding = ByteBuffer.wrap("\n".repeat(RESERVED_BYTES).getBytes(US_ASCII));
    long end = file.size();
    try {
      while (padding.hasRemaining()) {
        file.write(padding, end + padding.position());
      }
      file.force(false);
    } finally {
      // Another process may append to the file too. What it wrote stays.
      if (padding.position() > 0 && file.size() == end + padding.position()) {
        file.truncate(end);
      }
    }
  }
}
