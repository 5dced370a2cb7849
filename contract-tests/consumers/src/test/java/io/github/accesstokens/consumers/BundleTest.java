package io.github.accesstokens.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The files that a release publishes. */
final class BundleTest {
  private static final List<String> JARS = Bundle.JARS;
  private static final XPath XPATH = XPathFactory.newInstance().newXPath();

  @Test
  void bundle_hasTheseFilesOnly() throws IOException {
    List<String> jars =
        List.of(
            ".jar", ".pom", "-sources.jar", "-javadoc.jar", "-cyclonedx.json", "-cyclonedx.xml");
    Stream<Path> published =
        Stream.concat(
            Stream.of(Bundle.file("access-tokens-bom", ".pom")),
            JARS.stream()
                .flatMap(artifact -> jars.stream().map(end -> Bundle.file(artifact, end))));

    assertThat(Bundle.files())
        .containsExactlyInAnyOrderElementsOf(
            published
                .flatMap(file -> Stream.of("", ".asc", ".md5", ".sha1").map(end -> file + end))
                .map(Path::of)
                .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "access-tokens-bom",
        "access-tokens-client",
        "access-tokens-generator",
        "access-tokens-openapi",
        "access-tokens-stub-provider"
      })
  void pom_standsOnItsOwn(String artifact) throws Exception {
    Document pom = pom(artifact);

    assertThat(texts(pom, "/project/parent")).isEmpty();
    assertThat(texts(pom, "//repositories | //build | //profiles")).isEmpty();
    assertThat(Files.readString(Bundle.file(artifact, ".pom"))).doesNotContain("SNAPSHOT", "${");
    for (String required :
        List.of(
            "name",
            "description",
            "url",
            "licenses/license/name",
            "licenses/license/url",
            "developers/developer/name",
            "scm/connection",
            "scm/developerConnection",
            "scm/url",
            "issueManagement/url")) {
      assertThat(texts(pom, "/project/" + required)).as(required).hasSize(1).doesNotContain("");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "access-tokens-bom,",
    "access-tokens-client, retrofit converter-moshi moshi jspecify",
    "access-tokens-generator, openapi-generator jspecify",
    "access-tokens-openapi,",
    "access-tokens-stub-provider,"
  })
  void pom_hasTheDependenciesOfAConsumer(String artifact, String dependencies) throws Exception {
    List<String> expected = dependencies == null ? List.of() : List.of(dependencies.split(" ", -1));

    Document pom = pom(artifact);

    assertThat(texts(pom, "/project/dependencies/dependency/artifactId"))
        .containsExactlyElementsOf(expected);
    assertThat(texts(pom, "/project/dependencies/dependency/scope"))
        .containsOnly(expected.isEmpty() ? new String[0] : new String[] {"compile"});
  }

  @Test
  void bom_managesEachArtifact() throws Exception {
    Document pom = pom("access-tokens-bom");

    assertThat(texts(pom, "//dependencyManagement//artifactId"))
        .containsExactlyInAnyOrderElementsOf(JARS);
    assertThat(texts(pom, "//dependencyManagement//version")).containsOnly(Bundle.VERSION);
  }

  @ParameterizedTest
  @FieldSource("JARS")
  void jar_hasTheLicence(String artifact) throws IOException {
    assertThat(Bundle.text(Bundle.file(artifact, ".jar"), "META-INF/LICENSE"))
        .isEqualTo(Files.readString(Bundle.ROOT.resolve("LICENSE")));
  }

  @Test
  void client_isAModule() {
    ModuleDescriptor module =
        ModuleFinder.of(Bundle.file("access-tokens-client", ".jar"))
            .find("io.github.accesstokens")
            .orElseThrow()
            .descriptor();

    assertThat(module.isAutomatic()).isFalse();
    assertThat(module.exports().stream().map(ModuleDescriptor.Exports::source))
        .containsExactlyInAnyOrder(
            "io.github.accesstokens", "io.github.accesstokens.api", "io.github.accesstokens.model");
  }

  @Test
  void client_hasMetadataForNativeImages() throws IOException {
    String folder = "META-INF/native-image/io.github.accesstokens/access-tokens-client/";

    assertThat(Bundle.entries(Bundle.file("access-tokens-client", ".jar")))
        .contains(folder + "proxy-config.json", folder + "reflect-config.json");
  }

