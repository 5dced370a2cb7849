package io.github.accesstokens.samples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RotateTest {
  private static final Path SOURCE =
      Path.of("src/main/java/io/github/accesstokens/samples/quickstart/Rotate.java");

  @AutoClose private final StubProvider provider = StubProvider.start();
  private final StubToken token = provider.addToken();

  @BeforeEach
  void acceptCredentials() {
    provider.acceptApiToken("api-token");
  }

  @Test
  void code_isThatOfTheReadme() throws IOException {
    String code = Files.readString(SOURCE).replaceFirst("package .*;\n\n", "");

    assertThat(Files.readString(Path.of("../../README.md"))).contains("```java\n" + code + "```");
  }

  @Test
  void rotated_isPrintedWithoutTheSecret() throws Exception {
    assertThat(run()).startsWith("Rotated{").doesNotContain(token.clientSecret());
    assertThat(provider.rotations()).isEqualTo(1);
  }

  @Test
  void notApplied_isPrintedWithTheStatus() throws Exception {
    provider.enqueue(Fault.status(403));

    assertThat(run()).endsWith(", status 403\n");
  }

  @Test
  void unknown_isPrinted() throws Exception {
    provider.enqueue(Fault.cutAfterApplying());

    assertThat(run()).startsWith("Unknown whether rotated: ");
  }

  /** Runs the program, and returns what it printed. */
  private String run() throws IOException {
    ProcessBuilder java =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            Rotate.class.getName(),
            token.accountId(),
            token.id());
    java.environment().put("CLOUDFLARE_BASE_URL", provider.baseUrl());
    java.environment().put("CLOUDFLARE_API_TOKEN", "api-token");
    Process process = java.redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }
}
