package io.github.accesstokens;

import static io.github.accesstokens.Provider.ROTATION;
import static io.github.accesstokens.Provider.rotated;
import static io.github.accesstokens.Provider.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.accesstokens.api.Credentials;
import java.io.BufferedReader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.mockwebserver.MockResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Response;

/** Asynchronous calls hold a process for as long as they run, and no longer. */
@Timeout(60)
class ProcessEndTest {
  @AutoClose private final Provider provider = new Provider();

  @Test
  void processWithACallInProgress_endsWithTheCall() throws Exception {
    CompletableFuture<MockResponse> response = provider.respondLater();
    Process process = ChildJvm.of(List.of(), EnqueueAndReturn.class, provider.url("/")).start();
    try (BufferedReader out = process.inputReader(UTF_8)) {
      provider.takeRequest();
      // Reads until main has returned. Only then the response is sent.
      assertThat(out.readLine()).isEqualTo("main returns");
      response.complete(rotated());
      assertThat(out.readLine()).isEqualTo("new-secret");
      // A thread that waits for more calls would hold the process for a minute.
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("the process ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Enqueues a call on a daemon thread, and returns from main. */
  static final class EnqueueAndReturn {
    private EnqueueAndReturn() {}

    public static void main(String[] arguments) throws InterruptedException {
      Thread daemon = new Thread(() -> enqueue(arguments[0]));
      daemon.setDaemon(true);
      daemon.start();
      daemon.join();
      System.out.println("main returns");
    }

    private static void enqueue(String url) {
      AccessTokensClient.builder()
          .credentials(Credentials.apiToken("api-token"))
          .baseUrl(url)
          .build()
          .newCall(ROTATION)
          .enqueue(
              new Callback<Rotated>() {
                @Override
                public void onResponse(Call<Rotated> call, Response<Rotated> response) {
                  System.out.println(response.body().getClientSecret());
                }

                @Override
                public void onFailure(Call<Rotated> call, Throwable failure) {
                  System.out.println(failure);
                }
              });
    }
  }

  @Test
  void callInProgress_survivesClose() throws Exception {
    CompletableFuture<MockResponse> response = provider.respondLater();
    AccessTokensClient client = provider.client();
    CompletableFuture<Rotated> running = client.rotateAsync(ROTATION);
    provider.takeRequest();
    client.close();
    response.complete(rotated());
    assertThat(running.get().getClientSecret()).isEqualTo("new-secret");
  }

  @Test
  void closedClient_refusesAsynchronousCallsOnly() throws Exception {
    provider.enqueue(rotated());
    AccessTokensClient client = provider.client();
    client.close();
    assertThat(
            catchThrowableOfType(
                ExecutionException.class, () -> client.rotateAsync(ROTATION).get()))
        .hasCauseInstanceOf(RotationNotAppliedException.class);
    assertThat(client.rotate(ROTATION).getClientSecret()).isEqualTo("new-secret");
  }

  @Test
  void givenHttpClient_staysOpen() throws Exception {
    provider.enqueue(status(403));
    OkHttpClient http = new OkHttpClient();
    provider.builder().httpClient(http).build().close();
    assertThat(http.dispatcher().executorService().isShutdown()).isFalse();
    AccessTokensClient client = provider.builder().httpClient(http).build();
    client.close();
    assertThat(
            catchThrowableOfType(
                ExecutionException.class, () -> client.rotateAsync(ROTATION).get()))
        .cause()
        .hasMessageContaining("403");
    http.dispatcher().executorService().shutdown();
  }
}