  @ParameterizedTest
  @CsvSource({
    "access-tokens-client, io/github/accesstokens",
    "access-tokens-generator, io/github/accesstokens/generator",
    "access-tokens-stub-provider, io/github/accesstokens/provider"
  })
  void sourcesJar_hasTheSourceOfEachClass(String artifact, String folder) throws IOException {
    List<String> sources =
        Bundle.entries(Bundle.file(artifact, ".jar")).stream()
            .filter(name -> name.startsWith(folder) && name.endsWith(".class"))
            .filter(name -> !name.contains("/shaded/"))
            .map(name -> name.replaceFirst("(\\$.*)?\\.class", ".java"))
            .distinct()
            .toList();

    assertThat(sources).isNotEmpty();
    assertThat(Bundle.entries(Bundle.file(artifact, "-sources.jar"))).containsAll(sources);
  }

  @ParameterizedTest
  @CsvSource({
    "access-tokens-client, io/github/accesstokens/AccessTokensClient.html",
    "access-tokens-client, io/github/accesstokens/model/ServiceToken.html",
    "access-tokens-generator, io/github/accesstokens/generator/RetrofitMoshiCodegen.html",
    "access-tokens-stub-provider, io/github/accesstokens/provider/StubProvider.html",
    "access-tokens-openapi, README.md"
  })
  void javadocJar_hasPages(String artifact, String page) throws IOException {
    assertThat(Bundle.entries(Bundle.file(artifact, "-javadoc.jar")))
        .contains(page)
        .noneMatch(name -> name.contains("/shaded/"));
  }

  @ParameterizedTest
  @CsvSource({
    "access-tokens-client, retrofit converter-moshi moshi okhttp okio-jvm kotlin-stdlib",
    "access-tokens-generator, openapi-generator swagger-parser jmustache",
    "access-tokens-stub-provider, mockwebserver okhttp okio-jvm kotlin-stdlib moshi"
  })
  void sbom_namesTheLibraries(String artifact, String libraries) throws Exception {
    Document sbom = parse(Bundle.file(artifact, "-cyclonedx.xml"));

    assertThat(texts(sbom, "/*/*[local-name()='components']/*/*[local-name()='name']"))
        .contains(libraries.split(" ", -1))
        .doesNotContain("junit-jupiter", "assertj-core");
    assertThat(Files.readString(Bundle.file(artifact, "-cyclonedx.json")))
        .contains("\"CycloneDX\"")
        .doesNotContain("SNAPSHOT");
  }

  @Test
  void signatures_areValid(@TempDir Path directory) throws Exception {
    List<Path> signatures = files(".asc");

    assertThat(signatures).isNotEmpty();
    for (Path signature : signatures) {
      String signed = signature.toString().replaceFirst("\\.asc$", "");
      Commands.run(
          directory, Map.of(), List.of("gpg", "--batch", "--verify", signature.toString(), signed));
    }
  }

  @ParameterizedTest
  @CsvSource({"md5, MD5", "sha1, SHA-1"})
  void checksums_match(String suffix, String algorithm) throws Exception {
    List<Path> checksums = files("." + suffix);

    assertThat(checksums).isNotEmpty();
    for (Path checksum : checksums) {
      Path file = Path.of(checksum.toString().replaceFirst("\\." + suffix + "$", ""));
      byte[] digest = MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file));
      assertThat(checksum).hasContent(HexFormat.of().formatHex(digest));
    }
  }

  private static List<Path> files(String suffix) throws IOException {
    return Bundle.files().stream().filter(file -> file.toString().endsWith(suffix)).toList();
  }

  private static Document pom(String artifact) throws Exception {
    return parse(Bundle.file(artifact, ".pom"));
  }

  private static Document parse(Path file) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    // XPath expressions then need no prefix for the namespace of POMs.
    factory.setNamespaceAware(file.toString().endsWith(".xml"));
    return factory.newDocumentBuilder().parse(file.toFile());
  }

  private static List<String> texts(Document document, String path) throws Exception {
    NodeList nodes = (NodeList) XPATH.evaluate(path, document, XPathConstants.NODESET);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent().strip());
    }
    return texts;
  }
}
