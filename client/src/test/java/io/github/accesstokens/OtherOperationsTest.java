package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.SocketPolicy;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retrofit2.Call;
import retrofit2.Response;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.POST;

/** Operations that a later description may have, on the Retrofit of a client. */
@Timeout(30)
class OtherOperationsTest {
  private static final String TOKEN = "{\"errors\":[],\"messages\":[],\"success\":true}";

  /** Returns the same type as the rotate operation does. */
  interface OtherApi {
    @GET("accounts/an-account/access/service_tokens/a-token")
    Call<ServiceTokenEnvelope> get();

    @POST("accounts/an-account/access/service_tokens/a-token/refresh")
    Call<ServiceTokenEnvelope> refresh();

    @POST("accounts/an-account/access/service_tokens")
    Call<ServiceTokenEnvelope> create(@Body ServiceTokenEnvelope body);
  }

  // Starts when a test asks for its address.
  @AutoClose private final MockWebServer server = new MockWebServer();
  private final List<Request> seen = new ArrayList<>();

  @Test
  void otherOperationWithTheSameReturnType_isAnOrdinaryCall() throws Exception {
    server.enqueue(new MockResponse().setResponseCode(502));
    server.enqueue(new MockResponse().setBody(TOKEN));
    OtherApi api = api(new OkHttpClient());

    Call<ServiceTokenEnvelope> call = api.get();
    assertThat(call).isNotInstanceOf(RotationCall.class);
    assertThat(call.execute().code()).isEqualTo(502);
    assertThat(api.refresh().execute().body()).extracting("success").isEqualTo(true);
  }

  @Test
  void otherOperationThatFails_isNotReportedAsARotation() {
    server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST));
    OtherApi api = api(new OkHttpClient());
    assertThatThrownBy(() -> api.refresh().execute()).isNotInstanceOf(RotationException.class);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 503})
  void otherPost_isSentOnce(int status) throws Exception {
    MockResponse retry = new MockResponse().setResponseCode(status).setHeader("Retry-After", "0");
    for (int i = 0; i < 4; i++) {
      server.enqueue(retry);
    }
    OtherApi api = api(new OkHttpClient());
    ServiceTokenEnvelope body =
        ServiceTokenEnvelope.builder().errors(List.of()).messages(List.of()).success(true).build();

    assertThat(api.refresh().execute().code()).isEqualTo(status);
    assertThat(api.create(body).execute().code()).isEqualTo(status);
    assertThat(server.getRequestCount()).isEqualTo(2);

    assertThat(api.get().execute().code()).isEqualTo(status);
    assertThat(server.getRequestCount()).as("a GET may be sent again").isEqualTo(4);
  }

  @Test
  void credentials_areSentAndHiddenFromInterceptors() throws Exception {
    server.enqueue(new MockResponse().setBody(TOKEN));
    OkHttpClient own =
        new OkHttpClient.Builder()
            .addNetworkInterceptor(
                chain -> {
                  okhttp3.Response response = chain.proceed(chain.request());
                  seen.add(chain.request());
                  seen.add(response.request());
                  return response;
                })
            .build();

    Response<ServiceTokenEnvelope> response = api(own).get().execute();

    seen.add(response.raw().request());
    assertThat(seen).hasSize(3).allMatch(request -> request.header("Authorization") == null);
    assertThat(server.takeRequest().getHeader("Authorization")).isEqualTo("Bearer api-token");
  }

  @Test
  void requestToAnotherHost_isNotSent() {
    String elsewhere = server.url("/").newBuilder().host("elsewhere.example").build().toString();
    OkHttpClient own =
        new OkHttpClient.Builder()
            .dns(host -> Dns.SYSTEM.lookup(server.getHostName()))
            .addInterceptor(
                chain -> chain.proceed(chain.request().newBuilder().url(elsewhere).build()))
            .build();
    OtherApi api = api(own);
    assertThatThrownBy(() -> api.get().execute()).isInstanceOf(ProtocolException.class);
    assertThat(server.getRequestCount()).isZero();
  }

  private OtherApi api(OkHttpClient http) {
    return AccessTokensClient.builder()
        .credentials(Credentials.apiToken("api-token"))
        .baseUrl(server.url("/client/v4/").toString())
        .retrofit(http)
        .create(OtherApi.class);
  }
}
