package io.github.accesstokens.generator;

import static io.github.accesstokens.generator.GeneratedClient.call;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The provider's own description of service tokens, of 2026-08-14, without its text. */
class UpstreamTest {
  private static final String ROTATED =
      "{'errors':[],'messages':[{'code':1000,'message':'m','source':{'pointer':'p'}}],'success':true,"
          + "'result':{'client_id':'id','client_secret':'hidden','created_at':'2014-01-01T05:20:00.12345Z',"
          + "'duration':'60m','enabled':true,'id':'i','name':'CI/CD token','updated_at':'2014-01-01T05:20:00.12345Z'}}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../openapi/upstream/service-tokens.yaml",
        "src/test/openapi/service-tokens-2026-08.json"
      })
  void rotation_hasItsTypesAndMasksItsSecret(String file, @TempDir Path directory)
      throws IOException {
    GeneratedClient client = GeneratedClient.ofFile(Path.of(file).toAbsolutePath(), directory);

    Object rotated = client.roundTrips("AccessCreateResponse", ROTATED);
    Object token = call(rotated, "getResult");
    assertThat(call(token, "getCreatedAt"))
        .isEqualTo(OffsetDateTime.parse("2014-01-01T05:20:00.12345Z"));
    assertThat(call(token, "isEnabled")).isEqualTo(true);
    assertThat(rotated.toString()).contains("clientSecret=██").doesNotContain("hidden");
    assertThat(client.type("api.AccessServiceTokensApi", "accessServiceTokensRotateAServiceToken"))
        .isEqualTo("Call<AccessCreateResponse>");
    assertThat(client.source("api/AccessServiceTokensApi"))
        .contains(
            "accessServiceTokensRotateAServiceToken(@Path(\"account_id\") String accountId,"
                + " @Path(\"service_token_id\") String serviceTokenId)");
    Object failure =
        client.roundTrips(
            "AccessApiResponseCommonFailure",
            "{'errors':[{'code':7003,'message':'m'}],'messages':[],'success':false,'result':null}");
    assertThat(call(failure, "getResult")).isNull();
    assertThat(Arrays.stream(client.load("example.api.Credentials").getMethods()))
        .extracting("name")
        .contains("apiEmailAndApiKeyAndApiToken");
  }

  /** The second client of the tests of the client; there it is compiled as test code. */
  @Test
  void growingDescription_compilesLikeTheProduct(@TempDir Path directory) throws IOException {
    Path description = Path.of("../src/test/openapi/growing.yaml").toAbsolutePath();

    GeneratedClient client = GeneratedClient.ofFile(description, directory);

    assertThat(client.models()).contains("Order", "OrderStatus");
  }
}
