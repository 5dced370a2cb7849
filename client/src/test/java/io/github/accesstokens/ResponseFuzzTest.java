package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import okio.Buffer;

/** Bodies that no provider sends. */
class ResponseFuzzTest {
  private static final int[] STATUSES = {200, 404, 503, 408};

  /** The first byte selects the status; the rest is the body. */
  @FuzzTest(maxDuration = "5m")
  void anyBody_hasAnOutcome(byte[] input) throws Exception {
    int status = input.length == 0 ? 200 : STATUSES[input[0] & 3];
    Buffer body = new Buffer().write(input);
    body.skip(Math.min(1, input.length));
    ReceivedResponse response =
        Responses.read(Responses.response(status, body).header("Content-Type", Responses.JSON));
    String secret = null;
    try {
      Rotated rotated = Responses.rotated(response);
      assertThat(status).isEqualTo(200);
      secret = rotated.getClientSecret();
      assertThat(secret).isNotEmpty();
    } catch (RotationNotAppliedException e) {
      assertThat(status).isIn(404, 408);
      assertThat(e.getMessage()).doesNotContain("k3y");
    } catch (RotationUnknownException e) {
      assertThat(e.getMessage()).doesNotContain("k3y");
      secret = e.getServiceToken() == null ? null : e.getServiceToken().getClientSecret();
    }
    // A short secret can occur in any document by chance.
    if (secret != null && secret.length() > 20) {
      assertThat(response.redacted.body().string()).doesNotContain(secret);
    }
  }
}
