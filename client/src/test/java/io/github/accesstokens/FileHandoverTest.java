package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.api.InvalidArgumentException;
import io.github.accesstokens.model.ServiceToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileHandoverTest {
  private static final int KILLS = 20;
  private static final Duration LONGEST_SERIES = Duration.ofSeconds(12);

  private final Path directory;
  private final Path file;

  FileHandoverTest(@TempDir Path directory) {
    this.directory = directory;
    this.file = directory.resolve("token.env");
  }

  static Rotated rotated() throws RotationException {
    String body = Responses.ROTATED.replace("hush", "new-secret");
    return Responses.rotated(Responses.read(Responses.response(200, Responses.JSON, body)));
  }

  private static FileHandover handover(Path file) {
    return FileHandover.to(file, token -> "secret=" + token.getClientSecret() + "\u00fc\n");
  }

  private static Handover.Receiver prepare(Path file) throws IOException {
    return handover(file).prepare();
  }

  static List<String> warnings(FileHandover handover) throws IOException {
    List<String> warnings = new ArrayList<>();
    handover.withWarnings(warnings::add).prepare().close();
    return warnings;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  /** Returns the only temporary file. Does not open the lock file, which would unlock it. */
  private Path temporary() throws IOException {
    return files().stream().filter(path -> path.toString().endsWith(".tmp")).findFirst().get();
  }

  private static void setMode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void assertOwnerOnly(Path path) throws IOException {
    assertThat(mode(path)).isEqualTo("rw-------");
  }

  @Test
  void receivedSecret_isWrittenInUtf8ForTheOwnerAlone() throws IOException {
    try (Handover.Receiver receiver = prepare(file)) {
      receiver.receive(rotated());
    }

    assertThat(Files.readString(file)).isEqualTo("secret=new-secret\u00fc\n");
    assertThat(files()).containsExactly(file);
    assertOwnerOnly(file);
  }

  @Test
  void preparedFile_reservesSpaceAndIsTheOwnersAlone() throws IOException {
    Handover.Receiver receiver = prepare(file);

    assertThat(files()).hasSize(2).allSatisfy(FileHandoverTest::assertOwnerOnly);
    assertThat(temporary()).hasBinaryContent(new byte[64 * 1024]);
    receiver.close();
  }

  @Test
  void existingFile_isReplacedOnceTheSecretIsReceived() throws IOException {
    Files.writeString(file, "old");
    setMode(file, "rw-r--r--");

    try (Handover.Receiver receiver = prepare(file)) {
      assertThat(file).hasContent("old");
      receiver.receive(rotated());
    }

    assertThat(file).content().contains("new-secret");
    assertOwnerOnly(file);
  }

  @Test
  void symbolicLink_isFollowed() throws IOException {
    Files.writeString(file, "old");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);

    try (Handover.Receiver receiver = prepare(link)) {
      receiver.receive(rotated());
    }

    assertThat(link).isSymbolicLink();
    assertThat(Files.isSymbolicLink(file)).isFalse();
    assertThat(file).content().contains("new-secret");
  }

  @Test
  void hardLinkOfAReplacedFile_isAnotherFile() throws IOException {
    Files.writeString(file, "old");
    Path link = Files.createLink(directory.resolve("link"), file);

    try (Handover.Receiver receiver = prepare(file);
        Handover.Receiver other = prepare(link)) {
      receiver.receive(rotated());
      assertThat(link).hasContent("old");
      other.receive(rotated());
    }

    assertThat(link).content().contains("new-secret");
  }

  @Test
  void closeWithoutASecret_leavesTheFileAndNoOther() throws IOException {
    Files.writeString(file, "old");

    prepare(file).close();

    assertThat(file).hasContent("old");
    assertThat(files()).containsExactly(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "missing/token.env", "dangling", "file/token.env"})
  void pathThatCannotBeAFile_isNotReady(String name) throws IOException {
    Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nothing"));
    Files.writeString(directory.resolve("file"), "");

    assertThatThrownBy(() -> prepare(directory.resolve(name))).isInstanceOf(IOException.class);

    assertThat(files()).hasSize(2);
  }

  @Test
  void failedRename_leavesTheSecretAndNamesItsFile() throws IOException {
    Path temporary;
    try (Handover.Receiver receiver = prepare(file)) {
      temporary = temporary();
      Files.createDirectory(file);

      assertThatThrownBy(() -> receiver.receive(rotated()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the new secret is in " + temporary);
    }

    assertThat(files()).containsExactlyInAnyOrder(file, temporary);
    assertThat(temporary).content().isEqualTo("secret=new-secret\u00fc\n");
    assertOwnerOnly(temporary);
  }

  @Test
  void processThatDiesBeforeTheRename_leavesTheSecretForTheNext() throws Exception {
    try (FileHandoverProcess process = FileHandoverProcess.start("dieBeforeRename", file)) {
      assertThat(process.end()).isEmpty();
    }
    assertThat(files()).hasSize(2);

    prepare(file).close();

    Path unproven = directory.resolve("token.env.unproven");
    assertThat(files()).containsExactly(unproven);
    assertThat(unproven).hasContent("new-secret");
    assertOwnerOnly(unproven);
  }

  @Test
  void leftoversOfOtherFiles_areNotTouched() throws IOException {
    List<String> names =
        List.of(".token.env.5.5.tmp", ".token.enx.5.tmp", ".token.env.tmp", "token.env.5.tmp");
    for (String name : names) {
      Files.createFile(directory.resolve(name));
    }

    prepare(file).close();

    assertThat(files()).hasSize(names.size());
  }

  @Test
  void directoryWithTheNameOfATemporaryFile_isNotTouched() throws IOException {
    Path other = Files.createDirectory(directory.resolve(".token.env.1.tmp"));
    prepare(file).close();
    assertThat(other).isEmptyDirectory();
  }

  @Test
  void leftoversWithoutASecret_areDeleted() throws IOException {
    Files.createFile(directory.resolve(".token.env.1.tmp"));
    Files.write(directory.resolve(".token.env.2.tmp"), new byte[64 * 1024]);
    Files.writeString(directory.resolve(".token.env.3.copy"), "old");
    Files.createDirectory(directory.resolve(".token.env.4.copy"));

    prepare(file).close();

    assertThat(files()).isEmpty();
  }

  @Test
  void leftoverWithReservedSpace_isKeptWithoutIt() throws IOException {
    Files.writeString(directory.resolve(".token.env.1.tmp"), "new-secret\n\0\0\0");

    prepare(file).close();

    assertThat(directory.resolve("token.env.unproven")).content().isEqualTo("new-secret\n");
  }

  @Test
  void unprovenSecret_isKeptBesideTheFile() throws IOException {
    Files.writeString(file, "old");
    ServiceToken token = ServiceToken.builder().clientSecret("perhaps").build();

    List<String> kept = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try (Handover.Receiver receiver = handover(file).withMode("rw-r-----").prepare()) {
        kept.add(receiver.receiveUnproven(token));
      }
    }

    assertThat(kept).containsExactly(file + ".unproven", file + ".unproven-2");
    for (String path : kept) {
      assertThat(Path.of(path)).content().isEqualTo("secret=perhaps\u00fc\n");
      assertOwnerOnly(Path.of(path));
    }
    assertThat(file).hasContent("old");
    assertThat(files()).hasSize(3);
  }

  @Test
  void severalUnprovenSecrets_areKeptInAFileEach() throws IOException {
    try (Handover.Receiver receiver = prepare(file)) {
      for (String secret : List.of("a-long-secret-of-an-attempt", "other", "third")) {
        receiver.receiveUnproven(ServiceToken.builder().clientSecret(secret).build());
      }
    }

    assertThat(file.resolveSibling("token.env.unproven"))
        .content()
        .isEqualTo("secret=a-long-secret-of-an-attempt\u00fc\n");
    assertThat(file.resolveSibling("token.env.unproven-2")).content().contains("=other");
    assertThat(file.resolveSibling("token.env.unproven-3")).content().contains("=third");
    assertThat(files()).hasSize(3);
  }

  @Test
  void interruptedThread_storesTheSecret() throws IOException {
    try (Handover.Receiver receiver = prepare(file)) {
      Thread.currentThread().interrupt();
      receiver.receive(rotated());
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }

    assertThat(file).content().contains("new-secret");
    assertThat(files()).containsExactly(file);
  }

  @Test
  void longContent_isWrittenCompletely() throws IOException {
    String content = "x".repeat(200_000);

    try (Handover.Receiver receiver = FileHandover.to(file, token -> content).prepare()) {
      receiver.receive(rotated());
    }

    assertThat(file).hasContent(content);
  }

  @Test
  void ownerOnlyMode_isKept() throws IOException {
    Files.writeString(file, "old");
    setMode(file, "r--------");

    try (Handover.Receiver receiver = prepare(file)) {
      receiver.receive(rotated());
    }

    assertThat(mode(file)).isEqualTo("r--------");
    assertThat(warnings(handover(file))).isEmpty();
  }

  @Test
  void preparation_leavesTheExistingFileAsItWas() throws IOException {
    Files.writeString(file, "old");
    setMode(file, "rw-rw-r--");
    FileTime time = FileTime.fromMillis(1_000);
    Files.setLastModifiedTime(file, time);

    prepare(file).close();

    assertThat(file).hasContent("old");
    assertThat(mode(file)).isEqualTo("rw-rw-r--");
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(time);
  }

  @Test
  void readersThatLoseAccess_areNamedInAdvance() throws IOException {
    Files.writeString(file, "old");
    setMode(file, "rw-r--r--");
    String group = Files.readAttributes(file, PosixFileAttributes.class).group().getName();
    String end = " can read " + file.toRealPath() + " now, and will not after the rotation";

    assertThat(warnings(handover(file)))
        .containsExactly("group " + group + end, "every user" + end);
    assertThat(warnings(handover(file).withMode("rw-r-----"))).containsExactly("every user" + end);
    assertThat(warnings(handover(file).withMode("rw-r--r--").withGroup(group))).isEmpty();
    assertThat(warnings(handover(directory.resolve("new")))).isEmpty();
  }

  @Test
  void failedConsumerOfWarnings_leavesTheFileUnlocked() throws IOException {
    Files.writeString(file, "old");
    setMode(file, "rw-r--r--");
    FileHandover handover =
        handover(file)
            .withWarnings(
                warning -> {
                  throw new IllegalStateException(warning);
                });

    assertThatThrownBy(handover::prepare).isInstanceOf(IllegalStateException.class);

    assertThat(files()).containsExactly(file);
    prepare(file).close();
  }

  @Test
  void modeOfTheCaller_isUsed() throws IOException {
    try (Handover.Receiver receiver = handover(file).withMode("rw-r-----").prepare()) {
      receiver.receive(rotated());
    }

    assertThat(mode(file)).isEqualTo("rw-r-----");
  }

  @Test
  void invalidModeOrGroup_isRefusedAtOnce() {
    FileHandover handover = handover(file);

    assertThatThrownBy(() -> handover.withMode("640"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessage("mode must have nine characters, as in rw-r-----");
    assertThatThrownBy(() -> handover.withGroup("no-such-group"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessage("group is not a group of this system");
  }

  @Test
  void fileSystemWithoutOwners_isNotReady() throws IOException {
    Path zip = directory.resolve("files.zip");
    try (FileSystem system = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      assertThatThrownBy(() -> prepare(system.getPath("/token.env")))
          .isInstanceOf(IOException.class)
          .hasMessage("/token.env cannot be written: its file system has no owner-only files");
    }
  }

  @Test
  void longName_isNotReady() throws IOException {
    assertThatThrownBy(() -> prepare(directory.resolve("x".repeat(300))))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(" cannot be written: File name too long");

    assertThat(files()).isEmpty();
  }

  @Test
  void failedFormat_leavesTheFile() throws IOException {
    Files.writeString(file, "old");
    Handover broken =
        FileHandover.to(
            file,
            token -> {
              throw new IllegalArgumentException("a bug");
            });

    try (Handover.Receiver receiver = broken.prepare()) {
      assertThatThrownBy(() -> receiver.receive(rotated()))
          .isInstanceOf(IllegalArgumentException.class);
    }

    assertThat(file).hasContent("old");
    assertThat(files()).containsExactly(file);
  }

  @Test
  void pathWithThousandsOfNames_isRefused() {
    Path deep = directory.resolve("d/".repeat(20_000) + "token");
    assertThatThrownBy(() -> prepare(deep)).isInstanceOf(IOException.class);
  }

  /** Kills a process that replaces the file all the time, at random moments. */
  @Test
  @Tag("otherProcess")
  void killedProcess_leavesTheOldOrTheNewContentComplete() throws Exception {
    Random random = new Random();
    long start = System.nanoTime();
    int kills = 0;
    while (kills < KILLS && System.nanoTime() - start < LONGEST_SERIES.toNanos()) {
      int received = killAfter(2 + random.nextInt(10), random.nextDouble());
      kills++;

      String content = Files.readString(file);
      int current = Integer.parseInt(content.substring(0, content.indexOf('\n')));
      // Not compared as text, because a failure would print both.
      assertThat(content.equals(Replacer.content(current)))
          .as("content %s is complete", current)
          .isTrue();
      assertThat(current).as("replacements before the kill").isGreaterThanOrEqualTo(received);
      for (Path left : files()) {
        assertOwnerOnly(left);
      }
    }
    assertThat(kills).isGreaterThan(1);
    prepare(file).close();
    assertThat(files())
        .allSatisfy(left -> assertThat(left.getFileName().toString()).startsWith("token.env"));
  }

  /**
   * Kills the process after this number of replacements and a part of the next one. Returns how
   * many it reported.
   */
  private int killAfter(int replacements, double part) throws IOException, InterruptedException {
    List<String> options = List.of("-XX:TieredStopAtLevel=1");
    Process process = ChildJvm.of(options, Replacer.class, file.toString()).start();
    try (InputStream received = process.getInputStream()) {
      assertThat(received.readNBytes(replacements - 1)).hasSize(replacements - 1);
      long begin = System.nanoTime();
      assertThat(received.read()).isPositive();
      long end = System.nanoTime();
      while (System.nanoTime() - end < part * (end - begin)) {
        Thread.onSpinWait();
      }
      // Through its handle, because Process.destroy closes the stream that is read next.
      assertThat(process.toHandle().destroyForcibly()).isTrue();
      return replacements + received.readAllBytes().length;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Replaces the content of a file in an endless loop, and prints one byte for each time. */
  static final class Replacer {
    private static final int LINES = 300_000;

    private Replacer() {}

    public static void main(String... args) throws IOException {
      Rotated rotated = rotated();
      for (int number = 1; ; number++) {
        String content = content(number);
        try (Handover.Receiver receiver =
            FileHandover.to(Path.of(args[0]), ignored -> content).prepare()) {
          receiver.receive(rotated);
        }
        System.out.write('.');
        System.out.flush();
      }
    }

    static String content(int number) {
      return (number + "\n").repeat(LINES);
    }
  }
}
