package io.github.accesstokens;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collection;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The files beside a target: {@code .NAME.123.tmp} for the next content, {@code .NAME.123.copy} of
 * what the target holds, and {@code NAME.unproven} for a secret that may not be the current one.
 * They are used only while the target is locked.
 */
@NeedsAndroid(26)
final class SideFiles {
  private static final String TEMPORARY = ".tmp";
  private static final String COPY = ".copy";

  private final Path directory;
  private final String name;

  SideFiles(Path target) {
    this.directory = Objects.requireNonNull(target.getParent());
    this.name = String.valueOf(target.getFileName());
  }

  /** Creates an empty file, in the same directory because a rename stays in one file system. */
  Path createTemporary() throws IOException {
    return Files.createTempFile(directory, "." + name + ".", TEMPORARY, AccessRights.OWNER_ONLY);
  }

  /** Returns the name of the copy that belongs to a temporary file. */
  static Path copyOf(Path temporary) {
    String name = String.valueOf(temporary.getFileName());
    return temporary.resolveSibling(name.substring(0, name.length() - TEMPORARY.length()) + COPY);
  }

  /**
   * Cleans up after processes that were killed. Deletes what holds no secret, and keeps the rest as
   * unproven: nobody knows whether it is current.
   *
   * @param temporary the file that is in use now
   * @param owners the users whose files are trusted
   */
  void recover(Path temporary, Collection<UserPrincipal> owners) throws IOException {
    Pattern names = Pattern.compile(Pattern.quote("." + name + ".") + "\\d+\\.(tmp|copy)");
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(
            directory, file -> names.matcher(String.valueOf(file.getFileName())).matches())) {
      for (Path file : found) {
        if (!file.equals(temporary)
            && (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || isProof(file))
            && owners.contains(Files.getOwner(file, LinkOption.NOFOLLOW_LINKS))) {
          recover(file);
        }
      }
    }
  }

  /** Returns whether it is a directory that a {@link RenameProof} used. */
  private static boolean isProof(Path file) {
    return isCopy(file) && Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isCopy(Path file) {
    return file.toString().endsWith(COPY);
  }

  private void recover(Path file) throws IOException {
    AccessRights.makeOwnerOnly(file);
    if (isCopy(file) || isEmptyWithoutZeros(file)) {
      Files.delete(file);
    } else {
      keepUnproven(file);
    }
  }

  /** Removes the reserved zeros at the end, and returns whether nothing else was there. */
  private static boolean isEmptyWithoutZeros(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    int length = content.length;
    while (length > 0 && content[length - 1] == 0) {
      length--;
    }
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(length);
    }
    return length == 0;
  }

  /** Renames a file to the first free name for unproven secrets, and returns its path. */
  Path keepUnproven(Path file) throws IOException {
    Path unproven = directory.resolve(name + ".unproven");
    for (int number = 2; RealPath.exists(unproven); number++) {
      unproven = directory.resolve(name + ".unproven-" + number);
    }
    Files.move(file, unproven);
    return unproven;
  }
}
