package io.github.accesstokens.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Changes single places of a description in YAML. Comments, order and all other lines stay. */
final class DescriptionEditor {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .disable(YAMLWriteFeature.SPLIT_LINES)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLWriteFeature.INDENT_ARRAYS_WITH_INDICATOR)
          .build();

  private final List<String> lines;
  private final Node root;

  private DescriptionEditor(String text) {
    this.lines = new ArrayList<>(text.lines().toList());
    this.root = new Compose(LoadSettings.builder().build()).composeString(text).orElseThrow();
  }

  /**
   * Makes one place like the provider's document.
   *
   * @throws IllegalArgumentException if this place can only be changed by hand
   */
  static String adopt(String text, Difference difference) {
    DescriptionEditor editor = new DescriptionEditor(text);
    editor.adopt(difference);
    String separator = text.contains("\r\n") ? "\r\n" : "\n";
    return String.join(separator, editor.lines) + separator;
  }

  private void adopt(Difference difference) {
    JsonPointer pointer = JsonPointer.compile(difference.pointer());
    JsonPointer parent = pointer.head();
    JsonPointer inShape = JsonPointer.compile(difference.inShape().pointer());
    String key = inShape.last().getMatchingProperty();
    String list = name(inShape.head());
    // A property can have the name of a keyword.
    boolean isKeyword = Shape.isKeyword(inShape.head().toString());
    if (isKeyword && list.matches("security|(any|one)Of.*")) {
      throw new IllegalArgumentException("entries of this list have no names");
    }
    if (difference.their().isMissingNode()) {
      // The value of an enum is JSON in a shape.
      boolean value = isKeyword && list.equals("enum");
      remove(value ? parent.appendProperty(YAML.readTree(key).asString(key)) : pointer);
      return;
    }
    boolean keyIsKeyword = Shape.isKeyword(difference.inShape().pointer());
    refuseWithoutForm(keyIsKeyword ? key : "", difference.their());
    JsonNode value = difference.openApi(difference.their());
    if (isKeyword && list.equals("required")) {
      add(parent, JSON.arrayNode().add(key));
    } else if (isKeyword && list.equals("enum")) {
      add(parent, JSON.arrayNode().add(difference.their()));
    } else if (isKeyword && list.equals("servers")) {
      add(parent, JSON.arrayNode().add(JSON.objectNode().put("url", key)));
    } else if (isKeyword && list.equals("parameters") && value.isObject()) {
      String[] words = key.split(" ", 2);
      ObjectNode parameter = JSON.objectNode().put("name", words[1]).put("in", words[0]);
      add(parent, JSON.arrayNode().add(parameter.setAll((ObjectNode) value)));
    } else if (isKeyword && list.equals("responses") && value.isObject()) {
      // OpenAPI requires one. The build asks for words.
      set(pointer, JSON.objectNode().put("description", "").setAll((ObjectNode) value));
    } else if (keyIsKeyword && key.equals(Shape.SENSITIVE) && value.isString()) {
      set(parent.appendProperty("format"), value);
    } else {
      set(pointer, value);
    }
  }

  private static String name(JsonPointer pointer) {
    return pointer.length() == 0 ? "" : pointer.last().getMatchingProperty();
  }

  private static void refuseWithoutForm(String key, JsonNode shape) {
    if (shape.findValue(Shape.CONTAINS_ITSELF) != null
        || shape.toString().contains('"' + Shape.JSON_TEXT)
        || shape.toString().matches(".*\"type\":\"\\w+ (or|and) .*")
        || shape.asString("").matches("\\w+ (or|and) .*")
        || (key + shape).matches(".*(any|one)Of and .*")
        || key.equals("parameters")) {
      throw new IllegalArgumentException("it has no short form in YAML");
    }
  }

  // ---- places

  /** The entry of a mapping or a sequence, with its key in a mapping. */
  private record Entry(CollectionNode<?> parent, @Nullable Node key, Node value) {}

  private Optional<Entry> find(JsonPointer pointer) {
    Entry found = new Entry((MappingNode) root, null, root);
    for (JsonPointer rest = pointer; rest.length() > 0; rest = rest.tail()) {
      Optional<Entry> next = child(found.value, rest.getMatchingProperty());
      if (next.isEmpty()) {
        return Optional.empty();
      }
      found = next.get();
    }
    return Optional.of(found);
  }

  private static Optional<Entry> child(Node node, String name) {
    if (node instanceof MappingNode mapping) {
      return mapping.getValue().stream()
          .filter(tuple -> text(tuple.getKeyNode()).equals(name))
          .findFirst()
          .map(tuple -> new Entry(mapping, tuple.getKeyNode(), tuple.getValueNode()));
    }
    if (node instanceof SequenceNode sequence) {
      List<Node> items = sequence.getValue();
      for (int i = 0; i < items.size(); i++) {
        Node item = items.get(i);
        boolean named =
            item instanceof MappingNode
                && Stream.of("name", "url")
                    .flatMap(key -> child(item, key).stream())
                    .anyMatch(entry -> text(entry.value).equals(name));
        if (named || name.equals(String.valueOf(i)) || text(item).equals(name)) {
          return Optional.of(new Entry(sequence, null, item));
        }
      }
    }
    return Optional.empty();
  }

  private static String text(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  private static int line(Optional<Mark> mark) {
    return mark.orElseThrow().getLine();
  }

  /** The last line of a node, without the blank lines and comments after it. */
  private int lastLine(Node node) {
    if (node instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
      List<NodeTuple> entries = mapping.getValue();
      return lastLine(entries.get(entries.size() - 1).getValueNode());
    }
    if (node instanceof SequenceNode sequence && !sequence.getValue().isEmpty()) {
      return lastLine(sequence.getValue().get(sequence.getValue().size() - 1));
    }
    Mark end = node.getEndMark().orElseThrow();
    int last = end.getColumn() == 0 ? end.getLine() - 1 : end.getLine();
    while (lines.get(last).isBlank()) {
      last--;
    }
    return last;
  }

  // ---- changes

  private void set(JsonPointer pointer, JsonNode value) {
    Optional<Entry> found = find(pointer);
    if (found.isEmpty()) {
      add(pointer.head(), JSON.objectNode().set(pointer.last().getMatchingProperty(), value));
      return;
    }
    Node old = found.get().value;
    int line = line(old.getStartMark());
    if (old instanceof ScalarNode && value.isValueNode() && lastLine(old) == line) {
      int from = old.getStartMark().orElseThrow().getColumn();
      int to = old.getEndMark().orElseThrow().getColumn();
      String text = lines.get(line);
      lines.set(line, text.substring(0, from) + yaml(value).get(0) + text.substring(to));
    } else {
      throw new IllegalArgumentException("it is no plain value in both");
    }
  }

  /** Adds entries to a mapping or a sequence, which is made if it is missing. */
  private void add(JsonPointer pointer, JsonNode entries) {
    Optional<Entry> found = find(pointer);
    if (found.isEmpty()) {
      add(pointer.head(), JSON.objectNode().set(pointer.last().getMatchingProperty(), entries));
      return;
    }
    if (!(found.get().value instanceof CollectionNode<?> collection)
        || collection.getValue().isEmpty()
        || collection.getFlowStyle() == FlowStyle.FLOW) {
      throw new IllegalArgumentException("it is written in one line");
    }
    Object first = collection.getValue().get(0);
    Node start = first instanceof NodeTuple tuple ? tuple.getKeyNode() : (Node) first;
    int column = start.getStartMark().orElseThrow().getColumn();
    // An item of a sequence starts after its hyphen.
    String indent = " ".repeat(first instanceof NodeTuple ? column : column - 2);
    List<String> added =
        yaml(entries).stream().map(line -> (indent + line).stripTrailing()).toList();
    lines.addAll(lastLine(collection) + 1, added);
  }

  private void remove(JsonPointer pointer) {
    Entry entry =
        find(pointer).orElseThrow(() -> new IllegalArgumentException("it is written elsewhere"));
    if (entry.parent.getValue().size() == 1) {
      remove(pointer.head());
      return;
    }
    Node start = entry.key == null ? entry.value : entry.key;
    int first = line(start.getStartMark());
    String indent = lines.get(first).replaceFirst("\\S.*", "");
    while (first > 0 && lines.get(first - 1).startsWith(indent + "#")) {
      first--;
    }
    lines.subList(first, lastLine(entry.value) + 1).clear();
  }

  private static List<String> yaml(JsonNode value) {
    return YAML.writeValueAsString(value).stripTrailing().stripIndent().lines().toList();
  }
}
