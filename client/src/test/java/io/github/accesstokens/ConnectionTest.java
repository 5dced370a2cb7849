package io.github.accesstokens;

import static io.github.accesstokens.Provider.ROTATION;
import static io.github.accesstokens.Provider.disconnect;
import static io.github.accesstokens.Provider.rotated;
import static io.github.accesstokens.Provider.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.mockwebserver.MockResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each attempt of a rotation connects anew. */
@Timeout(30)
class ConnectionTest {
  private static final MockResponse TOO_MANY = status(429).setHeader("Retry-After", "0");

  @AutoClose private final Provider provider = new Provider();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "H2_PRIOR_KNOWLEDGE"})
  void retryWhenTheProviderClosesConnections_isRotated(Protocol protocol) throws Exception {
    AccessTokensClient client = client(protocol);
    AtomicInteger requests = new AtomicInteger();
    // Closes a connection when a second request arrives on it.
    provider.respond(
        request ->
            request.getSequenceNumber() > 0
                ? disconnect()
                : requests.getAndIncrement() == 0 ? TOO_MANY : rotated());
    assertThat(client.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "H2_PRIOR_KNOWLEDGE"})
  void connection_isClosedAfterItsAttempt(Protocol protocol) throws Exception {
    provider.enqueue(TOO_MANY, rotated());
    client(protocol).rotate(ROTATION);
    assertThat(sockets).hasSize(2).doesNotHaveDuplicates().allMatch(Socket::isClosed);
  }

  @Test
  void ownClient_connectsForEachAttempt() throws Exception {
    provider.enqueue(TOO_MANY, rotated());
    provider.client().rotate(ROTATION);
    for (int attempt = 0; attempt < 2; attempt++) {
      // The number of the request on its connection.
      assertThat(provider.takeRequest().getSequenceNumber()).isZero();
    }
  }

  private AccessTokensClient client(Protocol protocol) {
    provider.server.setProtocols(List.of(protocol));
    EventListener recorder =
        new EventListener() {
          @Override
          public void connectionAcquired(Call call, Connection connection) {
            sockets.add(connection.socket());
          }
        };
    OkHttpClient http =
        new OkHttpClient.Builder().protocols(List.of(protocol)).eventListener(recorder).build();
    return provider.builder().httpClient(http).build();
  }

  @Test
  void unknownHost_isNamedAndNotRetried() {
    AtomicInteger lookups = new AtomicInteger();
    List<String> logged = new ArrayList<>();
    OkHttpClient http =
        new OkHttpClient.Builder()
            .dns(
                host -> {
                  lookups.incrementAndGet();
                  throw new UnknownHostException(host + ": Name or service not known");
                })
            .addInterceptor(LoggingInterceptor.headers(logged::add))
            .build();
    AccessTokensClient client =
        provider.builder().baseUrl("https://api.example.invalid/").httpClient(http).build();
    assertThatThrownBy(() -> client.rotate(ROTATION))
        .isInstanceOf(RotationNotAppliedException.class)
        .hasMessage("Not rotated: nothing was sent: unknown host api.example.invalid")
        .hasFieldOrPropertyWithValue("retryable", true);
    assertThat(lookups).hasValue(1);
    assertThat(logged).last().isEqualTo("<-- failed: unknown host api.example.invalid");
  }
}
