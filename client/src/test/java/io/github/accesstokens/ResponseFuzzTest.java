package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.accesstokens.api.Credentials;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;

/** Bodies that no provider would send. */
class ResponseFuzzTest {
  private static final HttpUrl URL = HttpUrl.get("https://api.example/client/v4/");
  private static final Call CALL =
      new OkHttpClient().newCall(new Request.Builder().url(URL).build());
  private static final Redaction REDACTION = Redaction.of(Credentials.apiToken("k3y"), URL);

  /** The first byte chooses the status, the rest is the body. */
  @FuzzTest(maxDuration = "5m")
  void whateverIsInABodyATruthIsTold(byte[] input) throws Exception {
    int status = input.length == 0 ? 200 : new int[] {200, 404, 503, 408}[input[0] & 3];
    Buffer body = new Buffer();
    if (input.length > 1) {
      body.write(input, 1, input.length - 1);
    }
    ReceivedResponse answer =
        ReceivedResponse.read(
            REDACTION,
            CALL.request(),
            new Response.Builder()
                .request(CALL.request())
                .protocol(Protocol.HTTP_1_1)
                .code(status)
                .message("")
                .body(ResponseBody.create(body, MediaType.get("application/json"), -1))
                .build(),
            CALL);
    String secret = null;
    try {
      Rotated rotated = Attempt.rotated(answer, null);
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
    String shown = answer.redacted.body().string();
    // A short secret can be part of the form of any document.
    if (secret != null && secret.length() > 20) {
      assertThat(shown).doesNotContain(secret);
    }
  }
}
