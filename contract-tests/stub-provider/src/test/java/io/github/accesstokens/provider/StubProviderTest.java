package io.github.accesstokens.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

final class StubProviderTest {
  private static final String POINTER = "/previous_client_secret_expires_at";
  private static final String API_TOKEN = "Authorization: Bearer api-token";

  private volatile Instant now = Instant.parse("2026-11-24T12:00:00Z");
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private StubProvider provider;
  private StubToken token;

  @BeforeEach
  void start() {
    InstantSource clock = () -> now;
    provider = StubProvider.start(clock.withZone(ZoneOffset.UTC));
    provider.acceptApiToken("api-token");
    token = provider.addToken();
  }

  @AfterEach
  void close() {
    provider.close();
  }

  @Nested
  final class Rotations {
    @Test
    void rotation_hasTheDocumentedEnvelope() throws Exception {
      HttpResponse<String> response = rotate();

      // As in openapi/service-tokens.yaml. The contract tests check the other responses.
      assertThat(response.statusCode())
          .as("status of a rotation at the stub provider; openapi/service-tokens.yaml has 200")
          .isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
      Map<String, Object> envelope = json(response);
      assertThat(envelope.keySet()).containsExactly("errors", "messages", "success", "result");
      assertThat(envelope)
          .containsEntry("errors", List.of())
          .containsEntry("messages", List.of())
          .containsEntry("success", true)
          .containsEntry(
              "result",
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
    void rotation_replacesTheSecretAndKeepsTheClientId() throws Exception {
      assertThat(token.name()).isEqualTo("CI/CD token");
      String clientId = token.clientId();
      String first = token.clientSecret();
      assertThat(clientId).matches("[0-9a-f]{32}\\.access\\.example\\.com");
      assertThat(first).matches("[0-9a-f]{64}");
      assertThat(opens(first)).isTrue();

      rotate();

      String second = token.clientSecret();
      assertThat(token.clientId()).isEqualTo(clientId);
      assertThat(second).matches("cfast_[0-9A-Za-z]{48}");
      CRC32 checksum = new CRC32();
      checksum.update(second.substring("cfast_".length(), second.length() - 8).getBytes(UTF_8));
      assertThat(second).endsWith("%08x".formatted(checksum.getValue()));
      assertThat(opens(first)).isFalse();
      assertThat(opens(second)).isTrue();
    }

    @Test
    void advancedClock_endsTheGracePeriod() throws Exception {
      String first = token.clientSecret();
      rotateUntil("2026-11-24T13:00:00Z");

      provider.advanceClock(Duration.ofMinutes(59));
      assertThat(opens(first)).isTrue();
      provider.advanceClock(Duration.ofMinutes(1));

      assertThat(opens(first)).isFalse();
      assertThat(opens(token.clientSecret())).isTrue();
    }

    @Test
    void eachRotation_movesUpdatedAt() throws Exception {
      String first = result(rotate()).get("updated_at");
      String second = result(rotate()).get("updated_at");
      now = now.plus(Duration.ofMinutes(1));
      String third = result(rotate()).get("updated_at");

      assertThat(Instant.parse(first)).isBefore(Instant.parse(second));
      assertThat(third).isEqualTo("2026-11-24T12:01:00Z");
    }

    @Test
    void gracePeriod_keepsThePreviousSecretUntilItExpires() throws Exception {
      String first = token.clientSecret();

      assertThat(rotateUntil("2026-11-24T13:00:00Z").statusCode()).isEqualTo(200);

      now = now.plus(Duration.ofMinutes(60).minusNanos(1));
      assertThat(opens(first)).isTrue();
      now = now.plus(Duration.ofNanos(1));
      assertThat(opens(first)).isFalse();
      assertThat(opens(token.clientSecret())).isTrue();
    }

    @Test
    void secondRotationWithGracePeriod_endsTheOldestSecret() throws Exception {
      String first = token.clientSecret();
      rotateUntil("2026-11-24T13:00:00Z");
      String second = token.clientSecret();
      rotateUntil("2026-11-24T13:00:00Z");

      assertThat(opens(first)).isFalse();
      assertThat(opens(second)).isTrue();
      assertThat(opens(token.clientSecret())).isTrue();
    }

    @Test
    void rotationWithoutGracePeriod_endsAllPreviousSecrets() throws Exception {
      String first = token.clientSecret();
      rotateUntil("2026-11-24T13:00:00Z");
      String second = token.clientSecret();
      rotate();

      assertThat(opens(first)).isFalse();
      assertThat(opens(second)).isFalse();
    }

    @Test
    void concurrentRotations_areAppliedOneByOne() throws Exception {
      HttpRequest request = post(path(token), API_TOKEN).build();
      List<CompletableFuture<HttpResponse<String>>> calls =
          Stream.generate(() -> http.sendAsync(request, BodyHandlers.ofString()))
              .limit(20)
              .toList();

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
        accepted += opens(secret) ? 1 : 0;
      }
      assertThat(accepted).isEqualTo(1);
    }

    @Test
    void severalTokens_rotateIndependently() throws Exception {
      StubToken other = provider.addToken(token.accountId(), "other", "Other");
      StubToken elsewhere = provider.addToken("elsewhere", token.id(), "Elsewhere");
      String secret = token.clientSecret();

      assertThat(result(send(post(path(elsewhere), API_TOKEN)))).containsEntry("name", "Elsewhere");
      send(post(path(other), API_TOKEN));

      assertThat(token.clientSecret()).isEqualTo(secret);
      assertThat(token.rotations()).isZero();
      assertThat(other.rotations()).isEqualTo(1);
      assertThat(elsewhere.rotations()).isEqualTo(1);
      assertThat(provider.rotations()).isEqualTo(2);
    }
  }

