package io.github.accesstokens.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar that is published. */
final class PackageTest {
  private static final String SHADED = "io/github/accesstokens/provider/shaded/";
  private static final String JDK_OR_OWN =
      "java\\..*|io\\.github\\.accesstokens\\.provider\\.[A-Z]\\w+";

  @Test
  void classesOfOthers_areAllRelocated() throws Exception {
    try (JarFile jar = new JarFile(jar().toFile())) {
      List<String> entries =
          jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();

      assertThat(entries)
          .contains(
              "io/github/accesstokens/provider/StubProvider.class",
              SHADED + "okhttp3/OkHttpClient.class",
              SHADED + "okio/Buffer.class",
              SHADED + "kotlin/Unit.class",
              SHADED + "moshi/Moshi.class")
          .allMatch(
              name ->
                  name.matches("META-INF/(MANIFEST\\.MF|LICENSE)")
                      || name.matches("io/github/accesstokens/provider/[^/]+\\.class")
                      || (name.startsWith(SHADED) && name.endsWith(".class")));
    }
  }

  @Test
  void classes_needOnlyTheJdk() throws Exception {
    // Annotations, and classes of platforms that OkHttp looks for and does without.
    String optional =
        "(org\\.jspecify|javax\\.annotation|android"
            + "|org\\.conscrypt|org\\.bouncycastle|org\\.openjsse)\\..*";

    List<String> missing =
        find(" -> (\\S+)", jdeps("--missing-deps", jar().toString())).skip(1).toList();

    assertThat(missing)
        .contains("org.jspecify.annotations.NullMarked")
        .allMatch(name -> name.matches(optional));
  }

  @ParameterizedTest
  @ValueSource(classes = {StubProvider.class, StubToken.class, Fault.class, ReceivedRequest.class})
  void publicMethods_showNoTypeOfTheServer(Class<?> type) {
    Stream<Class<?>> types =
        Stream.of(type.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .flatMap(PackageTest::types);

    assertThat(types)
        .isNotEmpty()
        .allMatch(shown -> shown.isPrimitive() || shown.getName().matches(JDK_OR_OWN));
  }

  private static Stream<Class<?>> types(Method method) {
    return Stream.concat(Stream.of(method.getReturnType()), Stream.of(method.getParameterTypes()));
  }

  private static Stream<String> find(String regex, String text) {
    return Pattern.compile(regex, Pattern.DOTALL).matcher(text).results().map(r -> r.group(1));
  }

  private static String jdeps(String... arguments) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    ToolProvider.findFirst("jdeps").orElseThrow().run(writer, writer, arguments);
    return out.toString();
  }

  private static Path jar() throws Exception {
    Path jar =
        Path.of(StubProvider.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    assertThat(jar).as("Run with `mvn verify`, which tests the jar").isRegularFile();
    return jar;
  }
}
