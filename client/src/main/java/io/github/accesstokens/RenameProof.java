package io.github.accesstokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import org.jspecify.annotations.Nullable;

/** Tries whether a temporary file can be renamed to its target, without a secret in it. */
@NeedsAndroid(26)
final class RenameProof {
  /** The field of a line of mountinfo. */
  private static final int MOUNT_POINT = 4;

  private final Path target;
  private final Path temporary;
  private final Path copy;

  RenameProof(Path target, Path temporary) {
    this.target = target;
    this.temporary = temporary;
    this.copy = SideFiles.copyOf(temporary);
  }

  /** Renames the temporary file and undoes it. The target, which is not there, never appears. */
  void ofTemporary() throws IOException {
    Files.move(temporary, copy, StandardCopyOption.ATOMIC_MOVE);
    Files.move(copy, temporary, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Renames a copy of the target to the target.
   *
   * @return null if that works; otherwise why only writing in place works
   * @throws IOException if writing in place does not work either
   */
  @Nullable String overTarget(PosixFileAttributes previous) throws IOException {
    String failure;
    try {
      // A copy with other rights would already take them away, so it is not renamed.
      failure = copyTarget(previous) ? rename(copy, target) : renameDirectory();
    } finally {
      Files.deleteIfExists(copy);
    }
    if (failure != null) {
      proveWritingInPlace(previous, failure);
    }
    return failure;
  }

  /** Returns null if it works, otherwise the reason. */
  private static @Nullable String rename(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      return null;
    } catch (IOException e) {
      return reason(e);
    }
  }

  /**
   * Renames an empty directory to the target. That always fails and changes nothing. Linux checks
   * first whether this user may replace the target, and then that it is no directory. It does not
   * ask the server of a network file system.
   *
   * @return null if this user may replace the target, otherwise the reason
   */
  private @Nullable String renameDirectory() throws IOException {
    if (isMountPoint()) {
      return "it is a mount point";
    }
    Files.deleteIfExists(copy);
    Files.createDirectory(copy);
    String failure = rename(copy, target);
    if (failure == null) {
      Files.delete(target);
      throw problem("another process has just deleted it");
    }
    return failure.equals(rename(copy, temporary)) ? null : failure;
  }

  /** Returns whether the copy has the same rights as the target. */
  private boolean copyTarget(PosixFileAttributes previous) throws IOException {
    try {
      Files.copy(target, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    } catch (AccessDeniedException e) {
      return false;
    }
    // Without it, the target may be empty after a loss of power.
    flush(copy);
    return AccessRights.areEqual(previous, AccessRights.of(copy));
  }

  /** Returns whether Linux has mounted something on the target, so that no rename replaces it. */
  private boolean isMountPoint() throws IOException {
    Path mounts = Paths.get("/proc/self/mountinfo");
    if (!Files.isReadable(mounts)) {
      throw problem(
          "a copy cannot get its owner, group and mode, so no rename can be tried; run as its"
              + " owner");
    }
    String escaped = target.toString().replace("\\", "\\134").replace(" ", "\\040");
    for (String mount : new String(Files.readAllBytes(mounts), UTF_8).split("\n", -1)) {
      String[] fields = mount.split(" ", -1);
      if (fields.length > MOUNT_POINT && fields[MOUNT_POINT].equals(escaped)) {
        return true;
      }
    }
    return false;
  }

  private void proveWritingInPlace(PosixFileAttributes previous, String renameFailure)
      throws IOException {
    try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
      // Only its owner may do this. Another user's file must not get the secret.
      Files.setPosixFilePermissions(target, previous.permissions());
      file.force(true);
    } catch (IOException e) {
      throw problem(
          "it can be neither replaced ("
              + renameFailure
              + ") nor written in place ("
              + reason(e)
              + "); use a file that this user may replace");
    }
    if (Files.getFileStore(target).getUsableSpace() < Replacement.RESERVED_BYTES) {
      throw problem("its file system is full; free some space");
    }
  }

  private FileSystemException problem(String reason) {
    return new FileSystemException(target.toString(), null, reason);
  }

  /** Flushes a file or a directory to the disk. */
  static void flush(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Returns a reason in words. Many file exceptions have only a path as their message. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "access denied: " + ((AccessDeniedException) e).getFile();
    }
    String reason =
        e instanceof FileSystemException ? ((FileSystemException) e).getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }
}
