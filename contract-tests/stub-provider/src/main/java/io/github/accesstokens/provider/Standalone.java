package io.github.accesstokens.provider;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** The provider as a process of its own, for programs that are not Java. */
final class Standalone {
  private static final String USAGE =
      """
      usage: java -jar access-tokens-stub-provider.jar [FAULT...]
      Each FAULT makes one rotate request fail, in this order:
        status=503  cut-before-applying  cut-after-applying  cut-during-response  delay=PT5S
      Prints its address and its test credentials, then a line for each request with the number of
      rotations so far. Runs until it is killed.
      """;

  private Standalone() {}

  /** Starts a provider with one token. */
  public static void main(String[] arguments) throws InterruptedException {
    try (StubProvider provider = StubProvider.start()) {
      for (String argument : arguments) {
        provider.enqueue(fault(argument));
      }
      StubToken token = provider.addToken();
      provider.acceptApiToken("stub-api-token");
      System.out.printf(
          """
          CLOUDFLARE_BASE_URL=%s
          CLOUDFLARE_API_TOKEN=stub-api-token
          CLOUDFLARE_ACCOUNT_ID=%s
          SERVICE_TOKEN_ID=%s
          PROTECTED_URL=%s
          CF_ACCESS_CLIENT_ID=%s
          CF_ACCESS_CLIENT_SECRET=%s
          READY
          """,
          provider.baseUrl(),
          token.accountId(),
          token.id(),
          provider.protectedUrl(),
          token.clientId(),
          token.clientSecret());
      printRequests(provider);
    } catch (IllegalArgumentException e) {
      System.err.print(e.getMessage() + "\n" + USAGE);
      System.exit(2);
    }
  }

  private static void printRequests(StubProvider provider) throws InterruptedException {
    for (int count = 1; !System.out.checkError(); ) {
      try {
        ReceivedRequest request =
            provider.awaitRequests(count, Duration.ofMinutes(1)).get(count - 1);
        System.out.println(request + " rotations=" + provider.rotations());
        count++;
      } catch (TimeoutException e) {
        // Nothing arrived; waits again.
      }
    }
  }

  private static Fault fault(String argument) {
    String[] parts = argument.split("=", 2);
    String value = parts.length == 2 ? parts[1] : "";
    try {
      return switch (parts[0]) {
        case "status" -> Fault.status(Integer.parseInt(value));
        case "cut-before-applying" -> Fault.cutBeforeApplying();
        case "cut-after-applying" -> Fault.cutAfterApplying();
        case "cut-during-response" -> Fault.cutDuringResponse();
        case "delay" -> Fault.delay(Duration.parse(value));
        default -> throw new IllegalArgumentException("no such fault");
      };
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IllegalArgumentException("not a fault: " + argument, e);
    }
  }
}
