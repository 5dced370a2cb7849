package io.github.accesstokens;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The mode, the owner and the group of a file with a secret. */
@NeedsAndroid(26)
final class AccessRights {
  static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Set<PosixFilePermission> OF_THE_OWNER =
      PosixFilePermissions.fromString("rwx------");

  private final @Nullable Set<PosixFilePermission> mode;
  private final @Nullable GroupPrincipal group;

  /**
   * Creates rights.
   *
   * @param mode null for the rights of the previous file's owner
   * @param group null for the group of the previous file
   */
  AccessRights(@Nullable Set<PosixFilePermission> mode, @Nullable GroupPrincipal group) {
    this.mode = mode;
    this.group = group;
  }

  AccessRights withMode(Set<PosixFilePermission> mode) {
    return new AccessRights(mode, group);
  }

  AccessRights withGroup(GroupPrincipal group) {
    return new AccessRights(mode, group);
  }

  static PosixFileAttributes of(Path file) throws IOException {
    return view(file).readAttributes();
  }

  private static PosixFileAttributeView view(Path file) {
    return Objects.requireNonNull(
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS));
  }

  /** Returns whether both files have the same mode, owner and group. */
  static boolean areEqual(PosixFileAttributes one, PosixFileAttributes other) {
    return one.owner().equals(other.owner())
        && one.group().equals(other.group())
        && one.permissions().equals(other.permissions());
  }

  /** Takes all rights of the group and of others away. */
  static void makeOwnerOnly(Path file) throws IOException {
    Files.setPosixFilePermissions(file, OWNER_ONLY.value());
  }

  /**
   * Gives a file these rights.
   *
   * @param previous the file that it replaces; null if there is none
   */
  void applyTo(Path file, @Nullable PosixFileAttributes previous) throws IOException {
    PosixFileAttributeView view = view(file);
    Set<PosixFilePermission> permissions = permissions(previous);
    if (previous != null && !previous.owner().equals(view.getOwner())) {
      try {
        view.setOwner(previous.owner());
      } catch (IOException e) {
        // A matter of rights; losses() reports it.
      }
    }
    GroupPrincipal wanted = group == null && previous != null ? previous.group() : group;
    if (wanted != null && !wanted.equals(view.readAttributes().group())) {
      try {
        view.setGroup(wanted);
      } catch (IOException e) {
        // Another group must not get the rights that are meant for this one.
        if (group != null || !OF_THE_OWNER.containsAll(permissions)) {
          throw new FileSystemException(
              file.toString(),
              null,
              "it cannot get the group " + wanted.getName() + "; run as a member of the group");
        }
      }
    }
    // The view would open and close the file, and POSIX then releases the lock on it.
    Files.setPosixFilePermissions(file, permissions);
  }

  private Set<PosixFilePermission> permissions(@Nullable PosixFileAttributes previous) {
    if (mode != null) {
      return mode;
    }
    if (previous == null) {
      return OWNER_ONLY.value();
    }
    Set<PosixFilePermission> kept = EnumSet.copyOf(OF_THE_OWNER);
    kept.retainAll(previous.permissions());
    return kept;
  }

  /** Returns a sentence for each party that can read the previous file and not the next one. */
  static List<String> losses(Path file, PosixFileAttributes previous, PosixFileAttributes next) {
    Set<PosixFilePermission> before = previous.permissions();
    Set<PosixFilePermission> after = next.permissions();
    List<String> losers = new ArrayList<>();
    if (!previous.owner().equals(next.owner())) {
      losers.add("user " + previous.owner().getName() + ", its owner,");
    }
    if (before.contains(PosixFilePermission.GROUP_READ)
        && !(after.contains(PosixFilePermission.GROUP_READ)
            && previous.group().equals(next.group()))) {
      losers.add("group " + previous.group().getName());
    }
    if (before.contains(PosixFilePermission.OTHERS_READ)
        && !after.contains(PosixFilePermission.OTHERS_READ)) {
      losers.add("every user");
    }
    losers.replaceAll(
        loser -> loser + " can read " + file + " now, and will not after the rotation");
    return losers;
  }
}
