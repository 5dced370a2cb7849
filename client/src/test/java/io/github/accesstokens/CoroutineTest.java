package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.api.Credentials;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.SocketPolicy;
import org.junit.jupiter.api.Test;
import retrofit2.Call;
import retrofit2.KotlinExtensions;

/** Coroutines through Retrofit's own {@code await}. */
class CoroutineTest {
  @Test
  void awaitTellsTheSameTruths() throws Exception {
    try (MockWebServer server = new MockWebServer()) {
      server.enqueue(
          new MockResponse()
              .setBody(
                  "{\"errors\":[],\"messages\":[],\"success\":true,"
                      + "\"result\":{\"client_secret\":\"new-secret\"}}"));
      server.enqueue(new MockResponse().setResponseCode(403));
      server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST));
      server.enqueue(new MockResponse().setResponseCode(403));
      AccessTokensClient client =
          AccessTokensClient.builder()
              .credentials(Credentials.apiToken("api-token"))
              .baseUrl(server.url("/").toString())
              .build();
      Rotation rotation = Rotation.of("account", "token");
      assertThat(await(client.newCall(rotation)).getClientSecret()).isEqualTo("new-secret");
      assertThatThrownBy(() -> await(client.newCall(rotation)))
          .isInstanceOf(RotationNotAppliedException.class);
      assertThatThrownBy(() -> await(client.newCall(rotation)))
          .isInstanceOf(RotationUnknownException.class);
      assertThatThrownBy(() -> await(client.serviceTokens().rotateServiceToken("account", "token")))
          .isInstanceOf(RotationNotAppliedException.class);
      assertThat(server.getRequestCount()).isEqualTo(4);
    }
  }

  private static <T> T await(Call<T> call) throws InterruptedException {
    return BuildersKt.runBlocking(
        EmptyCoroutineContext.INSTANCE,
        (scope, continuation) -> KotlinExtensions.await(call, continuation));
  }
}
