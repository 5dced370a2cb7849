package io.github.accesstokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.model.ServiceToken;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A file that is about to be replaced: locked, and proven to be replaceable. */
@NeedsAndroid(26)
final class Replacement implements Handover.Receiver {
  static final int RESERVED_BYTES = 64 * 1024;

  private final Path target;
  private final Function<ServiceToken, @Nullable String> format;
  private final AccessRights rights;
  private final TargetLock lock;
  private final SideFiles sideFiles;
  private Path temporary;
  private RandomAccessFile content;
  private final @Nullable PosixFileAttributes previous;
  private @Nullable RandomAccessFile inPlace;
  private boolean isWritten;
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
      RealPath path,
      Function<ServiceToken, @Nullable String> format,
      AccessRights rights,
      Consumer<String> warnings)
      throws IOException {
    Path target = path.file();
    TargetLock lock = TargetLock.of(target);
    Replacement replacement = null;
    try {
      replacement = new Replacement(target, format, rights, lock);
      UserPrincipal user = Files.getOwner(replacement.temporary);
      path.refusePlanted(user);
      replacement.prove(user).forEach(warnings);
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
  private List<String> prove(UserPrincipal user) throws IOException {
    List<String> warnings = new ArrayList<>();
    write(content, new byte[RESERVED_BYTES]);
    Set<UserPrincipal> owners = new HashSet<>(Collections.singleton(user));
    if (previous != null) {
      owners.add(previous.owner());
    }
    sideFiles.recover(temporary, owners);
    rights.applyTo(temporary, previous);
    RenameProof rename = new RenameProof(target, temporary);
    if (previous == null) {
      rename.ofTemporary();
    } else {
      warnings.addAll(AccessRights.losses(target, previous, AccessRights.of(temporary)));
      String failure = rename.overTarget(previous);
      if (failure == null) {
        lock.releaseTarget();
      } else {
        inPlace = TargetLock.openLocked(target);
        warnings.add(target + " is written in place, because a rename fails: " + failure);
      }
    }
    // Makes the name durable before the secret is written.
    flushDirectory();
    return warnings;
  }

  @Override
  public void receive(Rotated rotated) throws IOException {
    writeTemporary(rotated.getToken());
    try {
      if (inPlace != null) {
        rights.applyTo(target, previous);
        write(inPlace, Files.readAllBytes(temporary));
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
    if (isWritten) {
      // The file before it belongs to another secret now.
      content.close();
      temporary = sideFiles.createTemporary();
      content = new RandomAccessFile(temporary.toFile(), "rw");
      holdsTheOnlyCopy = false;
    }
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
    isWritten = true;
    write(content, text.getBytes(UTF_8));
    holdsTheOnlyCopy = true;
  }

  private IOException isIn(Path file, IOException e) {
    return new IOException(
        target + " cannot be written: " + RenameProof.reason(e) + "; the new secret is in " + file,
        e);
  }

  /** Overwrites the file, so that its space is used again, and flushes it. */
  private static void write(RandomAccessFile file, byte[] bytes) throws IOException {
    file.seek(0);
    file.write(bytes);
    file.setLength(bytes.length);
    file.getFD().sync();
  }

  /** Without it, a created or renamed file may not survive a loss of power. */
  private void flushDirectory() {
    try {
      RenameProof.flush(Objects.requireNonNull(target.getParent()));
    } catch (IOException e) {
      // Not every file system can flush a directory.
    }
  }

  @Override
  public void close() {
    try {
      try {
        content.close();
        if (!holdsTheOnlyCopy) {
          Files.deleteIfExists(temporary);
        }
      } finally {
        // Last: the next rotation deletes the temporary files that it finds.
        try {
          if (inPlace != null) {
            inPlace.close();
          }
        } finally {
          lock.close();
        }
      }
    } catch (IOException e) {
      // The outcome of the rotation matters more than a file that remains.
    }
  }
}
