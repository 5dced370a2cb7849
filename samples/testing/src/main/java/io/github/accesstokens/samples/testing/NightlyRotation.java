package io.github.accesstokens.samples.testing;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.RotationException;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Consumer;

/** The code under test. It stands for the rotation code of your application. */
final class NightlyRotation {
  private final AccessTokensClient client;
  private final Consumer<String> secrets;

  NightlyRotation(AccessTokensClient client, Consumer<String> secrets) {
    this.client = client;
    this.secrets = secrets;
  }

  /** Rotates a token, stores its secret, and returns a line for the log. */
  String run(String accountId, String serviceTokenId) throws RotationException {
    try {
      OffsetDateTime tomorrow = OffsetDateTime.now(ZoneOffset.UTC).plusDays(1);
      Rotated rotated = client.rotate(accountId, serviceTokenId, tomorrow);
      secrets.accept(rotated.getClientSecret());
      return "rotated";
    } catch (RotationNotAppliedException e) {
      return "not rotated, status " + e.getStatus();
    } catch (RotationUnknownException e) {
      return "unknown: look at the token before the next rotation";
    }
  }
}
