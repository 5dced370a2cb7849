package io.github.accesstokens.benchmarks;

import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs the apps on the JVM before and after R8 shrinks them, against the stub provider. The app
 * with this client must do the same. Two apps with stock clients must fail, which shows that the
 * check can fail: they need keep rules that they do not have.
 */
final class ShrinkingCheck {
  /** What the provider received, and what the app printed or why it failed. */
  private record Run(List<String> bodies, int rotations, String printed, String failure) {}

  private final Instant graceEnd =
      Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);

  /** Fails if an app does not do what is expected of it. */
  void check(Contender ours, Contender gson, Contender jackson)
      throws IOException, InterruptedException {
    // Gson has keep rules of its own from 2.11 on. The stock build file asks for an older one.
    Contender oldGson = gson.with("gson", Contender.DIRECTORY.resolve("old-gson.jar"));
    for (Contender contender : List.of(ours, gson, oldGson, jackson)) {
      requireRotation(contender, contender.jars());
    }
    requireRotation(ours, List.of(Shrinking.jar(ours)));
    requireRotation(gson, List.of(Shrinking.jar(gson)));
    requireWrongBody(oldGson, Shrinking.jar(oldGson));
    requireNoRequest(jackson, Shrinking.jar(jackson));
  }

  private void requireRotation(Contender contender, List<Path> jars)
      throws IOException, InterruptedException {
    try (StubProvider provider = provider()) {
      StubToken token = provider.addToken();
      Instant earliest = Instant.now().minusSeconds(60);
      Run run = run(provider, contender, jars);
      String body = "{\"previous_client_secret_expires_at\":\"%s\"}".formatted(graceEnd);
      String pair = token.clientId() + " " + token.clientSecret() + " ";
      require(
          run.bodies().equals(List.of(body))
              && run.rotations() == 1
              && run.printed().startsWith(pair)
              && OffsetDateTime.parse(run.printed().substring(pair.length()))
                  .toInstant()
                  .isAfter(earliest),
          contender,
          run);
    }
  }

  /** R8 renames the fields that Gson reads, so the grace period is lost on the way. */
  private void requireWrongBody(Contender contender, Path shrunk)
      throws IOException, InterruptedException {
    try (StubProvider provider = provider()) {
      provider.addToken();
      Run run = run(provider, contender, List.of(shrunk));
      System.out.println("Shrunk with old Gson: sends " + run.bodies() + " and fails");
      require(
          run.bodies().size() == 1
              && run.bodies().get(0).startsWith("{\"a\":")
              && !run.failure().isEmpty(),
          contender,
          run);
    }
  }

  /** R8 removes what Jackson finds by reflection, so the app fails before it sends anything. */
  private void requireNoRequest(Contender contender, Path shrunk)
      throws IOException, InterruptedException {
    try (StubProvider provider = provider()) {
      provider.addToken();
      Run run = run(provider, contender, List.of(shrunk));
      System.out.println("Shrunk with Jackson: fails and sends nothing");
      require(run.bodies().isEmpty() && !run.failure().isEmpty(), contender, run);
    }
  }

  private static StubProvider provider() {
    StubProvider provider = StubProvider.start();
    provider.acceptApiToken(Rotations.CREDENTIAL);
    return provider;
  }

  private Run run(StubProvider provider, Contender contender, List<Path> jars)
      throws InterruptedException {
    String classPath =
        jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    String printed = "";
    String failure = "";
    try {
      printed =
          Jvm.run(
              List.of(
                  "-cp",
                  classPath,
                  contender.app(),
                  Integer.toString(URI.create(provider.baseUrl()).getPort()),
                  Long.toString(graceEnd.getEpochSecond())));
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
    }
    return new Run(
        provider.requests().stream().map(request -> request.body()).toList(),
        provider.rotations(),
        printed,
        failure);
  }

  private static void require(boolean expected, Contender contender, Run run) throws IOException {
    if (!expected) {
      throw new IOException("the app with " + contender.id() + " did something else: " + run);
    }
  }
}
