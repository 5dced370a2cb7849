package io.github.accesstokens.benchmarks;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.JsonWriter;
import com.squareup.moshi.Moshi;
import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.peers.jdk.ApiException;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.Retrofit;
import retrofit2.converter.moshi.MoshiConverterFactory;
import retrofit2.http.Header;
import retrofit2.http.POST;
import retrofit2.http.Path;

/**
 * A whole rotation with each contender. Each has a class of its own, so that a cold start loads
 * only one of them.
 */
final class Rotations {
  static final String ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
  static final String TOKEN = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
  static final String CREDENTIAL = "not-a-real-token";

  private Rotations() {}

  static String baseUrl(int port) {
    return "http://127.0.0.1:" + port + "/client/v4/";
  }

  /** Returns an HTTP client that connects for each call, as this client does. */
  private static OkHttpClient connectingAnew() {
    return new OkHttpClient.Builder()
        .connectionPool(new ConnectionPool(0, 1, TimeUnit.MINUTES))
        .build();
  }

  /** This client. It uses only what the baseline has too. */
  static final class Ours {
    private Ours() {}

    static Callable<Object> at(int port) {
      AccessTokensClient client =
          AccessTokensClient.builder()
              .credentials(Credentials.apiToken(CREDENTIAL))
              .baseUrl(baseUrl(port))
              .build();
      return () -> required(client.serviceTokens().rotateServiceToken(ACCOUNT, TOKEN));
    }

    public static void main(String[] arguments) throws Exception {
      ColdStart.run(System.nanoTime(), () -> at(ColdStart.port(arguments)).call());
    }
  }

  /** The same bytes, with OkHttp alone. */
  static final class BareOkHttp {
    private BareOkHttp() {}

    static Callable<Object> at(int port) {
      OkHttpClient client = connectingAnew();
      return () -> {
        Request request =
            new Request.Builder()
                .url(
                    baseUrl(port)
                        + "accounts/"
                        + ACCOUNT
                        + "/access/service_tokens/"
                        + TOKEN
                        + "/rotate")
                .header("Authorization", "Bearer " + CREDENTIAL)
                .header("User-Agent", "access-tokens-client/0.1.0-SNAPSHOT")
                .post(RequestBody.create(new byte[0]))
                .build();
        try (Response response = client.newCall(request).execute()) {
          ResponseBody body = response.body();
          if (!response.isSuccessful() || body == null) {
            throw new IOException("status " + response.code());
          }
          return body.bytes();
        }
      };
    }
  }

  /** OkHttp and Retrofit, without JSON. */
  static final class BareRetrofit {
    private BareRetrofit() {}

    interface RetrofitApi {
      @POST("accounts/{account_id}/access/service_tokens/{service_token_id}/rotate")
      Call<ResponseBody> rotate(
          @Header("Authorization") String authorization,
          @Path("account_id") String account,
          @Path("service_token_id") String token);
    }

    static Callable<Object> at(int port) {
      RetrofitApi api =
          new Retrofit.Builder()
              .baseUrl(baseUrl(port))
              .client(connectingAnew())
              .build()
              .create(RetrofitApi.class);
      return () -> {
        try (ResponseBody body = required(api.rotate("Bearer " + CREDENTIAL, ACCOUNT, TOKEN))) {
          return body.bytes();
        }
      };
    }

    public static void main(String[] arguments) throws Exception {
      ColdStart.run(System.nanoTime(), () -> at(ColdStart.port(arguments)).call());
    }
  }

  /** OkHttp, Retrofit and Moshi, with an adapter that reads one string. */
  static final class BareMoshi {
    private BareMoshi() {}

    interface MoshiApi {
      @POST("accounts/{account_id}/access/service_tokens/{service_token_id}/rotate")
      Call<String> rotate(
          @Header("Authorization") String authorization,
          @Path("account_id") String account,
          @Path("service_token_id") String token);
    }

    /** Reads the secret and skips the rest. */
    private static final class SecretAdapter extends JsonAdapter<String> {
      private static final JsonReader.Options NAMES =
          JsonReader.Options.of("result", "client_secret");

      @Override
      public String fromJson(JsonReader reader) throws IOException {
        String secret = "";
        reader.beginObject();
        while (reader.hasNext()) {
          switch (reader.selectName(NAMES)) {
            case 0 -> secret = fromJson(reader);
            case 1 -> secret = reader.nextString();
            default -> {
              reader.skipName();
              reader.skipValue();
            }
          }
        }
        reader.endObject();
        return secret;
      }

