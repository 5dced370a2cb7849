package io.github.accesstokens.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.provider.StubProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads everything that has to agree from where it is kept. */
final class Inputs {
  static final String PACT = "access-tokens-client-access-service-tokens.json";

  private static final Path DOCUMENTATION = Path.of("src/test/resources/documentation");
  private static final Path OPENAPI = Path.of("../openapi");
  private static final JsonMapper MAPPER = new JsonMapper();

  private Inputs() {}

  static Contract read() {
    try {
      CommittedPactTest.acceptIfAsked();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JsonNode pact = MAPPER.readTree(Path.of("pacts", PACT).toFile());
    return new Contract(
        MAPPER.readTree(DOCUMENTATION.resolve("rotate-200.json").toFile()),
        facts(),
        Spec.read(OPENAPI.resolve("service-tokens.yaml")),
        Spec.read(OPENAPI.resolve("released/service-tokens.yaml")),
        new ShippedClient(),
        pact,
        MAPPER.readTree(Path.of("target/pacts", PACT).toFile()),
        answers(pact));
  }

  private static List<String> facts() {
    try {
      return Files.readAllLines(DOCUMENTATION.resolve("facts.txt")).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the stub provider answers to each interaction, over a real socket. */
  private static Map<String, Contract.Answer> answers(JsonNode pact) {
    Map<String, Contract.Answer> answers = new LinkedHashMap<>();
    HttpClient http = HttpClient.newHttpClient();
    for (JsonNode interaction : PactCheck.interactions(pact)) {
      try (StubProvider provider = StubProvider.start()) {
        ProviderState.set(interaction.at("/providerStates/0/name").asString(), provider);
        answers.put(PactCheck.description(interaction), answer(http, provider, interaction));
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return answers;
  }

  private static Contract.Answer answer(
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
    return new Contract.Answer(response.statusCode(), headers, response.body());
  }
}
