package io.github.accesstokens.consumers;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process with the published stub provider, which holds one service token. */
final class ProviderProcess implements AutoCloseable {
  private static final String SOURCE =
      """
      import io.github.accesstokens.provider.StubProvider;
      import io.github.accesstokens.provider.StubToken;

      class Provider {
        public static void main(String[] arguments) throws Exception {
          try (StubProvider provider = StubProvider.start()) {
            provider.acceptApiToken("api-token");
            StubToken token = provider.addToken();
            System.out.println(provider.baseUrl());
            System.out.println(token.accountId());
            System.out.println(token.id());
            System.in.read();
            System.out.println(token.rotations());
            System.out.println(token.clientSecret());
          }
        }
      }
      """;

  private final Process process;
  private final BufferedReader output;
  private final String baseUrl;
  private final String accountId;
  private final String serviceTokenId;

  /** Starts the provider from a class path, with the JDK of this process. */
  ProviderProcess(Path directory, String classPath) throws IOException {
    Path source = Files.writeString(directory.resolve("Provider.java"), SOURCE);
    String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    process =
        new ProcessBuilder(java, "-cp", classPath, source.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    output = process.inputReader();
    baseUrl = output.readLine();
    accountId = output.readLine();
    serviceTokenId = output.readLine();
  }

  /** Returns the environment of a program that rotates on this provider. */
  Map<String, String> environment() {
    return Map.of("CLOUDFLARE_API_TOKEN", "api-token", "CLOUDFLARE_BASE_URL", baseUrl);
  }

  List<String> arguments() {
    return List.of(accountId, serviceTokenId);
  }

  /** Ends the provider, and returns the number of rotations and the current secret. */
  List<String> end() throws IOException {
    process.getOutputStream().close();
    return List.of(output.readLine(), output.readLine());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
