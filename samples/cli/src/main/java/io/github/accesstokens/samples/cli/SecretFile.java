package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that only its owner reads, made ready before the rotation and put in place after it. */
final class SecretFile implements AutoCloseable {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path target;
  private final Path temporary;
  private final FileChannel channel;

  private SecretFile(Path target, Path temporary, FileChannel channel) {
    this.target = target;
    this.temporary = temporary;
    this.channel = channel;
  }

  /** Finds out now what would fail once the secret is there. */
  static SecretFile prepare(Path file) throws BadInputException {
    try {
      // A link is followed, so that the file it leads to is replaced and not the link.
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      Path directory = target.getParent();
      if (directory == null || (Files.exists(target) && !Files.isRegularFile(target))) {
        throw new BadInputException("--secret-file " + file + " is there and no regular file");
      }
      if (Files.isSymbolicLink(target)) {
        throw new BadInputException("--secret-file " + file + " is a link that leads nowhere");
      }
      if (!Files.isDirectory(directory)) {
        throw new BadInputException(
            "--secret-file " + file + " is in a directory that is not there");
      }
      // The same directory: only within a file system is a move atomic.
      Path temporary = Files.createTempFile(directory, ".rotate-", ".tmp", OWNER_ONLY);
      return new SecretFile(
          target, temporary, FileChannel.open(temporary, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw new BadInputException("--secret-file " + file + " cannot be written: " + reason(e));
    } catch (UnsupportedOperationException e) {
      throw new BadInputException(
          "--secret-file " + file + " is on a file system that cannot keep a file to its owner");
    }
  }

  /** Puts the content in place of whatever the file held, all of it or nothing. */
  void commit(String content) throws IOException {
    ByteBuffer bytes = UTF_8.encode(content);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
    channel.close();
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Leaves nothing behind of a file that was not committed. */
  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The outcome matters more than a file that is left over.
    }
  }

  /** Why it failed; the exceptions for files often hold a path and no words. */
  static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "access denied";
    }
    String reason =
        failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
    return reason == null ? failure.getClass().getSimpleName() : reason;
  }
}
