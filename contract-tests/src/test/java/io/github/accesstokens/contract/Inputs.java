package io.github.accesstokens.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.provider.StubProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the contract of this build. Writes nothing. */
final class Inputs {
  private static final Path OPENAPI = Path.of("../openapi");
  private static final JsonMapper MAPPER = new JsonMapper();

  private Inputs() {}

  static Contract read() {
    JsonNode pacts = PactFile.read(PactFile::committed);
    return new Contract(
        MAPPER.readTree(OPENAPI.resolve("upstream/rotate-200.json").toFile()),
        Upstream.read(OPENAPI.resolve("upstream")),
        Spec.read(OPENAPI.resolve("service-tokens.yaml")),
        Spec.read(OPENAPI.resolve("released/service-tokens.yaml")),
        new ShippedClient().client(),
        pacts,
        PactFile.read(PactFile::generated),
        responses(pacts));
  }

  /** The stub provider's response to each interaction, over a socket. */
  private static Map<String, Contract.Response> responses(JsonNode pacts) {
    Map<String, Contract.Response> responses = new LinkedHashMap<>();
    HttpClient http = HttpClient.newHttpClient();
    for (PactInteraction interaction : PactInteraction.all(pacts)) {
      if (!ProviderState.ALL.contains(interaction.state())) {
        continue;
      }
      try (StubProvider provider = StubProvider.start()) {
        // The description has what is documented.
        provider.documentedRefusals();
        ProviderState.set(interaction.state(), provider);
        responses.put(interaction.key(), send(http, provider, interaction));
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return responses;
  }

  private static Contract.Response send(
      HttpClient http, StubProvider provider, PactInteraction interaction)
      throws IOException, InterruptedException {
    JsonNode request = interaction.request();
    JsonNode body = PactInteraction.body(request);
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(
                URI.create(provider.baseUrl()).resolve(request.path("path").asString()))
            .method(
                request.path("method").asString(),
                body.isMissingNode()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString()));
    PactInteraction.headers(request).forEach(builder::header);
    HttpResponse<String> response =
        http.send(builder.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    Map<String, String> headers = new TreeMap<>();
    Set<String> named = PactInteraction.headers(interaction.response()).keySet();
    for (String name : Stream.concat(Stream.of("Content-Type"), named.stream()).toList()) {
      response.headers().firstValue(name).ifPresent(value -> headers.put(name, value));
    }
    return new Contract.Response(response.statusCode(), headers, response.body());
  }
}
