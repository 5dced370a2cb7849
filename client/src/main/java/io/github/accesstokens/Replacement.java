package io.github.accesstokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.model.ServiceToken;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A file that is about to be replaced: locked, and proven to be replaceable. */
final class Replacement implements Handover.Receiver {
  private static final int RESERVED_BYTES = 64 * 1024;
  private static final int STICKY = 01000;

  private final Path target;
  private final Function<ServiceToken, @Nullable String> format;
  private final AccessRights rights;
  private final TargetLock lock;
  private final SideFiles sideFiles;
  private final Path temporary;
  private final RandomAccessFile content;
  private final @Nullable PosixFileAttributes previous;
  private final List<String> warnings = new ArrayList<>();
  private boolean writesInPlace;
  private boolean holdsTheOnlyCopy;

  private Replacement(
      Path target,
      Function<ServiceToken, @Nullable String> format,
      AccessRights rights,
      TargetLock lock)
      throws IOException {
    this.target = target;
    this.format = format;
    this.rights = rights;
    this.lock = lock;
    this.sideFiles = new SideFiles(target);
    this.previous = RealPath.exists(target) ? AccessRights.of(target) : null;
    this.temporary = sideFiles.createTemporary();
    // Not a FileChannel: an interrupted thread closes one, and the secret would not be written.
    this.content = new RandomAccessFile(temporary.toFile(), "rw");
  }

  /** Locks the file and proves that it can be replaced. */
  static Replacement prepare(
      Path target, Function<ServiceToken, @Nullable String> format, AccessRights rights)
      throws IOException {
    TargetLock lock = TargetLock.of(target);
    Replacement replacement = null;
    try {
      replacement = new Replacement(target, format, rights, lock);
      replacement.prove();
      return replacement;
    } catch (Throwable e) {
      if (replacement == null) {
        lock.close();
      } else {
        replacement.close();
      }
      throw e;
    }
  }

  /** Returns what the caller should know before the rotation. */
  List<String> warnings() {
    return warnings;
  }

  private void prove() throws IOException {
    write(content, new byte[RESERVED_BYTES]);
    UserPrincipal user = Files.getOwner(temporary);
    Set<UserPrincipal> owners = new HashSet<>(Collections.singleton(user));
    if (previous != null) {
      owners.add(previous.owner());
    }
    sideFiles.recover(temporary, owners);
    rights.applyTo(temporary, previous);
    Path copy = SideFiles.copyOf(temporary);
    try {
      if (previous == null) {
        Files.move(temporary, copy, StandardCopyOption.ATOMIC_MOVE);
        Files.move(copy, temporary, StandardCopyOption.ATOMIC_MOVE);
      } else {
        warnings.addAll(AccessRights.losses(target, previous, AccessRights.of(temporary)));
        proveReplacing(previous, copy, user);
      }
    } finally {
      Files.deleteIfExists(copy);
    }
    // So that the temporary file has its name when it gets the secret.
    flushDirectory();
  }

  private void proveReplacing(PosixFileAttributes previous, Path copy, UserPrincipal user)
      throws IOException {
    if (!copyTarget(previous, copy)) {
      // A copy with other rights would already take them away, so no copy is renamed.
      refuseStickyDirectory(previous, user);
      return;
    }
    try {
      Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      proveWritingInPlace(previous, e);
      writesInPlace = true;
      warnings.add(
          target
              + " cannot be replaced in one step ("
              + reason(e)
              + "), so it is written in place");
    }
  }

  /** Returns whether the copy is the same as the target. */
  private boolean copyTarget(PosixFileAttributes previous, Path copy) throws IOException {
    try {
      Files.copy(target, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      flush(copy);
    } catch (AccessDeniedException e) {
      return false;
    }
    return AccessRights.areEqual(previous, AccessRights.of(copy));
  }

  private void refuseStickyDirectory(PosixFileAttributes previous, UserPrincipal user)
      throws IOException {
    int mode = (Integer) Files.getAttribute(directory(), "unix:mode");
    if ((mode & STICKY) != 0
        && !user.equals(previous.owner())
        && !user.equals(Files.getOwner(directory()))) {
      throw problem(
          "it belongs to user "
              + previous.owner().getName()
              + ", and its directory lets nobody else replace it; run as that user");
    }
  }

  private void proveWritingInPlace(PosixFileAttributes previous, IOException failedRename)
      throws IOException {
    try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
      // Only its owner may do this. Another user's file must not get the secret.
      Files.setPosixFilePermissions(target, previous.permissions());
      file.force(true);
    } catch (IOException e) {
      throw problem(
          "it can be neither replaced ("
              + reason(failedRename)
              + ") nor written in place ("
              + reason(e)
              + "); use a file that this user may replace");
    }
    if (Files.getFileStore(target).getUsableSpace() < RESERVED_BYTES) {
      throw problem("its file system is full; free some space");
    }
  }

  private FileSystemException problem(String reason) {
    return new FileSystemException(target.toString(), null, reason);
  }

  @Override
  public void receive(Rotated rotated) throws IOException {
    writeTemporary(rotated.getToken());
    try {
      if (writesInPlace) {
        rights.applyTo(target, previous);
        try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
          write(file, Files.readAllBytes(temporary));
        }
      } else {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw isIn(temporary, e);
    }
    holdsTheOnlyCopy = false;
    flushDirectory();
  }

  @Override
  public String receiveUnproven(ServiceToken token) throws IOException {
    AccessRights.makeOwnerOnly(temporary);
    writeTemporary(token);
    Path unproven;
    try {
      unproven = sideFiles.keepUnproven(temporary);
    } catch (IOException e) {
      throw isIn(temporary, e);
    }
    holdsTheOnlyCopy = false;
    flushDirectory();
    return unproven.toString();
  }

  private void writeTemporary(ServiceToken token) throws IOException {
    String text = Objects.requireNonNull(format.apply(token), "format returned null");
    write(content, text.getBytes(UTF_8));
    holdsTheOnlyCopy = true;
  }

  private IOException isIn(Path file, IOException e) {
    return new IOException(
        target + " cannot be written: " + reason(e) + "; the new secret is in " + file, e);
  }

  /** Overwrites the file, so that its space is used again, and flushes it. */
  private static void write(RandomAccessFile file, byte[] bytes) throws IOException {
    file.seek(0);
    file.write(bytes);
    file.setLength(bytes.length);
    file.getFD().sync();
  }

  private static void flush(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Without it, a created or renamed file may not survive a loss of power. */
  private void flushDirectory() {
    try {
      flush(directory());
    } catch (IOException e) {
      // Not every file system can flush a directory.
    }
  }

  private Path directory() {
    return Objects.requireNonNull(target.getParent());
  }

  /** Returns a reason in words. Many file exceptions have only a path as their message. */
  static String reason(IOException e) {
    String reason =
        e instanceof FileSystemException ? ((FileSystemException) e).getReason() : e.getMessage();
    if (e instanceof AccessDeniedException) {
      return "access denied";
    }
    return reason == null ? e.getClass().getSimpleName() : reason;
  }

  @Override
  public void close() {
    try {
      content.close();
      if (!holdsTheOnlyCopy) {
        Files.deleteIfExists(temporary);
      }
      lock.close();
    } catch (IOException e) {
      // The outcome of the rotation matters more than a file that remains.
    }
  }
}
