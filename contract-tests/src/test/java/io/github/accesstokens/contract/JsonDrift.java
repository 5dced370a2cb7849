package io.github.accesstokens.contract;

import static io.github.accesstokens.contract.Drift.STRANGER;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Damages one JSON tree. An edit that changes nothing is left out.
 *
 * @param named what a finding has to contain, or null for the name of the damaged place
 * @param damaged replaces the tree in a contract
 * @param drifts receives the damages
 */
record JsonDrift(
    Drift.Input input,
    @Nullable String named,
    JsonNode root,
    BiFunction<Contract, JsonNode, Contract> damaged,
    List<Drift> drifts) {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final List<JsonNode> TYPES =
      List.of(
          MAPPER.valueToTree(STRANGER),
          MAPPER.valueToTree(1.5),
          MAPPER.valueToTree(true),
          MAPPER.createArrayNode().add(1),
          MAPPER.createObjectNode().put(STRANGER, 1));

  /** An edit of one place of a tree. */
  interface Edit {
    void apply(JsonNode root, JsonPointer place);

    default Edit and(Edit next) {
      return (root, place) -> {
        apply(root, place);
        next.apply(root, place);
      };
    }
  }

  private record Place(JsonPointer pointer, String named) {}

  static Edit remove() {
    return JsonDrift::removed;
  }

  static Edit rename() {
    return rename(JsonDrift::otherName);
  }

  static Edit rename(UnaryOperator<String> name) {
    return (root, place) -> {
      JsonNode value = removed(root, place);
      root.at(place.head()).asObject().set(name.apply(key(place)), value);
    };
  }

  static String otherName(String name) {
    return name + "_" + STRANGER;
  }

  private static JsonNode removed(JsonNode root, JsonPointer place) {
    JsonNode parent = root.at(place.head());
    return parent instanceof ArrayNode array
        ? array.remove(place.last().getMatchingIndex())
        : parent.asObject().remove(key(place));
  }

  /** Adds or replaces a value. The key {@code -} appends to an array. */
  static Edit set(@Nullable Object value) {
    JsonNode node = MAPPER.valueToTree(value);
    return (root, place) -> {
      JsonNode parent = root.at(place.head());
      if (parent instanceof ArrayNode array && key(place).equals("-")) {
        array.add(node);
      } else if (parent instanceof ArrayNode array) {
        array.set(place.last().getMatchingIndex(), node);
      } else if (parent instanceof ObjectNode object) {
        object.set(key(place), node);
      }
    };
  }

  static String key(JsonPointer place) {
    return place.length() == 0 ? "" : place.last().getMatchingProperty();
  }

  /** The same tree, where every finding has to contain a text. */
  JsonDrift named(String text) {
    return new JsonDrift(input, text, root, damaged, drifts);
  }

  /** All places that fit a JSON pointer. Its key {@code *} stands for every key and index. */
  Places at(String pattern) {
    List<Place> places = new ArrayList<>();
    find(root, JsonPointer.empty(), JsonPointer.compile(pattern), places);
    return new Places(places);
  }

  private void find(JsonNode node, JsonPointer at, JsonPointer pattern, List<Place> places) {
    if (pattern.matches()) {
      places.add(new Place(at, named == null ? key(at) : named));
      return;
    }
    boolean any = pattern.matchesProperty("*");
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      if (any || pattern.matchesElement(i)) {
        find(node.path(i), at.appendIndex(i), pattern.tail(), places);
      }
    }
    for (String name : node.propertyNames()) {
      if (any || pattern.matchesProperty(name)) {
        find(node.path(name), at.appendProperty(name), pattern.tail(), places);
      }
    }
  }

  /**
   * Damages each property of the value at a place: removes it, renames it, makes it null, changes
   * it and gives it each other type. Of an array, only the first entry is damaged.
   *
   * @param changeable selects the texts and flags that are changed
   */
  void mutate(String prefix, String at, Predicate<JsonNode> changeable) {
    mutate(prefix, JsonPointer.compile(at), changeable);
  }

  private void mutate(String prefix, JsonPointer at, Predicate<JsonNode> changeable) {
    JsonNode value = root.at(at);
    if (value.isArray() && !value.isEmpty()) {
      mutate(prefix, at.appendIndex(0), changeable);
    } else if (value.isObject()) {
      String added = named == null ? STRANGER : named;
      add(
          prefix + "property added",
          new Place(at, added),
          (copy, place) -> ((ObjectNode) copy.at(place)).put(STRANGER, 1));
      for (String name : value.propertyNames()) {
        JsonPointer child = at.appendProperty(name);
        mutateProperty(prefix, new Place(child, named == null ? name : named), changeable);
        mutate(prefix, child, changeable);
      }
    }
  }

  private void mutateProperty(String prefix, Place place, Predicate<JsonNode> changeable) {
    JsonNode value = root.at(place.pointer);
    add(prefix + "property removed", place, remove());
    add(prefix + "property renamed", place, rename());
    if (!value.isNull()) {
      add(prefix + "made null", place, set(null));
    }
    if ((value.isString() || value.isBoolean()) && changeable.test(value)) {
      add(prefix + "value changed", place, set(value.isString() ? STRANGER : !value.asBoolean()));
    }
    for (JsonNode other : TYPES) {
      if (other.getNodeType() != value.getNodeType()) {
        add(prefix + "retyped to " + other.getNodeType(), place, set(other));
      }
    }
  }

  private void add(String kind, Place place, Edit edit) {
    JsonNode copy = root.deepCopy();
    edit.apply(copy, place.pointer);
    if (!copy.equals(root)) {
      String where = (named == null ? "" : named + " ") + place.pointer;
      drifts.add(new Drift(input, kind, where, place.named, all -> damaged.apply(all, copy)));
    }
  }

  /** Places that are damaged in the same ways. */
  final class Places {
    private final List<Place> places;

    private Places(List<Place> places) {
      this.places = places;
    }

    Places where(Predicate<JsonNode> condition) {
      return new Places(
          places.stream().filter(place -> condition.test(root.at(place.pointer))).toList());
    }

    /** Expects a finding to contain another text. */
    Places named(Function<JsonNode, String> name) {
      return new Places(
          places.stream()
              .map(place -> new Place(place.pointer, name.apply(root.at(place.pointer))))
              .toList());
    }

    /** The different numbers at a place below these places. */
    List<Integer> numbers(String pointer) {
      return places.stream()
          .map(place -> root.at(place.pointer).at(pointer))
          .filter(JsonNode::isNumber)
          .map(JsonNode::asInt)
          .distinct()
          .toList();
    }

    void add(String kind, Edit edit) {
      places.forEach(place -> JsonDrift.this.add(kind, place, edit));
    }

    void set(String kind, String pointer, Object value) {
      add(kind, (copy, place) -> JsonDrift.set(value).apply(copy, below(place, pointer)));
    }

    void remove(String kind, String pointer) {
      where(node -> !node.at(pointer).isMissingNode())
          .add(kind, (copy, place) -> removed(copy, below(place, pointer)));
    }

    private static JsonPointer below(JsonPointer place, String pointer) {
      return place.append(JsonPointer.compile(pointer));
    }
  }
}
