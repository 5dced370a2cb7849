package io.github.accesstokens.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped client reads each named example of a response from a socket, every property. */
final class ExamplesTest {
  private static final Spec SPEC = Spec.read(Path.of("../openapi/service-tokens.yaml"));
  private static final ShippedClient CLIENT = new ShippedClient();

  static List<Spec.Example> responses() {
    return SPEC.examples().stream().filter(example -> example.status() != null).toList();
  }

  @ParameterizedTest
  @MethodSource("responses")
  void namedExample_isReadWhole(Spec.Example example) throws IOException {
    int status = Integer.parseInt(String.valueOf(example.status()).replace("XX", "04"));
    Object received = CLIENT.receive(status, example.schema(), example.value().toString());

    assertThat(ModelCheck.differences(SPEC, example.schema(), example.value(), received)).isEmpty();
    assertThat(CLIENT.encode(example.schema(), received)).isEqualTo(example.value().toString());
  }
}
