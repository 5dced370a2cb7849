package io.github.accesstokens;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * The path of a file without symbolic links. Refuses what another user may have planted:
 *
 * <ul>
 *   <li>a symbolic link, unless it belongs to this user, to root or to the owner of the file's
 *       directory;
 *   <li>a file or a directory in a directory where every user can create files, unless it belongs
 *       to this user, to root or to the owner of that directory.
 * </ul>
 *
 * <p>Root is the user who owns the root directory.
 */
@NeedsAndroid(26)
final class RealPath {
  private final Path file;

  /** Each link, directory and file on the way. */
  private final List<Path> parts;

  private RealPath(Path file, List<Path> parts) {
    this.file = file;
    this.parts = parts;
  }

  /**
   * Follows the links to a file that is there, or to one that can be created.
   *
   * @throws IOException if it is not a regular file, or its directory does not exist
   */
  static RealPath of(Path file) throws IOException {
    List<Path> parts = new ArrayList<>();
    Path real = follow(file.toAbsolutePath(), parts);
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
    return new RealPath(real, parts);
  }

  /** Returns whether there is anything at the path, even a link to nothing. */
  static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static Path follow(Path path, List<Path> parts) throws IOException {
    Path real = Objects.requireNonNull(path.getRoot());
    Deque<Path> names = new ArrayDeque<>();
    path.forEach(names::addLast);
    while (!names.isEmpty()) {
      Path directory = real;
      // A real directory, so that ".." is its parent.
      real = directory.resolve(names.removeFirst()).normalize();
      if (exists(real)) {
        parts.add(real);
      }
      if (Files.isSymbolicLink(real)) {
        // A loop of links does not exist either.
        if (!Files.exists(real)) {
          throw problem(real, real + " is a symbolic link to a file that does not exist");
        }
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

  Path file() {
    return file;
  }

  /**
   * Refuses a path that another user may have planted.
   *
   * @param user the user of this process
   */
  void refusePlanted(UserPrincipal user) throws IOException {
    UserPrincipal root = Files.getOwner(Objects.requireNonNull(file.getRoot()));
    for (Path part : parts) {
      Path directory = part.getParent();
      boolean isLink = Files.isSymbolicLink(part);
      if (directory == null || !(isLink || isOpenToEveryUser(directory))) {
        continue;
      }
      UserPrincipal owner = Files.getOwner(part, LinkOption.NOFOLLOW_LINKS);
      Path trusted = isLink ? Objects.requireNonNull(file.getParent()) : directory;
      if (!Arrays.asList(user, root, Files.getOwner(trusted)).contains(owner)) {
        throw problem(
            part,
            part
                + (isLink ? " is a symbolic link that belongs to user " : " belongs to user ")
                + owner.getName()
                + (isLink
                    ? "; use the path of the file itself"
                    : ", in a directory where every user can create files; use another directory"));
      }
    }
  }

  private static boolean isOpenToEveryUser(Path directory) throws IOException {
    return Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE);
  }

  private static FileSystemException problem(Path file, String reason) {
    return new FileSystemException(file.toString(), null, reason);
  }
}
