package io.github.accesstokens.samples.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class PairInterceptorTest {
  private static final Pair ONE = new Pair("id", "one");
  private static final Pair TWO = new Pair("id", "two");
  private static final Snapshot BEFORE = Snapshot.ready(ONE, Instant.EPOCH);
  private static final Snapshot DURING = BEFORE.verifying(TWO, Instant.MAX, Instant.EPOCH);

  @AutoClose private final MockWebServer application = new MockWebServer();
  @TempDir private Path directory;
  private final List<@Nullable String> secrets = new ArrayList<>();
  private volatile String accepted = "two";
  private volatile MockResponse refusal = new MockResponse().setResponseCode(403);
  private PairStore store;
  private OkHttpClient http;

  @BeforeEach
  void start() throws IOException {
    application.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            String secret = request.getHeader("CF-Access-Client-Secret");
            secrets.add(secret);
            return accepted.equals(secret) ? new MockResponse() : refusal;
          }
        });
    application.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    store = new PairStore(directory.resolve("pairs.json"));
    http = PairInterceptor.install(new OkHttpClient(), application.url("/"), store);
  }

  @Test
  void acceptedPair_isSentOnce() throws IOException {
    store.write(DURING.expiring(TWO));

    assertThat(send("GET")).isEqualTo(200);
    assertThat(secrets).containsExactly("two");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 302})
  void refusedPair_isReplacedByTheOther(int status) throws IOException {
    refusal =
        new MockResponse()
            .setResponseCode(status)
            .setHeader("Location", "https://team.cloudflareaccess.com/login");
    store.write(DURING);

    assertThat(send("GET")).isEqualTo(200);
    assertThat(secrets).containsExactly("one", "two");
  }

  @Test
  void newPairThatIsNotAcceptedEverywhere_isReplacedByThePreviousOne() throws IOException {
    accepted = "one";
    store.write(DURING.expiring(TWO));

    assertThat(send("GET")).isEqualTo(200);
    assertThat(secrets).containsExactly("two", "one");
  }

  @Test
  void refusedPairThatIsNoLongerStored_isReplacedByTheStoredOne() throws IOException {
    store.write(BEFORE);
    OkHttpClient switching =
        http.newBuilder()
            .addNetworkInterceptor(
                chain -> {
                  store.write(Snapshot.ready(TWO, Instant.EPOCH));
                  return chain.proceed(chain.request());
                })
            .build();

    try (Response response = switching.newCall(request("GET")).execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
    assertThat(secrets).containsExactly("one", "two");
  }

  @Test
  void bothPairsRefused_areTriedOnceEach() throws IOException {
    accepted = "three";
    store.write(DURING);

    assertThat(send("GET")).isEqualTo(403);
    assertThat(secrets).containsExactly("one", "two");
  }

  @Test
  void onlyPair_isNotRepeated() throws IOException {
    store.write(BEFORE);

    assertThat(send("GET")).isEqualTo(403);
    assertThat(secrets).containsExactly("one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PATCH"})
  void methodThatIsNotIdempotent_isNotRepeated(String method) throws IOException {
    store.write(DURING);

    assertThat(send(method)).isEqualTo(403);
    assertThat(secrets).containsExactly("one");
  }

  @Test
  void bodyThatCanBeSentOnce_isNotRepeated() throws IOException {
    store.write(DURING);
    RequestBody body =
        new RequestBody() {
          @Override
          public @Nullable MediaType contentType() {
            return null;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8("once");
          }

          @Override
          public boolean isOneShot() {
            return true;
          }
        };

    try (Response response =
        http.newCall(request("GET").newBuilder().put(body).build()).execute()) {
      assertThat(response.code()).isEqualTo(403);
    }
    assertThat(secrets).containsExactly("one");
  }

  @Test
  void otherServer_getsNoPair() throws IOException {
    store.write(DURING);
    try (MockWebServer other = new MockWebServer()) {
      other.setDispatcher(application.getDispatcher());
      other.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
      refusal = new MockResponse().setResponseCode(302).setHeader("Location", other.url("/"));

      assertThat(send("POST")).isEqualTo(302);
      try (Response response =
          http.newCall(new Request.Builder().url(other.url("/")).build()).execute()) {
        assertThat(response.code()).isEqualTo(302);
      }
    }
    assertThat(secrets).containsExactly("one", null);
  }

  private int send(String method) throws IOException {
    try (Response response = http.newCall(request(method)).execute()) {
      return response.code();
    }
  }

  private Request request(String method) {
    RequestBody body = method.startsWith("P") ? RequestBody.create("body", null) : null;
    return new Request.Builder().url(application.url("/")).method(method, body).build();
  }
}
