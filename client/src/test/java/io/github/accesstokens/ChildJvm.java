package io.github.accesstokens;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JVM of the tests, in a process of its own. */
final class ChildJvm {
  private ChildJvm() {}

  /**
   * Returns a process to start. Its error output goes to that of the tests.
   *
   * @param options options of the JVM; another class path replaces that of the tests
   */
  static ProcessBuilder of(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(Redirect.INHERIT);
  }
}
