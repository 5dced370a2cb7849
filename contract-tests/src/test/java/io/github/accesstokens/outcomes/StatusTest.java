package io.github.accesstokens.truth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.RotationException;
import io.github.accesstokens.RotationNotAppliedException;
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

/** What every status tells, with every kind of body. */
@Timeout(120)
final class StatusTest {
  private static final int FIRST = 100;
  private static final int LAST = 599;

  private static final String HEAD =
      "status | Retry-After | failure envelope | success envelope | HTML | nothing\n";

  /** Of a client that tries once more; the number is that of requests the provider got. */
  private static final String TRUTHS =
      """
      100     | any | unknown: NO_ANSWER 1     | unknown: NO_ANSWER 1     | unknown: NO_ANSWER 1   | unknown: NO_ANSWER 1
      101     | any | unknown: STATUS 1        | unknown: CONTRADICTORY 1 | unknown: STATUS 1      | unknown: STATUS 1
      102-199 | any | unknown: NO_ANSWER 1     | unknown: NO_ANSWER 1     | unknown: NO_ANSWER 1   | unknown: NO_ANSWER 1
      200-203 | any | unknown: CONTRADICTORY 1 | rotated 1                | unknown: MEDIA_TYPE 1  | unknown: EMPTY 1
      204-205 | any | unknown: NO_ANSWER 1     | unknown: NO_ANSWER 1     | unknown: NO_ANSWER 1   | unknown: EMPTY 1
      206-299 | any | unknown: CONTRADICTORY 1 | rotated 1                | unknown: MEDIA_TYPE 1  | unknown: EMPTY 1
      300-306 | any | unknown: STATUS 1        | unknown: CONTRADICTORY 1 | unknown: STATUS 1      | unknown: STATUS 1
      307-308 | any | not applied: REFUSED 1   | unknown: CONTRADICTORY 1 | not applied: REFUSED 1 | not applied: REFUSED 1
      309-399 | any | unknown: STATUS 1        | unknown: CONTRADICTORY 1 | unknown: STATUS 1      | unknown: STATUS 1
      400-407 | no  | not applied: REFUSED 1   | unknown: CONTRADICTORY 1 | not applied: REFUSED 1 | not applied: REFUSED 1
      400-407 | 0   | not applied: REFUSED 2   | unknown: CONTRADICTORY 1 | not applied: REFUSED 2 | not applied: REFUSED 2
      408     | no  | not applied: REFUSED 1   | unknown: CONTRADICTORY 1 | unknown: STATUS 1      | unknown: STATUS 1
      408     | 0   | not applied: REFUSED 2   | unknown: CONTRADICTORY 1 | unknown: STATUS 1      | unknown: STATUS 1
      409-431 | no  | not applied: REFUSED 1   | unknown: CONTRADICTORY 1 | not applied: REFUSED 1 | not applied: REFUSED 1
      409-431 | 0   | not applied: REFUSED 2   | unknown: CONTRADICTORY 1 | not applied: REFUSED 2 | not applied: REFUSED 2
      432-450 | no  | not applied: REFUSED 1   | unknown: CONTRADICTORY 1 | unknown: STATUS 1      | unknown: STATUS 1
      432-450 | 0   | not applied: REFUSED 2   | unknown: CONTRADICTORY 1 | unknown: STATUS 1      | unknown: STATUS 1
      451     | no  | not applied: REFUSED 1   | unknown: CONTRADICTORY 1 | not applied: REFUSED 1 | not applied: REFUSED 1
      451     | 0   | not applied: REFUSED 2   | unknown: CONTRADICTORY 1 | not applied: REFUSED 2 | not applied: REFUSED 2
      452-499 | no  | not applied: REFUSED 1   | unknown: CONTRADICTORY 1 | unknown: STATUS 1      | unknown: STATUS 1
      452-499 | 0   | not applied: REFUSED 2   | unknown: CONTRADICTORY 1 | unknown: STATUS 1      | unknown: STATUS 1
      500-599 | any | unknown: STATUS 1        | unknown: CONTRADICTORY 1 | unknown: STATUS 1      | unknown: STATUS 1
      """;

  /** Headers without a length, and the body. */
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
  void everyStatusTellsItsTruthAndOnlyWhatIsNotAppliedIsSentTwice() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(64);
    try (RawProvider provider = RawProvider.start(StatusTest::answer)) {
      AccessTokensClient client =
          AccessTokensClient.builder()
              .credentials(Credentials.apiToken("my-api-token"))
              .baseUrl(provider.baseUrl())
              .callTimeout(Duration.ofSeconds(30))
              .maxRetries(1)
              .build();
      assertThat(table(provider, client, callers)).isEqualTo(HEAD + TRUTHS.replaceAll(" +", " "));
    } finally {
      callers.shutdownNow();
    }
  }

  /** Adjacent statuses that tell the same are one line, or two where the header matters. */
  private static String table(
      RawProvider provider, AccessTokensClient client, ExecutorService callers) throws Exception {
    List<List<Future<String>>> without = new ArrayList<>();
    List<List<Future<String>>> with = new ArrayList<>();
    for (int status = FIRST; status <= LAST; status++) {
      without.add(truths(provider, client, callers, status, "no"));
      with.add(truths(provider, client, callers, status, "0"));
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

  private static List<Future<String>> truths(
      RawProvider provider,
      AccessTokensClient client,
      ExecutorService callers,
      int status,
      String retryAfter) {
    List<Future<String>> truths = new ArrayList<>();
    for (String kind : List.of("failure", "success", "html", "nothing")) {
      String account = status + "-" + kind + "-" + retryAfter;
      truths.add(callers.submit(() -> truth(provider, client, account)));
    }
    return truths;
  }

  private static String lines(List<Future<String>> without, List<Future<String>> with)
      throws Exception {
    String no = row(without);
    String zero = row(with);
    return no.equals(zero) ? "any" + no : "no" + no + "\n0" + zero;
  }

  private static String row(List<Future<String>> truths) throws Exception {
    StringBuilder row = new StringBuilder();
    for (Future<String> truth : truths) {
      row.append(" | ").append(truth.get(60, TimeUnit.SECONDS));
    }
    return row.toString();
  }

  private static String truth(RawProvider provider, AccessTokensClient client, String account) {
    String truth;
    boolean notApplied = false;
    try {
      truth = client.rotate(account, "t").getClientSecret().equals("new-secret") ? "rotated" : "?";
    } catch (RotationNotAppliedException e) {
      notApplied = true;
      truth = "not applied: " + e.getReason();
    } catch (RotationUnknownException e) {
      truth = "unknown: " + e.getReason();
    } catch (RotationException | RuntimeException e) {
      truth = e.toString();
    }
    int sent = provider.requests("/accounts/" + account + "/");
    return truth + " " + sent + (sent == 1 || notApplied ? "" : " SENT AGAIN");
  }

  private static void answer(String path, OutputStream out) throws IOException {
    // /accounts/STATUS-KIND-RETRY/...
    String[] asked = path.split("/", 4)[2].split("-", 3);
    List<String> body = Objects.requireNonNull(BODIES.get(asked[1]));
    String retryAfter = asked[2].equals("no") ? "" : "Retry-After: " + asked[2] + "\r\n";
    out.write(
        RawProvider.answer(asked[0] + " X", body.get(0) + retryAfter, body.get(1).getBytes(UTF_8)));
  }
}
