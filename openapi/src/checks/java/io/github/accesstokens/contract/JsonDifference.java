package io.github.accesstokens.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A place where two JSON trees differ, as a JSON pointer, and what each has there. */
record JsonDifference(String pointer, JsonNode leftNode, JsonNode rightNode) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String NOTHING = "nothing";

  String left() {
    return shown(leftNode);
  }

  String right() {
    return shown(rightNode);
  }

  static List<JsonDifference> between(JsonNode left, JsonNode right) {
    List<JsonDifference> differences = new ArrayList<>();
    compare("", left, right, differences);
    return differences;
  }

  private static void compare(
      String pointer, JsonNode left, JsonNode right, List<JsonDifference> differences) {
    if (left.isObject() && right.isObject()) {
      Map<String, JsonNode> lefts = Spec.children(left);
      Map<String, JsonNode> rights = Spec.children(right);
      Set<String> names = new TreeSet<>(lefts.keySet());
      names.addAll(rights.keySet());
      for (String name : names) {
        compare(
            pointer + "/" + Shape.escaped(name), left.path(name), right.path(name), differences);
      }
    } else if (left.isArray() && right.isArray()) {
      for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
        compare(pointer + "/" + i, left.path(i), right.path(i), differences);
      }
    } else if (!left.equals(right)) {
      differences.add(new JsonDifference(pointer, left, right));
    }
  }

  /** A value with its properties in alphabetical order, or the word "nothing". */
  static String shown(JsonNode node) {
    if (node.isObject()) {
      return Spec.children(node).entrySet().stream()
          .map(child -> JSON.stringNode(child.getKey()) + ":" + shown(child.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (node.isArray()) {
      return node.valueStream()
          .map(JsonDifference::shown)
          .collect(Collectors.joining(",", "[", "]"));
    }
    return node.isMissingNode() ? NOTHING : node.toString();
  }
}
