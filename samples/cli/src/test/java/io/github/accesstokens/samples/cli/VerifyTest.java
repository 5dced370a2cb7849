package io.github.accesstokens.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.SocketPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VerifyTest {
  private final StubProvider provider = StubProvider.start();
  private final StubToken token = provider.addToken();
  private final MockWebServer page = new MockWebServer();
  private final Path file;

  VerifyTest(@TempDir Path directory) throws IOException {
    file = directory.resolve("token.env");
    provider.acceptApiToken("api-token");
    page.start();
  }

  @AfterEach
  void stop() throws IOException {
    provider.close();
    page.close();
  }

  private Run rotate(String url, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--account-id",
                token.accountId(),
                "--service-token-id",
                token.id(),
                "--verify",
                url));
    arguments.addAll(List.of(options));
    return Run.of(
        Map.of("CLOUDFLARE_API_TOKEN", "api-token", "CLOUDFLARE_BASE_URL", provider.baseUrl()),
        false,
        arguments.toArray(new String[0]));
  }

  private Run rotateIntoFile(String url) {
    return rotate(url, "--json", "--secret-file", file.toString());
  }

  @Test
  void acceptedSecretIsVerified() throws IOException {
    Run run = rotateIntoFile(provider.protectedUrl());

    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.json())
        .containsEntry("outcome", "rotated")
        .containsEntry("verification", "accepted");
    assertThat(run.err()).contains("Verified: the URL of --verify lets in the new secret");
  }

  @ParameterizedTest
  @CsvSource({
    "403, refused, refuses the new secret",
    "302, refused, refuses the new secret",
    "200, unprotected, lets in whoever comes",
    "404, inconclusive, answers neither with the page nor with a refusal"
  })
  void anythingElseHasAnExitCodeOfItsOwn(int status, String verification, String words)
      throws IOException {
    page.enqueue(new MockResponse().setResponseCode(status));
    page.enqueue(new MockResponse().setResponseCode(status));

    Run run = rotateIntoFile(page.url("/?a=b").toString());

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.json())
        .containsEntry("outcome", "rotated")
        .containsEntry("kept_by", "--secret-file")
        .containsEntry("verification", verification)
        .doesNotContainKey("client_secret");
    assertThat(run.err())
        .contains("rotated and kept, but not verified: the URL of --verify " + words);
    assertThat(file).content().contains(token.clientSecret());
  }

  @Test
  void pageThatDoesNotAnswerIsInconclusive() throws IOException {
    page.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST));

    Run run = rotateIntoFile(page.url("/").toString());

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.json()).containsEntry("verification", "inconclusive");
    assertThat(run.err()).contains("gave no answer: the connection ended").doesNotContain("\tat ");
  }

  @Test
  void pairThatCannotBeSentIsInconclusive() throws IOException {
    provider.enqueue(
        Fault.respond(
            200,
            "application/json",
            """
            {"success": true, "errors": [], "messages": [],
             "result": {"client_id": "id", "client_secret": "s3cret\\nX-Evil: 1"}}
            """));

    Run run = rotateIntoFile(page.url("/").toString());

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.json()).containsEntry("verification", "inconclusive");
    assertThat(run.err()).contains("client_secret").doesNotContain("s3cret", "Evil");
    assertThat(page.getRequestCount()).isZero();
  }

  @Test
  void secretIsPrintedEvenIfItIsThenRefused() {
    page.enqueue(new MockResponse().setResponseCode(403));
    page.enqueue(new MockResponse().setResponseCode(403));

    Run run = rotate(page.url("/").toString());

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.out()).contains("CF_ACCESS_CLIENT_SECRET=" + token.clientSecret());
  }

  @Test
  void nothingIsVerifiedWithoutARotation() throws IOException {
    provider.enqueue(Fault.status(403));

    assertThat(rotateIntoFile(page.url("/").toString()).exitCode()).isEqualTo(1);
    assertThat(rotate(page.url("/").toString(), "--exec", "exit 1").exitCode()).isEqualTo(4);

    assertThat(page.getRequestCount()).isZero();
  }
}
