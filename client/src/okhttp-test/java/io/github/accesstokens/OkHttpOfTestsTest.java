package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Compiled and run by every module whose tests use OkHttp. */
final class OkHttpOfTestsTest {
  @Test
  void tests_useOnlyTheOkHttpOfTheBuild() throws Exception {
    // Reflection, because a compiler copies the constant.
    assertThat(Class.forName("okhttp3.OkHttp").getField("VERSION").get(null))
        .isEqualTo(System.getProperty("okhttp.tested.version"));
    assertThat(Collections.list(getClass().getClassLoader().getResources("okhttp3/OkHttp.class")))
        .hasSize(1);
  }
}
