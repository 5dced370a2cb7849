package io.github.accesstokens.samples.quickstart;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationUnknownException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

class Rotate {
  public static void main(String[] args) throws Exception {
    AccessTokensClient client = AccessTokensClient.builder().environment(System.getenv()).build();
    try {
      // Without a time, the previous secret expires at once.
      OffsetDateTime tomorrow = OffsetDateTime.now(ZoneOffset.UTC).plusDays(1);
      Rotated rotated = client.rotate(args[0], args[1], tomorrow);
      System.out.println(rotated); // the secret is masked; rotated.getClientSecret() returns it
    } catch (RotationNotAppliedException e) {
      System.err.println(e.getMessage() + ", status " + e.getStatus());
    } catch (RotationUnknownException e) {
      System.err.println(e.getMessage()); // says what may have happened, and what to do
    }
  }
}
