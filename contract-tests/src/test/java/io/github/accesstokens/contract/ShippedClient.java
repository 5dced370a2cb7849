package io.github.accesstokens.contract;

import static io.github.accesstokens.fixtures.Documented.ACCOUNT_ID;
import static io.github.accesstokens.fixtures.Documented.SERVICE_TOKEN_ID;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.api.AccessServiceTokensApi;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.model.ModelConverterFactory;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import retrofit2.Response;
import retrofit2.Retrofit;

/** The client as users build it. Its requests and responses go over a socket. */
final class ShippedClient {
  private final Client client =
      GeneratedClient.of(
          Spec.read(Path.of("../openapi/service-tokens.yaml")),
          "io.github.accesstokens",
          (api, credentials, baseUrl) ->
              AccessTokensClient.builder()
                  .credentials((Credentials) credentials)
                  .baseUrl(baseUrl)
                  .build()
                  .serviceTokens());

  Client client() {
    return client;
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
          : client.decoder().decode(schema, Objects.requireNonNull(response.errorBody()).string());
    }
  }

  String encode(String schema, Object model) throws IOException {
    return client.encoder().encode(schema, model);
  }
}
