package io.github.accesstokens.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.Yaml;

/** JSON to decode: the examples of the description, and failures with many entries. */
final class Documents {
  static final String SUCCESS = "rotated";
  static final Path DESCRIPTION = Path.of(System.getProperty("benchmarks.spec"));

  private static final String FAILURE = "no_route";

  private Documents() {}

  /** Returns the example of that name or, for a number, a failure with that many entries. */
  static byte[] json(String name) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    Object description = new Yaml().load(Files.readString(DESCRIPTION));
    JsonNode examples = mapper.valueToTree(description).at("/components/examples");
    if (!Character.isDigit(name.charAt(0))) {
      return mapper.writeValueAsBytes(examples.at("/" + name + "/value"));
    }
    ObjectNode failure = (ObjectNode) examples.at("/" + FAILURE + "/value");
    ArrayNode errors = failure.putArray("errors");
    for (int i = Integer.parseInt(name); i > 0; i--) {
      errors.add(examples.at("/" + SUCCESS + "/value/errors/0"));
    }
    return mapper.writeValueAsBytes(failure);
  }
}
