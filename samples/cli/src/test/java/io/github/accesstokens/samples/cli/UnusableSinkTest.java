package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.accesstokens.samples.cli.Fixture.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sinks that cannot keep a secret, made by a shell in the way that they occur. No request is sent.
 *
 * <p>Some need root, mounts or attributes of a file system. A machine without them skips those.
 */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
final class UnusableSinkTest {
  /** Starts a program that may not do what only root may. */
  private static final String UNPRIVILEGED = "setpriv --bounding-set=-all --inh-caps=-all ";

  /** Ways to make a sink, with a command that shows whether they work here. */
  private static final Map<String, String> NEEDS =
      Map.of(
          "", "true",
          "mounts", "unshare -m mount -t tmpfs t .",
          "chattr", "touch a && chattr +i a && chattr -i a",
          "owners", "test $(id -u) = 0 && " + UNPRIVILEGED + "true",
          "devices", "test -c /dev/full");

  private static final AtomicInteger SINKS = new AtomicInteger();
  private static final AtomicInteger REQUESTS = new AtomicInteger();

  @AutoClose private final Fixture fixture = new Fixture();
  @AutoClose private final Launcher launcher;
  private final Path directory;

  UnusableSinkTest(@TempDir Path directory) throws IOException {
    this.launcher = new Launcher(directory, fixture.variables);
    this.directory = Files.createDirectory(directory.resolve("sink"));
  }

