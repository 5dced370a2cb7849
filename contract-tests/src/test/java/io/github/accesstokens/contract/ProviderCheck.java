package io.github.accesstokens.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import au.com.dius.pact.core.matchers.Mismatch;
import au.com.dius.pact.core.matchers.ResponseMatching;
import au.com.dius.pact.core.model.ContentType;
import au.com.dius.pact.core.model.DefaultPactReader;
import au.com.dius.pact.core.model.HttpResponse;
import au.com.dius.pact.core.model.Interaction;
import au.com.dius.pact.core.model.OptionalBody;
import au.com.dius.pact.core.model.Pact;
import au.com.dius.pact.core.model.SynchronousRequestResponse;
import au.com.dius.pact.core.support.json.JsonException;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The provider's responses against the pacts and against the description. */
final class ProviderCheck {
  private ProviderCheck() {}

  static List<Finding> check(Contract contract) {
    Findings findings = new Findings("provider", "stub provider");
    for (String consumer : contract.pact().propertyNames()) {
      JsonNode json = contract.pact().path(consumer);
      Pact pact =
          DefaultPactReader.INSTANCE.loadPact(
              new ByteArrayInputStream(json.toString().getBytes(UTF_8)));
      for (PactInteraction interaction : PactInteraction.of(consumer, json)) {
        String place = "response to " + interaction.key();
        Contract.Response response = contract.responses().get(interaction.key());
        if (response == null) {
          boolean known = ProviderState.ALL.contains(interaction.state());
          findings.add(place, known ? "there is none" : "the stub cannot get into this state");
        } else {
          checkPact(
              pact, pact.getInteractions().get(interaction.index()), place, response, findings);
          checkDescription(contract.spec(), place, response, findings);
        }
      }
    }
    return findings.all();
  }

  private static void checkPact(
      Pact pact,
      Interaction interaction,
      String place,
      Contract.Response response,
      Findings findings) {
    Map<String, List<String>> headers = new TreeMap<>();
    response.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    HttpResponse actual =
        new HttpResponse(
            response.status(),
            headers,
            OptionalBody.body(
                response.body().getBytes(UTF_8), ContentType.fromString(response.mediaType())));
    try {
      for (Mismatch mismatch :
          ResponseMatching.responseMismatches(
              pact, (SynchronousRequestResponse) interaction, actual)) {
        findings.add(place, "does not fit the pact: " + mismatch.description());
      }
    } catch (JsonException e) {
      findings.add(place, "does not fit the pact: it should be JSON: " + e.getMessage());
    }
  }

  private static void checkDescription(
      Spec spec, String place, Contract.Response response, Findings findings) {
    for (Spec.Operation operation : spec.operations()) {
      JsonNode described =
          Spec.response(operation, response.status()).map(Map.Entry::getValue).orElse(null);
      if (described == null) {
        findings.add(
            place,
            "has the status "
                + response.status()
                + ", but the description has "
                + Finding.listed(operation.node().path("responses").propertyNames()));
      } else {
        findings.addAll(
            place,
            spec.violations(described.path("content"), response.mediaType(), response.body()));
      }
    }
  }
}