  @Nested
  final class ProtectedPage {
    @Test
    void incompleteOrMixedPair_isRedirectedToTheLoginPage() throws Exception {
      StubToken other = provider.addToken(token.accountId(), "other", "Other");
      String url = provider.protectedUrl();

      for (HttpRequest.Builder request :
          List.of(
              get(url),
              get(url, "CF-Access-Client-Id: " + token.clientId()),
              get(url, "CF-Access-Client-Secret: " + token.clientSecret()))) {
        HttpResponse<String> response = send(request);
        assertThat(response.statusCode()).isEqualTo(302);
        assertThat(response.headers().firstValue("Location"))
            .hasValue("https://example.cloudflareaccess.com/login");
      }
      assertThat(opens(other.clientSecret())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void refusePageWith_replacesTheRedirect(int status) throws Exception {
      provider.refusePageWith(status);

      HttpResponse<String> response = send(get(provider.protectedUrl()));

      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(response.headers().firstValue("Location")).isEmpty();
      assertThat(opens(token.clientSecret())).isTrue();
      assertThatIllegalArgumentException().isThrownBy(() -> provider.refusePageWith(404));
    }

    @Test
    void requestForThePage_usesNoFaultAndIsNotRecorded() throws Exception {
      provider.enqueue(Fault.status(503));

      assertThat(opens(token.clientSecret())).isTrue();
      assertThat(provider.pendingFaults()).isEqualTo(1);
      assertThat(provider.requests()).isEmpty();
    }
  }

  @Nested
  final class Routing {
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
    void unknownRoute_isTheDocumentedFailure(String path) throws Exception {
      HttpResponse<String> response = send(post(path));

      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(response.body())
          .isEqualTo(
              "{\"errors\":[{\"code\":7003,\"message\":\"No route for the URI\"}],"
                  + "\"messages\":[],\"success\":false,\"result\":null}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void otherMethod_isAnUnknownRoute(String method) throws Exception {
      assertRefused(
          send(post(path(token), API_TOKEN).method(method, BodyPublishers.noBody())),
          404,
          7003,
          "No route for the URI");
    }

    @Test
    void idsOfMaximumLength_areFound() throws Exception {
      StubToken longest = provider.addToken("a".repeat(32), "t".repeat(36), "Long");

      assertThat(result(send(post(path(longest), API_TOKEN)))).containsEntry("id", longest.id());
    }

    @Test
    void escapedIds_areDecoded() throws Exception {
      provider.addToken("a/b", "c d", "Odd");

      assertThat(send(post(path("a%2Fb", "c%20d"), API_TOKEN)).statusCode()).isEqualTo(200);
    }

    @Test
    void unknownAccountOrServiceToken_isNotFound() throws Exception {
      String message = "The account has no such service token";

      assertRefused(send(post(path("unknown", token.id()), API_TOKEN)), 404, 1000, message);
      assertRefused(send(post(path(token.accountId(), "unknown"), API_TOKEN)), 404, 1000, message);
    }

    @Test
    void addTokenWithUnroutableOrExistingIds_throws() {
      assertThatIllegalArgumentException().isThrownBy(() -> provider.addToken("", "t", "n"));
      assertThatIllegalArgumentException().isThrownBy(() -> provider.addToken("a", "", "n"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> provider.addToken("a".repeat(33), "t", "n"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> provider.addToken("a", "t".repeat(37), "n"));
      assertThatIllegalArgumentException().isThrownBy(() -> provider.addToken());
    }
  }

  @Nested
  final class Authentication {
    @BeforeEach
    void acceptApiKeys() {
      provider.acceptApiKey("user@example.com", "key");
      provider.acceptApiKey("other@example.com", "other-key");
      provider.acceptApiTokenWithoutPermission("weak");
    }

    @Test
    void eitherScheme_isAccepted() throws Exception {
      assertThat(rotateAs("Authorization: bearer api-token").statusCode()).isEqualTo(200);
      assertThat(rotateAs("X-Auth-Email: user@example.com", "X-Auth-Key: key").statusCode())
          .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "Authorization: Bearer wrong",
          "Authorization: Bearer api-token | Authorization: Bearer api-token",
          "X-Auth-Email: user@example.com",
          "X-Auth-Key: key",
          "X-Auth-Email: user@example.com | X-Auth-Key: wrong",
          "X-Auth-Email: user@example.com | X-Auth-Key: other-key",
          "Authorization: Bearer api-token | X-Auth-Email: user@example.com",
          "Authorization: Bearer api-token | X-Auth-Key: key",
          "Authorization: Bearer api-token | X-Auth-Email: user@example.com | X-Auth-Key: key",
        })
    void missingIncompleteMixedOrWrongCredentials_areUnauthorized(String headers) throws Exception {
      HttpResponse<String> response =
          rotateAs(headers.isEmpty() ? new String[0] : headers.split(" \\| "));

      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(error(response)).containsEntry("code", 1000);
      assertThat(response.body()).doesNotContain("wrong", "api-token", "other-key");
      assertThat(provider.rotations()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
      "Authorization: api-token, 6111, Authorization",
      "Authorization: Basic api-token, 6111, Authorization",
      "Authorization: Bearer , 6111, Authorization",
      "Authorization: Bearer api token, 6111, Authorization",
      "X-Auth-Email: user@example.com | X-Auth-Key: k ey, 6103, X-Auth-Key",
    })
    void malformedCredentials_areABadRequestWithAChain(String headers, int code, String name)
        throws Exception {
      HttpResponse<String> response = rotateAs(headers.split(" \\| ", -1));

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body())
          .isEqualTo(
              """
              {"success":false,"errors":[{"code":6003,"message":"Invalid request headers",\
              "error_chain":[{"code":%d,"message":"Malformed %s"}]}]}"""
                  .formatted(code, name));
    }

    @Test
    void apiTokenWithoutPermission_isForbiddenInTheSeenForm() throws Exception {
      HttpResponse<String> response = rotateAs("Authorization: Bearer weak");

      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(response.body())
          .isEqualTo(
              """
              {"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}""");
    }

    @Test
    void apiTokenOfAnotherPlace_isForbiddenInTheSeenForm() throws Exception {
      provider.acceptApiTokenElsewhere("elsewhere");

      HttpResponse<String> response = rotateAs("Authorization: Bearer elsewhere");

      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(response.body())
          .isEqualTo(
              """
              {"success":false,"errors":[{"code":9109,\
              "message":"The API token may not be used from this place"}]}""");
    }

    @Test
    void documentedRefusals_haveTheWholeEnvelope() throws Exception {
      provider.documentedRefusals();
      provider.acceptApiTokenElsewhere("elsewhere");

      assertRefused(rotateAs("Authorization: Bearer weak"), 403, 10000, "Authentication error");
      assertRefused(
          rotateAs("Authorization: Bearer elsewhere"),
          403,
          9109,
          "The API token may not be used from this place");
      assertRefused(rotateAs("Authorization: weak"), 400, 6003, "Invalid request headers");
    }

    @Test
    void severalMistakes_areCheckedInOrderRouteCredentialsTokenBody() throws Exception {
      String unknown = path("unknown", "unknown");

      assertThat(send(post("nowhere")).statusCode()).isEqualTo(404);
      assertThat(send(post(unknown)).statusCode()).isEqualTo(401);
      assertThat(send(post(unknown, "Authorization: Bearer weak")).statusCode()).isEqualTo(403);
      assertThat(send(post(unknown, API_TOKEN).POST(BodyPublishers.ofString("x"))).statusCode())
          .isEqualTo(404);
      assertThat(send(post(path(token), API_TOKEN).POST(BodyPublishers.ofString("x"))).statusCode())
          .isEqualTo(400);
    }
  }

  @Nested
  final class Bodies {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "{}",
          "{\"previous_client_secret_expires_at\":\"2026-11-24T12:00:00Z\"}",
          "{\"previous_client_secret_expires_at\":\"2026-11-24t12:00:00.12345z\"}",
          "{\"previous_client_secret_expires_at\":\"2026-11-24T13:30:00+01:30\"}",
        })
    void documentedBody_isAccepted(String body) throws Exception {
      assertThat(rotateWith(body).statusCode()).isEqualTo(200);
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
    void expiryThatIsNotADateTime_isABadRequest(String value) throws Exception {
      HttpResponse<String> response =
          rotateWith("{\"previous_client_secret_expires_at\":" + value + "}");

      assertRefused(
          response, 400, 1000, "previous_client_secret_expires_at is not an RFC 3339 date-time");
      assertThat(error(response)).containsEntry("source", Map.of("pointer", POINTER));
    }

    @Test
    void expiryInThePast_isABadRequest() throws Exception {
      HttpResponse<String> response = rotateUntil("2026-11-24T11:59:59.999Z");

      assertRefused(response, 400, 1000, "previous_client_secret_expires_at is in the past");
      assertThat(error(response)).containsEntry("source", Map.of("pointer", POINTER));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "x",
          " ",
          "[]",
          "null",
          "\"text\"",
          "{",
          "{}{}",
          "{'a':1}",
          "{\"previous_client_secret_expires_at\":\"2026-11-24T13:00:00Z\","
              + "\"previous_client_secret_expires_at\":\"2026-11-24T13:00:00Z\"}",
        })
    void bodyThatIsNotAJsonObject_isABadRequest(String body) throws Exception {
      HttpResponse<String> response = rotateWith(body);

      assertRefused(response, 400, 1000, "The body is not a JSON object");
      assertThat(error(response)).doesNotContainKey("source");
    }

    @Test
    void unknownProperty_isABadRequest() throws Exception {
      String body =
          "{\"previous_client_secret_expires_at\":\"2026-11-24T13:00:00Z\",\"duration\":\"1h\"}";

      assertRefused(rotateWith(body), 400, 1000, "Unknown property in the body: duration");
    }

    @Test
    void bodyWithAnotherContentType_isABadRequest() throws Exception {
      String message = "The body's content type is not application/json";

      assertRefused(
          send(post(path(token), API_TOKEN).POST(BodyPublishers.ofString("{}"))),
          400,
          1000,
          message);
      assertRefused(rotateWith("text/plain", "{}"), 400, 1000, message);
      assertRefused(rotateWith("application/jsonp", "{}"), 400, 1000, message);
      assertThat(rotateWith("Application/JSON; charset=UTF-8", "{}").statusCode()).isEqualTo(200);
    }
  }

