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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the provider answers, against the pact and against the description. */
final class ProviderCheck {
  private static final String NAME = "provider";
  private static final JsonMapper MAPPER = new JsonMapper();

  private ProviderCheck() {}

  static List<Finding> check(Contract contract) {
    List<Finding> findings = new ArrayList<>();
    Pact pact =
        DefaultPactReader.INSTANCE.loadPact(
            new ByteArrayInputStream(contract.pact().toString().getBytes(UTF_8)));
    for (Interaction interaction : pact.getInteractions()) {
      String place = "answer to \"" + interaction.getDescription() + "\"";
      Contract.Answer answer = contract.answers().get(interaction.getDescription());
      if (answer == null) {
        findings.add(new Finding(NAME, place, "there is none"));
        continue;
      }
      Map<String, List<String>> headers = new TreeMap<>();
      answer.headers().forEach((name, value) -> headers.put(name, List.of(value)));
      HttpResponse actual =
          new HttpResponse(
              answer.status(),
              headers,
              OptionalBody.body(
                  answer.body().getBytes(UTF_8), ContentType.fromString(answer.mediaType())));
      try {
        for (Mismatch mismatch :
            ResponseMatching.responseMismatches(
                pact, (SynchronousRequestResponse) interaction, actual)) {
          findings.add(new Finding(NAME, place, "by the pact, " + mismatch.description()));
        }
      } catch (JsonException e) {
        findings.add(new Finding(NAME, place, "by the pact, it should be JSON: " + e.getMessage()));
      }
      checkDescribed(contract.spec(), place, answer, findings);
    }
    return findings;
  }

  private static void checkDescribed(
      Spec spec, String place, Contract.Answer answer, List<Finding> findings) {
    for (Spec.Operation operation : spec.operations()) {
      JsonNode content =
          Spec.response(operation, answer.status())
              .map(response -> response.getValue().path("content"))
              .orElse(null);
      if (content == null) {
        findings.add(new Finding(NAME, place, "status " + answer.status() + " is not described"));
      } else if (!content.has(answer.mediaType())) {
        findings.add(
            new Finding(NAME, place, "its media type " + answer.mediaType() + " is not described"));
      } else {
        String schema = Spec.reference(content.path(answer.mediaType()).path("schema"));
        if (schema != null) {
          checkBody(spec, place, answer, schema, findings);
        }
      }
    }
  }

  private static void checkBody(
      Spec spec, String place, Contract.Answer answer, String schema, List<Finding> findings) {
    try {
      for (String violation : spec.violations(schema, MAPPER.readTree(answer.body()))) {
        findings.add(new Finding(NAME, place, violation));
      }
    } catch (JacksonException e) {
      findings.add(new Finding(NAME, place, "it is not JSON"));
    }
  }
}
