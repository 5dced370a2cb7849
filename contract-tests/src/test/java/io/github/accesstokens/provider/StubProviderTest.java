package io.github.accesstokens.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.squareup.moshi.Moshi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StubProviderTest {
  private static final String POINTER = "/previous_client_secret_expires_at";
  private static final String[] API_TOKEN = {"Authorization", "Bearer api-token"};
  private static final String[] NOBODY = {};

  private final TestClock clock = new TestClock(Instant.parse("2026-11-24T12:00:00Z"));
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private StubProvider provider;
  private StubToken token;

  @BeforeEach
  void start() {
    provider = StubProvider.start(clock);
    provider.acceptApiToken("api-token");
    token = provider.addToken();
  }

  @AfterEach
  void close() {
    provider.close();
  }

  // Rotation

  @Test
  void answersARotationWithTheDocumentedEnvelope() throws Exception {
    HttpResponse<String> response = rotate();

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    Map<?, ?> envelope = json(response);
    assertThat(envelope.keySet().toString()).isEqualTo("[errors, messages, success, result]");
    assertThat(envelope.get("errors")).isEqualTo(List.of());
    assertThat(envelope.get("messages")).isEqualTo(List.of());
    assertThat(envelope.get("success")).isEqualTo(true);
    assertThat(envelope.get("result"))
        .isEqualTo(
            Map.of(
                "id", "f174e90a-fafe-4643-bbbc-4a0ed4fc8415",
                "client_id", token.clientId(),
                "client_secret", token.clientSecret(),
                "created_at", "2026-11-24T12:00:00Z",
                "duration", "8760h",
                "name", "CI/CD token",
                "updated_at", "2026-11-24T12:00:00.000001Z"));
  }

  @Test
  void rotationReplacesTheSecretAndKeepsTheClientId() throws Exception {
    String clientId = token.clientId();
    String first = token.clientSecret();
    assertThat(clientId).matches("[0-9a-f]{32}\\.access\\.example\\.com");
    assertThat(first).matches("[0-9a-f]{64}");
    assertThat(open(first)).isEqualTo(200);

    rotate();

    String second = token.clientSecret();
    assertThat(token.clientId()).isEqualTo(clientId);
    assertThat(second).matches("cfast_[0-9A-Za-z]{48}");
    assertThat(open(first)).isEqualTo(403);
    assertThat(open(second)).isEqualTo(200);
  }

  @Test
  void updatedAtMovesWithEveryRotation() throws Exception {
    String first = result(rotate()).get("updated_at");
    String second = result(rotate()).get("updated_at");
    clock.advance(Duration.ofMinutes(1));
    String third = result(rotate()).get("updated_at");

    assertThat(Instant.parse(first)).isBefore(Instant.parse(second));
    assertThat(third).isEqualTo("2026-11-24T12:01:00Z");
  }

  @Test
  void gracePeriodKeepsThePreviousSecretUntilTheClockReachesItsEnd() throws Exception {
    String first = token.clientSecret();

    assertThat(rotate(expiresAt("2026-11-24T13:00:00Z")).statusCode()).isEqualTo(200);

    clock.advance(Duration.ofMinutes(60).minusNanos(1));
    assertThat(open(first)).isEqualTo(200);
    clock.advance(Duration.ofNanos(1));
    assertThat(open(first)).isEqualTo(403);
    assertThat(open(token.clientSecret())).isEqualTo(200);
  }

  @Test
  void secondRotationKillsTheOldestSecret() throws Exception {
    String first = token.clientSecret();
    rotate(expiresAt("2026-11-24T13:00:00Z"));
    String second = token.clientSecret();
    rotate(expiresAt("2026-11-24T13:00:00Z"));

    assertThat(open(first)).isEqualTo(403);
    assertThat(open(second)).isEqualTo(200);
    assertThat(open(token.clientSecret())).isEqualTo(200);
  }

  @Test
  void rotationWithoutGraceEndsTheGraceOfTheOneBefore() throws Exception {
    String first = token.clientSecret();
    rotate(expiresAt("2026-11-24T13:00:00Z"));
    String second = token.clientSecret();
    rotate();

    assertThat(open(first)).isEqualTo(403);
    assertThat(open(second)).isEqualTo(403);
  }

  @Test
  void concurrentRotationsComeOneAfterAnother() throws Exception {
    HttpRequest request = rotateRequest(API_TOKEN).build();
    List<CompletableFuture<HttpResponse<String>>> calls =
        Stream.generate(() -> http.sendAsync(request, BodyHandlers.ofString())).limit(20).toList();

    Set<String> secrets = new HashSet<>();
    Set<String> updates = new HashSet<>();
    for (CompletableFuture<HttpResponse<String>> call : calls) {
      Map<String, String> result = result(call.get());
      secrets.add(result.get("client_secret"));
      updates.add(result.get("updated_at"));
    }

    assertThat(token.rotations()).isEqualTo(20);
    assertThat(secrets).hasSize(20).contains(token.clientSecret());
    assertThat(updates).hasSize(20);
    int accepted = 0;
    for (String secret : secrets) {
      accepted += open(secret) == 200 ? 1 : 0;
    }
    assertThat(accepted).isEqualTo(1);
  }

  @Test
  void tokensRotateIndependently() throws Exception {
    StubToken other = provider.addToken(token.accountId(), "other", "Other");
    StubToken elsewhere = provider.addToken("elsewhere", token.id(), "Elsewhere");
    String secret = token.clientSecret();

    Map<String, String> result =
        result(send(rotateRequest(pathOf("elsewhere", token.id()), API_TOKEN)));
    assertThat(result).containsEntry("name", "Elsewhere");
    send(rotateRequest(pathOf(token.accountId(), "other"), API_TOKEN));

    assertThat(token.clientSecret()).isEqualTo(secret);
    assertThat(token.rotations()).isZero();
    assertThat(other.rotations()).isEqualTo(1);
    assertThat(elsewhere.rotations()).isEqualTo(1);
    assertThat(provider.rotations()).isEqualTo(2);
  }

  // The protected resource

  @Test
  void protectedResourceRefusesAPairThatIsIncompleteOrMixed() throws Exception {
    StubToken other = provider.addToken(token.accountId(), "other", "Other");
    String id = "CF-Access-Client-Id";
    String secret = "CF-Access-Client-Secret";

    assertThat(send(get(provider.protectedUrl())).statusCode()).isEqualTo(403);
    assertThat(send(get(provider.protectedUrl()).header(id, token.clientId())).statusCode())
        .isEqualTo(403);
    assertThat(send(get(provider.protectedUrl()).header(secret, token.clientSecret())).statusCode())
        .isEqualTo(403);
    assertThat(open(other.clientSecret())).isEqualTo(403);
  }

  @Test
  void protectedResourceIsNoRotateRequest() throws Exception {
    provider.enqueue(Fault.status(503));

    assertThat(open(token.clientSecret())).isEqualTo(200);
    assertThat(provider.pendingFaults()).isEqualTo(1);
    assertThat(provider.requests()).isEmpty();
  }

  // Routes and ids

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "accounts/a/access/service_tokens/t",
        "accounts/a/access/service_tokens/t/rotate/",
        "accounts/a/access/service_tokens/t/rotate/now",
        "accounts/a/access/service_token/t/rotate",
        "accounts//access/service_tokens/t/rotate",
        "accounts/a/access/service_tokens//rotate",
        "accounts/123456789012345678901234567890123/access/service_tokens/t/rotate",
        "accounts/a/access/service_tokens/1234567890123456789012345678901234567/rotate",
      })
  void unknownRouteIsTheDocumentedFailure(String path) throws Exception {
    HttpResponse<String> response = send(rotateRequest(path, NOBODY));

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(response.body())
        .isEqualTo(
            "{\"errors\":[{\"code\":7003,\"message\":\"No route for the URI\"}],"
                + "\"messages\":[],\"success\":false,\"result\":null}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE"})
  void otherMethodsHaveNoRoute(String method) throws Exception {
    assertRefused(
        send(rotateRequest(API_TOKEN).method(method, BodyPublishers.noBody())),
        404,
        7003,
        "No route for the URI");
  }

  @Test
  void idsOfFullLengthAreKnownRoutes() throws Exception {
    String accountId = "a".repeat(32);
    String serviceTokenId = "t".repeat(36);
    provider.addToken(accountId, serviceTokenId, "Long");

    HttpResponse<String> response =
        send(rotateRequest(pathOf(accountId, serviceTokenId), API_TOKEN));
    assertThat(result(response)).containsEntry("id", serviceTokenId);
  }

  @Test
  void idsAreComparedDecoded() throws Exception {
    provider.addToken("a/b", "c d", "Odd");

    assertThat(send(rotateRequest(pathOf("a%2Fb", "c%20d"), API_TOKEN)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void unknownAccountOrServiceTokenIsNotFound() throws Exception {
    String message = "The account has no such service token";

    assertRefused(
        send(rotateRequest(pathOf("unknown", token.id()), API_TOKEN)), 404, 1000, message);
    assertRefused(
        send(rotateRequest(pathOf(token.accountId(), "unknown"), API_TOKEN)), 404, 1000, message);
  }

  @Test
  void addTokenRefusesIdsThatNoRouteReachesAndDuplicates() {
    assertThatIllegalArgumentException().isThrownBy(() -> provider.addToken("", "t", "n"));
    assertThatIllegalArgumentException().isThrownBy(() -> provider.addToken("a", "", "n"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> provider.addToken("a".repeat(33), "t", "n"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> provider.addToken("a", "t".repeat(37), "n"));
    assertThatIllegalArgumentException().isThrownBy(() -> provider.addToken());
  }

  // Credentials

  @Test
  void eitherSchemeIsAccepted() throws Exception {
    provider.acceptApiKey("user@example.com", "key");

    assertThat(rotateAs("Authorization", "bearer api-token").statusCode()).isEqualTo(200);
    assertThat(rotateAs("X-Auth-Email", "user@example.com", "X-Auth-Key", "key").statusCode())
        .isEqualTo(200);
  }

  @Test
  void missingIncompleteMixedOrWrongCredentialsAreUnauthorized() throws Exception {
    provider.acceptApiKey("user@example.com", "key");
    provider.acceptApiKey("other@example.com", "other-key");

    String[][] refused = {
      {},
      {"Authorization", "Bearer wrong"},
      {"Authorization", "api-token"},
      {"Authorization", "Basic api-token"},
      {"Authorization", "Bearer "},
      {"Authorization", "Bearer api-token", "Authorization", "Bearer api-token"},
      {"X-Auth-Email", "user@example.com"},
      {"X-Auth-Key", "key"},
      {"X-Auth-Email", "user@example.com", "X-Auth-Key", "wrong"},
      {"X-Auth-Email", "user@example.com", "X-Auth-Key", "other-key"},
      {"Authorization", "Bearer api-token", "X-Auth-Email", "user@example.com"},
      {"Authorization", "Bearer api-token", "X-Auth-Key", "key"},
      {"Authorization", "Bearer api-token", "X-Auth-Email", "user@example.com", "X-Auth-Key", "key"}
    };
    for (String[] headers : refused) {
      HttpResponse<String> response = rotateAs(headers);
      assertThat(response.statusCode()).as(String.join(" ", headers)).isEqualTo(401);
      assertThat(error(response)).containsEntry("code", 1000.0);
      assertThat(response.body()).doesNotContain("wrong", "api-token", "other-key");
    }
    assertThat(provider.rotations()).isZero();
  }

  @Test
  void apiTokenWithoutPermissionIsForbidden() throws Exception {
    provider.acceptApiTokenWithoutPermission("weak");

    assertRefused(
        rotateAs("Authorization", "Bearer weak"),
        403,
        1000,
        "The API token lacks Access: Service Tokens Write");
  }

  @Test
  void checksComeInOrderRouteCredentialsTokenBody() throws Exception {
    provider.acceptApiTokenWithoutPermission("weak");
    String unknown = pathOf("unknown", "unknown");

    assertThat(send(rotateRequest("nowhere", NOBODY)).statusCode()).isEqualTo(404);
    assertThat(send(rotateRequest(unknown, NOBODY)).statusCode()).isEqualTo(401);
    assertThat(
            send(rotateRequest(unknown, new String[] {"Authorization", "Bearer weak"}))
                .statusCode())
        .isEqualTo(403);
    assertThat(
            send(rotateRequest(unknown, API_TOKEN).POST(BodyPublishers.ofString("x"))).statusCode())
        .isEqualTo(404);
    assertThat(send(rotateRequest(API_TOKEN).POST(BodyPublishers.ofString("x"))).statusCode())
        .isEqualTo(400);
  }

  // The body

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"previous_client_secret_expires_at\":\"2026-11-24T12:00:00Z\"}",
        "{\"previous_client_secret_expires_at\":\"2026-11-24t12:00:00.12345z\"}",
        "{\"previous_client_secret_expires_at\":\"2026-11-24T13:30:00+01:30\"}",
      })
  void documentedBodiesAreAccepted(String body) throws Exception {
    assertThat(rotate(body).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"2026-11-24\"",
        "\"2026-11-24T13:00:00\"",
        "\"2026-11-24T13:00Z\"",
        "\"2026-11-24 13:00:00Z\"",
        "\"2026-13-24T13:00:00Z\"",
        "\"2026-11-24T13:00:00+01\"",
        "\"\"",
        "1795525200",
        "true",
        "null",
        "{}",
      })
  void expiryThatIsNoDateTimeIsABadRequest(String value) throws Exception {
    HttpResponse<String> response = rotate("{\"previous_client_secret_expires_at\":" + value + "}");

    assertRefused(
        response, 400, 1000, "previous_client_secret_expires_at is not an RFC 3339 date-time");
    assertThat(error(response)).containsEntry("source", Map.of("pointer", POINTER));
  }

  @Test
  void expiryInThePastIsABadRequest() throws Exception {
    HttpResponse<String> response = rotate(expiresAt("2026-11-24T11:59:59.999Z"));

    assertRefused(response, 400, 1000, "previous_client_secret_expires_at is in the past");
    assertThat(error(response)).containsEntry("source", Map.of("pointer", POINTER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", " ", "[]", "null", "\"text\"", "{", "{}{}", "{'a':1}"})
  void bodyThatIsNoJsonObjectIsABadRequest(String body) throws Exception {
    HttpResponse<String> response = rotate(body);

    assertRefused(response, 400, 1000, "The body is not a JSON object");
    assertThat(error(response)).doesNotContainKey("source");
  }

  @Test
  void repeatedPropertyIsABadRequest() throws Exception {
    String expiry = "\"previous_client_secret_expires_at\":\"2026-11-24T13:00:00Z\"";

    assertRefused(
        rotate("{" + expiry + "," + expiry + "}"), 400, 1000, "The body is not a JSON object");
  }

  @Test
  void unknownPropertyIsABadRequest() throws Exception {
    String body =
        "{\"previous_client_secret_expires_at\":\"2026-11-24T13:00:00Z\",\"duration\":\"1h\"}";

    assertRefused(rotate(body), 400, 1000, "Unknown property in the body: duration");
  }

  @Test
  void contentTypeMustBeJsonWhereThereIsABody() throws Exception {
    String message = "The body's content type is not application/json";

    assertRefused(
        send(rotateRequest(API_TOKEN).POST(BodyPublishers.ofString("{}"))), 400, 1000, message);
    assertRefused(rotate("text/plain", "{}"), 400, 1000, message);
    assertRefused(rotate("application/jsonp", "{}"), 400, 1000, message);
    assertThat(rotate("Application/JSON; charset=UTF-8", "{}").statusCode()).isEqualTo(200);
  }

  // Headers of every answer

  @Test
  void everyAnswerCarriesTheDocumentedHeaders() throws Exception {
    provider.enqueue(Fault.status(500));
    provider.enqueue(Fault.answer(502, "text/html", ""));
    List<HttpResponse<String>> responses =
        List.of(
            rotate(),
            rotate(),
            rotate(),
            rotateAs(),
            send(rotateRequest("nowhere", NOBODY)),
            send(get(provider.protectedUrl())));

    Set<String> rays = new HashSet<>();
    for (HttpResponse<String> response : responses) {
      assertThat(response.headers().allValues("Ratelimit"))
          .containsExactly("\"default\";r=50;t=30");
      assertThat(response.headers().allValues("Ratelimit-Policy"))
          .containsExactly("\"burst\";q=100;w=60");
      rays.addAll(response.headers().allValues("cf-ray"));
    }
    assertThat(responses)
        .extracting(HttpResponse::statusCode)
        .containsExactly(500, 502, 200, 401, 404, 403);
    assertThat(rays).hasSize(responses.size());
  }

  // Protocols and encodings

  @Test
  void answersAreCompressedOnceToldAndForThoseWhoAcceptIt() throws Exception {
    String encoding = "Accept-Encoding";
    assertThat(rotateAs(with(API_TOKEN, encoding, "gzip")).headers().map())
        .doesNotContainKey("content-encoding");

    provider.gzipAnswers();

    assertThat(rotate().headers().map()).doesNotContainKey("content-encoding");
    HttpResponse<byte[]> response =
        http.send(
            rotateRequest(with(API_TOKEN, encoding, "br, gzip")).build(),
            BodyHandlers.ofByteArray());
    assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes())
        .asString(UTF_8)
        .contains(token.clientSecret());
  }

  @Test
  void http2IsSpokenWithPriorKnowledge() throws Exception {
    try (StubProvider http2 = StubProvider.startHttp2()) {
      OkHttpClient client =
          new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build();
      Request request = new Request.Builder().url(http2.protectedUrl()).build();
      try (Response response = client.newCall(request).execute()) {
        assertThat(response.protocol()).isEqualTo(Protocol.H2_PRIOR_KNOWLEDGE);
        assertThat(response.code()).isEqualTo(403);
      }
    }
  }

  // Faults

  @Test
  void statusFaultAnswersTheFailureEnvelopeAndAppliesNothing() throws Exception {
    String secret = token.clientSecret();
    provider.enqueue(Fault.status(429).retryAfter("7"));

    HttpResponse<String> response = rotate();

    assertRefused(response, 429, 1000, "The stub was told to answer 429");
    assertThat(response.headers().firstValue("retry-after")).hasValue("7");
    assertThat(open(secret)).isEqualTo(200);
    assertThat(provider.rotations()).isZero();
  }

  @Test
  void htmlBodyReplacesTheEnvelopeAndKeepsTheRest() throws Exception {
    provider.enqueue(Fault.status(503).retryAfter("7").htmlBody());

    HttpResponse<String> response = rotate();

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().allValues("Content-Type"))
        .containsExactly("text/html; charset=utf-8");
    assertThat(response.headers().firstValue("retry-after")).hasValue("7");
    assertThat(response.body()).startsWith("<!DOCTYPE html>");
  }

  @Test
  void rawAnswerIsGivenAsItIs() throws Exception {
    provider.enqueue(
        Fault.answer(302, "text/plain", "gone to löok").header("Location", "/elsewhere"));

    HttpResponse<String> response = rotate();

    assertThat(response.statusCode()).isEqualTo(302);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain");
    assertThat(response.headers().firstValue("Location")).hasValue("/elsewhere");
    assertThat(response.body()).isEqualTo("gone to löok");
    assertThat(provider.rotations()).isZero();
  }

  @Test
  void answerCanReplaceThatOfAnAppliedRotation() throws Exception {
    String secret = token.clientSecret();
    provider.enqueue(Fault.answer(200, "application/json", "{").afterApplying().header("a", "b"));
    provider.enqueue(Fault.status(504).afterApplying().htmlBody());

    assertThat(rotate().body()).isEqualTo("{");
    assertThat(rotate().statusCode()).isEqualTo(504);

    assertThat(provider.rotations()).isEqualTo(2);
    assertThat(open(secret)).isEqualTo(403);
  }

  @Test
  void delayedAnswerIsTheOrdinaryOne() throws Exception {
    Duration delay = Duration.ofMillis(50);
    provider.enqueue(Fault.delay(delay));

    long start = System.nanoTime();
    HttpResponse<String> response = rotate();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(delay);
    assertThat(result(response)).containsEntry("client_secret", token.clientSecret());
  }

  @Test
  void delayOutlastsAnImpatientClientAndEndsWithTheProvider() throws Exception {
    rotate(); // Warms up, so that the client's patience is spent on the delay alone.
    provider.enqueue(Fault.delay(Duration.ofHours(1)));

    assertThatThrownBy(() -> send(rotateRequest(API_TOKEN).timeout(Duration.ofMillis(500))))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(provider.rotations()).isEqualTo(2);

    provider.close(); // Throws if a connection is still being served.
  }

  @Test
  void cutBeforeApplyingLeavesTheSecretAlone() throws Exception {
    String secret = token.clientSecret();
    provider.enqueue(Fault.cutBeforeApplying());

    assertThatThrownBy(this::rotate).isInstanceOf(IOException.class);

    assertThat(provider.requests()).hasSize(1);
    assertThat(provider.rotations()).isZero();
    assertThat(open(secret)).isEqualTo(200);
  }

  @Test
  void cutAfterApplyingLosesTheAnswer() throws Exception {
    String secret = token.clientSecret();
    provider.enqueue(Fault.cutAfterApplying());

    assertThatThrownBy(this::rotate).isInstanceOf(IOException.class);

    assertThat(provider.requests()).hasSize(1);
    assertThat(provider.rotations()).isEqualTo(1);
    assertThat(open(secret)).isEqualTo(403);
  }

  @Test
  void cutDuringAnswerLosesTheRestOfTheBody() throws Exception {
    provider.enqueue(Fault.cutDuringAnswer());

    HttpResponse<Stream<String>> response =
        http.send(rotateRequest(API_TOKEN).build(), BodyHandlers.ofLines());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> response.body().forEach(line -> {}))
        .hasCauseInstanceOf(IOException.class);
    assertThat(provider.rotations()).isEqualTo(1);
  }

  @Test
  void faultThatAppliesGivesWayToARefusal() throws Exception {
    provider.enqueue(Fault.cutAfterApplying());

    assertThat(rotateAs().statusCode()).isEqualTo(401);
    assertThat(provider.rotations()).isZero();
    assertThat(provider.pendingFaults()).isZero();
  }

  @Test
  void faultsAreUsedUpInOrderOnePerRotateRequest() throws Exception {
    Fault unavailable = Fault.status(503);
    provider.enqueue(Fault.status(500));
    provider.enqueue(unavailable);
    provider.enqueue(unavailable);
    assertThat(provider.pendingFaults()).isEqualTo(3);

    assertThat(rotate().statusCode()).isEqualTo(500);
    assertThat(send(rotateRequest("nowhere", API_TOKEN)).statusCode()).isEqualTo(404);
    assertThat(provider.pendingFaults()).isEqualTo(2);
    assertThat(rotate().statusCode()).isEqualTo(503);
    assertThat(rotate().statusCode()).isEqualTo(503);
    assertThat(provider.pendingFaults()).isZero();
    assertThat(rotate().statusCode()).isEqualTo(200);
  }

  @Test
  void changingAFaultMakesAnother() throws Exception {
    Fault plain = Fault.status(503);
    Fault html = plain.htmlBody();
    Fault applied = plain.afterApplying();
    provider.enqueue(plain);
    provider.enqueue(html);

    assertThat(rotate().body()).startsWith("{");
    assertThat(rotate().body()).startsWith("<");
    assertThat(provider.rotations()).isZero();

    provider.enqueue(applied);
    assertThat(rotate().statusCode()).isEqualTo(503);
    assertThat(provider.rotations()).isEqualTo(1);
  }

  @Test
  void faultRefusesWhatMakesNoSense() {
    assertThatIllegalArgumentException().isThrownBy(() -> Fault.status(399));
    assertThatIllegalArgumentException().isThrownBy(() -> Fault.status(600));
    assertThatIllegalArgumentException().isThrownBy(() -> Fault.answer(199, "text/plain", ""));
    assertThatIllegalArgumentException().isThrownBy(() -> Fault.answer(600, "text/plain", ""));
    assertThatIllegalStateException().isThrownBy(() -> Fault.cutAfterApplying().retryAfter("1"));
    assertThatIllegalStateException().isThrownBy(() -> Fault.delay(Duration.ZERO).htmlBody());
    assertThatIllegalStateException().isThrownBy(() -> Fault.cutBeforeApplying().afterApplying());
  }

  // What tests can look at

  @Test
  void requestsTellWhatWasSent() throws Exception {
    String body = expiresAt("2026-11-24T13:00:00Z");
    rotate();
    rotate(body);
    send(rotateRequest("nowhere?x=%20", NOBODY));

    List<ReceivedRequest> requests = provider.requests();

    assertThat(requests).hasSize(3);
    String path = "/client/v4/" + pathOf(token.accountId(), token.id());
    assertThat(requests.get(0).method()).isEqualTo("POST");
    assertThat(requests.get(0).path()).isEqualTo(path);
    assertThat(requests.get(0).headers().values("Authorization"))
        .containsExactly("Bearer api-token");
    assertThat(requests.get(0).body()).isEmpty();
    assertThat(requests.get(1).headers().get("Content-Type")).isEqualTo("application/json");
    assertThat(requests.get(1).body()).isEqualTo(body);
    assertThat(requests.get(2).path()).isEqualTo("/client/v4/nowhere?x=%20");
  }

  @Test
  void nothingPrintsACredential() throws Exception {
    provider.acceptApiKey("user@example.com", "hidden-key");
    rotateAs("X-Auth-Email", "user@example.com", "X-Auth-Key", "hidden-key");
    rotate();

    assertThat(provider.requests().toString()).doesNotContain("hidden-key", "api-token");
    assertThat(token.toString()).doesNotContain(token.clientSecret());
  }

  @Test
  void urlsNameTheLoopbackAddress() {
    assertThat(provider.baseUrl()).matches("http://127\\.0\\.0\\.1:\\d+/client/v4/");
    assertThat(provider.protectedUrl()).matches("http://127\\.0\\.0\\.1:\\d+/protected");
  }

  @Test
  void providersDoNotShareAnything() throws Exception {
    try (StubProvider other = StubProvider.start()) {
      other.addToken();
      assertThat(other.baseUrl()).isNotEqualTo(provider.baseUrl());
      rotate();
      assertThat(other.rotations()).isZero();
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void closedProviderAnswersNobody() {
    provider.close();

    assertThatThrownBy(this::rotate).isInstanceOf(ConnectException.class);
  }

  private HttpResponse<String> rotate() throws Exception {
    return rotateAs(API_TOKEN);
  }

  private HttpResponse<String> rotateAs(String... headers) throws Exception {
    return send(rotateRequest(headers));
  }

  private HttpResponse<String> rotate(String body) throws Exception {
    return rotate("application/json", body);
  }

  private HttpResponse<String> rotate(String contentType, String body) throws Exception {
    return send(
        rotateRequest(API_TOKEN)
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder rotateRequest(String... headers) {
    return rotateRequest(pathOf(token.accountId(), token.id()), headers);
  }

  private HttpRequest.Builder rotateRequest(String path, String[] headers) {
    HttpRequest.Builder request = get(provider.baseUrl() + path).POST(BodyPublishers.noBody());
    return headers.length == 0 ? request : request.headers(headers);
  }

  private static String[] with(String[] headers, String name, String value) {
    return Stream.concat(Stream.of(headers), Stream.of(name, value)).toArray(String[]::new);
  }

  private int open(String clientSecret) throws Exception {
    return send(get(provider.protectedUrl())
            .header("CF-Access-Client-Id", token.clientId())
            .header("CF-Access-Client-Secret", clientSecret))
        .statusCode();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder get(String url) {
    return HttpRequest.newBuilder(URI.create(url));
  }

  private static String pathOf(String accountId, String serviceTokenId) {
    return "accounts/" + accountId + "/access/service_tokens/" + serviceTokenId + "/rotate";
  }

  private static String expiresAt(String time) {
    return "{\"previous_client_secret_expires_at\":\"" + time + "\"}";
  }

  private static Map<?, ?> json(HttpResponse<String> response) throws IOException {
    return (Map<?, ?>) new Moshi.Builder().build().adapter(Object.class).fromJson(response.body());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> result(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).isEqualTo(200);
    return (Map<String, String>) requireNonNull(json(response).get("result"));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> error(HttpResponse<String> response) throws IOException {
    List<?> errors = (List<?>) requireNonNull(json(response).get("errors"));
    assertThat(errors).hasSize(1);
    return (Map<String, Object>) errors.get(0);
  }

  private static void assertRefused(
      HttpResponse<String> response, int status, int code, String message) throws IOException {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(json(response).keySet().toString()).isEqualTo("[errors, messages, success, result]");
    assertThat(json(response).get("messages")).isEqualTo(List.of());
    assertThat(json(response).get("success")).isEqualTo(false);
    assertThat(json(response).get("result")).isNull();
    assertThat(error(response)).containsEntry("code", (double) code);
    assertThat(error(response)).containsEntry("message", message);
  }

  private static final class TestClock extends Clock {
    private volatile Instant now;

    TestClock(Instant now) {
      this.now = now;
    }

    void advance(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
