package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

class OkHttpVersionTest {
  @Test
  void classPath_hasOneOkHttpOfTheVersionInTheBuild() throws Exception {
    // By reflection, because a compiler copies the constant into the class file.
    assertThat(Class.forName("okhttp3.OkHttp").getField("VERSION").get(null))
        .isEqualTo(System.getProperty("okhttp.tested.version"));
    assertThat(Collections.list(getClass().getClassLoader().getResources("okhttp3/OkHttp.class")))
        .hasSize(1);
  }
}
