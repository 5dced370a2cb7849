package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

class OkHttpVersionTest {
  @Test
  void classPath_hasOneOkHttpOfTheTestedVersion() throws Exception {
    // By reflection, because javac copies the constant of the version that it compiles against.
    assertThat(Class.forName("okhttp3.OkHttp").getField("VERSION").get(null))
        .isEqualTo(System.getProperty("okhttp.tested.version"));
    assertThat(Collections.list(getClass().getClassLoader().getResources("okhttp3/OkHttp.class")))
        .hasSize(1);
  }
}
