package io.github.accesstokens.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.faults.Cut.Direction;
import io.github.accesstokens.faults.Cut.Way;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class CuttingProxyTest {
  private static final byte[] BYTES = {1, 2, 3, 4, 5, 6};

  private final Socket client = new Socket();
  private ServerSocket server;
  private CuttingProxy proxy;
  private Socket provider = new Socket();

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 1, CuttingProxy.loopback());
    proxy = CuttingProxy.to(server.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    provider.close();
    proxy.close();
    server.close();
  }

  private void connect() throws IOException {
    client.connect(new InetSocketAddress(CuttingProxy.loopback(), proxy.port()));
    provider = server.accept();
  }

  @Test
  void noCut_everythingPasses() throws Exception {
    connect();

    client.getOutputStream().write(BYTES);
    assertThat(provider.getInputStream().readNBytes(6)).isEqualTo(BYTES);
    provider.getOutputStream().write(BYTES);
    assertThat(client.getInputStream().readNBytes(6)).isEqualTo(BYTES);

    assertThat(proxy.passed(Direction.REQUEST)).isEqualTo(BYTES);
    assertThat(proxy.passed(Direction.RESPONSE)).isEqualTo(BYTES);
    assertThat(proxy.reached()).isFalse();
  }

  @Test
  void finInRequest_bytesBeforePassAndBothSidesReadTheEnd() throws Exception {
    proxy.arm(new Cut(Way.FIN, Direction.REQUEST, 4, false));
    connect();

    client.getOutputStream().write(BYTES);

    assertThat(provider.getInputStream().readAllBytes()).containsExactly(1, 2, 3, 4);
    assertThat(client.getInputStream().read()).isEqualTo(-1);
    assertThat(proxy.reached()).isTrue();
  }

  @Test
  void rstBeforeResponse_nothingPassesAndTheClientIsReset() throws Exception {
    connect();
    client.getOutputStream().write(BYTES);
    assertThat(provider.getInputStream().readNBytes(6)).isEqualTo(BYTES);
    proxy.arm(new Cut(Way.RST, Direction.RESPONSE, 0, false));

    provider.getOutputStream().write(BYTES);

    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
    assertThat(provider.getInputStream().read()).isEqualTo(-1);
    assertThat(proxy.passed(Direction.RESPONSE)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void stall_restDoesNotPassWhileTheClientWaits(Direction direction) throws Exception {
    proxy.arm(new Cut(Way.STALL, direction, 4, false));
    connect();
    Socket from = direction == Direction.REQUEST ? client : provider;
    Socket to = direction == Direction.REQUEST ? provider : client;

    from.getOutputStream().write(BYTES);
    assertThat(to.getInputStream().readNBytes(4)).containsExactly(1, 2, 3, 4);
    // The other direction is open. What arrives there was sent while the first was stalled.
    to.getOutputStream().write(BYTES);
    assertThat(from.getInputStream().readNBytes(6)).isEqualTo(BYTES);
    assertThat(to.getInputStream().available()).isZero();
  }

  @Test
  void stalledRequest_passesOnceTheClientHasGivenUp() throws Exception {
    proxy.arm(new Cut(Way.STALL, Direction.REQUEST, 4, false));
    connect();

    client.getOutputStream().write(BYTES);
    client.close();

    assertThat(provider.getInputStream().readAllBytes()).isEqualTo(BYTES);
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"FIN", "RST"})
  void cutAtOnce_needsNoByte(Way way) throws Exception {
    proxy.arm(new Cut(way, Direction.REQUEST, Cut.AT_ONCE, false));
    connect();

    assertThat(provider.getInputStream().read()).isEqualTo(-1);
    assertThat(proxy.reached()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void laterConnection_isCutIfEveryConnectionIs(boolean everyConnection) throws Exception {
    proxy.arm(new Cut(Way.FIN, Direction.REQUEST, 4, everyConnection));
    connect();
    client.getOutputStream().write(BYTES);
    assertThat(provider.getInputStream().readAllBytes()).hasSize(4);
    provider.close();

    try (Socket later = new Socket(CuttingProxy.loopback(), proxy.port())) {
      provider = server.accept();
      later.getOutputStream().write(BYTES);
      later.shutdownOutput();
      assertThat(provider.getInputStream().readAllBytes()).hasSize(everyConnection ? 4 : 6);
    }
    assertThat(proxy.connections()).isEqualTo(2);
  }
}
