package io.github.accesstokens.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A Retrofit interface. */
final class Api {
  final String className;
  final String tag;
  final String baseUrl;
  final List<Operation> operations = new ArrayList<>();
  final Set<String> imports = new TreeSet<>();
  final Set<String> checkedImports = new TreeSet<>();

  Api(String className, String tag, String baseUrl) {
    this.className = className;
    this.tag = tag;
    this.baseUrl = baseUrl;
  }

  String baseUrlLiteral() {
    return Text.literal(baseUrl);
  }

  String tagText() {
    return '"' + Text.javadoc(tag) + '"';
  }

  /** An operation, with one method, or with two if its body is optional. */
  static final class Operation {
    final String id;
    final String path;
    final String summary;
    final @Nullable String notes;
    final boolean deprecated;
    final String annotation;
    final String returns;
    final List<Method> methods = new ArrayList<>();
    String name = "";
    String constant = "";

    Operation(
        String id,
        String path,
        String summary,
        @Nullable String notes,
        boolean deprecated,
        String annotation,
        String returns) {
      this.id = id;
      this.path = path;
      this.summary = summary;
      this.notes = notes;
      this.deprecated = deprecated;
      this.annotation = annotation;
      this.returns = returns;
    }

    /** Returns the operation for another interface, where other names may be taken. */
    Operation named(String name, String constant) {
      Operation copy = new Operation(id, path, summary, notes, deprecated, annotation, returns);
      copy.methods.addAll(methods);
      copy.name = name;
      copy.constant = constant;
      return copy;
    }

    boolean relative() {
      return !path.startsWith("http:") && !path.startsWith("https:");
    }

    String pathLiteral() {
      return Text.literal(path);
    }

    String http() {
      return annotation.formatted(constant);
    }

    String idCode() {
      return Text.code(id);
    }
  }

  /**
   * A method of the interface.
   *
   * @param partsCheck a statement that refuses a body without parts, or null
   */
  record Method(List<Parameter> parameters, List<String> annotations, @Nullable String partsCheck) {
    boolean checked() {
      return partsCheck != null
          || parameters.stream().anyMatch(parameter -> parameter.check() != null);
    }

    /** When a call is refused, as a sentence of the Javadoc goes on. */
    String refusal() {
      String path = "a path parameter would change the path";
      String parts = "there is no part";
      boolean both = parameters.stream().anyMatch(parameter -> parameter.check() != null);
      return partsCheck == null ? path : both ? path + ", or if " + parts : parts;
    }
  }

  /**
   * A parameter of a method.
   *
   * @param annotation the annotation of Retrofit
   * @param check a statement that refuses bad values, or null
   * @param argument what is handed to Retrofit
   */
  record Parameter(
      String name,
      String type,
      String annotation,
      @Nullable String description,
      @Nullable String check,
      String argument) {}
}
