package io.github.accesstokens;

import io.github.accesstokens.api.InvalidArgumentException;
import io.github.accesstokens.model.ServiceToken;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stores the secret in a file. Needs a POSIX file system and, on Android, API 26.
 *
 * <p>It writes a temporary file, flushes it to the disk and renames it. So the file always holds
 * either the complete old content or the complete new content.
 *
 * <p>No rename can replace some files, for example a bind mount of one file. They are written in
 * place. A reader may then see a part of the new content. The complete new content stays in the
 * temporary file until the file itself is flushed.
 *
 * <p>{@link #prepare} locks the file and tries every step before anything is sent. It replaces an
 * existing file by a copy with the same content, mode, owner and group.
 *
 * <p>The lock covers one path on one host, and every path of a file that is written in place. It
 * does not cover two hosts, two hard links of one file, or a file that one process replaces and
 * another one writes in place.
 *
 * <p>The new file keeps the owner, the group and the owner's rights of the existing one. Only its
 * owner can read it, unless {@link #withMode} says otherwise.
 *
 * <p>These files can remain beside a file {@code NAME}:
 *
 * <ul>
 *   <li>{@code NAME.unproven}, then {@code NAME.unproven-2} and so on: a secret that may not be the
 *       current one. It comes from an unknown outcome, or from a process that was killed before it
 *       renamed the temporary file.
 *   <li>{@code .NAME.123.tmp}: the new secret, if it could not be written to the file. The
 *       exception names it. The next rotation renames it to {@code NAME.unproven}.
 *   <li>{@code .NAME.lock}, {@code .NAME.123.tmp} or {@code .NAME.123.copy}, if the process was
 *       killed. The next rotation cleans them up.
 * </ul>
 */
@NeedsAndroid(26)
public final class FileHandover implements Handover {
  private final Path file;
  private final Function<ServiceToken, @Nullable String> format;
  private final AccessRights rights;
  private final Consumer<String> warnings;

  private FileHandover(
      Path file,
      Function<ServiceToken, @Nullable String> format,
      AccessRights rights,
      Consumer<String> warnings) {
    this.file = file;
    this.format = format;
    this.rights = rights;
    this.warnings = warnings;
  }

  /**
   * Returns a handover that writes the file in UTF-8.
   *
   * @param format returns the content of the file, which is not null. Its token has a secret; if
   *     the secret is unproven, the other properties may be null. {@code
   *     ServiceToken::getClientSecret} writes the secret alone.
   */
  @CheckReturnValue
  public static FileHandover to(Path file, Function<ServiceToken, @Nullable String> format) {
    return new FileHandover(
        Objects.requireNonNull(file, "file"),
        Objects.requireNonNull(format, "format"),
        new AccessRights(null, null),
        warning -> {});
  }

  /**
   * Returns a handover that gives the file this mode.
   *
   * @param mode for example {@code rw-r-----}
   * @throws InvalidArgumentException if it is not a mode
   */
  @CheckReturnValue
  public FileHandover withMode(String mode) {
    Set<PosixFilePermission> permissions;
    try {
      permissions = PosixFilePermissions.fromString(mode);
    } catch (IllegalArgumentException e) {
      throw new InvalidArgumentException("mode", "must have nine characters, as in rw-r-----");
    }
    return new FileHandover(file, format, rights.withMode(permissions), warnings);
  }

  /**
   * Returns a handover that gives the file to this group. The group can read it if the mode says
   * so.
   *
   * @throws InvalidArgumentException if there is no such group
   */
  @CheckReturnValue
  public FileHandover withGroup(String group) {
    GroupPrincipal principal;
    try {
      principal =
          file.getFileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByGroupName(Objects.requireNonNull(group, "group"));
    } catch (IOException e) {
      throw new InvalidArgumentException("group", "is not a group of this system");
    }
    return new FileHandover(file, format, rights.withGroup(principal), warnings);
  }

  /**
   * Returns a handover that passes warnings to this consumer. {@link #prepare} calls it before
   * anything is sent: with one sentence for each user or group that can read the file now and will
   * not after the rotation, and with one if the file is written in place.
   */
  @CheckReturnValue
  public FileHandover withWarnings(Consumer<String> warnings) {
    return new FileHandover(file, format, rights, Objects.requireNonNull(warnings, "warnings"));
  }

  /**
   * Locks the file and proves that it can be written.
   *
   * @throws IOException with a message that names the file and the reason; nothing is sent
   * @throws HandoverInUseException if another rotation on this host writes the file
   */
  @Override
  public Receiver prepare() throws IOException {
    try {
      return Replacement.prepare(RealPath.of(file), format, rights, warnings);
    } catch (HandoverInUseException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(file + " cannot be written: " + RenameProof.reason(e), e);
    }
  }
}
