package io.github.accesstokens.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The pact that the client of this build wrote, against the reviewed one. To accept a change:
 * {@code mvn -pl contract-tests -am verify -Dpact.accept=true}, then look at the difference.
 */
final class CommittedPactTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String FILE =
      RotateConsumerPactTest.CONSUMER + "-" + RotateConsumerPactTest.PROVIDER + ".json";
  private static final Path COMMITTED = Path.of("pacts", FILE);
  private static final Path GENERATED =
      Path.of(System.getProperty("pact.rootDir", "target/pacts"), FILE);

  @Test
  void committedPactIsTheOneThatTheClientWrites() throws IOException {
    acceptIfAsked();
    assertThat(GENERATED).as("written by RotateConsumerPactTest, which has to run before").exists();
    assertThat(COMMITTED).as("to be made with -Dpact.accept=true").exists();

    List<String> differences =
        differences(MAPPER.readTree(COMMITTED.toFile()), MAPPER.readTree(GENERATED.toFile()));

    if (!differences.isEmpty()) {
      fail(
          differences.stream()
              .collect(
                  Collectors.joining(
                      "\n  ",
                      COMMITTED + " is not what the client of this build expects:\n  ",
                      "\nIf the change is meant, accept it and look at the difference:"
                          + "\n  mvn -pl contract-tests -am verify -Dpact.accept=true")));
    }
  }

  /** Called by every test that reads the committed pact, since any of them can be the first. */
  static void acceptIfAsked() throws IOException {
    if (Boolean.getBoolean("pact.accept")) {
      Files.createDirectories(COMMITTED.toAbsolutePath().getParent());
      Files.copy(GENERATED, COMMITTED, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static List<String> differences(JsonNode committed, JsonNode generated) {
    List<String> differences = new ArrayList<>();
    PactCheck.stale(committed, generated)
        .forEach(finding -> differences.add(finding.place() + ": " + finding.problem()));
    JsonDifference.between(frame(committed), frame(generated))
        .forEach(
            difference ->
                differences.add(
                    difference.pointer()
                        + ": committed is "
                        + difference.left()
                        + ", the client's is "
                        + difference.right()));
    return differences;
  }

  /** All but the interactions, which are told apart by description, and not by position. */
  private static JsonNode frame(JsonNode pact) {
    ObjectNode frame = pact.deepCopy().asObject();
    frame.remove("interactions");
    // Pact's own version: an upgrade alone changes nothing in what is expected.
    frame.withObject("metadata").remove("pact-jvm");
    return frame;
  }
}