  @Nested
  final class ResponseHeaders {
    @Test
    void everyResponse_hasTheDocumentedHeaders() throws Exception {
      provider.enqueue(Fault.status(500));
      provider.enqueue(Fault.respond(502, "text/html", ""));
      List<HttpResponse<String>> responses =
          List.of(
              rotate(),
              rotate(),
              rotate(),
              rotateAs(),
              send(post("nowhere")),
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
          .containsExactly(500, 502, 200, 401, 404, 302);
      assertThat(rays).hasSize(responses.size());
    }

    @Test
    void gzipResponses_compressesIfTheRequestAcceptsIt() throws Exception {
      assertThat(rotateAs(API_TOKEN, "Accept-Encoding: gzip").headers().map())
          .doesNotContainKey("content-encoding");

      provider.gzipResponses();

      assertThat(rotate().headers().map()).doesNotContainKey("content-encoding");
      HttpResponse<byte[]> response =
          http.send(
              post(path(token), API_TOKEN, "Accept-Encoding: br, gzip").build(),
              BodyHandlers.ofByteArray());
      assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
      assertThat(new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes())
          .asString(UTF_8)
          .contains(token.clientSecret());
    }
  }

  @Nested
  final class Connections {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "Content-Length: 500||",
          "Content-Length: 3||{}",
          "Content-Length: 0|Content-Length: 500||",
          "Transfer-Encoding: chunked||",
          "Transfer-Encoding: chunked||5|{}",
          "Transfer-Encoding: chunked||2|{}|",
          "Transfer-Encoding: chunked||2|{}|0|",
          "Transfer-Encoding: gzip, chunked||2|{}|0||",
        })
    void announcedBodyThatDoesNotArrive_isNotARequest(String rest) throws Exception {
      provider.enqueue(Fault.delay(Duration.ZERO));

      assertThat(exchange(rawRotation() + "Content-Type: application/json|" + rest, true))
          .isEmpty();

      assertThat(provider.rotations()).isZero();
      assertThat(provider.requests()).isEmpty();
      assertThat(provider.pendingFaults()).isEqualTo(1);
    }

