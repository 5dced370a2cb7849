package io.github.accesstokens.contract;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The names of the pacts, and where the two copies of each are. */
final class PactFile {
  static final String PROVIDER = "access-service-tokens";
  static final String FOLDER = "pacts";

  /** The consumer whose pact has what the client needs. */
  static final String CLIENT = "access-tokens-client";

  /** The consumer whose pact has the documented examples, whole. */
  static final String DOCUMENTED = "documented-examples";

  static final List<String> CONSUMERS = List.of(CLIENT, DOCUMENTED);

  private PactFile() {}

  /** The reviewed copy. */
  static Path committed(String consumer) {
    return Path.of(FOLDER, name(consumer));
  }

  /** The copy that this build wrote. */
  static Path generated(String consumer) {
    return Path.of(System.getProperty("pact.rootDir", "target/pacts"), name(consumer));
  }

  private static String name(String consumer) {
    return consumer + "-" + PROVIDER + ".json";
  }

  /** One copy of each pact, by consumer. */
  static JsonNode read(Function<String, Path> copy) {
    JsonMapper mapper = new JsonMapper();
    ObjectNode pacts = mapper.createObjectNode();
    for (String consumer : CONSUMERS) {
      Path file = copy.apply(consumer);
      if (!Files.exists(file)) {
        throw new IllegalStateException(
            file + " is missing. The tests of consumers write it, and -Daccept=true copies it.");
      }
      pacts.set(consumer, mapper.readTree(file.toFile()));
    }
    return pacts;
  }
}