  /**
   * The columns: a name, what it needs, the script that runs the command, options, the reason.
   * Words in capital letters are replaced below.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          closed output             !         ! "$@" >&-          !                 ! is closed
          closed input and output   !         ! "$@" <&- >&-      !                 ! is closed
          all closed                !         ! "$@" <&- >&- 2>&- !                 !
          closed output, JSON       !         ! "$@" >&-          ! --json          ! is closed
          null device               !         ! "$@" >/dev/null   !                 ! a device
          null device, JSON         !         ! "$@" >/dev/null   ! --json          ! a device
          null device, shown        !         ! "$@" >/dev/null   ! --show-secret   ! a device
          zero device               !         ! "$@" >/dev/zero   !                 ! a device
          full device               ! devices ! "$@" >/dev/full   ! --format json   ! a device
          random device             !         ! "$@" >/dev/urandom !                 ! a device
          null device, for input    !         ! "$@" 1</dev/null  !                 ! a device
          file, for input           !         ! : >f; "$@" 1<f ! ! output is closed or cannot
          directory as output       !         ! "$@" 1<. ! ! output is closed or cannot
          pipe without a reader     !         ! mkfifo p; : <p & exec 3>p; wait; "$@" >&3 ! \
            ! output is closed or cannot
          pipe, JSON                !         ! mkfifo p; : <p & exec 3>p; wait; "$@" >&3 ! \
            --json ! output is closed or cannot
          pipe, for input           !         ! mkfifo p; (: >p) & "$@" 1<p ! \
            ! output is closed or cannot
          full output               ! mounts  ! TMPFS size=4k; "$@" >f ! \
            ! output is closed or cannot
          full output, appended     ! mounts  ! TMPFS size=8k; yes | head -c 6000 >f; "$@" >>f ! \
            --json ! output is closed or cannot
          no directory              !         ! "$@" ! --secret-file=no/f ! does not exist
          file as directory         !         ! : >d; "$@"        ! --secret-file=d/f ! f
          directory                 !         ! mkdir f; "$@" ! --secret-file=f ! not a regular file
          working directory         !         ! "$@" ! --secret-file=. ! not a regular file
          root directory            !         ! "$@"              ! --secret-file=/ ! /
          link to nothing           !         ! ln -s no f; "$@"  ! --secret-file=f ! symbolic link
          link to itself            !         ! ln -s f f; "$@"   ! --secret-file=f ! f
          link to a null device     !         ! ln -s /dev/null f; "$@" ! \
            --secret-file=f ! not a regular file
          null device as file       !         ! "$@" ! --secret-file=/dev/null ! not a regular file
          full device as file       ! devices ! "$@" ! --secret-file=/dev/full ! not a regular file
          pipe as file              !         ! mkfifo f; "$@" ! \
            --secret-file=f ! not a regular file
          output as file            !         ! "$@" 1>&2         ! --secret-file=/dev/stdout ! dev
          kernel's file             !         ! "$@" ! --secret-file=/proc/self/comm ! cannot
          long name                 !         ! "$@"              ! --secret-file=LONG ! too long
          name at the limit         !         ! "$@"              ! --secret-file=LIMIT ! too long
          long path                 !         ! "$@"              ! --secret-file=DEEP ! not ready
          file system for reading   ! mounts  ! TMPFS ro; "$@"    ! --secret-file=f ! ead-only
          full file system          ! mounts  ! TMPFS size=4k; "$@" ! --secret-file=f ! space
          full, existing file       ! mounts  ! TMPFS size=8k; echo old >f; "$@" ! \
            --secret-file=f ! space
          no more inodes            ! mounts  ! TMPFS nr_inodes=2; : >f; "$@" ! \
            --secret-file=f ! space
          mounted file, for reading ! mounts  ! : >f; mount --bind f f; \
            mount -o remount,ro,bind f; "$@" ! --secret-file=f ! ead-only
          mounted full file         ! mounts  ! : >f; mkdir d; mount -t tmpfs -o size=4k t d; \
            yes | head -c 4096 >d/g; mount --bind d/g f; "$@" ! --secret-file=f ! f
          directory, for reading    ! owners  ! chmod 555 .; UNPRIVILEGED "$@" ! \
            --secret-file=f ! denied
          other user's directory    ! owners  ! chmod 755 .; chown 12345 .; UNPRIVILEGED "$@" ! \
            --secret-file=f ! denied
          other user's file, sticky ! owners  ! : >f; chown 12345 f .; chmod 1777 .; \
            UNPRIVILEGED "$@" ! --secret-file=f ! f
          other user's link, sticky ! owners  ! chmod 1777 .; : >../g; ln -s ../g f; \
            chown -h 12345 f; "$@" ! --secret-file=f ! belongs to
          hidden directory          ! owners  ! mkdir d; chmod 0 d; UNPRIVILEGED "$@" ! \
            --secret-file=d/f ! d
          unchangeable file         ! chattr  ! : >f; chattr +i f; trap 'chattr -i f' EXIT; "$@" ! \
            --secret-file=f ! f
          file for appending        ! chattr  ! : >f; chattr +a f; trap 'chattr -a f' EXIT; "$@" ! \
            --secret-file=f ! f
          unchangeable directory    ! chattr  ! chattr +i .; trap 'chattr -i .' EXIT; "$@" ! \
            --secret-file=f ! f
          directory for appending   ! chattr  ! chattr +a .; trap 'chattr -a .' EXIT; "$@" ! \
            --secret-file=f ! f
          unknown group             !         ! "$@" ! \
            --secret-file=f --secret-group=no-such-group ! --secret-group
          file of GitHub Actions    !         ! : >f; GITHUB_ENV=f "$@" ! \
            --secret-file=f ! GITHUB_ENV
          other file of GitHub      !         ! GITHUB_OUTPUT=$PWD/f "$@" ! \
            --secret-file=./f ! GITHUB_OUTPUT
          no command                !         ! "$@" ! --exec=no-such-command ! does not exist
          no command at the path    !         ! "$@"              ! --exec=./no     ! does not exist
          file without permission   !         ! : >c; "$@"        ! --exec=./c      ! does not exist
          directory as command      !         ! mkdir c; "$@"     ! --exec=./c      ! does not exist
          command on a data mount   ! mounts  ! TMPFS noexec; echo 'cat' >c; chmod +x c; "$@" ! \
            --exec=./c ! does not exist
          command with an error     !         ! "$@" ! --exec=(cat ! not a valid command
          no shell                  !         ! PATH=no "$@"      ! --exec=cat      ! sh
          no unproven command       !         ! "$@" ! \
            --exec=cat --unproven-exec=no-such-command ! --unproven-exec
          """)
  void sinkThatCannotWork_meansNothingIsSent(
      String name, String need, String script, String options, String reason) throws Exception {
    assumeTrue(isMet(need == null ? "" : need), need);
    String java =
        script
            .replace("UNPRIVILEGED ", UNPRIVILEGED)
            .replaceAll("TMPFS (\\S+);", "mount -t tmpfs -o $1 t .; cd .;");
    List<String> arguments =
        new ArrayList<>(List.of("--service-token-id=" + fixture.token.id(), "--revoke-now"));
    if (options != null) {
      arguments.addAll(
          List.of(
              options
                  .replace("LONG", "f".repeat(300))
                  .replace("LIMIT", "f".repeat(255))
                  .replace("DEEP", "d/".repeat(3000) + "f")
                  .split(" ")));
    }
    String mounted =
        "mounts".equals(need) ? "exec unshare -m sh -c '" + quoted(java) + "' sh \"$@\"" : java;

    Run run = launcher.startInShell("cd sink; " + mounted, arguments.toArray(String[]::new)).join();

    SINKS.incrementAndGet();
    REQUESTS.addAndGet(fixture.provider.requests().size());
    assertThat(fixture.provider.requests()).isEmpty();
    assertThat(run.exitCode()).as(run.err()).isIn(1, 2);
    if (reason != null) {
      assertThat(run.err()).startsWith("rotate: ").contains(reason);
    }
    if (Files.isSymbolicLink(directory.resolve("f"))) {
      // JUnit warns of links that lead out of its directory.
      Files.delete(directory.resolve("f"));
    }
    if (!name.equals("directory for appending")) {
      assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
    }
  }

  private static String quoted(String text) {
    return text.replace("'", "'\\''");
  }

  private boolean isMet(String need) throws IOException, InterruptedException {
    ProcessBuilder probe = new ProcessBuilder("sh", "-c", NEEDS.get(need) + " >probe 2>&1");
    return probe.directory(directory.toFile()).start().waitFor() == 0;
  }

  @AfterAll
  static void countSinks() throws IOException {
    Fixture.count("Sinks that cannot work: %s, requests sent: %s".formatted(SINKS, REQUESTS));
  }
}