    @Test
    void wholeChunkedBody_rotates() throws Exception {
      String request = "Content-Type: application/json|Transfer-Encoding: chunked||2|{}|0||";

      assertThat(exchange(rawRotation() + request, true)).startsWith("HTTP/1.1 200 ");

      assertThat(provider.rotations()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/protected", "/nowhere"})
    void head_hasTheHeadersOfGetAndNoBody(String path) throws Exception {
      String get = exchange("GET " + path + " HTTP/1.1|Connection: close||", false);
      String head = exchange("HEAD " + path + " HTTP/1.1|Connection: close||", false);

      assertThat(head).endsWith("\r\n\r\n").hasLineCount((int) get.lines().count() - 1);
      int body = get.length() - get.indexOf("\r\n\r\n") - 4;
      assertThat(head).containsOnlyOnce("\r\nContent-Length: " + body + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "GET /protected HTTP/1.1|Connection: close||",
          "GET /protected HTTP/1.1|Connection: Keep-Alive, Close||",
          "GET /protected HTTP/1.0||",
          "POST /nowhere HTTP/1.1|Connection: close|Content-Length: 1||x",
        })
    void connectionClose_closesTheConnectionAfterTheResponse(String request) throws Exception {
      // The client keeps its side open, so only the provider can end the response.
      assertThat(exchange(request, false)).contains("\r\nConnection: close\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: keep-alive|"})
    void otherRequests_shareTheConnection(String header) throws Exception {
      String responses =
          exchange(rawRotation() + header + "|" + rawRotation() + "Connection: close||", false);

      assertThat(responses.split("HTTP/1.1 200 ", -1)).hasSize(3);
      assertThat(responses).containsOnlyOnce("Connection: close");
    }
  }

  @Nested
  final class Faults {
    @Test
    void status_respondsWithTheFailureEnvelopeAndAppliesNothing() throws Exception {
      String secret = token.clientSecret();
      provider.enqueue(Fault.status(429).retryAfter("7"));

      HttpResponse<String> response = rotate();

      assertRefused(response, 429, 1000, "Fault of the stub: status 429");
      assertThat(response.headers().firstValue("retry-after")).hasValue("7");
      assertThat(opens(secret)).isTrue();
      assertThat(provider.rotations()).isZero();
    }

    @Test
    void htmlBody_replacesOnlyTheBody() throws Exception {
      provider.enqueue(Fault.status(503).retryAfter("7").htmlBody());

      HttpResponse<String> response = rotate();

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().allValues("Content-Type"))
          .containsExactly("text/html; charset=utf-8");
      assertThat(response.headers().firstValue("retry-after")).hasValue("7");
      assertThat(response.body()).startsWith("<!DOCTYPE html>");
    }

    @Test
    void respond_sendsExactlyThatAndAppliesNothing() throws Exception {
      provider.enqueue(
          Fault.respond(302, "text/plain", "gone to löok").header("Location", "/elsewhere"));

      HttpResponse<String> response = rotate();

      assertThat(response.statusCode()).isEqualTo(302);
      assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain");
      assertThat(response.headers().firstValue("Location")).hasValue("/elsewhere");
      assertThat(response.body()).isEqualTo("gone to löok");
      assertThat(provider.rotations()).isZero();
    }

    @Test
    void afterApplying_replacesTheResponseOfAnAppliedRotation() throws Exception {
      String secret = token.clientSecret();
      provider.enqueue(
          Fault.respond(200, "application/json", "{").afterApplying().header("a", "b"));
      provider.enqueue(Fault.status(504).afterApplying().htmlBody());

      assertThat(rotate().body()).isEqualTo("{");
      assertThat(rotate().statusCode()).isEqualTo(504);

      assertThat(provider.rotations()).isEqualTo(2);
      assertThat(opens(secret)).isFalse();
    }

    @Test
    void delay_sendsTheUsualResponseLater() throws Exception {
      Duration delay = Duration.ofMillis(50);
      provider.enqueue(Fault.delay(delay));

      long start = System.nanoTime();
      HttpResponse<String> response = rotate();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(delay);
      assertThat(result(response)).containsEntry("client_secret", token.clientSecret());
    }

    @Test
    void informational_precedesTheUsualResponse() throws Exception {
      provider.enqueue(Fault.informational(3));

      assertThat(exchange(rawRotation() + "|", true))
          .startsWith("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(3) + "HTTP/1.1 200 OK\r\n")
          .contains(token.clientSecret());

      try (StubProvider http2 = StubProvider.startHttp2()) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> http2.enqueue(Fault.informational(1)));
      }
    }

