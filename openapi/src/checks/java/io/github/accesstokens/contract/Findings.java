package io.github.accesstokens.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Collects the findings of one check, each once. */
final class Findings {
  static final String DESCRIPTION = "openapi/service-tokens.yaml";

  private final String check;
  private final String file;
  private final List<Finding> all = new ArrayList<>();

  /**
   * Starts empty.
   *
   * @param file the file that most findings are about
   */
  Findings(String check, String file) {
    this.check = check;
    this.file = file;
  }

  void add(String place, String problem) {
    add(file, place, problem);
  }

  void add(String otherFile, String place, String problem) {
    Finding finding = new Finding(check, otherFile, place, problem);
    if (!all.contains(finding)) {
      all.add(finding);
    }
  }

  void addAll(String place, List<String> problems) {
    problems.forEach(problem -> add(place, problem));
  }

  /**
   * Fails a test with one line for each finding.
   *
   * @param advice what to do, after the findings
   */
  static void failIfAny(List<Finding> findings, String advice) {
    if (!findings.isEmpty()) {
      AssertionError failure =
          new AssertionError(
              findings.stream()
                  .map(Finding::toString)
                  .collect(Collectors.joining("\n", "\n", "\n" + advice)));
      // Its lines would hide the findings.
      failure.setStackTrace(new StackTraceElement[0]);
      throw failure;
    }
  }

  List<Finding> all() {
    return all;
  }
}
