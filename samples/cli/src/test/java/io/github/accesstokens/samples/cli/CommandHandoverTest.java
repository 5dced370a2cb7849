package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.HandoverException;
import io.github.accesstokens.Rotation;
import io.github.accesstokens.RotationException;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line cannot bring about quickly. */
final class CommandHandoverTest {
  private final StubProvider provider = StubProvider.start();
  private final StubToken token = provider.addToken();

  CommandHandoverTest() {
    provider.acceptApiToken("api-token");
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private HandoverException failure(CommandHandover handover) {
    AccessTokensClient client =
        AccessTokensClient.builder()
            .credentials(Credentials.apiToken("api-token"))
            .baseUrl(provider.baseUrl())
            .build();
    return catchThrowableOfType(
        HandoverException.class,
        () -> client.rotate(Rotation.of(token.accountId(), token.id()).withHandover(handover)));
  }

  /** A secret that is larger than a pipe, too, which is then still being written. */
  @ParameterizedTest
  @ValueSource(ints = {10, 500_000})
  @Timeout(60)
  void commandThatDoesNotEndIsStoppedWithAllItStarted(int size, @TempDir Path directory)
      throws Exception {
    Path pid = directory.resolve("pid");
    String command = "sh -c 'echo $$ > \"$0\"; exec tail -f /dev/null' '" + pid + "'; exit 0";

    HandoverException failure =
        failure(new CommandHandover(command, r -> "x".repeat(size), Duration.ofSeconds(2)));

    assertThat(failure).hasMessageEndingWith("took longer than 2 s and was stopped");
    assertThat(failure.getRotated().getClientSecret()).isEqualTo(token.clientSecret());
    Optional<ProcessHandle> tail =
        ProcessHandle.of(Long.parseLong(Files.readString(pid, UTF_8).strip()));
    if (tail.isPresent()) {
      tail.get().onExit().get(1, TimeUnit.MINUTES);
    }
  }

  @Test
  void interruptEndsTheWaitAndIsKept() throws RotationException {
    HandoverException failure =
        failure(
            new CommandHandover(
                "exec tail -f /dev/null",
                rotated -> {
                  Thread.currentThread().interrupt();
                  return "";
                },
                Duration.ofMinutes(1)));

    assertThat(failure).hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void commandIsNotShown() {
    assertThat(new CommandHandover("hunter2", r -> "", Duration.ofSeconds(1)))
        .asString()
        .doesNotContain("hunter2");
  }
}
