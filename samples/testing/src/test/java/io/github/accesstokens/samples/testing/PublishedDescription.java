package io.github.accesstokens.samples.testing;

import au.com.dius.pact.core.model.SynchronousRequestResponse;
import au.com.dius.pact.core.model.V4Pact;
import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.pact.PactLevelResolverFactory;
import com.atlassian.oai.validator.pact.PactRequest;
import com.atlassian.oai.validator.pact.PactResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import java.util.List;

/** Compares a pact with the published description of the API. Copy this class. */
final class PublishedDescription {
  private static final OpenApiInteractionValidator DESCRIPTION =
      OpenApiInteractionValidator.createForSpecificationUrl(
              "io/github/accesstokens/openapi/service-tokens.yaml")
          .withBasePathOverride("/client/v4")
          // A pact has what its consumer needs. The provider may send more.
          .withLevelResolver(PactLevelResolverFactory.create())
          .build();

  private PublishedDescription() {}

  /** What a pact has that the description does not have. */
  static List<String> problems(V4Pact pact) {
    return pact.getInteractions().stream()
        .map(interaction -> (SynchronousRequestResponse) interaction)
        .flatMap(
            interaction ->
                DESCRIPTION
                    .validate(
                        PactRequest.of(interaction.getRequest()),
                        PactResponse.of(interaction.getResponse()))
                    .getMessages()
                    .stream())
        .filter(message -> message.getLevel() == ValidationReport.Level.ERROR)
        .map(ValidationReport.Message::getMessage)
        .toList();
  }
}
