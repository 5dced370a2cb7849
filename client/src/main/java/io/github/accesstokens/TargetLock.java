package io.github.accesstokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The right to replace a file, for one rotation at a time. It is an advisory lock on a file beside
 * it, which the system releases when the process ends, however it ends.
 *
 * <p>The holder deletes the file while it is locked. So a process can lock a file that has just
 * been deleted. It holds the lock only if the file at the path is still the one that it locked.
 *
 * <p>A file that is written in place is locked too, because it can have another path, for example
 * in another container. The lock has these limits:
 *
 * <ul>
 *   <li>It covers one host, because many network file systems have no locks.
 *   <li>A rename replaces one hard link of a file. The other hard links have locks of their own.
 *   <li>A process that replaces a file does not see that another process writes it in place.
 *   <li>POSIX releases the lock when its process closes any other channel of the file. In that
 *       process, a read of the target or a refused attempt of a second class loader does so.
 * </ul>
 */
@NeedsAndroid(26)
final class TargetLock implements Closeable {
  private static final int MAX_TRIES = 100;
  private static final int MAX_TEXT = 500;
  private static final String START = "process ";
  private static final String IN_THIS_PROCESS = "another rotation of this process";
  private static final Set<OpenOption> OPEN_OR_CREATE =
      new HashSet<>(
          Arrays.asList(
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS));

  /**
   * The lock files and targets that this process holds. POSIX releases a lock when its process
   * closes any channel of the file, so a file in this set is not even opened.
   */
  private static final Set<Object> HELD = new HashSet<>();

  private final Path file;
  private final FileChannel byPath;
  private final FileLock lock;
  private final Set<Object> held;

  private TargetLock(Path file, FileChannel byPath, FileLock lock, Set<Object> held) {
    this.file = file;
    this.byPath = byPath;
    this.lock = lock;
    this.held = held;
  }

  /**
   * Locks a file.
   *
   * @throws HandoverInUseException if somebody else holds the lock
   */
  static TargetLock of(Path target) throws IOException {
    Path file = target.resolveSibling("." + target.getFileName() + ".lock");
    Set<Object> held = hold(target, file);
    try {
      for (int tries = 0; tries < MAX_TRIES; tries++) {
        TargetLock lock = tryLock(target, file, held);
        if (lock != null) {
          return lock;
        }
      }
      throw inUse(target, "several other processes");
    } catch (Throwable e) {
      release(held);
      throw e;
    }
  }

  private static Set<Object> hold(Path target, Path file) throws IOException {
    Set<Object> held = new HashSet<>(Collections.singleton(file));
    if (RealPath.exists(target)) {
      Object inode = Files.readAttributes(target, BasicFileAttributes.class).fileKey();
      held.add(Objects.requireNonNull(inode, "inode"));
    }
    synchronized (HELD) {
      if (!Collections.disjoint(HELD, held)) {
        throw inUse(target, IN_THIS_PROCESS);
      }
      HELD.addAll(held);
    }
    return held;
  }

  private static void release(Set<Object> held) {
    synchronized (HELD) {
      HELD.removeAll(held);
    }
    held.clear();
  }

  /** Releases a target that was replaced, because another file can get its inode. */
  void releaseTarget() {
    Set<Object> target = new HashSet<>(held);
    target.remove(file);
    held.removeAll(target);
    release(target);
  }

  /**
   * Opens a target that is written in place, and locks it until the returned file is closed.
   *
   * @throws HandoverInUseException if somebody else holds the lock
   */
  static RandomAccessFile openLocked(Path target) throws IOException {
    // Not a FileChannel: an interrupted thread closes one, and the secret would not be written.
    RandomAccessFile opened = new RandomAccessFile(target.toFile(), "rw");
    try {
      if (opened.getChannel().tryLock() == null) {
        throw inUse(target, "another process");
      }
      return opened;
    } catch (OverlappingFileLockException e) {
      opened.close();
      throw inUse(target, IN_THIS_PROCESS);
    } catch (Throwable e) {
      opened.close();
      throw e;
    }
  }

  /** Returns null if the locked file is no longer at the path. */
  private static @Nullable TargetLock tryLock(Path target, Path file, Set<Object> held)
      throws IOException {
    FileChannel channel = FileChannel.open(file, OPEN_OR_CREATE, AccessRights.OWNER_ONLY);
    TargetLock locked = null;
    try {
      FileLock lock = lock(channel, target);
      FileChannel byPath =
          FileChannel.open(
              file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      if (isLocked(byPath)) {
        locked = new TargetLock(file, byPath, lock, held);
        locked.sayWhoHoldsIt();
      } else {
        byPath.close();
      }
      return locked;
    } catch (NoSuchFileException e) {
      return null;
    } catch (Throwable e) {
      if (locked != null) {
        locked.close();
      }
      throw e;
    } finally {
      if (locked == null) {
        channel.close();
      }
    }
  }

  private static FileLock lock(FileChannel channel, Path target) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      throw inUse(target, IN_THIS_PROCESS);
    }
    String holder = read(channel);
    boolean isKnown = holder.startsWith(START);
    if (lock == null) {
      throw inUse(target, isKnown ? firstLine(holder) : "another process");
    }
    if (!isKnown && !holder.isEmpty()) {
      throw new FileSystemException(target.toString(), null, "its lock file has other content");
    }
    return lock;
  }

  /** Returns whether this process has locked the file of a channel through another channel. */
  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      channel.tryLock();
      return false;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  private static HandoverInUseException inUse(Path target, String holder) {
    return new HandoverInUseException(target + " is being written by " + holder);
  }

  private static String firstLine(String text) {
    return text.split("\n", 2)[0];
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MAX_TEXT);
    while (text.hasRemaining() && channel.read(text, text.position()) > 0) {
      // Reads to the end of the file or of the buffer.
    }
    return new String(text.array(), 0, text.position(), UTF_8);
  }

  private void sayWhoHoldsIt() throws IOException {
    String text =
        START
            + processId()
            + " on host "
            + host()
            + " since "
            + Instant.now().truncatedTo(ChronoUnit.SECONDS)
            + '\n';
    byPath.truncate(0);
    byPath.write(UTF_8.encode(text), 0);
  }

  /** Java 8 has no call for it, and Android lacks the call of older JDKs. */
  private static String processId() {
    try {
      return Files.readSymbolicLink(Paths.get("/proc/self")).toString();
    } catch (IOException e) {
      return "of unknown id";
    }
  }

  /** Not from InetAddress, which may wait for a name server. */
  private static String host() {
    try {
      byte[] name = Files.readAllBytes(Paths.get("/proc/sys/kernel/hostname"));
      return firstLine(new String(name, UTF_8));
    } catch (IOException e) {
      return "of unknown name";
    }
  }

  @Override
  public void close() throws IOException {
    if (!lock.isValid()) {
      return;
    }
    // Deletes it while it is locked: later it may be the file of the next holder.
    try {
      Files.deleteIfExists(file);
    } finally {
      try {
        lock.channel().close();
        byPath.close();
      } finally {
        release(held);
      }
    }
  }
}
