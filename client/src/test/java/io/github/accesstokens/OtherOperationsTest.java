package io.github.accesstokens;

import static io.github.accesstokens.Provider.disconnect;
import static io.github.accesstokens.Provider.json;
import static io.github.accesstokens.Provider.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.mockwebserver.MockResponse;
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

  @AutoClose private final Provider provider = new Provider();
  private final List<Request> seen = new ArrayList<>();

  @Test
  void otherOperationWithTheSameReturnType_isAnOrdinaryCall() throws Exception {
    provider.enqueue(status(502), json(TOKEN));
    OtherApi api = api(new OkHttpClient());

    Call<ServiceTokenEnvelope> call = api.get();
    assertThat(call).isNotInstanceOf(RotationCall.class);
    assertThat(call.execute().code()).isEqualTo(502);
    assertThat(api.refresh().execute().body()).extracting("success").isEqualTo(true);
  }

  @Test
  void otherOperationThatFails_isNotReportedAsARotation() {
    provider.enqueue(disconnect());
    OtherApi api = api(new OkHttpClient());
    assertThatThrownBy(() -> api.refresh().execute()).isNotInstanceOf(RotationException.class);
    assertThat(provider.requestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 503})
  void otherPost_isSentOnce(int status) throws Exception {
    MockResponse retry = status(status).setHeader("Retry-After", "0");
    provider.enqueue(retry, retry, retry, retry);
    OtherApi api = api(new OkHttpClient());
    ServiceTokenEnvelope body =
        ServiceTokenEnvelope.builder().errors(List.of()).messages(List.of()).success(true).build();

    assertThat(api.refresh().execute().code()).isEqualTo(status);
    assertThat(api.create(body).execute().code()).isEqualTo(status);
    assertThat(provider.requestCount()).isEqualTo(2);

    assertThat(api.get().execute().code()).isEqualTo(status);
    assertThat(provider.requestCount()).as("a GET may be sent again").isEqualTo(4);
  }

  @Test
  void credentials_areSentAndHiddenFromInterceptors() throws Exception {
    provider.enqueue(json(TOKEN));
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
    assertThat(provider.takeRequest().getHeader("Authorization")).isEqualTo("Bearer api-token");
  }

  @Test
  void requestToAnotherHost_isNotSent() {
    HttpUrl elsewhere =
        HttpUrl.get(provider.url("/")).newBuilder().host("elsewhere.example").build();
    OkHttpClient own =
        new OkHttpClient.Builder()
            .dns(host -> Dns.SYSTEM.lookup("localhost"))
            .addInterceptor(
                chain -> chain.proceed(chain.request().newBuilder().url(elsewhere).build()))
            .build();
    OtherApi api = api(own);
    assertThatThrownBy(() -> api.get().execute()).isInstanceOf(ProtocolException.class);
    assertThat(provider.requestCount()).isZero();
  }

  private OtherApi api(OkHttpClient http) {
    return provider.builder().httpClient(http).retrofit().create(OtherApi.class);
  }
}
