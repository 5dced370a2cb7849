package io.github.accesstokens.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.family.api.Credentials;
import io.github.accesstokens.family.model.ModelConverterFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import retrofit2.Retrofit;

/**
 * Every operation of the provider on service tokens, as the provider describes it. A client that is
 * generated from that description has to pass the checks of the shipped client.
 */
final class FamilyTest {
  private static final String FILE =
      "client/generator/src/test/openapi/service-tokens-2026-08.json";
  private static final Spec SPEC = Spec.read(Path.of("..", FILE));
  private static final Spec FLAT = FlatSpec.of(SPEC);
  private static final Client CLIENT =
      GeneratedClient.of(SPEC, "io.github.accesstokens.family", FamilyTest::create);

  private static Object create(Class<?> api, Object credentials, String baseUrl)
      throws ReflectiveOperationException {
    OkHttpClient http =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> chain.proceed(((Credentials) credentials).authenticate(chain.request())))
            .build();
    Retrofit retrofit =
        new Retrofit.Builder()
            .baseUrl(baseUrl)
            .client(http)
            .addConverterFactory(ModelConverterFactory.create())
            .build();
    return api.getMethod("create", Retrofit.class).invoke(null, retrofit);
  }

  @Test
  void generatedClient_hasNoFindings() {
    Findings.failIfAny(ClientCheck.check(FILE, SPEC, CLIENT), "");
  }

  static Stream<Arguments> damagedModels() {
    return FLAT.schemas().keySet().stream()
        .flatMap(
            schema ->
                ClientDrift.ofModel(FLAT, CLIENT, schema).stream()
                    .map(damage -> Arguments.of(schema, damage)));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("damagedModels")
  void damagedModel_isReported(String schema, ClientDrift.Damage damage) {
    Findings findings = new Findings("client", FILE);
    new ModelCheck(FLAT, damage.client(), schema, findings).check();
    assertThat(findings.all()).asString().contains(schema).contains(damage.named());
  }

  static List<ClientDrift.Damage> damagedRequests() {
    return ClientDrift.ofRequests(FLAT, CLIENT);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damagedRequests")
  void damagedRequest_isReported(ClientDrift.Damage damage) {
    Findings findings = new Findings("client", FILE);
    new RequestCheck(FLAT, damage.client(), findings).check();
    assertThat(findings.all()).asString().contains(damage.named());
  }
}
