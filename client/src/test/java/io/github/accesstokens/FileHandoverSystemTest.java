package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.accesstokens.model.ServiceToken;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that only a real system has. Skips each test whose files the user may not make. */
@EnabledOnOs(OS.LINUX)
class FileHandoverSystemTest {
  private static final String USER = "65534";
  private static final String OTHER_USER = "65533";
  private static final String AS_USER =
      "setpriv --reuid " + USER + " --regid " + USER + " --clear-groups";

  private final Path root;
  private final Path directory;
  private final Path file;

  FileHandoverSystemTest(@TempDir Path root) throws IOException {
    this.root = root;
    this.directory = Files.createDirectory(root.resolve("directory"));
    this.file = directory.resolve("token.env");
  }

  @BeforeEach
  void createFile() throws IOException {
    setMode(root, "rwxr-xr-x");
    Files.writeString(file, "old");
  }

  @AfterEach
  void makeMutable() throws Exception {
    run("chattr", "-i", file.toString());
  }

  private static int run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command)
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  private static void assumeRuns(String... command) throws Exception {
    assumeTrue(run(command) == 0, () -> "this user may not run " + String.join(" ", command));
  }

  private static void setMode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static void assumeOwner(Path path, String user) throws Exception {
    assumeRuns("chown", "-h", user + ":" + user, path.toString());
  }

  private static PosixFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static FileHandover handover(Path file) {
    return FileHandover.to(file, ServiceToken::getClientSecret);
  }

  private static void rotate(FileHandover handover) throws IOException {
    try (Handover.Receiver receiver = handover.prepare()) {
      receiver.receive(FileHandoverTest.rotated());
    }
  }

  private void assertRefused(Path path, String reason) throws IOException {
    assertThatThrownBy(() -> handover(path).prepare())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(path + " cannot be written: ")
        .hasMessageContaining(reason);
    assertUntouched();
  }

  private void assertUntouched() throws IOException {
    assertThat(file).hasContent("old");
    assertOnly(file);
  }

  private void assertOnly(Path... expected) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactlyInAnyOrder(expected);
    }
  }

  /** Runs the action in a shell that has mounts of its own, between two commands. */
  private String inAMountNamespace(String action, String before, String after) throws Exception {
    assumeRuns("unshare", "-m", "sh", "-c", expand(before));
    String script = expand(before + " && \"$@\" && " + after);
    try (FileHandoverProcess process =
        FileHandoverProcess.start(action, file, "unshare", "-m", "sh", "-c", script, "sh")) {
      return process.end();
    }
  }

  private String inAMountNamespace(String action, String before) throws Exception {
    return inAMountNamespace(action, before, "true");
  }

  private String expand(String command) {
    return command
        .replace("FILE", file.toString())
        .replace("DIRECTORY", directory.toString())
        .replace("SOURCE", root.resolve("source").toString());
  }

  /** Runs the action as a user without rights. */
  private String asUser(String action) throws Exception {
    return asUser(action, "true");
  }

  /** Runs the action as a user without rights, after a command of this user. */
  private String asUser(String action, String before) throws Exception {
    assumeRuns("unshare", "-m", "sh", "-c", expand(before) + " && " + AS_USER + " true");
    // The user may not be allowed to read the class path of the tests.
    Path classes = Files.createDirectory(root.resolve("classes"));
    for (String from : List.of("target/classes", "target/test-classes")) {
      assumeRuns("cp", "-r", from + "/.", classes.toString());
    }
    assumeRuns("chmod", "-R", "a+rX", classes.toString());
    String script = expand(before) + " && exec " + AS_USER + " \"$@\"";
    try (FileHandoverProcess process =
        FileHandoverProcess.start(
            classes.toString(), action, file, "unshare", "-m", "sh", "-c", script, "sh")) {
      return process.end();
    }
  }

  @Test
  void immutableFile_isRefused() throws Exception {
    assumeRuns("chattr", "+i", file.toString());

    assertRefused(
        file, "it can be neither replaced (Operation not permitted) nor written in place");
  }

  @Test
  void immutableFileOfAnotherUser_isRefused() throws Exception {
    assumeOwner(directory, USER);
    assumeRuns("chattr", "+i", file.toString());

    assertThat(asUser("prepare"))
        .contains("it can be neither replaced (Operation not permitted) nor written in place");

    assertUntouched();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hold", "receiveAndHold"})
  void bindMountsOfOneFile_areLockedTogether(String action) throws Exception {
    Path source = Files.writeString(root.resolve("source"), "old");
    String mount = "mount --bind SOURCE FILE";
    Path otherFile =
        Files.createFile(Files.createDirectory(root.resolve("other")).resolve("token"));
    assumeRuns("unshare", "-m", "sh", "-c", expand(mount));

    try (FileHandoverProcess holder = inMountNamespace(action, file, mount)) {
      assertThat(holder.line()).isEqualTo("ready");

      String otherMount = mount.replace("FILE", otherFile.toString());
      try (FileHandoverProcess other = inMountNamespace("prepare", otherFile, otherMount)) {
        assertThat(other.end())
            .isEqualTo(
                "HandoverInUseException: " + otherFile + " is being written by another process");
      }
      assertThat(holder.end()).isEmpty();
    }
    assertThat(source).exists();
  }

  private FileHandoverProcess inMountNamespace(String action, Path path, String mount)
      throws IOException {
    String script = expand(mount) + " && exec \"$@\"";
    return FileHandoverProcess.start(action, path, "unshare", "-m", "sh", "-c", script, "sh");
  }

  @Test
  void bindMountedFile_isWrittenInPlace() throws Exception {
    Path source = Files.writeString(root.resolve("source"), "a longer old secret");
    setMode(source, "rw-rw-r--");

    assertThat(inAMountNamespace("rotate", "mount --bind SOURCE FILE"))
        .isEqualTo("ready\nreceived");

    assertThat(source).hasContent("new-secret");
    assertThat(PosixFilePermissions.toString(attributes(source).permissions()))
        .isEqualTo("rw-------");
    assertUntouched();
  }

  @Test
  void bindMountedFile_isReportedInAdvance() throws Exception {
    Path source = Files.createFile(root.resolve("source"));
    setMode(source, "rw-------");

    assertThat(inAMountNamespace("warnings", "mount --bind SOURCE FILE"))
        .isEqualTo(file + " is written in place, because a rename fails: Device or resource busy");
  }

  @Test
  void readOnlyBindMount_isRefused() throws Exception {
    Path source = Files.writeString(root.resolve("source"), "old");

    assertThat(
            inAMountNamespace(
                "rotate", "mount --bind SOURCE FILE && mount -o remount,bind,ro FILE"))
        .contains("nor written in place (Read-only file system)");

    assertThat(source).hasContent("old");
    assertUntouched();
  }

  @Test
  void bindMountOnAFullFileSystem_isRefused() throws Exception {
    Path source = Files.createDirectory(root.resolve("source"));

    assertThat(
            inAMountNamespace(
                "rotate",
                "mount -t tmpfs -o size=64k tmpfs SOURCE && head -c 61440 /dev/zero >SOURCE/fill &&"
                    + " touch SOURCE/file && mount --bind SOURCE/file FILE"))
        .endsWith("cannot be written: its file system is full; free some space");

    assertThat(source).isEmptyDirectory();
    assertUntouched();
  }

  @Test
  void fullFileSystem_isRefusedAndLeftAsItWas() throws Exception {
    assertThat(
            inAMountNamespace(
                "rotate",
                "mount -t tmpfs -o size=64k tmpfs DIRECTORY"
                    + " && head -c 65536 /dev/zero >DIRECTORY/fill",
                "ls -A DIRECTORY"))
        .isEqualTo(file + " cannot be written: No space left on device\nfill");
  }

  @Test
  void linkPlantedByAnotherUser_isRefused() throws Exception {
    Path open = Files.createDirectory(root.resolve("open"));
    Path link = Files.createSymbolicLink(open.resolve("link"), file);
    Path directoryLink = Files.createSymbolicLink(open.resolve("directory"), directory);
    setMode(open, "rwxrwxrwx");
    assumeOwner(link, OTHER_USER);
    assumeOwner(directoryLink, OTHER_USER);

    assertRefused(link, link + " is a symbolic link that belongs to user " + OTHER_USER);
    assertRefused(directoryLink.resolve("token.env"), directoryLink + " is a symbolic link that");
  }

  @Test
  void linkOfAnotherUserInItsOwnDirectory_isRefused() throws Exception {
    Path link = Files.createSymbolicLink(root.resolve("link"), file);
    assumeOwner(link, OTHER_USER);

    assertRefused(link, link + " is a symbolic link that belongs to user " + OTHER_USER);
  }

  @Test
  void linkOfTheOwnerOfTheFilesDirectory_isFollowed() throws Exception {
    Path link = Files.createSymbolicLink(root.resolve("link"), file);
    assumeOwner(link, OTHER_USER);
    assumeOwner(directory, OTHER_USER);

    rotate(handover(link));

    assertThat(file).hasContent("new-secret");
  }

  @Test
  void directoryPlantedByAnotherUser_isRefused() throws Exception {
    assumeRuns("chmod", "1777", root.toString());
    assumeOwner(directory, OTHER_USER);

    assertRefused(file, directory + " belongs to user " + OTHER_USER);
  }

  @Test
  void missingDirectoryForTemporaryFiles_doesNotMatter() throws Exception {
    setMode(directory, "rwxrwxrwx");
    assumeOwner(file, USER);

    // The arguments are the command that starts Java.
    String option =
        "if test $# != 0; then"
            + " java=$1; shift; set -- \"$java\" -Djava.io.tmpdir=/missing \"$@\"; fi";
    assertThat(asUser("prepare", option)).isEqualTo("ready");
  }

  @Test
  void filePlantedByAnotherUser_isRefused() throws Exception {
    setMode(directory, "rwxrwxrwx");
    assumeOwner(file, OTHER_USER);

    assertRefused(file, file + " belongs to user " + OTHER_USER);
  }

  @Test
  void leftoverPlantedByAnotherUser_isNotTouched() throws Exception {
    Path planted = Files.writeString(directory.resolve(".token.env.1.tmp"), "planted");
    assumeOwner(planted, OTHER_USER);

    rotate(handover(file));

    assertOnly(file, planted);
  }

  @Test
  void ownerAndGroup_areKept() throws Exception {
    assumeOwner(file, OTHER_USER);

    assertThat(FileHandoverTest.warnings(handover(file).withMode("rw-r--r--"))).isEmpty();
    rotate(handover(file));

    assertThat(file).hasContent("new-secret");
    assertThat(attributes(file).owner().getName()).isEqualTo(OTHER_USER);
    assertThat(attributes(file).group().getName()).isEqualTo(OTHER_USER);
  }

  @Test
  void groupOfTheCaller_isUsed() throws Exception {
    assumeRuns("chgrp", OTHER_USER, file.toString());

    rotate(handover(file).withMode("rw-r-----").withGroup(USER));

    assertThat(PosixFilePermissions.toString(attributes(file).permissions()))
        .isEqualTo("rw-r-----");
    assertThat(attributes(file).group())
        .isEqualTo(
            file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(USER));
  }

  @Test
  void ownerThatCannotBeKept_isReportedAndKeptUntilTheRotation() throws Exception {
    setMode(file, "rw-r--r--");
    assumeOwner(file, OTHER_USER);
    assumeOwner(directory, USER);

    assertThat(asUser("warnings"))
        .startsWith("user " + OTHER_USER + ", its owner, can read " + file + " now, and will not");

    assertThat(attributes(file).owner().getName()).isEqualTo(OTHER_USER);
    assertUntouched();
  }

  @Test
  void fileOfAnotherUserInAStickyDirectory_isRefused() throws Exception {
    assumeOwner(file, OTHER_USER);
    assumeRuns("chgrp", USER, directory.toString());
    assumeRuns("chmod", "1770", directory.toString());

    assertThat(asUser("prepare"))
        .endsWith(
            "it can be neither replaced (Operation not permitted) nor written in place (access"
                + " denied: "
                + file
                + "); use a file that this user may replace");

    assertUntouched();
  }

  @Test
  void bindMountOfAnotherUsersFile_isRefused() throws Exception {
    Path source = Files.createFile(root.resolve("source"));
    setMode(source, "rw-rw-rw-");
    assumeOwner(source, OTHER_USER);
    assumeOwner(directory, USER);

    assertThat(asUser("prepare", "mount --bind SOURCE FILE"))
        .endsWith(
            "it can be neither replaced (it is a mount point) nor written in place (Operation not"
                + " permitted); use a file that this user may replace");

    assertUntouched();
  }

  @Test
  void directoryWithoutRights_isRefused() throws Exception {
    assertThat(asUser("prepare"))
        .contains(file + " cannot be written: access denied: " + directory);

    assertUntouched();
  }
}
