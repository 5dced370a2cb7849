package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.accesstokens.api.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Responses that are not HTTP, or only look like it, through a socket. */
class RotationCallFuzzTest {
  private static final AtomicInteger REQUESTS = new AtomicInteger();
  private static volatile byte[] response = {};
  private static final ServerSocket SERVER = server();
  private static final AccessTokensClient CLIENT =
      AccessTokensClient.builder()
          .credentials(Credentials.apiToken("k3y"))
          .baseUrl("http://127.0.0.1:" + SERVER.getLocalPort())
          .callTimeout(Duration.ofSeconds(5))
          .maxRetries(0)
          .build();

  @FuzzTest(maxDuration = "5m")
  void anyResponse_hasAnOutcomeAndOneRequest(byte[] input) {
    BugDetectors.allowNetworkConnections((host, port) -> port == SERVER.getLocalPort());
    response = input;
    int before = REQUESTS.get();
    try {
      assertThat(CLIENT.rotate("account", "token").getClientSecret()).isNotEmpty();
    } catch (RotationNotAppliedException e) {
      assertThat(e.getReason()).isEqualTo(RotationNotAppliedException.Reason.REFUSED);
      assertThat(e.getStatus()).isBetween(307, 499);
      assertThat(e.getMessage()).doesNotContain("k3y");
    } catch (RotationException e) {
      assertThat(e).isInstanceOf(RotationUnknownException.class);
      assertThat(e.getMessage()).doesNotContain("k3y");
    }
    assertThat(REQUESTS.get() - before).isEqualTo(1);
  }

  private static ServerSocket server() {
    try {
      ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread provider = new Thread(() -> serve(server));
      provider.setDaemon(true);
      provider.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void serve(ServerSocket server) {
    while (true) {
      try (Socket socket = server.accept()) {
        // The request has no body, so it ends with its headers.
        InputStream in = socket.getInputStream();
        int matched = 0;
        for (int b = in.read(); b != -1 && matched < 4; b = matched == 4 ? b : in.read()) {
          matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
        REQUESTS.incrementAndGet();
        socket.getOutputStream().write(response);
      } catch (IOException e) {
        // The client closed the connection. Accept the next one.
      }
    }
  }
}
