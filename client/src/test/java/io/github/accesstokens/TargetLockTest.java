package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetLockTest {
  private static final int CONTENDERS = 3;

  private final Path directory;
  private final Path file;

  TargetLockTest(@TempDir Path directory) {
    this.directory = directory;
    this.file = directory.resolve("token.env");
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  /** Asks another process: a lock is easily lost without notice in the process that holds it. */
  private void assertHeldForOthers() throws IOException, InterruptedException {
    try (FileHandoverProcess other = FileHandoverProcess.start("prepare", file)) {
      assertThat(other.end()).startsWith("HandoverInUseException: " + file + " is being written");
    }
  }

  /** Returns how often this process has opened the lock file; 0 on systems that do not say it. */
  private long openLockFiles() throws IOException {
    Path lock = directory.toRealPath().resolve(".token.env.lock");
    File[] open = new File("/proc/self/fd").listFiles();
    long count = 0;
    for (File descriptor : open == null ? new File[0] : open) {
      if (descriptor.getCanonicalPath().startsWith(lock.toString())) {
        count++;
      }
    }
    return count;
  }

  @Test
  void lockOfAnotherProcess_isRefusedAndItsHolderNamed() throws Exception {
    try (FileHandoverProcess holder = FileHandoverProcess.start("hold", file)) {
      assertThat(holder.line()).isEqualTo("ready");

      assertThatThrownBy(() -> TargetLock.of(file))
          .isInstanceOf(HandoverInUseException.class)
          .hasMessageMatching(
              ".*token\\.env is being written by process "
                  + holder.id()
                  + " on host \\S+ since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
      assertThat(holder.end()).isEmpty();
    }

    TargetLock.of(file).close();
    assertNothingLeft();
  }

  @Test
  void lockOfAKilledProcess_isNotInTheWay() throws Exception {
    try (FileHandoverProcess holder = FileHandoverProcess.start("hold", file)) {
      assertThat(holder.line()).isEqualTo("ready");
      holder.kill();
    }
    assertThat(directory.resolve(".token.env.lock")).exists();

    assertThat(FileHandoverProcess.prepare(file)).isEqualTo("ready");

    assertNothingLeft();
  }

  @Test
  void lockFile_namesItsHolder() throws IOException {
    try (TargetLock lock = TargetLock.of(file)) {
      assertThat(lock).isNotNull();
      // Reading it releases the lock for other processes.
      assertThat(directory.resolve(".token.env.lock"))
          .content()
          .matches(
              "process "
                  + ProcessHandle.current().pid()
                  + " on host \\S+ since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\n");
    }
  }

  @Test
  void secondLockInTheProcess_isRefusedAndLeavesTheFirst() throws Exception {
    TargetLock lock = TargetLock.of(file);

    assertThatThrownBy(() -> TargetLock.of(file))
        .isInstanceOf(HandoverInUseException.class)
        .hasMessage(file + " is being written by another rotation of this process");
    assertThat(openLockFiles()).isLessThanOrEqualTo(2);
    assertHeldForOthers();

    lock.close();
    assertThat(openLockFiles()).isZero();
    assertNothingLeft();
  }

  @Test
  void secondNameOfALockedFile_isRefusedInTheProcess() throws Exception {
    Files.writeString(file, "old");
    Path name = Files.createLink(directory.resolve("name"), file);
    TargetLock lock = TargetLock.of(file);

    assertThatThrownBy(() -> TargetLock.of(name))
        .isInstanceOf(HandoverInUseException.class)
        .hasMessage(name + " is being written by another rotation of this process");

    lock.close();
    TargetLock.of(name).close();
  }

  @Test
  void linksToOneFile_shareTheLock() throws Exception {
    Files.writeString(file, "old");
    Path one = Files.createSymbolicLink(directory.resolve("one"), file);
    Path two = Files.createSymbolicLink(directory.resolve("two"), one);

    try (FileHandoverProcess holder = FileHandoverProcess.start("hold", one)) {
      assertThat(holder.line()).isEqualTo("ready");

      assertThat(FileHandoverProcess.prepare(two)).startsWith("HandoverInUseException");
    }
  }

  @Test
  @Tag("otherProcess")
  void contendingProcesses_neverHoldItTogether() throws Exception {
    List<FileHandoverProcess> contenders = new ArrayList<>();
    try {
      for (int i = 0; i < CONTENDERS; i++) {
        contenders.add(FileHandoverProcess.start("contend", file));
      }
      for (FileHandoverProcess contender : contenders) {
        assertThat(contender.end()).isEqualTo("0 collisions");
      }
    } finally {
      for (FileHandoverProcess contender : contenders) {
        contender.close();
      }
    }
    assertNothingLeft();
  }

  @Test
  void otherFileWithTheNameOfTheLock_isNotTouched() throws IOException {
    Path other = Files.writeString(directory.resolve(".token.env.lock"), "mine");

    assertThatThrownBy(() -> TargetLock.of(file)).isInstanceOf(IOException.class);

    assertThat(other).hasContent("mine");
  }
}
