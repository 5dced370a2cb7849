package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
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

  private static Rotated rotated() throws RotationException {
    String body = Responses.ROTATED.replace("hush", "new-secret");
    return Responses.rotated(Responses.read(Responses.response(200, Responses.JSON, body)));
  }

  private static Handover.Receiver prepare(Path file) throws IOException {
    return FileHandover.to(file, rotated -> "secret=" + rotated.getClientSecret() + "\u00fc\n")
        .prepare();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static void assertOwnerOnly(Path path) throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
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
  void temporaryFile_isEmptyAndTheOwnersAlone() throws IOException {
    Handover.Receiver receiver = prepare(file);

    assertThat(files())
        .singleElement()
        .satisfies(FileHandoverTest::assertOwnerOnly)
        .satisfies(temporary -> assertThat(temporary).isEmptyFile());
    receiver.close();
  }

  @Test
  void existingFile_isReplacedOnceTheSecretIsReceived() throws IOException {
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

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
  void failedRename_leavesNoTemporaryFile() throws IOException {
    try (Handover.Receiver receiver = prepare(file)) {
      Files.createDirectory(file);

      assertThatThrownBy(() -> receiver.receive(rotated())).isInstanceOf(FileSystemException.class);
    }

    assertThat(files()).containsExactly(file);
  }

  @Test
  void failedFormat_leavesTheFile() throws IOException {
    Files.writeString(file, "old");
    Handover broken =
        FileHandover.to(
            file,
            rotated -> {
              throw new IllegalArgumentException("a bug");
            });

    try (Handover.Receiver receiver = broken.prepare()) {
      assertThatThrownBy(() -> receiver.receive(rotated()))
          .isInstanceOf(IllegalArgumentException.class);
    }

    assertThat(file).hasContent("old");
    assertThat(files()).containsExactly(file);
  }

  /** Kills a process that replaces the file all the time, at random moments. */
  @Test
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
  }

  /**
   * Kills the process after this number of replacements and a part of the next one. Returns how
   * many it reported.
   */
  private int killAfter(int replacements, double part) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Replacer.class.getName(),
                file.toString()));
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
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
