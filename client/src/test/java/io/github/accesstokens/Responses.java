package io.github.accesstokens;

import io.github.accesstokens.api.Credentials;
import java.time.OffsetDateTime;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Responses that are read without a socket, by a client whose API key is {@code k3y}. */
final class Responses {
  static final String JSON = "application/json";
  static final String TOKEN_ID = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
  static final OffsetDateTime LATER = OffsetDateTime.parse("2999-01-01T00:00:00Z");
  static final String ROTATED =
      """
      {"errors":[],"messages":[{"code":1000,"message":"hello"}],"success":true,\
      "result":{"id":"an-id","client_id":"an-id.access","client_secret":"hush"}}""";

  private static final HttpUrl URL = HttpUrl.get("https://api.example/client/v4/");
  private static final Call CALL =
      new OkHttpClient().newCall(new Request.Builder().url(URL).build());
  private static final Redaction REDACTION =
      Redaction.of(Credentials.apiEmailAndApiKey("user@example.com", "k3y"), URL);

  private Responses() {}

  static Response.Builder response(int status, BufferedSource body) {
    return new Response.Builder()
        .request(CALL.request())
        .protocol(Protocol.HTTP_1_1)
        .code(status)
        .message("")
        .header("cf-ray", "a-ray")
        .body(ResponseBody.create(body, MediaType.get("application/octet-stream"), -1));
  }

  static Response.Builder response(int status, @Nullable String contentType, String body) {
    Response.Builder response = response(status, new Buffer().writeUtf8(body));
    return contentType == null ? response : response.header("Content-Type", contentType);
  }

  static ReceivedResponse read(Response.Builder response) {
    return ReceivedResponse.read(REDACTION, CALL.request(), response.build(), CALL);
  }

  /** Returns the rotation of a response to a request with the expiry {@link #LATER}. */
  static Rotated rotated(ReceivedResponse response) throws RotationException {
    return Attempt.rotated(response, TOKEN_ID, LATER);
  }
}
