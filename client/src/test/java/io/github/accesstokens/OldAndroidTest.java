package io.github.accesstokens;

import static io.github.accesstokens.Provider.ROTATION;
import static io.github.accesstokens.Provider.rotated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.accesstokens.api.Credentials;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client where classes are missing that Android has only from API 24 or 26 on. */
@Timeout(30)
class OldAndroidTest {
  @AutoClose private final Provider provider = new Provider();
  @AutoClose private final OldAndroid android = new OldAndroid();

  @Test
  void rotation_needsNoClassOfALaterApiLevel() throws Exception {
    provider.enqueue(rotated());
    assertThat(run(App.class)).isEqualTo("new-secret");
  }

  @Test
  void future_needsALaterApiLevel() {
    assertThatExceptionOfType(NoClassDefFoundError.class)
        .isThrownBy(() -> run(AppWithFuture.class))
        .withMessageContaining("CompletableFuture");
  }

  private String run(Class<?> app) throws Exception {
    Constructor<?> constructor = android.loadClass(app.getName()).getDeclaredConstructor();
    constructor.setAccessible(true);
    @SuppressWarnings("unchecked")
    Function<String, String> anew = (Function<String, String>) constructor.newInstance();
    return anew.apply(provider.url("/client/v4/"));
  }

  private static AccessTokensClient client(String baseUrl) {
    return AccessTokensClient.builder()
        .credentials(Credentials.apiToken("api-token"))
        .baseUrl(baseUrl)
        .build();
  }

  /** Rotates and returns the new secret. */
  static final class App implements Function<String, String> {
    @Override
    public String apply(String baseUrl) {
      try {
        return client(baseUrl).rotate(ROTATION).getClientSecret();
      } catch (RotationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Rotates with a future. */
  static final class AppWithFuture implements Function<String, String> {
    @Override
    public String apply(String baseUrl) {
      Future<Rotated> future = client(baseUrl).rotateAsync(ROTATION);
      return future.toString();
    }
  }

  /** Loads the client and the apps once more, and refuses what old Android does not have. */
  private static final class OldAndroid extends URLClassLoader {
    OldAndroid() {
      super(new URL[] {codeOf(AccessTokensClient.class), codeOf(App.class)});
    }

    private static URL codeOf(Class<?> type) {
      return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("java.nio.file.")
          || name.startsWith("java.util.stream.")
          || name.startsWith("java.util.concurrent.Completab")) {
        throw new ClassNotFoundException(name);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        return name.startsWith("io.github.accesstokens.")
            ? findClass(name)
            : super.loadClass(name, resolve);
      }
    }
  }
}
