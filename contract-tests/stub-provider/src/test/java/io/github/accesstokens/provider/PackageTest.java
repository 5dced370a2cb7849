package io.github.accesstokens.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
                      || name.equals("io/github/accesstokens/provider/openapi.json")
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

  @Test
  void javaJar_printsItsAddressAndServesUntilItIsKilled() throws Exception {
    Process process = java("-jar", jar().toString(), "status=503", "delay=PT0S");
    try (BufferedReader out = process.inputReader()) {
      Map<String, String> printed = new HashMap<>();
      for (String line = out.readLine(); !"READY".equals(line); line = out.readLine()) {
        String[] parts = line.split("=", 2);
        printed.put(parts[0], parts[1]);
      }
      String path =
          "accounts/%s/access/service_tokens/%s/rotate"
              .formatted(printed.get("CLOUDFLARE_ACCOUNT_ID"), printed.get("SERVICE_TOKEN_ID"));
      HttpRequest rotation =
          HttpRequest.newBuilder(URI.create(printed.get("CLOUDFLARE_BASE_URL") + path))
              .header("Authorization", "Bearer " + printed.get("CLOUDFLARE_API_TOKEN"))
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      HttpClient http = HttpClient.newHttpClient();

      String line = "POST /client/v4/" + path + " rotations=";

      assertThat(http.send(rotation, BodyHandlers.ofString()).statusCode()).isEqualTo(503);
      assertThat(out.readLine()).isEqualTo(line + 0);
      assertThat(http.send(rotation, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      assertThat(out.readLine()).isEqualTo(line + 1);

      assertThat(process.isAlive()).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"status=200", "delay=soon", "no-such-fault"})
  void javaJarWithWrongFault_namesItAndEnds(String fault) throws Exception {
    Process process = java("-jar", jar().toString(), fault);

    assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
        .startsWith("not a fault: " + fault + "\nusage: ");
    assertThat(process.waitFor()).isEqualTo(2);
  }

  private static Process java(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add(0, ProcessHandle.current().info().command().orElseThrow());
    return new ProcessBuilder(command).start();
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
