package io.github.accesstokens.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * A place where our description and the provider's document mean different things.
 *
 * @param place where our description has it, or would have it; an operation is named by its id
 * @param pointer the same place as a JSON pointer
 * @param our what our description has there
 * @param their what the provider's document has there
 * @param compatibility decides whether callers break
 * @param inShape the same difference between the two shapes
 */
record Difference(
    String place,
    String pointer,
    JsonNode our,
    JsonNode their,
    Compatibility compatibility,
    JsonDifference inShape) {
  String ours() {
    return JsonDifference.shown(openApi(our));
  }

  String theirs() {
    return JsonDifference.shown(openApi(their));
  }

  /** One of the two values, as OpenAPI writes it. */
  JsonNode openApi(JsonNode value) {
    String key = JsonPointer.compile(inShape.pointer()).last().getMatchingProperty();
    return Compatibility.openApi(Shape.isKeyword(inShape.pointer()) ? key : "", value);
  }

  /** Whether callers break if our description becomes like theirs. */
  boolean breaks() {
    return compatibility.breaks(inShape);
  }

  boolean isSameAs(Difference other) {
    return place.equals(other.place) && our.equals(other.our) && their.equals(other.their);
  }

  /**
   * Compares our operations with those of the provider's document.
   *
   * @throws UnreadableDocumentException if an operation is gone, or not written as OpenAPI requires
   */
  static List<Difference> between(Spec ours, Spec theirs) {
    if (ours.operations().isEmpty()) {
      throw new UnreadableDocumentException(
          Verdict.NOT_OPENAPI, "Our description has no operations to compare");
    }
    List<Difference> differences = new ArrayList<>();
    for (Spec.Operation operation : ours.operations()) {
      Spec.Operation same =
          sameOperation(operation, theirs)
              .orElseThrow(
                  () ->
                      new UnreadableDocumentException(
                          Verdict.OPERATION_GONE,
                          operation.place() + " is not in the document to compare with"));
      Shape our = Shape.of(ours, operation);
      Shape their = Shape.of(theirs, same);
      Compatibility compatibility = new Compatibility(operation, our);
      for (JsonDifference difference : JsonDifference.between(our.tree(), their.tree())) {
        Difference found =
            new Difference(
                place(our, difference.pointer(), operation),
                our.source(difference.pointer()),
                difference.leftNode(),
                difference.rightNode(),
                compatibility,
                difference);
        // A schema that is used twice differs twice in the same way.
        if (differences.stream().noneMatch(found::isSameAs)) {
          differences.add(found);
        }
      }
    }
    return differences;
  }

  private static String place(Shape our, String pointer, Spec.Operation operation) {
    String place = our.source(pointer);
    String prefix = our.source("");
    return place.startsWith(prefix)
        ? operation.node().path("operationId").asString(operation.place())
            + place.substring(prefix.length())
        : place;
  }

  /** The operation with the same method and path. The names of path parameters may differ. */
  static Optional<Spec.Operation> sameOperation(Spec.Operation operation, Spec theirs) {
    return theirs.operations().stream()
        .filter(other -> other.method().equals(operation.method()))
        .filter(other -> nameless(other.path()).equals(nameless(operation.path())))
        .findFirst();
  }

  private static String nameless(String path) {
    return path.replaceAll("\\{[^}]*}", "{}");
  }
}
