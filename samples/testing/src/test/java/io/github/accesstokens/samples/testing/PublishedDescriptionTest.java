package io.github.accesstokens.samples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import au.com.dius.pact.consumer.dsl.PactBuilder;
import au.com.dius.pact.core.model.PactSpecVersion;
import au.com.dius.pact.core.model.V4Pact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pact that the description does not allow is reported, with what is wrong. */
final class PublishedDescriptionTest {
  private static final String ROTATE = "/client/v4/accounts/a/access/service_tokens/b/rotate";

  @Test
  void neededPropertiesOnly_fit() {
    assertThat(
            PublishedDescription.problems(
                pact("POST", ROTATE, 200, "{'success':true,'result':{'client_id':'a'}}")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "POST, /client/v4/accounts/a/tokens/b/rotate, 200, {}, No API path found",
        "GET, " + ROTATE + ", 200, {}, GET operation not allowed",
        "POST, " + ROTATE + ", 302, {}, Response status 302 not defined",
        "POST, " + ROTATE + ", 200, {'success':false}, not found in enum",
        "POST, "
            + ROTATE
            + ", 200, {'success':true|'result':{'secret':'a'}}, properties which are not allowed",
        "POST, "
            + ROTATE
            + ", 200, {'success':true|'result':{'client_id':1}}, does not match any allowed",
      })
  void otherPact_isReported(String method, String path, int status, String body, String problem) {
    assertThat(PublishedDescription.problems(pact(method, path, status, body.replace('|', ','))))
        .singleElement()
        .asString()
        .contains(problem);
  }

  @Test
  void codeInTheReadme_isTheCode() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String code =
        readme.substring(
            readme.indexOf("```java\n") + 8,
            readme.indexOf("```", readme.indexOf("```java\n") + 8));
    String source =
        Files.readString(
            Path.of(
                "src/test/java/io/github/accesstokens/samples/testing/PublishedDescription.java"));

    assertThat(source.replaceAll("(?m)^ +", "")).contains(code.replaceAll("(?m)^ +", ""));
  }

  private static V4Pact pact(String method, String path, int status, String body) {
    return new PactBuilder("nightly-rotation", "access-service-tokens", PactSpecVersion.V4)
        .expectsToReceiveHttpInteraction(
            "a request",
            http ->
                http.withRequest(
                        request ->
                            request
                                .method(method)
                                .path(path)
                                .header("Authorization", "Bearer api-token"))
                    .willRespondWith(
                        response ->
                            response
                                .status(status)
                                .body(body.replace('\'', '"'), "application/json")))
        .toPact();
  }
}
