package io.github.accesstokens.consumers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Projects outside the build, with the code of the README. Their repositories are the bundle and
 * Maven Central. What this build has downloaded from Central serves as a cache of it.
 */
final class ConsumerTest {
  private static final Path CACHE = Path.of(System.getProperty("maven.cache"));
  static final String KOTLIN = "2.3.21";
  static final String COROUTINES = "1.10.2";
  private static final String CLASS_PATH =
      "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath";

  /** The local repository of all projects. It is empty at first. */
  @TempDir private static Path localRepository;

  @TempDir private Path project;
  private String dependencies;

  @BeforeEach
  void readDependencies() throws IOException {
    dependencies = Readme.block("xml", "access-tokens-client");
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void mavenProjectOnTheClassPath_rotates(int jdk) throws Exception {
    write("pom.xml", pom("", compilerPlugin()));
    write("src/main/java/Rotate.java", Readme.block("java", "class Rotate"));

    assertRotates(jdk, mavenClassPath(jdk), "-cp", "Rotate");

    Path local = localRepository.resolve("io/github/accesstokens");
    for (String artifact : List.of("access-tokens-bom", "access-tokens-client")) {
      assertThat(local.resolve(artifact).resolve(Bundle.VERSION).resolve("_remote.repositories"))
          .content()
          .contains(artifact + "-" + Bundle.VERSION + ".pom>bundle=");
    }
    assertThat(local.resolve("access-tokens")).as("the parent of the build").doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void mavenProjectOnTheModulePath_rotates(int jdk) throws Exception {
    write("pom.xml", pom("", compilerPlugin()));
    write("src/main/java/module-info.java", "module app { requires io.github.accesstokens; }");
    write("src/main/java/app/Rotate.java", "package app;\n" + Readme.block("java", "class Rotate"));

    assertRotates(jdk, mavenClassPath(jdk), "-p", "-m", "app/app.Rotate");
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void kotlinProject_rotates(int jdk) throws Exception {
    String kotlin =
        dependency("org.jetbrains.kotlin", "kotlin-stdlib", KOTLIN)
            + dependency("org.jetbrains.kotlinx", "kotlinx-coroutines-core", COROUTINES);
    write(
        "pom.xml",
        pom(
            kotlin,
            """
            <sourceDirectory>src/main/kotlin</sourceDirectory>
            <plugins>
              <plugin>
                <groupId>org.jetbrains.kotlin</groupId>
                <artifactId>kotlin-maven-plugin</artifactId>
                <version>%s</version>
                <executions><execution><goals><goal>compile</goal></goals></execution></executions>
                <configuration><jvmTarget>17</jvmTarget></configuration>
              </plugin>
            </plugins>
            """
                .formatted(KOTLIN)));
    write("src/main/kotlin/Rotate.kt", Readme.block("kotlin", "fun main"));

    assertRotates(jdk, mavenClassPath(jdk), "-cp", "RotateKt");
  }

  @Test
  void projectWithADescriptionOfItsOwn_generatesAClient() throws Exception {
    String generator = Readme.block("client/generator/README.md", "xml", "access-tokens-generator");
    write(
        "pom.xml", pom("", compilerPlugin().replace("</plugins>", "") + generator + "</plugins>"));
    write(
        "openapi.yaml",
        Files.readString(Bundle.ROOT.resolve("openapi/service-tokens.yaml"))
            .replace("rotateServiceToken", "rotate"));

    mavenClassPath(17);

    assertThat(project.resolve("target/classes/com/example/api/AccessServiceTokensApi.class"))
        .exists();
    assertThat(project.resolve("target/classes/com/example/model/ServiceToken.class")).exists();
  }

  /** Debian's Gradle 4.4 has no platforms, so it names the versions and reads the POMs alone. */
  @Test
  void gradleProject_rotates() throws Exception {
    String gradle =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .map(folder -> Path.of(folder, "gradle"))
            .filter(Files::isExecutable)
            .map(Path::toString)
            .findFirst()
            .orElse(null);
    assumeTrue(gradle != null, "there is no Gradle on the PATH");
    write(
        "build.gradle",
        """
        apply plugin: 'java'
        repositories {
          maven { url '%s' }
          maven { url '%s' }
          mavenCentral()
        }
        dependencies {
          %s
          testImplementation("io.github.accesstokens:access-tokens-stub-provider:%s")
        }
        task writeClassPath {
          doLast { file('class-path.txt').text = configurations.testRuntimeClasspath.asPath }
        }
        """
            .formatted(
                Bundle.DIRECTORY.toUri(),
                CACHE.toUri(),
                Readme.block("kotlin", "implementation(").replaceFirst(" //.*", "").strip(),
                Bundle.VERSION));
    write("settings.gradle", "");
    write("src/main/java/Rotate.java", Readme.block("java", "class Rotate"));
    Commands.run(
        project,
        Map.of("JAVA_HOME", home(17)),
        List.of(gradle, "-q", "--no-daemon", "-g", project + "/home", "writeClassPath", "classes"));

    String classes = project.resolve("build/classes/java/main") + File.pathSeparator;
    String classPath = classes + Files.readString(project.resolve("class-path.txt"));

    assertRotates(17, classPath, "-cp", "Rotate");
  }

  /** Builds the Maven project, and returns the class path of its tests. */
  private String mavenClassPath(int jdk) throws Exception {
    write("settings.xml", settings());
    Commands.run(
        project,
        Map.of("JAVA_HOME", home(jdk)),
        List.of(
            System.getProperty("maven.home") + "/bin/mvn",
            "-q",
            "-B",
            "-gs",
            "settings.xml",
            "-Dmaven.repo.local=" + localRepository,
            // Kotlin's daemon would outlive the test.
            "-Dkotlin.compiler.daemon=false",
            "compile",
            CLASS_PATH,
            "-Dmdep.outputFile=class-path.txt"));
    return project.resolve("target/classes")
        + File.pathSeparator
        + Files.readString(project.resolve("class-path.txt"));
  }

  /**
   * Runs the program on a provider, which takes its jar from the same class path. The program
   * itself runs without that jar.
   */
  private void assertRotates(int jdk, String path, String... options) throws Exception {
    List<String> jars = new ArrayList<>(List.of(path.split(File.pathSeparator, -1)));
    String stub =
        jars.stream().filter(jar -> jar.contains("access-tokens-stub-provider")).findFirst().get();
    jars.remove(stub);
    try (ProviderProcess provider = new ProviderProcess(project, stub)) {
      List<String> command = new ArrayList<>();
      command.add(home(jdk) + "/bin/java");
      command.add(options[0]);
      command.add(String.join(File.pathSeparator, jars));
      command.addAll(List.of(options).subList(1, options.length));
      command.addAll(provider.arguments());

      String printed = Commands.run(project, provider.environment(), command);

      List<String> state = provider.end();
      assertThat(state.get(0)).as("rotations").isEqualTo("1");
      assertThat(printed).contains("██").doesNotContain(state.get(1));
    }
  }

  private static String home(int jdk) {
    if (Runtime.version().feature() == jdk) {
      return System.getProperty("java.home");
    }
    String variable = "JDK_" + jdk + "_HOME";
    String home = System.getenv(variable);
    assumeTrue(home != null && !home.isEmpty(), variable + " is not set");
    return home;
  }

  private void write(String file, String text) throws IOException {
    Path path = project.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private String pom(String furtherDependencies, String build) {
    int end = dependencies.lastIndexOf("</dependencies>");
    return """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>app</artifactId>
          <version>1</version>
          <properties>
            <maven.compiler.release>17</maven.compiler.release>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
          </properties>
        """
        + dependencies.substring(0, end)
        + furtherDependencies
        + dependencies.substring(end)
        + "<build>"
        + build
        + "</build></project>";
  }

  private static String compilerPlugin() {
    return """
        <plugins>
          <plugin>
            <artifactId>maven-compiler-plugin</artifactId>
            <version>3.14.1</version>
          </plugin>
        </plugins>
        """;
  }

  private static String dependency(String group, String artifact, String version) {
    return """
        <dependency>
          <groupId>%s</groupId>
          <artifactId>%s</artifactId>
          <version>%s</version>
        </dependency>
        """
        .formatted(group, artifact, version);
  }

  private static String settings() {
    return """
        <settings>
          <profiles>
            <profile>
              <id>published</id>
              <repositories>
                <repository><id>bundle</id><url>%s</url></repository>
                <repository><id>cache</id><url>%s</url></repository>
              </repositories>
              <pluginRepositories>
                <pluginRepository><id>bundle</id><url>%s</url></pluginRepository>
                <pluginRepository><id>cache</id><url>%s</url></pluginRepository>
              </pluginRepositories>
            </profile>
          </profiles>
          <activeProfiles>
            <activeProfile>published</activeProfile>
          </activeProfiles>
        </settings>
        """
        .formatted(
            Bundle.DIRECTORY.toUri(), CACHE.toUri(), Bundle.DIRECTORY.toUri(), CACHE.toUri());
  }
}
