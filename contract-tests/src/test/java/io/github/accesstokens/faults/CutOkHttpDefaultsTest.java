package io.github.accesstokens.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The test of the test: with OkHttp as it comes in the client's place, repeated rotations show. */
final class CutOkHttpDefaultsTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void okHttpAloneRotatesTwiceForOneCallWhereAConnectionIsCut(boolean reused) throws Exception {
    List<Outcome> outcomes =
        Matrix.run(new Setting(false, false, false, true, reused), Caller.OKHTTP_DEFAULTS);

    assertThat(outcomes).as("repeated rotations").anyMatch(Outcome::isRepeated);
    System.out.printf(
        "OkHttp's defaults, %s connection: cuts tried: %d; repeated rotations: %d%n",
        reused ? "reused" : "fresh",
        outcomes.size(),
        outcomes.stream().filter(Outcome::isRepeated).count());
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 503})
  void okHttpAloneRotatesTwiceWhereAGatewayAllowsToTryAgain(int status) {
    try (StubProvider provider = gaveUpWith(status)) {
      StubToken token = provider.addToken();

      Caller.OKHTTP_DEFAULTS.rotate(new OkHttpClient(), provider.baseUrl(), token, true, 0);

      assertThat(token.rotations()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 503})
  void theClientRotatesOnceWhereAGatewayAllowsToTryAgain(int status) {
    try (StubProvider provider = gaveUpWith(status)) {
      StubToken token = provider.addToken();

      Told told = Caller.CLIENT.rotate(new OkHttpClient(), provider.baseUrl(), token, true, 1);

      assertThat(told.truth()).isEqualTo(Told.Truth.UNKNOWN);
      assertThat(token.rotations()).isEqualTo(1);
    }
  }

  private static StubProvider gaveUpWith(int status) {
    StubProvider provider = StubProvider.start();
    provider.acceptApiToken(Caller.API_TOKEN);
    provider.enqueue(Fault.status(status).htmlBody().retryAfter("0").afterApplying());
    return provider;
  }
}
