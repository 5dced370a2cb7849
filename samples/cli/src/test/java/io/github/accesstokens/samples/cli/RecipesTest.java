package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.PATH;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.samples.cli.Fixture.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Runs the commands of the recipes, with the packaged program and the variables they get. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
final class RecipesTest {
  private static final Path RECIPES = Path.of("recipes");
  private static final String CRONTAB = "crontab";
  private static final String SYSTEMD = "rotate.service";
  private static final String KUBERNETES = "kubernetes.yaml";

  /** Runs during the rotation, when the provider asks for the time. */
  private Runnable duringRotation = () -> {};

  private final InstantSource time =
      () -> {
        duringRotation.run();
        return Instant.now();
      };
  @AutoClose private final Fixture fixture = new Fixture(time.withZone(ZoneOffset.UTC));
  private final Shell shell;
  private final Path state;
  private final Path kept;

  RecipesTest(@TempDir Path directory) throws IOException {
    shell = new Shell(directory);
    state = Files.createDirectory(directory.resolve("state"));
    kept = directory.resolve("kept");
  }

  /** Returns a recipe with the addresses of this test. */
  private String text(String name) throws IOException {
    return Files.readString(RECIPES.resolve(name))
        .replace("/usr/local/bin", shell.bin().toString())
        .replace("/var/lib/rotate", state.toString())
        .replace("f174e90a-fafe-4643-bbbc-4a0ed4fc8415", fixture.token.id())
        .replace("https://app.example.com", fixture.provider.protectedUrl());
  }