    @Test
    void closeDuringADelay_endsTheDelay() throws Exception {
      rotate(); // Warms up, so that the timeout below is spent on the delay only.
      provider.enqueue(Fault.delay(Duration.ofHours(1)));

      assertThatThrownBy(() -> send(post(path(token), API_TOKEN).timeout(Duration.ofMillis(500))))
          .isInstanceOf(HttpTimeoutException.class);
      assertThat(provider.rotations()).isEqualTo(2);

      provider.close(); // Throws if the server still handles a request.
    }

    @Test
    void cutBeforeApplying_keepsTheSecret() throws Exception {
      String secret = token.clientSecret();
      provider.enqueue(Fault.cutBeforeApplying());

      assertThatThrownBy(StubProviderTest.this::rotate).isInstanceOf(IOException.class);

      assertThat(provider.requests()).hasSize(1);
      assertThat(provider.rotations()).isZero();
      assertThat(opens(secret)).isTrue();
    }

    @Test
    void cutAfterApplying_losesTheResponse() throws Exception {
      String secret = token.clientSecret();
      provider.enqueue(Fault.cutAfterApplying());

      assertThatThrownBy(StubProviderTest.this::rotate).isInstanceOf(IOException.class);

      assertThat(provider.requests()).hasSize(1);
      assertThat(provider.rotations()).isEqualTo(1);
      assertThat(opens(secret)).isFalse();
    }

