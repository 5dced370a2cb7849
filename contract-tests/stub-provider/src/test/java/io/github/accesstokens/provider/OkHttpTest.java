package io.github.accesstokens.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Logger;
import okhttp3.OkHttp;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The packaged stub beside an application's own OkHttp. The build runs it beside two versions. */
final class OkHttpTest {
  @Test
  void classPath_hasOnlyTheExpectedOkHttp() throws Exception {
    // By reflection, because the compiler copies constants.
    assertThat(OkHttp.class.getField("VERSION").get(null))
        .isEqualTo(System.getProperty("okhttp.tested.version"));
    String client = "okhttp3/OkHttpClient.class";
    assertThat(Collections.list(getClass().getClassLoader().getResources(client))).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "H2_PRIOR_KNOWLEDGE"})
  void okHttpOfTheApplication_rotates(Protocol protocol) throws Exception {
    try (StubProvider provider = start(protocol)) {
      StubToken token = provider.addToken();
      provider.gzipResponses();
      provider.enqueue(Fault.status(503));

      try (Response response = client(protocol).newCall(rotation(provider, token)).execute()) {
        assertThat(response.code()).isEqualTo(503);
      }
      try (Response response = client(protocol).newCall(rotation(provider, token)).execute()) {
        assertThat(response.protocol()).isEqualTo(protocol);
        assertThat(response.code()).isEqualTo(200);
        assertThat(response.body().string()).contains(token.clientSecret());
      }
      assertThat(token.rotations()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "H2_PRIOR_KNOWLEDGE"})
  void cutConnections_printNothing(Protocol protocol) throws Exception {
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, UTF_8));
    // Logs to System.err, as the default handler does; that one still has the original stream.
    Handler console = new ConsoleHandler();
    Logger.getLogger("").addHandler(console);
    try {
      try (StubProvider provider = start(protocol)) {
        StubToken token = provider.addToken();
        Request rotation = rotation(provider, token);
        OkHttpClient client = client(protocol);
        for (Fault fault :
            List.of(
                Fault.cutBeforeApplying(), Fault.cutAfterApplying(), Fault.cutDuringResponse())) {
          provider.enqueue(fault);
          assertFails(client, rotation);
        }
        assertThat(provider.pendingFaults()).isZero();
        provider.enqueue(Fault.delay(Duration.ofHours(1)));
        assertFails(client.newBuilder().readTimeout(Duration.ofMillis(500)).build(), rotation);
        int port = URI.create(provider.baseUrl()).getPort();
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port)) {
          silent.shutdownOutput();
          assertThat(silent.getInputStream().readAllBytes()).isNotNull();
        }
      }
    } finally {
      Logger.getLogger("").removeHandler(console);
      System.setErr(err);
    }
    assertThat(printed.toString(UTF_8)).isEmpty();
  }

  private static void assertFails(OkHttpClient client, Request request) {
    assertThatThrownBy(
            () -> {
              try (Response response = client.newCall(request).execute()) {
                response.body().string();
              }
            })
        .isInstanceOf(IOException.class);
  }

  private static StubProvider start(Protocol protocol) {
    StubProvider provider =
        protocol == Protocol.HTTP_1_1 ? StubProvider.start() : StubProvider.startHttp2();
    provider.acceptApiToken("api-token");
    return provider;
  }

  private static OkHttpClient client(Protocol protocol) {
    return new OkHttpClient.Builder()
        .protocols(List.of(protocol))
        .retryOnConnectionFailure(false)
        .build();
  }

  private static Request rotation(StubProvider provider, StubToken token) {
    return new Request.Builder()
        .url(
            provider.baseUrl()
                + ("accounts/" + token.accountId())
                + ("/access/service_tokens/" + token.id() + "/rotate"))
        .header("Authorization", "Bearer api-token")
        .post(RequestBody.create(new byte[0]))
        .build();
  }
}
