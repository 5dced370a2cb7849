package io.github.accesstokens.outcomes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.RotationException;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.RotationNotAppliedException.Reason;
import io.github.accesstokens.RotationUnknownException;
import io.github.accesstokens.api.Credentials;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The outcome for every status with every kind of body. */
@Timeout(120)
final class StatusTest {
  private static final int FIRST = 100;
  private static final int LAST = 599;

  private static final String HEAD =
      "status | Retry-After | failure envelope | success envelope | HTML | nothing\n";

  /**
   * With one retry allowed. A word in capitals is the reason of an unknown outcome. The number
   * counts the requests that the provider got.
   */
  private static final String OUTCOMES =
      """
      100     | any | NO_RESPONSE 1   | NO_RESPONSE 1   | NO_RESPONSE 1 | NO_RESPONSE 1
      101     | any | STATUS 1        | CONTRADICTORY 1 | STATUS 1      | STATUS 1
      102-199 | any | NO_RESPONSE 1   | NO_RESPONSE 1   | NO_RESPONSE 1 | NO_RESPONSE 1
      200-203 | any | CONTRADICTORY 1 | rotated 1       | MEDIA_TYPE 1  | EMPTY 1
      204-205 | any | NO_RESPONSE 1   | NO_RESPONSE 1   | NO_RESPONSE 1 | EMPTY 1
      206-299 | any | CONTRADICTORY 1 | rotated 1       | MEDIA_TYPE 1  | EMPTY 1
      300-306 | any | STATUS 1        | CONTRADICTORY 1 | STATUS 1      | STATUS 1
      307-308 | any | not applied 1   | CONTRADICTORY 1 | not applied 1 | not applied 1
      309-399 | any | STATUS 1        | CONTRADICTORY 1 | STATUS 1      | STATUS 1
      400-407 | no  | not applied 1   | CONTRADICTORY 1 | not applied 1 | not applied 1
      400-407 | 0   | not applied 2   | CONTRADICTORY 1 | not applied 2 | not applied 2
      408     | no  | not applied 1   | CONTRADICTORY 1 | STATUS 1      | STATUS 1
      408     | 0   | not applied 2   | CONTRADICTORY 1 | STATUS 1      | STATUS 1
      409-431 | no  | not applied 1   | CONTRADICTORY 1 | not applied 1 | not applied 1
      409-431 | 0   | not applied 2   | CONTRADICTORY 1 | not applied 2 | not applied 2
      432-450 | no  | not applied 1   | CONTRADICTORY 1 | STATUS 1      | STATUS 1
      432-450 | 0   | not applied 2   | CONTRADICTORY 1 | STATUS 1      | STATUS 1
      451     | no  | not applied 1   | CONTRADICTORY 1 | not applied 1 | not applied 1
      451     | 0   | not applied 2   | CONTRADICTORY 1 | not applied 2 | not applied 2
      452-499 | no  | not applied 1   | CONTRADICTORY 1 | STATUS 1      | STATUS 1
      452-499 | 0   | not applied 2   | CONTRADICTORY 1 | STATUS 1      | STATUS 1
      500-599 | any | STATUS 1        | CONTRADICTORY 1 | STATUS 1      | STATUS 1
      """;

  /** The headers and the body of each kind. */
  private static final Map<String, List<String>> BODIES =
      Map.of(
          "failure",
          List.of(
              "Content-Type: application/json\r\n",
              "{\"errors\":[{\"code\":1000,\"message\":\"no\"}],\"messages\":[],"
                  + "\"success\":false,\"result\":null}"),
          "success",
          List.of(
              "Content-Type: application/json\r\n",
              "{\"errors\":[],\"messages\":[],\"success\":true,"
                  + "\"result\":{\"client_secret\":\"new-secret\"}}"),
          "html",
          List.of("Content-Type: text/html\r\n", "<html></html>"),
          "nothing",
          List.of("", ""));