    @Test
    void cutDuringResponse_losesTheRestOfTheBody() throws Exception {
      provider.enqueue(Fault.cutDuringResponse());

      HttpResponse<Stream<String>> response =
          http.send(post(path(token), API_TOKEN).build(), BodyHandlers.ofLines());

      assertThat(response.statusCode()).isEqualTo(200);
      assertThatThrownBy(() -> response.body().forEach(line -> {}))
          .hasCauseInstanceOf(IOException.class);
      assertThat(provider.rotations()).isEqualTo(1);
    }

    @Test
    void badRequest_isRefusedAndUsesUpTheFault() throws Exception {
      provider.enqueue(Fault.cutAfterApplying());

      assertThat(rotateAs().statusCode()).isEqualTo(401);
      assertThat(provider.rotations()).isZero();
      assertThat(provider.pendingFaults()).isZero();
    }

    @Test
    void severalFaults_areUsedInOrderOnePerRotateRequest() throws Exception {
      Fault unavailable = Fault.status(503);
      provider.enqueue(Fault.status(500));
      provider.enqueue(unavailable);
      provider.enqueue(unavailable);
      assertThat(provider.pendingFaults()).isEqualTo(3);

      assertThat(rotate().statusCode()).isEqualTo(500);
      assertThat(send(post("nowhere", API_TOKEN)).statusCode()).isEqualTo(404);
      assertThat(provider.pendingFaults()).isEqualTo(2);
      assertThat(rotate().statusCode()).isEqualTo(503);
      assertThat(rotate().statusCode()).isEqualTo(503);
      assertThat(provider.pendingFaults()).isZero();
      assertThat(rotate().statusCode()).isEqualTo(200);
    }