  /** Returns the variables of the file of credentials, with values of this test. */
  private Map<String, String> credentials() throws IOException {
    Map<String, String> credentials = new HashMap<>(fixture.variables);
    assertThat(
            text("rotate.env")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceFirst("=.*", "")))
        .containsExactlyInAnyOrder("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID")
        .isSubsetOf(credentials.keySet());
    return credentials;
  }

  /** Writes the file of credentials. */
  private Path writeCredentials(Path file) throws IOException {
    return Files.writeString(
        file,
        credentials().entrySet().stream()
            .map(variable -> variable.getKey() + "=" + variable.getValue() + "\n")
            .collect(Collectors.joining()));
  }

  /** Runs the commands of a recipe in order. The first failure ends it. */
  private Run run(String recipe) throws Exception {
    Map<String, String> variables = new HashMap<>();
    Run run = new Run(0, "", "");
    for (String[] command : commands(recipe, variables)) {
      if (run.exitCode() == 0) {
        run = shell.run(state, variables, command);
        String secret = fixture.token.clientSecret();
        assertThat(run.out() + run.err()).doesNotContain(Fixture.API_TOKEN, secret, base64(secret));
      }
    }
    return run;
  }

  private List<String[]> commands(String recipe, Map<String, String> variables) throws IOException {
    return switch (recipe) {
      case CRONTAB -> crontab(variables);
      case SYSTEMD -> systemd(variables);
      default -> kubernetes(variables);
    };
  }

  /** As crontab(5) describes it. */
  private List<String[]> crontab(Map<String, String> variables) throws IOException {
    writeCredentials(state.resolve("rotate.env"));
    variables.putAll(Map.of("HOME", state.toString(), "LOGNAME", "user", "SHELL", "/bin/sh"));
    List<String[]> commands = new ArrayList<>();
    for (String line : text(CRONTAB).lines().toList()) {
      if (line.matches("[A-Z]+=.*")) {
        String[] variable = line.split("=", 2);
        variables.put(variable[0], variable[1]);
      } else if (!line.startsWith("#")) {
        assertThat(line).as("cron reads it as a line break").doesNotContain("%");
        commands.add(new String[] {"/bin/sh", "-c", line.replaceFirst("^(\\S+ ){5}", "")});
      }
    }
    return commands;
  }

  /** As systemd.service(5) describes it: each command is an absolute path and its arguments. */
  private List<String[]> systemd(Map<String, String> variables) throws IOException {
    variables.putAll(credentials());
    variables.put("PATH", shell.path());
    String unit = text(SYSTEMD).replaceAll("\\\\\n\\s*", "");
    String output = unit.contains("\nStandardOutput=null\n") ? ">/dev/null" : "";
    List<String> commands =
        unit.lines()
            .filter(line -> line.startsWith("Exec"))
            .map(line -> line.replaceFirst("^Exec\\w+=", ""))
            .toList();
    // The shell then splits them as systemd does.
    assertThat(commands)
        .allSatisfy(
            command -> assertThat(command).startsWith("/").doesNotContainPattern("[^\\w ./:-]"));
    return commands.stream()
        .map(command -> new String[] {"/bin/sh", "-c", "exec " + command + output})
        .toList();
  }

  private List<String[]> kubernetes(Map<String, String> variables) throws IOException {
    variables.put("PATH", shell.path());
    Path mounted = mountedSecret();
    Object pod = at(yaml(KUBERNETES), "spec", "jobTemplate", "spec", "template", "spec");
    return Stream.of("initContainers", "containers")
        .flatMap(containers -> list(at(pod, containers)).stream())
        .map(container -> list(at(container, "command")).stream())
        .map(
            words ->
                words
                    .map(word -> word.toString().replace("/credentials/", mounted + "/"))
                    .map(word -> word.replace("/state/", state + "/"))
                    .toArray(String[]::new))
        .toList();
  }

  /**
   * As the kubelet mounts a Secret: each file is a link, and {@code ..data} is replaced at once.
   */
  private Path mountedSecret() throws IOException {
    Path mounted = Files.createDirectories(state.resolveSibling("credentials"));
    if (Files.notExists(mounted.resolve("..data"))) {
      Path version = Files.createDirectory(mounted.resolve("..2026_11_26_03_30_00.1"));
      writeCredentials(version.resolve("rotate.env"));
      Files.createSymbolicLink(mounted.resolve("..data"), version.getFileName());
      Files.createSymbolicLink(mounted.resolve("rotate.env"), Path.of("..data", "rotate.env"));
    }
    return mounted;
  }

  /** Returns the first document, or the first one of this kind. */
  private Object yaml(String recipe, String... kind) throws IOException {
    for (Object document :
        new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text(recipe))) {
      if (kind.length == 0 || at(document, "kind").equals(kind[0])) {
        return document;
      }
    }
    throw new AssertionError(List.of(kind));
  }

  private static Object at(Object yaml, Object... path) {
    Object node = yaml;
    for (Object step : path) {
      node =
          Objects.requireNonNull(
              step instanceof Integer index ? list(node).get(index) : ((Map<?, ?>) node).get(step),
              step.toString());
    }
    return node;
  }

  private static List<?> list(Object node) {
    return (List<?>) node;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private Path mark(String recipe) {
    return state.resolve(recipe.equals(CRONTAB) ? "rotate.run" : "run");
  }

  /** Stands in for a program that is not here: it has to get these arguments. */
  private void addStore(String name, String arguments) throws IOException {
    shell.addProgram(name, "test \"$*\" = '" + arguments + "' && cat > '" + kept + "'");
  }

  @Nested
  final class Scheduled {
    @BeforeEach
    void kubectl() throws IOException {
      addStore("kubectl", "apply -f -");
    }

    private void assertKept(String recipe) {
      String secret = fixture.token.clientSecret();
      if (recipe.equals(KUBERNETES)) {
        assertThat(kept).content().contains(base64(secret));
      } else {
        assertThat(state.resolve("token.env")).content().contains(secret);
      }
      assertThat(mark(recipe)).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {CRONTAB, SYSTEMD, KUBERNETES})
    void eachRun_keepsTheSecretAndTheGracePeriod(String recipe) throws Exception {
      for (int rotations = 1; rotations <= 2; rotations++) {
        Run run = run(recipe);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertKept(recipe);
        assertThat(fixture.provider.rotations()).isEqualTo(rotations);
        assertThat(fixture.provider.requests().get(rotations - 1).body())
            .contains("previous_client_secret_expires_at");
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {CRONTAB, SYSTEMD, KUBERNETES})
    void unknownOutcome_stopsLaterRunsUntilTheMarkIsRemoved(String recipe) throws Exception {
      fixture.provider.enqueue(Fault.cutAfterApplying());

      assertThat(run(recipe).exitCode()).isEqualTo(3);
      Run next = run(recipe);
      assertThat(next.exitCode()).isNotZero();
      assertThat(next.err()).contains(mark(recipe).toString());
      assertThat(fixture.provider.rotations()).isEqualTo(1);

      Files.delete(mark(recipe));
      assertThat(run(recipe).exitCode()).isZero();
      assertKept(recipe);
    }

    @ParameterizedTest
    @ValueSource(strings = {CRONTAB, SYSTEMD, KUBERNETES})
    void failedHandover_leavesTheSecretInTheWorkingDirectory(String recipe) throws Exception {
      duringRotation =
          () -> {
            try {
              Files.createDirectory(state.resolve("token.env"));
              shell.addProgram("kubectl", "exit 1");
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };

      Run run = run(recipe);

      assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
      assertThat(mark(recipe)).exists();
      String secret = fixture.token.clientSecret();
      try (Stream<Path> files = Files.list(state)) {
        assertThat(files.filter(f -> f.getFileName().toString().startsWith("rotate-secret-")))
            .singleElement(PATH)
            .content()
            .containsAnyOf(secret, base64(secret));
      }
    }
  }

  @Test
  void systemd_readsTheUnits() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")));
    Files.writeString(state.resolve("rotate.service"), text("rotate.service"));
    Files.writeString(state.resolve("rotate.timer"), text("rotate.timer"));

    Run run =
        shell.run(
            state,
            Map.of(),
            "/usr/bin/systemd-analyze",
            "verify",
            "rotate.service",
            "rotate.timer");

    // It may also complain about units of this machine.
    assertThat(run.err()).doesNotContain("rotate.");
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @Test
  void kubernetes_startsOneJobAtATimeAndNoneAgain() throws IOException {
    Object spec = at(yaml(KUBERNETES), "spec");
    assertThat(at(spec, "concurrencyPolicy")).isEqualTo("Forbid");
    assertThat(at(spec, "jobTemplate", "spec", "backoffLimit")).isEqualTo(0);
    assertThat(at(spec, "jobTemplate", "spec", "template", "spec", "restartPolicy"))
        .isEqualTo("Never");
  }

  @Test
  void kubectl_needsWhatTheRoleAllows() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/kubectl")));
    Object rule = at(yaml(KUBERNETES, "Role"), "rules", 0);
    assertThat(at(rule, "resources")).isEqualTo(List.of("secrets"));
    assertThat(at(rule, "verbs")).isEqualTo(List.of("get", "patch"));
    try (KubernetesApi api = new KubernetesApi(at(rule, "resourceNames", 0).toString())) {
      Map<String, String> variables = new HashMap<>();
      String[] rotate = kubernetes(variables).get(1);
      variables.put("HOME", state.toString());
      variables.put("KUBECONFIG", api.writeConfig(state.resolve("config")).toString());

      Run run = shell.run(state, variables, rotate);

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.err()).contains("The new secret was kept by --exec.");
      assertThat(api.requests()).hasSize(2);
      assertThat(api.requests().get(0)).startsWith("GET ");
      assertThat(api.requests().get(1))
          .startsWith("PATCH ")
          .contains("\"CF_ACCESS_CLIENT_SECRET\":\"" + base64(fixture.token.clientSecret()));
    }
  }

  @Nested
  final class GitHubActions {
    private final Map<String, String> variables = new HashMap<>(fixture.variables);
    private final Path environment = state.resolve("environment");

    @BeforeEach
    void job() throws IOException {
      Files.createFile(environment);
      variables.putAll(
          Map.of(
              "PATH", shell.path(),
              "GITHUB_ACTIONS", "true",
              "GITHUB_ENV", environment.toString()));
    }

    /** Runs a step as the runner does. */
    private Run step(String name) throws Exception {
      for (Object step : list(at(yaml("github-actions.yml"), "jobs", "rotate", "steps"))) {
        if (name.equals(((Map<?, ?>) step).get("name"))) {
          return shell.run(state, variables, "bash", "-e", "-c", at(step, "run").toString());
        }
      }
      throw new AssertionError(name);
    }

    @Test
    void rotation_storesTheSecretAndShowsNone() throws Exception {
      addStore("gh", "secret set --env-file -");

      Run run = step("Rotate");

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(kept)
          .content()
          .contains("CF_ACCESS_CLIENT_SECRET=" + fixture.token.clientSecret());
      assertThat(run.out() + run.err()).doesNotContain(fixture.token.clientSecret());
      assertThat(environment).isEmptyFile();
    }

    @Test
    void failedStore_isMaskedAndRepeatedByTheNextStep() throws Exception {
      shell.addProgram("gh", "exit 1");

      Run run = step("Rotate");

      String secret = fixture.token.clientSecret();
      assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
      assertThat(run.err()).startsWith("::add-mask::" + secret + "\n");
      assertThat(run.out()).isEmpty();
      for (String line : Files.readAllLines(environment)) {
        variables.put(line.replaceFirst("=.*", ""), line.replaceFirst(".*?=", ""));
      }
      addStore("gh", "secret set --env-file -");
      assertThat(step("Store again").exitCode()).isZero();
      assertThat(kept.toFile())
          .content(UTF_8)
          .contains("CF_ACCESS_CLIENT_ID=" + fixture.token.clientId())
          .contains("CF_ACCESS_CLIENT_SECRET=" + secret);
    }

    @Test
    void workflow_hasOneWriterAndTheActionsOfThisProject() throws IOException {
      assertThat(at(yaml("github-actions.yml"), "concurrency", "cancel-in-progress"))
          .isEqualTo(false);
      assertThat(text("github-actions.yml").lines().filter(line -> line.contains("uses:")))
          .isNotEmpty()
          .isSubsetOf(Files.readAllLines(Path.of("../../.github/workflows/ci.yml")));
    }
  }
}
