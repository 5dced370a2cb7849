package io.github.accesstokens;

import io.github.accesstokens.api.Credentials;

/** Rotates in a process of its own and prints the outcome. */
final class SmallHeap {
  private SmallHeap() {}

  public static void main(String[] args) throws Exception {
    AccessTokensClient client =
        AccessTokensClient.builder()
            .credentials(Credentials.apiToken("api-token"))
            .baseUrl(args[0])
            .build();
    try {
      int messages = client.rotate(Provider.ROTATION).getMessages().size();
      System.out.println("rotated with " + messages + " messages");
    } catch (RotationException e) {
      System.out.println(e.getMessage());
    }
  }
}