  @Test
  void everyStatus_hasItsOutcomeAndOnlyNotAppliedIsSentTwice() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(64);
    try (RawProvider provider = RawProvider.start(StatusTest::respond)) {
      AccessTokensClient client =
          AccessTokensClient.builder()
              .credentials(Credentials.apiToken("my-api-token"))
              .baseUrl(provider.baseUrl())
              .callTimeout(Duration.ofSeconds(30))
              .maxRetries(1)
              .build();
      assertThat(table(provider, client, callers)).isEqualTo(HEAD + OUTCOMES.replaceAll(" +", " "));
    } finally {
      callers.shutdownNow();
    }
  }

  /** Merges neighbours with equal outcomes into one line, or two where the header matters. */
  private static String table(
      RawProvider provider, AccessTokensClient client, ExecutorService callers) throws Exception {
    List<List<Future<String>>> without = new ArrayList<>();
    List<List<Future<String>>> with = new ArrayList<>();
    for (int status = FIRST; status <= LAST; status++) {
      without.add(outcomes(provider, client, callers, status, "no"));
      with.add(outcomes(provider, client, callers, status, "0"));
    }
    StringBuilder table = new StringBuilder(HEAD);
    int first = FIRST;
    for (int status = FIRST; status <= LAST; status++) {
      int i = status - FIRST;
      String lines = lines(without.get(i), with.get(i));
      if (status == LAST || !lines.equals(lines(without.get(i + 1), with.get(i + 1)))) {
        String range = first == status ? "" + first : first + "-" + status;
        lines.lines().forEach(line -> table.append(range + " | " + line + "\n"));
        first = status + 1;
      }
    }
    return table.toString();
  }

  private static List<Future<String>> outcomes(
      RawProvider provider,
      AccessTokensClient client,
      ExecutorService callers,
      int status,
      String retryAfter) {
    List<Future<String>> outcomes = new ArrayList<>();
    for (String kind : List.of("failure", "success", "html", "nothing")) {
      String account = status + "-" + kind + "-" + retryAfter;
      outcomes.add(callers.submit(() -> outcome(provider, client, account)));
    }
    return outcomes;
  }

  private static String lines(List<Future<String>> without, List<Future<String>> with)
      throws Exception {
    String no = row(without);
    String zero = row(with);
    return no.equals(zero) ? "any" + no : "no" + no + "\n0" + zero;
  }

  private static String row(List<Future<String>> outcomes) throws Exception {
    StringBuilder row = new StringBuilder();
    for (Future<String> outcome : outcomes) {
      row.append(" | ").append(outcome.get(60, TimeUnit.SECONDS));
    }
    return row.toString();
  }

  private static String outcome(RawProvider provider, AccessTokensClient client, String account) {
    String outcome;
    boolean notApplied = false;
    try {
      outcome =
          client.rotate(account, "t").getClientSecret().equals("new-secret") ? "rotated" : "?";
    } catch (RotationNotAppliedException e) {
      notApplied = true;
      outcome = e.getReason() == Reason.REFUSED ? "not applied" : "not applied: " + e.getReason();
    } catch (RotationUnknownException e) {
      outcome = e.getReason().name();
    } catch (RotationException | RuntimeException e) {
      outcome = e.toString();
    }
    int sent = provider.requests("/accounts/" + account + "/");
    return outcome + " " + sent + (sent == 1 || notApplied ? "" : " SENT AGAIN");
  }

  private static void respond(String path, OutputStream out) throws IOException {
    // /accounts/STATUS-KIND-RETRY/...
    String[] asked = path.split("/", 4)[2].split("-", 3);
    List<String> body = Objects.requireNonNull(BODIES.get(asked[1]));
    String retryAfter = asked[2].equals("no") ? "" : "Retry-After: " + asked[2] + "\r\n";
    out.write(
        RawProvider.response(
            asked[0] + " X", body.get(0) + retryAfter, body.get(1).getBytes(UTF_8)));
  }
}
