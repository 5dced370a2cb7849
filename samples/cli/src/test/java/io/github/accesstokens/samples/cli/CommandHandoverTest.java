package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.HandoverException;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.RotationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cases that take too long, or cannot be caused, through the command line. */
final class CommandHandoverTest {
  @AutoClose private final Fixture fixture = new Fixture();

  private HandoverException rotate(CommandHandover handover) {
    AccessTokensClient client = AccessTokensClient.builder().environment(fixture.variables).build();
    Rotation rotation = Rotation.of(fixture.token.accountId(), fixture.token.id());
    return catchThrowableOfType(
        HandoverException.class, () -> client.rotate(rotation.withHandover(handover)));
  }

  /** A secret of 500,000 characters does not fit a pipe, so it is still being written. */
  @ParameterizedTest
  @ValueSource(ints = {10, 500_000})
  @Timeout(60)
  void commandWithoutEnd_isStoppedWithItsChildren(int size, @TempDir Path directory)
      throws Exception {
    Path pid = directory.resolve("pid");
    String command = "sh -c 'echo $$ > \"$0\"; exec tail -f /dev/null' '" + pid + "'; exit 0";

    HandoverException failure =
        rotate(
            new CommandHandover(
                command, null, (token, proven) -> "x".repeat(size), Duration.ofSeconds(2)));

    assertThat(failure).hasMessageEndingWith("took longer than 2 s and was stopped");
    assertThat(failure.getRotated().getClientSecret()).isEqualTo(fixture.token.clientSecret());
    Optional<ProcessHandle> tail =
        ProcessHandle.of(Long.parseLong(Files.readString(pid, UTF_8).strip()));
    if (tail.isPresent()) {
      tail.get().onExit().get(1, TimeUnit.MINUTES);
    }
  }

  @Test
  void interrupt_endsTheWaitAndStaysSet() throws RotationException {
    HandoverException failure =
        rotate(
            new CommandHandover(
                "exec tail -f /dev/null",
                null,
                (token, proven) -> {
                  Thread.currentThread().interrupt();
                  return "";
                },
                Duration.ofMinutes(1)));

    assertThat(failure).hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void toString_hidesTheCommand() {
    assertThat(new CommandHandover("hunter2", null, (token, proven) -> "", Duration.ofSeconds(1)))
        .asString()
        .doesNotContain("hunter2");
  }
}
