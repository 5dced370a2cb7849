package io.github.accesstokens.contract;

import static io.github.accesstokens.fixtures.Documented.ACCOUNT_ID;
import static io.github.accesstokens.fixtures.Documented.SERVICE_TOKEN_ID;

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

/** The client as users build it. Its requests and responses go over a socket. */
final class ShippedClient {
  private static final RotateServiceTokenRequest GRACE =
      RotateServiceTokenRequest.builder()
          .previousClientSecretExpiresAt(OffsetDateTime.parse("2999-01-01T00:00:00Z"))
          .build();

  private final Moshi moshi = new Moshi.Builder().add(ModelJsonAdapterFactory.INSTANCE).build();
  private final AccessServiceTokensApi unreached =
      client(Credentials.apiToken("a"), "http://127.0.0.1:1/").serviceTokens();

  Client client() {
    return new Client(
        this::decode, this::encode, this::accepts, sendAll(), AccessServiceTokensApi.BASE_URL);
  }

  /**
   * Decodes a response that a server sends, with the generated code alone. The hand-written code
   * does not hand out the envelope of a failure.
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

  private Object decode(String schema, String json) throws IOException {
    return Objects.requireNonNull(adapter(schema).fromJson(json));
  }

  String encode(String schema, Object model) throws IOException {
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

  private boolean accepts(String parameter, int length) {
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

  private static List<Client.Sent> sendAll() {
    Map<String, Credentials> credentials = new LinkedHashMap<>();
    credentials.put("api_token", Credentials.apiToken("token"));
    credentials.put("api_email+api_key", Credentials.apiEmailAndApiKey("user@example.com", "key"));
    List<Client.Sent> sent = new ArrayList<>();
    credentials.forEach(
        (schemes, value) -> {
          sent.add(send(schemes, value, false));
          sent.add(send(schemes, value, true));
        });
    return List.copyOf(sent);
  }

  private static Client.Sent send(String schemes, Credentials credentials, boolean grace) {
    try (MockWebServer server = new MockWebServer()) {
      server.enqueue(new MockResponse().setResponseCode(404));
      AccessServiceTokensApi api = client(credentials, server.url("/").toString()).serviceTokens();
      Call<ServiceTokenEnvelope> call =
          grace
              ? api.rotateServiceToken(ACCOUNT_ID, SERVICE_TOKEN_ID, GRACE)
              : api.rotateServiceToken(ACCOUNT_ID, SERVICE_TOKEN_ID);
      try {
        call.execute();
        throw new IllegalStateException("the client accepts 404 as a success");
      } catch (RotationNotAppliedException e) {
        // Expected for 404.
      }
      RecordedRequest request = server.takeRequest();
      String body = request.getBody().readUtf8();
      return new Client.Sent(
          schemes,
          Objects.requireNonNull(request.getMethod()),
          Objects.requireNonNull(request.getPath()),
          request.getHeaders(),
          body.isEmpty() ? null : body);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static AccessTokensClient client(Credentials credentials, String baseUrl) {
    return AccessTokensClient.builder().credentials(credentials).baseUrl(baseUrl).build();
  }
}
