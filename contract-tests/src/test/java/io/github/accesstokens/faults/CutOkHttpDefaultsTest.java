package io.github.accesstokens.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.TestRun;
import io.github.accesstokens.faults.ReportedOutcome.Kind;
import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shows that the cuts find repeated rotations: OkHttp with its default settings has them. */
final class CutOkHttpDefaultsTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void okHttpDefaultsWithCutConnection_rotateTwice(boolean reused) throws Exception {
    List<CutResult> results =
        CutMatrix.run(
            new Setting(false, false, false, true, reused), ClientUnderTest.OKHTTP_DEFAULTS);

    assertThat(results).as("repeated rotations").anyMatch(CutResult::isRepeated);
    TestRun.count(
        "OkHttp's defaults, %s connection: cuts tried: %d; repeated: %d"
            .formatted(
                reused ? "reused" : "fresh",
                results.size(),
                results.stream().filter(CutResult::isRepeated).count()));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 503})
  void okHttpDefaultsWithRetryableStatus_rotateTwice(int status) {
    try (StubProvider provider = appliesAndResponds(status)) {
      StubToken token = provider.addToken();

      ClientUnderTest.OKHTTP_DEFAULTS.rotate(
          new OkHttpClient(), provider.baseUrl(), token, true, 0);

      assertThat(token.rotations()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 503})
  void clientWithRetryableStatus_rotatesOnceAndReportsUnknown(int status) {
    try (StubProvider provider = appliesAndResponds(status)) {
      StubToken token = provider.addToken();

      ReportedOutcome reported =
          ClientUnderTest.ACCESS_TOKENS.rotate(
              new OkHttpClient(), provider.baseUrl(), token, true, 1);

      assertThat(reported.kind()).isEqualTo(Kind.UNKNOWN);
      assertThat(token.rotations()).isEqualTo(1);
    }
  }

  private static StubProvider appliesAndResponds(int status) {
    StubProvider provider = StubProvider.start();
    provider.acceptApiToken(ClientUnderTest.API_TOKEN);
    provider.enqueue(Fault.status(status).htmlBody().retryAfter("0").afterApplying());
    return provider;
  }
}
