package io.github.accesstokens.contract;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.RotationNotAppliedException;
import io.github.accesstokens.api.AccessServiceTokensApi;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.ModelConverterFactory;
import io.github.accesstokens.model.ModelJsonAdapterFactory;
import io.github.accesstokens.model.RotateServiceTokenRequest;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.io.IOException;
import java.lang.reflect.Type;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import retrofit2.Call;
import retrofit2.Response;
import retrofit2.Retrofit;

/** The client as users build it; whole answers reach it over a real socket. */
final class ShippedClient implements Client {
  static final String ACCOUNT_ID = "023e105f4ecef8ad9ca31a8372d0c353";
  static final String SERVICE_TOKEN_ID = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415";

  private static final RotateServiceTokenRequest GRACE =
      RotateServiceTokenRequest.builder()
          .previousClientSecretExpiresAt(OffsetDateTime.parse("2999-01-01T00:00:00Z"))
          .build();

  private final Moshi moshi = new Moshi.Builder().add(ModelJsonAdapterFactory.INSTANCE).build();
  private final AccessServiceTokensApi unreached =
      client(Credentials.apiToken("a"), "http://127.0.0.1:1/").serviceTokens();
  private final List<Sent> sent = sendAll();

  /**
   * Decodes an answer that comes from a server with the given status, by the generated code alone:
   * what is written by hand keeps a failure's envelope to itself.
   */
  Object receive(int status, String schema, String json) throws IOException {
    try (MockWebServer server = new MockWebServer()) {
      server.enqueue(
          new MockResponse()
              .setResponseCode(status)
              .setHeader("Content-Type", "application/json")
              .setBody(json));
      AccessServiceTokensApi api =
          AccessServiceTokensApi.create(
              new Retrofit.Builder()
                  .baseUrl(server.url("/"))
                  .addConverterFactory(ModelConverterFactory.create())
                  .build());
      Response<ServiceTokenEnvelope> response =
          api.rotateServiceToken(ACCOUNT_ID, SERVICE_TOKEN_ID).execute();
      return response.isSuccessful()
          ? Objects.requireNonNull(response.body())
          : decode(schema, Objects.requireNonNull(response.errorBody()).string());
    }
  }

  @Override
  public Object decode(String schema, String json) throws IOException {
    return Objects.requireNonNull(adapter(schema).fromJson(json));
  }

  @Override
  public String encode(String schema, Object model) throws IOException {
    return adapter(schema).toJson(model);
  }

  private JsonAdapter<Object> adapter(String schema) {
    try {
      Type model = Class.forName("io.github.accesstokens.model." + schema);
      return moshi.adapter(model);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException("the client has no model " + schema, e);
    }
  }

  @Override
  public boolean takes(String parameter, int length) {
    String value = "a".repeat(length);
    try {
      Call<?> call =
          switch (parameter) {
            case "account_id" -> unreached.rotateServiceToken(value, SERVICE_TOKEN_ID);
            case "service_token_id" -> unreached.rotateServiceToken(ACCOUNT_ID, value);
            default -> throw new IllegalArgumentException("the client has no " + parameter);
          };
      return !call.isExecuted();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public List<Sent> sent() {
    return sent;
  }

  private static List<Sent> sendAll() {
    Map<String, Credentials> credentials = new LinkedHashMap<>();
    credentials.put("api_token", Credentials.apiToken("token"));
    credentials.put("api_email+api_key", Credentials.apiEmailAndApiKey("user@example.com", "key"));
    List<Sent> sent = new ArrayList<>();
    credentials.forEach(
        (schemes, value) -> {
          sent.add(send(schemes, value, false));
          sent.add(send(schemes, value, true));
        });
    return List.copyOf(sent);
  }

  private static Sent send(String schemes, Credentials credentials, boolean grace) {
    try (MockWebServer server = new MockWebServer()) {
      server.enqueue(new MockResponse().setResponseCode(404));
      AccessServiceTokensApi api = client(credentials, server.url("/").toString()).serviceTokens();
      Call<ServiceTokenEnvelope> call =
          grace
              ? api.rotateServiceToken(ACCOUNT_ID, SERVICE_TOKEN_ID, GRACE)
              : api.rotateServiceToken(ACCOUNT_ID, SERVICE_TOKEN_ID);
      try {
        call.execute();
        throw new IllegalStateException("404 was taken for a success");
      } catch (RotationNotAppliedException e) {
        // As it must be.
      }
      RecordedRequest request = server.takeRequest();
      String body = request.getBody().readUtf8();
      return new Sent(
          schemes,
          Objects.requireNonNull(request.getMethod()),
          Objects.requireNonNull(request.getPath()),
          request.getHeaders(),
          body.isEmpty() ? null : body);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String baseUrl() {
    return AccessServiceTokensApi.BASE_URL;
  }

  private static AccessTokensClient client(Credentials credentials, String baseUrl) {
    return AccessTokensClient.builder().credentials(credentials).baseUrl(baseUrl).build();
  }
}