      @Override
      public void toJson(JsonWriter writer, @Nullable String value) {
        throw new UnsupportedOperationException("this adapter only reads");
      }
    }

    static Callable<Object> at(int port) {
      Moshi moshi = new Moshi.Builder().add(String.class, new SecretAdapter()).build();
      MoshiApi api =
          new Retrofit.Builder()
              .baseUrl(baseUrl(port))
              .client(connectingAnew())
              .addConverterFactory(MoshiConverterFactory.create(moshi))
              .build()
              .create(MoshiApi.class);
      return () -> required(api.rotate("Bearer " + CREDENTIAL, ACCOUNT, TOKEN));
    }

    public static void main(String[] arguments) throws Exception {
      ColdStart.run(System.nanoTime(), () -> at(ColdStart.port(arguments)).call());
    }
  }

  /** The stock client with Gson. It always has a body, so it sends an empty object. */
  static final class Gson {
    private Gson() {}

    static io.github.accesstokens.peers.gson.api.AccessServiceTokensApi api(int port) {
      io.github.accesstokens.peers.gson.ApiClient client =
          new io.github.accesstokens.peers.gson.ApiClient("api_token").setBearerToken(CREDENTIAL);
      client.getAdapterBuilder().baseUrl(baseUrl(port));
      return client.createService(
          io.github.accesstokens.peers.gson.api.AccessServiceTokensApi.class);
    }

    static Callable<Object> at(int port) {
      io.github.accesstokens.peers.gson.api.AccessServiceTokensApi api = api(port);
      return () ->
          required(
              api.rotateServiceToken(
                  ACCOUNT,
                  TOKEN,
                  new io.github.accesstokens.peers.gson.model.RotateServiceTokenRequest()));
    }

    public static void main(String[] arguments) throws Exception {
      ColdStart.run(System.nanoTime(), () -> at(ColdStart.port(arguments)).call());
    }
  }

  /** The stock client with Jackson. */
  static final class Jackson {
    private Jackson() {}

    static io.github.accesstokens.peers.jackson.api.AccessServiceTokensApi api(int port) {
      io.github.accesstokens.peers.jackson.ApiClient client =
          new io.github.accesstokens.peers.jackson.ApiClient("api_token")
              .setBearerToken(CREDENTIAL);
      client.getAdapterBuilder().baseUrl(baseUrl(port));
      return client.createService(
          io.github.accesstokens.peers.jackson.api.AccessServiceTokensApi.class);
    }

    static Callable<Object> at(int port) {
      io.github.accesstokens.peers.jackson.api.AccessServiceTokensApi api = api(port);
      return () ->
          required(
              api.rotateServiceToken(
                  ACCOUNT,
                  TOKEN,
                  new io.github.accesstokens.peers.jackson.model.RotateServiceTokenRequest()));
    }

    public static void main(String[] arguments) throws Exception {
      ColdStart.run(System.nanoTime(), () -> at(ColdStart.port(arguments)).call());
    }
  }

  /** The stock client on the HTTP client of the JDK, with Jackson. */
  static final class Jdk {
    private Jdk() {}

    static Callable<Object> at(int port) {
      io.github.accesstokens.peers.jdk.ApiClient client =
          new io.github.accesstokens.peers.jdk.ApiClient();
      client.updateBaseUri(baseUrl(port).replaceFirst("/$", ""));
      client.setRequestInterceptor(
          request -> request.header("Authorization", "Bearer " + CREDENTIAL));
      io.github.accesstokens.peers.jdk.api.AccessServiceTokensApi api =
          new io.github.accesstokens.peers.jdk.api.AccessServiceTokensApi(client);
      return () -> rotate(api);
    }

    private static Object rotate(io.github.accesstokens.peers.jdk.api.AccessServiceTokensApi api)
        throws IOException {
      try {
        return api.rotateServiceToken(
            ACCOUNT, TOKEN, new io.github.accesstokens.peers.jdk.model.RotateServiceTokenRequest());
      } catch (ApiException e) {
        throw new IOException(e);
      }
    }

    public static void main(String[] arguments) throws Exception {
      ColdStart.run(System.nanoTime(), () -> at(ColdStart.port(arguments)).call());
    }
  }

  static <T> T required(Call<T> call) throws IOException {
    T body = call.execute().body();
    if (body == null) {
      throw new IOException("no body");
    }
    return body;
  }
}
