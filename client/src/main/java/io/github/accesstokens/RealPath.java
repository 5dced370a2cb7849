package io.github.accesstokens;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/** Follows the symbolic links of a path, except those that another user may have planted. */
final class RealPath {
  private RealPath() {}

  /**
   * Returns the path of a file that is there, or of one that can be created.
   *
   * @throws IOException if it is not a regular file, its directory does not exist, or another user
   *     may have planted a part of the path
   */
  static Path of(Path file) throws IOException {
    Path real = follow(file.toAbsolutePath());
    Path directory = real.getParent();
    if (directory == null || (exists(real) && !Files.isRegularFile(real))) {
      throw problem(file, "it exists and is not a regular file");
    }
    if (!Files.isDirectory(directory)) {
      throw problem(file, "its directory does not exist");
    }
    if (Files.getFileAttributeView(directory, PosixFileAttributeView.class) == null) {
      throw problem(file, "its file system has no owner-only files");
    }
    if (exists(real)) {
      refusePlanted(real, directory);
    }
    return real;
  }

  /** Returns whether there is anything at the path, even a link to nothing. */
  static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static Path follow(Path path) throws IOException {
    Path real = Objects.requireNonNull(path.getRoot());
    Deque<Path> names = new ArrayDeque<>();
    path.forEach(names::addLast);
    while (!names.isEmpty()) {
      Path directory = real;
      // A real directory, so that ".." is its parent.
      real = directory.resolve(names.removeFirst()).normalize();
      if (Files.isSymbolicLink(real)) {
        // Of a loop too.
        if (!Files.exists(real)) {
          throw problem(real, real + " is a symbolic link to a file that does not exist");
        }
        refusePlanted(real, directory);
        Path next = directory.resolve(Files.readSymbolicLink(real));
        Deque<Path> rest = names;
        names = new ArrayDeque<>();
        next.forEach(names::addLast);
        names.addAll(rest);
        real = Objects.requireNonNull(next.getRoot());
      }
    }
    return real;
  }

  /** Applies Linux's rule for protected_symlinks, which is off on some systems. */
  private static void refusePlanted(Path path, Path directory) throws IOException {
    PosixFileAttributes there = Files.readAttributes(directory, PosixFileAttributes.class);
    if (!there.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      return;
    }
    UserPrincipal owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
    if (!owner.equals(there.owner()) && !owner.equals(user())) {
      throw problem(
          path,
          path
              + " belongs to user "
              + owner.getName()
              + ", in a directory where every user can create files; use another directory");
    }
  }

  private static FileSystemException problem(Path file, String reason) {
    return new FileSystemException(file.toString(), null, reason);
  }

  /** Returns the user that owns the files of this process. Java 8 has no other way. */
  private static UserPrincipal user() throws IOException {
    Path file = Files.createTempFile("rotate-", ".tmp");
    try {
      return Files.getOwner(file);
    } finally {
      Files.delete(file);
    }
  }
}