    @Test
    void changedFault_leavesTheOriginalAsItIs() throws Exception {
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

    @ParameterizedTest
    @ValueSource(ints = {400, 599})
    void firstAndLastStatusOfAFailure_arePossible(int status) throws Exception {
      provider.enqueue(Fault.status(status));
      assertThat(rotate().statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 599})
    void firstAndLastStatusOfAResponse_arePossible(int status) throws Exception {
      provider.enqueue(Fault.respond(status, "text/plain", "text"));
      assertThat(rotate().statusCode()).isEqualTo(status);
    }

    @Test
    void impossibleFault_throws() {
      assertThatIllegalArgumentException().isThrownBy(() -> Fault.status(399));
      assertThatIllegalArgumentException().isThrownBy(() -> Fault.status(600));
      assertThatIllegalArgumentException().isThrownBy(() -> Fault.respond(199, "text/plain", ""));
      assertThatIllegalArgumentException().isThrownBy(() -> Fault.respond(600, "text/plain", ""));
      assertThatIllegalStateException().isThrownBy(() -> Fault.cutAfterApplying().retryAfter("1"));
      assertThatIllegalStateException().isThrownBy(() -> Fault.delay(Duration.ZERO).htmlBody());
      assertThatIllegalStateException().isThrownBy(() -> Fault.cutBeforeApplying().afterApplying());
    }
  }

  @Nested
  final class ReceivedRequests {
    @Test
    void requests_areRecordedAsSent() throws Exception {
      String body = expiresAt("2026-11-24T13:00:00Z");
      rotateAs(API_TOKEN, "Accept: a/b", "Accept: c/d");
      rotateWith(body);
      send(post("nowhere?x=%20"));

      List<ReceivedRequest> requests = provider.requests();

      assertThat(requests).hasSize(3);
      assertThat(requests.get(0).method()).isEqualTo("POST");
      assertThat(requests.get(0).path()).isEqualTo("/client/v4/" + path(token));
      assertThat(requests.get(0).headers()).containsEntry("Accept", List.of("a/b", "c/d"));
      assertThat(requests.get(0).header("AUTHORIZATION")).isEqualTo("Bearer api-token");
      assertThat(requests.get(0).header("Content-Type")).isNull();
      assertThat(requests.get(0).body()).isEmpty();
      assertThat(requests.get(1).header("Content-Type")).isEqualTo("application/json");
      assertThat(requests.get(1).body()).isEqualTo(body);
      assertThat(requests.get(2).path()).isEqualTo("/client/v4/nowhere?x=%20");
    }

    @Test
    @Timeout(30)
    void awaitRequests_waitsUntilTheRotationIsApplied() throws Exception {
      provider.enqueue(Fault.delay(Duration.ofHours(1)));
      CompletableFuture<?> response =
          http.sendAsync(post(path(token), API_TOKEN).build(), BodyHandlers.discarding());

      assertThat(provider.awaitRequests(1, Duration.ofHours(1))).hasSize(1);

      assertThat(provider.rotations()).isEqualTo(1);
      assertThat(response).isNotDone();
    }

    @Test
    void awaitRequestsThatDoNotArrive_throws() throws Exception {
      rotate();

      assertThatThrownBy(() -> provider.awaitRequests(2, Duration.ofMillis(1)))
          .isInstanceOf(TimeoutException.class)
          .hasMessage("received 1 of 2 requests within PT0.001S");
    }

    @Test
    void recordedHeaders_cannotBeChanged() throws Exception {
      rotate();
      ReceivedRequest request = provider.requests().get(0);

      assertThatThrownBy(() -> request.headers().clear())
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> request.headers().values().iterator().next().clear())
          .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void toString_hasNoCredential() throws Exception {
      provider.acceptApiKey("user@example.com", "hidden-key");
      rotateAs("X-Auth-Email: user@example.com", "X-Auth-Key: hidden-key");
      rotate();

      String request = "POST /client/v4/" + path(token);
      assertThat(provider.requests()).hasToString("[" + request + ", " + request + "]");
      assertThat(token)
          .hasToString("service token " + token.id() + " of account " + token.accountId());
    }
  }

