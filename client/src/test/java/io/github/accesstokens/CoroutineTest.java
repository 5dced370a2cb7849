package io.github.accesstokens;

import static io.github.accesstokens.Provider.ACCOUNT;
import static io.github.accesstokens.Provider.ROTATION;
import static io.github.accesstokens.Provider.TOKEN;
import static io.github.accesstokens.Provider.disconnect;
import static io.github.accesstokens.Provider.rotated;
import static io.github.accesstokens.Provider.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import retrofit2.Call;
import retrofit2.KotlinExtensions;

/** Coroutines through Retrofit's own {@code await}. */
@Timeout(30)
class CoroutineTest {
  @AutoClose private final Provider provider = new Provider();

  @Test
  void await_getsEachOutcome() throws Exception {
    provider.enqueue(rotated(), status(403), disconnect(), status(403));
    AccessTokensClient client = provider.client();
    assertThat(await(client.newCall(ROTATION)).getClientSecret()).isEqualTo("new-secret");
    assertThatThrownBy(() -> await(client.newCall(ROTATION)))
        .isInstanceOf(RotationNotAppliedException.class);
    assertThatThrownBy(() -> await(client.newCall(ROTATION)))
        .isInstanceOf(RotationUnknownException.class);
    assertThatThrownBy(() -> await(client.serviceTokens().rotateServiceToken(ACCOUNT, TOKEN)))
        .isInstanceOf(RotationNotAppliedException.class);
    assertThat(provider.requestCount()).isEqualTo(4);
  }

  private static <T> T await(Call<T> call) throws InterruptedException {
    return BuildersKt.runBlocking(
        EmptyCoroutineContext.INSTANCE,
        (scope, continuation) -> KotlinExtensions.await(call, continuation));
  }
}
