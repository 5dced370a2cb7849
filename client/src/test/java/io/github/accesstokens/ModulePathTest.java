package io.github.accesstokens;

import static io.github.accesstokens.Provider.rotated;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar and all that it brings, on the module path of an application. */
@Timeout(60)
class ModulePathTest {
  private static final String JARS =
      System.getProperty("client.jar") + File.pathSeparator + System.getProperty("runtime.jars");

  @AutoClose private final Provider provider = new Provider();
  @TempDir private Path directory;

  @Test
  void moduleThatRequiresTheClientAlone_rotates() throws Exception {
    Path descriptor = source("module-info", "module app { requires io.github.accesstokens; }");
    Path main =
        source(
            "Main",
            """
            package app;

            import io.github.accesstokens.AccessTokensClient;
            import io.github.accesstokens.api.Credentials;

            public class Main {
              public static void main(String[] arguments) throws Exception {
                System.out.println(
                    AccessTokensClient.builder()
                        .credentials(Credentials.apiToken("api-token"))
                        .baseUrl(arguments[0])
                        .build()
                        .rotate("account", "token")
                        .getClientSecret());
              }
            }
            """);
    // In one directory, where Java refuses two versions of a module.
    Path jars = Files.createDirectory(directory.resolve("jars"));
    for (String jar : JARS.split(File.pathSeparator, -1)) {
      Files.copy(Path.of(jar), jars.resolve(Path.of(jar).getFileName()));
    }
    Path classes = directory.resolve("classes");
    run("javac", "-p", jars, "-d", classes, descriptor, main);
    provider.enqueue(rotated());

    String path = jars + File.pathSeparator + classes;
    String printed = run("java", "-p", path, "-m", "app/app.Main", provider.url("/"));

    assertThat(printed).isEqualTo("new-secret\n");
  }

  private Path source(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name + ".java"), text);
  }

  /** Runs a tool of this JDK and returns what it printed. */
  private String run(String tool, Object... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String printed = Files.readString(out, UTF_8);
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }
}