  @Nested
  final class Lifecycle {
    @Test
    void urls_haveTheLoopbackAddress() {
      assertThat(provider.baseUrl()).matches("http://127\\.0\\.0\\.1:\\d+/client/v4/");
      assertThat(provider.protectedUrl()).matches("http://127\\.0\\.0\\.1:\\d+/protected");
    }

    @Test
    void twoProviders_shareNothing() throws Exception {
      try (StubProvider other = StubProvider.start()) {
        other.addToken();
        assertThat(other.baseUrl()).isNotEqualTo(provider.baseUrl());
        rotate();
        assertThat(other.rotations()).isZero();
        assertThat(other.requests()).isEmpty();
      }
    }

    @Test
    void closedProvider_refusesConnections() {
      provider.close();

      assertThatThrownBy(StubProviderTest.this::rotate).isInstanceOf(ConnectException.class);
    }
  }

  private String rawRotation() {
    return "POST /client/v4/" + path(token) + " HTTP/1.1|" + API_TOKEN + "|";
  }

  /**
   * Sends these bytes, and returns what arrives until the provider closes the connection.
   *
   * @param bytes {@code |} is the end of a line
   * @param end whether the client ends its side of the connection
   */
  private String exchange(String bytes, boolean end) throws IOException {
    URI url = URI.create(provider.baseUrl());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes.replace("|", "\r\n").getBytes(UTF_8));
      if (end) {
        socket.shutdownOutput();
      }
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private HttpResponse<String> rotate() throws Exception {
    return rotateAs(API_TOKEN);
  }

  private HttpResponse<String> rotateAs(String... headers) throws Exception {
    return send(post(path(token), headers));
  }

  private HttpResponse<String> rotateUntil(String time) throws Exception {
    return rotateWith(expiresAt(time));
  }

  private HttpResponse<String> rotateWith(String body) throws Exception {
    return rotateWith("application/json", body);
  }

  private HttpResponse<String> rotateWith(String contentType, String body) throws Exception {
    return send(
        post(path(token), API_TOKEN, "Content-Type: " + contentType)
            .POST(BodyPublishers.ofString(body)));
  }

  private boolean opens(String clientSecret) throws Exception {
    HttpRequest.Builder request =
        get(
            provider.protectedUrl(),
            "CF-Access-Client-Id: " + token.clientId(),
            "CF-Access-Client-Secret: " + clientSecret);
    return send(request).statusCode() == 200;
  }

  private HttpRequest.Builder post(String path, String... headers) {
    return get(provider.baseUrl() + path, headers).POST(BodyPublishers.noBody());
  }

  private static HttpRequest.Builder get(String url, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    for (String header : headers) {
      int colon = header.indexOf(": ");
      request.header(header.substring(0, colon), header.substring(colon + 2));
    }
    return request;
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static String path(StubToken token) {
    return path(token.accountId(), token.id());
  }

  private static String path(String accountId, String serviceTokenId) {
    return "accounts/" + accountId + "/access/service_tokens/" + serviceTokenId + "/rotate";
  }

  private static String expiresAt(String time) {
    return "{\"previous_client_secret_expires_at\":\"" + time + "\"}";
  }

  /** JSON is YAML, and a YAML parser does not bring the libraries that the jar contains. */
  private static Map<String, Object> json(HttpResponse<String> response) {
    return new Yaml().load(response.body());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> result(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(200);
    return (Map<String, String>) requireNonNull(json(response).get("result"));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> error(HttpResponse<String> response) {
    List<?> errors = (List<?>) requireNonNull(json(response).get("errors"));
    assertThat(errors).hasSize(1);
    return (Map<String, Object>) errors.get(0);
  }

  private static void assertRefused(
      HttpResponse<String> response, int status, int code, String message) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    Map<String, Object> envelope = json(response);
    assertThat(envelope.keySet()).containsExactly("errors", "messages", "success", "result");
    assertThat(envelope)
        .containsEntry("messages", List.of())
        .containsEntry("success", false)
        .containsEntry("result", null);
    assertThat(error(response)).containsEntry("code", code).containsEntry("message", message);
  }
}
