package io.github.accesstokens.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.provider.StubProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the contract of this build. Writes nothing. */
final class Inputs {
  private static final Path OPENAPI = Path.of("../openapi");
  private static final JsonMapper MAPPER = new JsonMapper();

  private Inputs() {}

  static Contract read() {
    if (!Files.exists(PactFile.GENERATED)) {
      throw new IllegalStateException(
          PactFile.GENERATED + " is missing. RotateConsumerPactTest has to write it first.");
    }
    JsonNode pact = MAPPER.readTree(PactFile.COMMITTED.toFile());
    return new Contract(
        MAPPER.readTree(OPENAPI.resolve("upstream/rotate-200.json").toFile()),
        Upstream.read(OPENAPI.resolve("upstream")),
        Spec.read(OPENAPI.resolve("service-tokens.yaml")),
        Spec.read(OPENAPI.resolve("released/service-tokens.yaml")),
        new ShippedClient().client(),
        pact,
        MAPPER.readTree(PactFile.GENERATED.toFile()),
        responses(pact));
  }

  /** The stub provider's response to each interaction, over a socket. */
  private static Map<String, Contract.Response> responses(JsonNode pact) {
    Map<String, Contract.Response> responses = new LinkedHashMap<>();
    HttpClient http = HttpClient.newHttpClient();
    for (JsonNode interaction : PactCheck.interactions(pact)) {
      try (StubProvider provider = StubProvider.start()) {
        ProviderState.set(interaction.at("/providerStates/0/name").asString(), provider);
        responses.put(PactCheck.description(interaction), send(http, provider, interaction));
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return responses;
  }

  private static Contract.Response send(
      HttpClient http, StubProvider provider, JsonNode interaction)
      throws IOException, InterruptedException {
    JsonNode request = interaction.path("request");
    JsonNode body = PactCheck.body(request);
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(
                URI.create(provider.baseUrl()).resolve(request.path("path").asString()))
            .method(
                request.path("method").asString(),
                body.isMissingNode()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString()));
    request
        .path("headers")
        .properties()
        .forEach(header -> builder.header(header.getKey(), header.getValue().path(0).asString()));
    HttpResponse<String> response =
        http.send(builder.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    Map<String, String> headers = new TreeMap<>();
    for (String name : interaction.at("/response/headers").propertyNames()) {
      response.headers().firstValue(name).ifPresent(value -> headers.put(name, value));
    }
    return new Contract.Response(response.statusCode(), headers, response.body());
  }
}
