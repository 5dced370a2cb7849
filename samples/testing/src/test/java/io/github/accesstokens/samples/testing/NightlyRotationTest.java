package io.github.accesstokens.samples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Verification;
import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.ReceivedRequest;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Examples to copy from: an outcome, a fault, the clock, and waiting for a request. */
@ExtendWith(StubProviderExtension.class)
@Timeout(60)
final class NightlyRotationTest {
  private final List<String> stored = new ArrayList<>();

  @Test
  void rotation_storesTheNewSecret(
      StubProvider provider, StubToken token, AccessTokensClient client) throws Exception {
    assertThat(run(client, token)).isEqualTo("rotated");

    assertThat(stored).containsExactly(token.clientSecret());
    assertThat(provider.rotations()).isEqualTo(1);
  }

  @Test
  void refusal_keepsTheSecret(StubProvider provider, StubToken token, AccessTokensClient client)
      throws Exception {
    provider.enqueue(Fault.status(403));

    assertThat(run(client, token)).isEqualTo("not rotated, status 403");

    assertThat(stored).isEmpty();
    assertThat(provider.pendingFaults()).isZero();
  }

  @Test
  void lostResponse_isUnknownAndSentOnce(
      StubProvider provider, StubToken token, AccessTokensClient client) throws Exception {
    provider.enqueue(Fault.cutAfterApplying());

    assertThat(run(client, token)).startsWith("unknown");

    assertThat(provider.requests()).hasSize(1);
    assertThat(provider.rotations()).isEqualTo(1);
  }

  @Test
  void previousSecret_worksUntilTheGracePeriodEnds(
      StubProvider provider, StubToken token, AccessTokensClient client) throws Exception {
    String previous = token.clientSecret();
    run(client, token);
    assertThat(verify(client, provider, token, previous)).isEqualTo(Verification.ACCEPTED);

    provider.advanceClock(Duration.ofDays(1));

    assertThat(verify(client, provider, token, previous)).isEqualTo(Verification.REFUSED);
    assertThat(verify(client, provider, token, stored.get(0))).isEqualTo(Verification.ACCEPTED);
  }

  @Test
  void rotationInProgress_isSeenBeforeItEnds(
      StubProvider provider, StubToken token, AccessTokensClient client) throws Exception {
    provider.enqueue(Fault.delay(Duration.ofHours(1)));
    FutureTask<String> rotation = new FutureTask<>(() -> run(client, token));
    new Thread(rotation).start();

    ReceivedRequest request = provider.awaitRequests(1, Duration.ofSeconds(30)).get(0);

    assertThat(request.header("Authorization")).isEqualTo("Bearer api-token");
    assertThat(rotation).isNotDone();
    provider.close(); // Ends the delay, and the response is lost.
    assertThat(rotation.get()).startsWith("unknown");
  }

  private String run(AccessTokensClient client, StubToken token) throws Exception {
    return new NightlyRotation(client, stored::add).run(token.accountId(), token.id());
  }

  private static Verification verify(
      AccessTokensClient client, StubProvider provider, StubToken token, String secret)
      throws Exception {
    return client.verify(provider.protectedUrl(), token.clientId(), secret, Duration.ZERO);
  }
}
