package io.github.accesstokens.contract;

import io.github.accesstokens.contract.Contract.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Damage to the provider's responses: status, headers and body. */
final class ProviderDrift {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final PactInteraction expected;
  private final String interaction;
  private final List<Drift> drifts;

  private ProviderDrift(PactInteraction expected, List<Drift> drifts) {
    this.expected = expected;
    this.interaction = expected.key();
    this.drifts = drifts;
  }

  static void add(Contract contract, List<Drift> drifts) {
    for (PactInteraction interaction : PactInteraction.all(contract.pact())) {
      Response response = contract.responses().get(interaction.key());
      if (response != null) {
        new ProviderDrift(interaction, drifts).addResponse(response);
      }
    }
  }

  private void add(String kind, String place, @Nullable Response changed) {
    drifts.add(
        new Drift(
            Drift.Input.PROVIDER,
            kind,
            interaction + " " + place,
            interaction,
            whole -> whole.withResponse(interaction, changed)));
  }

  private void addResponse(Response response) {
    add("response missing", "", null);
    for (int status : new int[] {204, 302, 418, 500}) {
      add("status " + status, "", response.withStatus(status));
    }
    for (String type : List.of("text/plain", "application/xml", "application/html")) {
      add("media type " + type, "", response.withHeader("Content-Type", type));
    }
    for (String header : response.headers().keySet()) {
      add("header missing", header, response.withoutHeader(header));
    }
    if (response.mediaType().equals("application/json")) {
      for (String body : List.of("", "<html></html>", "null", "[]", "{}")) {
        add("body " + (body.isEmpty() ? "missing" : body), "", response.withBody(body));
      }
      List<Drift> damaged = new ArrayList<>();
      // The provider may choose another value of the right type.
      new JsonDrift(
              Drift.Input.PROVIDER,
              interaction,
              MAPPER.readTree(response.body()),
              (whole, body) -> whole.withResponse(interaction, response.withBody(body.toString())),
              damaged)
          .mutate("", "", ProviderDrift::isFixed);
      damaged.removeIf(drift -> drift.kind().equals("property removed") && !isDemanded(drift));
      drifts.addAll(damaged);
    }
  }

  /** Whether the pact demands a property. A client may need less than the provider sends. */
  private boolean isDemanded(Drift drift) {
    JsonPointer property = JsonPointer.compile(drift.place().substring(interaction.length() + 1));
    String parent = "$" + property.head().toString().replaceAll("/\\d+", "[*]").replace('/', '.');
    JsonNode rules = expected.response().at("/matchingRules/body").path(parent);
    return !PactInteraction.body(expected.response()).at(property).isMissingNode()
        && !rules.at("/matchers/0/match").asString("").equals("eachKey");
  }

  /** Times and flags: another text or value there is wrong. */
  private static boolean isFixed(JsonNode value) {
    return value.isBoolean() || value.asString("").matches("\\d{4}-\\d{2}-\\d{2}T.*");
  }
}
