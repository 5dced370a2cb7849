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
 * Keeps the secret in a file that only its owner reads.
 *
 * <p>The content is written aside, flushed to the disk and put in place in one step: whatever
 * happens, the file holds the old content or the new one, whole. Needs a POSIX file system. Android
 * has it from API 26.
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

  /** Writes what the format makes of a rotation, in UTF-8. */
  public static FileHandover to(Path file, Function<Rotated, String> format) {
    return new FileHandover(
        Objects.requireNonNull(file, "file"), Objects.requireNonNull(format, "format"));
  }

  @Override
  public Receiver prepare() throws IOException {
    // A link is followed, so that the file it leads to is replaced and not the link.
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (Files.isSymbolicLink(target)) {
      throw new IOException(file + " is a link that leads nowhere");
    }
    Path directory = target.getParent();
    if (directory == null || (Files.exists(target) && !Files.isRegularFile(target))) {
      throw new IOException(file + " is there and no regular file");
    }
    if (!Files.isDirectory(directory)) {
      throw new IOException(file + " is in a directory that is not there");
    }
    // The same directory: only within a file system is a move atomic.
    Path temporary = Files.createTempFile(directory, ".rotate-", ".tmp", OWNER_ONLY);
    try {
      return new Aside(target, temporary, FileChannel.open(temporary, StandardOpenOption.WRITE));
    } catch (IOException e) {
      Files.delete(temporary);
      throw e;
    }
  }

  private final class Aside implements Receiver {
    private final Path target;
    private final Path temporary;
    private final FileChannel channel;

    Aside(Path target, Path temporary, FileChannel channel) {
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
      // The directory too, or the move may not outlive a loss of power.
      try (FileChannel directory =
          FileChannel.open(Objects.requireNonNull(target.getParent()), StandardOpenOption.READ)) {
        directory.force(true);
      } catch (IOException e) {
        // The file is there and whole; not every file system can flush a directory.
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        // What became of the rotation matters more than an empty file that is left over.
      }
    }
  }
}
