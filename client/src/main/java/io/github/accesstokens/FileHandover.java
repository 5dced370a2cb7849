package io.github.accesstokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Stores the secret in a file that only its owner can read.
 *
 * <p>It writes a temporary file, flushes it to the disk and renames it. So the file always holds
 * either the complete old content or the complete new content. Needs a POSIX file system; on
 * Android, API 26.
 */
public final class FileHandover implements Handover {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path file;
  private final Function<Rotated, String> format;

  private FileHandover(Path file, Function<Rotated, String> format) {
    this.file = file;
    this.format = format;
  }

  /**
   * Returns a handover that writes the file in UTF-8.
   *
   * @param format returns the content of the file
   */
  @CheckReturnValue
  public static FileHandover to(Path file, Function<Rotated, String> format) {
    return new FileHandover(
        Objects.requireNonNull(file, "file"), Objects.requireNonNull(format, "format"));
  }

  @Override
  public Receiver prepare() throws IOException {
    // Follows a symbolic link, and replaces the file behind it and not the link.
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (Files.isSymbolicLink(target)) {
      throw new IOException(file + " is a symbolic link to a file that does not exist");
    }
    Path directory = target.getParent();
    if (directory == null || (Files.exists(target) && !Files.isRegularFile(target))) {
      throw new IOException(file + " exists and is not a regular file");
    }
    if (!Files.isDirectory(directory)) {
      throw new IOException(file + " is in a directory that does not exist");
    }
    // In the same directory, because a rename is atomic only within one file system.
    Path temporary = Files.createTempFile(directory, ".rotate-", ".tmp", OWNER_ONLY);
    try {
      return new TemporaryFile(
          target, temporary, FileChannel.open(temporary, StandardOpenOption.WRITE));
    } catch (IOException e) {
      Files.delete(temporary);
      throw e;
    }
  }

  private final class TemporaryFile implements Receiver {
    private final Path target;
    private final Path temporary;
    private final FileChannel channel;

    TemporaryFile(Path target, Path temporary, FileChannel channel) {
      this.target = target;
      this.temporary = temporary;
      this.channel = channel;
    }

    @Override
    public void receive(Rotated rotated) throws IOException {
      ByteBuffer content = UTF_8.encode(format.apply(rotated));
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
      channel.close();
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      // Flushes the directory too, or the rename may not survive a loss of power.
      try (FileChannel directory =
          FileChannel.open(Objects.requireNonNull(target.getParent()), StandardOpenOption.READ)) {
        directory.force(true);
      } catch (IOException e) {
        // The file is complete. Not every file system can flush a directory.
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        // The outcome of the rotation matters more than an empty file that remains.
      }
    }
  }
}
