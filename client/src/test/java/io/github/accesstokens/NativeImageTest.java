package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.Moshi;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retrofit2.http.POST;

/**
 * The metadata for GraalVM's native image. It lists the interfaces that Retrofit implements with a
 * proxy, and whose annotations it reads.
 */
class NativeImageTest {
  private static final String METADATA =
      "META-INF/native-image/io.github.accesstokens/access-tokens-client";

  @ParameterizedTest
  @CsvSource({
    "target/classes, target/classes, io.github.accesstokens.api",
    "target/generated-test-sources/growing/src/main/resources, target/test-classes,"
        + " io.github.accesstokens.growing.api"
  })
  void metadata_listsTheInterfacesOfRetrofit(Path resources, Path classes, String apiPackage)
      throws Exception {
    List<String> interfaces = interfacesOfRetrofit(classes, apiPackage);

    assertThat(interfaces).isNotEmpty();
    assertThat(json(resources, "proxy-config.json"))
        .isEqualTo(interfaces.stream().map(List::of).toList());
    assertThat(json(resources, "reflect-config.json"))
        .isEqualTo(
            interfaces.stream()
                .map(name -> Map.of("name", name, "allDeclaredMethods", true))
                .toList());
  }

  private static Object json(Path resources, String file) throws IOException {
    String text = Files.readString(resources.resolve(METADATA).resolve(file));
    return new Moshi.Builder().build().adapter(Object.class).fromJson(text);
  }

  private static List<String> interfacesOfRetrofit(Path classes, String apiPackage)
      throws IOException {
    try (Stream<Path> files = Files.list(classes.resolve(apiPackage.replace('.', '/')))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class"))
          .map(name -> apiPackage + "." + name.replace(".class", ""))
          .filter(NativeImageTest::isInterfaceOfRetrofit)
          .sorted()
          .toList();
    }
  }

  private static boolean isInterfaceOfRetrofit(String name) {
    try {
      Class<?> type = Class.forName(name);
      return type.isInterface()
          && Stream.of(type.getDeclaredMethods()).anyMatch(NativeImageTest::isOperation);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isOperation(Method method) {
    return Stream.of(method.getAnnotations())
        .anyMatch(a -> a.annotationType().getPackage() == POST.class.getPackage());
  }
}
