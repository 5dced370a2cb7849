package io.github.accesstokens;

import io.github.accesstokens.api.Credentials;
import java.util.ArrayList;
import java.util.List;

/**
 * Rotates in a process of its own, first to load the classes. Then it fills its memory and rotates
 * again, and prints the outcome. The arguments are the base URL and the kilobytes that stay free.
 */
final class SmallHeap {
  private static final List<byte[]> FILLER = new ArrayList<>(1 << 16);

  private SmallHeap() {}

  public static void main(String[] args) throws Exception {
    AccessTokensClient client =
        AccessTokensClient.builder()
            .credentials(Credentials.apiToken("api-token"))
            .baseUrl(args[0])
            .build();
    client.rotate(Provider.ROTATION);
    fill();
    FILLER.subList(0, Integer.parseInt(args[1])).clear();
    String outcome;
    try {
      outcome = "rotated with " + client.rotate(Provider.ROTATION).getMessages().size();
    } catch (RotationException e) {
      outcome = e.getMessage();
    }
    FILLER.clear();
    System.out.println(outcome);
  }

  private static void fill() {
    try {
      while (true) {
        FILLER.add(new byte[1000]);
      }
    } catch (OutOfMemoryError e) {
      // It is full.
    }
  }
}
