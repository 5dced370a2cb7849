package io.github.accesstokens.contract;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.openapitools.openapidiff.core.OpenApiCompare;
import org.openapitools.openapidiff.core.model.ChangedOpenApi;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides whether a changed shape breaks callers. OpenAPI diff decides it. It does not see limits
 * other than {@code maxLength}, null, defaults, servers and secrets, so this class decides on
 * those.
 */
final class Compatibility {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String path;
  private final ObjectNode ours;

  Compatibility(Spec.Operation operation, Shape ours) {
    this.path = operation.path();
    this.ours = ours.tree();
  }

  /** Whether callers of our operation break if it becomes theirs in one place. */
  boolean breaks(JsonDifference difference) {
    JsonPointer place = JsonPointer.compile(difference.pointer());
    String key = place.last().getMatchingProperty();
    boolean keyword = Shape.isKeyword(difference.pointer());
    if (keyword && key.equals(Shape.SENSITIVE)) {
      return false;
    }
    if (keyword && key.equals("enum")) {
      // One of them has no list. For OpenAPI diff, that is an empty one.
      return breaksUnseen(difference, key);
    }
    ObjectNode changed = ours.deepCopy();
    ObjectNode parent = (ObjectNode) changed.at(place.head());
    if (difference.rightNode().isMissingNode()) {
      parent.remove(key);
    } else {
      parent.set(key, difference.rightNode());
    }
    ChangedOpenApi changes;
    try {
      changes =
          OpenApiCompare.fromContents(document(ours).toString(), document(changed).toString());
    } catch (RuntimeException e) {
      // It fails for some schemas, for example if a list gets its items.
      return true;
    }
    return changes.isUnchanged() ? breaksUnseen(difference, key) : changes.isIncompatible();
  }

  /** A request may become less strict, a response may become stricter. */
  private static boolean breaksUnseen(JsonDifference difference, String keyword) {
    boolean response = difference.pointer().startsWith("/responses");
    if (difference.pointer().startsWith("/servers")) {
      return difference.rightNode().isMissingNode();
    }
    if (keyword.equals("default")) {
      return !response;
    }
    if (keyword.equals("multipleOf")) {
      return true;
    }
    JsonNode before = difference.leftNode();
    JsonNode after = difference.rightNode();
    boolean stricter = before.isMissingNode();
    boolean looser = after.isMissingNode();
    if (before.isNumber() && after.isNumber()) {
      boolean more = after.asDouble() > before.asDouble();
      stricter = more == Shape.isMinimum(keyword);
      looser = !stricter;
    }
    if (keyword.equals("nullable")) {
      boolean swapped = stricter;
      stricter = looser;
      looser = swapped;
    }
    return response ? !stricter : !looser;
  }

  // ---- a shape as a document, for OpenAPI diff

  private ObjectNode document(ObjectNode shape) {
    ObjectNode document = JSON.objectNode().put("openapi", "3.0.3");
    document.putObject("info").put("title", "shape").put("version", "0");
    ObjectNode operation = shape.deepCopy();
    operation.remove("servers");
    ArrayNode parameters = operation.putArray("parameters");
    shape
        .path("parameters")
        .properties()
        .forEach(
            entry -> {
              String[] words = entry.getKey().split(" ", 2);
              ObjectNode parameter = parameters.addObject().put("in", words[0]);
              parameter.put("name", words[0].equals("path") ? "p" + words[1] : words[1]);
              parameter.setAll((ObjectNode) openApi(entry.getValue()));
            });
    ArrayNode security = operation.putArray("security");
    for (String alternative : shape.path("security").propertyNames()) {
      ObjectNode schemes = security.addObject();
      for (String header : alternative.isEmpty() ? new String[0] : alternative.split(" \\+ ", -1)) {
        schemes.putArray(header);
        document
            .withObject("/components/securitySchemes")
            .putObject(header)
            .put("type", "apiKey")
            .put("in", "header")
            .put("name", header);
      }
    }
    for (String part : Set.of("requestBody", "responses")) {
      if (shape.has(part)) {
        operation.set(part, openApi(shape.path(part)));
      }
    }
    int[] count = {0};
    String template =
        Pattern.compile("\\{[^}]*}").matcher(path).replaceAll(any -> "{p" + ++count[0] + "}");
    document.putObject("paths").putObject(template).set("post", operation);
    return document;
  }

  /** The value of a keyword in a shape as OpenAPI writes it. */
  static JsonNode openApi(String keyword, JsonNode shape) {
    return shape.isMissingNode() || keyword.equals(Shape.SENSITIVE)
        ? shape
        : openApi(JSON.objectNode().set(keyword, shape)).path(keyword);
  }

  private static JsonNode openApi(JsonNode shape) {
    if (!(shape instanceof ObjectNode object)) {
      return shape;
    }
    ObjectNode copy = JSON.objectNode();
    for (Map.Entry<String, JsonNode> child : object.properties()) {
      String name = child.getKey();
      JsonNode value = child.getValue();
      switch (name) {
        case "required" -> {
          if (value.isObject()) {
            value.propertyNames().forEach(copy.putArray(name)::add);
          } else {
            copy.set(name, value);
          }
        }
        case "properties", "patternProperties", "dependentSchemas" -> {
          ObjectNode properties = copy.putObject(name);
          value
              .properties()
              .forEach(entry -> properties.set(entry.getKey(), openApi(entry.getValue())));
        }
        case Shape.SENSITIVE -> copy.put("format", "password");
        case "anyOf", "oneOf", "prefixItems" -> {
          ArrayNode schemas = copy.putArray(name);
          value.forEach(schema -> schemas.add(openApi(schema)));
        }
        case "discriminator" -> copy.putObject(name).set("propertyName", value);
        case "enum" -> value.forEach(copy.putArray(name)::add);
        default -> copy.set(name, openApi(value));
      }
    }
    return copy;
  }
}
