package io.github.accesstokens;

import static io.github.accesstokens.Provider.ROTATION;
import static io.github.accesstokens.Provider.rotated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.api.InvalidArgumentException;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Environment variables, through the builder of a client. */
class EnvironmentCredentialsTest {
  @AutoClose private final Provider provider = new Provider();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # token    | email     | key       | variable             | problem
          ''         | ''        | ''        | CLOUDFLARE_API_TOKEN | is not set, and neither are
          hush       | mail      | hush      | CLOUDFLARE_API_TOKEN | and CLOUDFLARE_API_KEY are
          ''         | hush      | ''        | CLOUDFLARE_API_KEY   | is not set
          ''         | ''        | hush      | CLOUDFLARE_EMAIL     | is not set
          hush hush  | ''        | ''        | CLOUDFLARE_API_TOKEN | has a character at index 4
          ''         | hush hush | key       | CLOUDFLARE_EMAIL     | has a character at index 4
          ''         | mail      | hush hush | CLOUDFLARE_API_KEY   | has a character at index 4
          """)
  void badVariables_areNamedAndNotShown(
      String token, String email, String key, String variable, String problem) {
    assertRefused(variables(token, email, key, ""), variable, problem);
  }

  @ParameterizedTest
  @CsvSource({"http://hush.example/, must be https", "hush, is not an http or https URL"})
  void badBaseUrl_isNamedAndNotShown(String url, String problem) {
    assertRefused(variables("token", "", "", url), "CLOUDFLARE_BASE_URL", problem);
  }

  private static void assertRefused(
      Map<String, String> variables, String variable, String problem) {
    AccessTokensClient.Builder builder = AccessTokensClient.builder();
    assertThatThrownBy(() -> builder.environment(variables))
        .isInstanceOf(InvalidArgumentException.class)
        .hasFieldOrPropertyWithValue("name", variable)
        .hasMessageStartingWith(variable + " " + problem)
        .hasNoCause()
        .hasMessageNotContaining("hush");
  }

  @ParameterizedTest
  @CsvSource({"token, '', ''", "token, mail, ''", "'', mail, key"})
  void goodVariables_setCredentialsAndBaseUrl(String token, String email, String key)
      throws Exception {
    provider.enqueue(rotated());
    AccessTokensClient.builder()
        .environment(variables(token, email, key, provider.url("/client/v4")))
        .build()
        .rotate(ROTATION);
    Map<String, String> sent =
        token.isEmpty()
            ? Map.of("X-Auth-Email", email, "X-Auth-Key", key)
            : Map.of("Authorization", "Bearer " + token);
    assertThat(provider.takeRequest().getHeaders()).containsAll(okhttp3.Headers.of(sent));
  }

  @Test
  void absentBaseUrl_leavesThePublicApi() {
    assertThat(AccessTokensClient.builder().environment(variables("token", "", "", "")).build())
        .hasToString("AccessTokensClient{baseUrl=https://api.cloudflare.com/client/v4/}");
  }

  private static Map<String, String> variables(String token, String email, String key, String url) {
    return Map.of(
        "CLOUDFLARE_API_TOKEN", token,
        "CLOUDFLARE_EMAIL", email,
        "CLOUDFLARE_API_KEY", key,
        "CLOUDFLARE_BASE_URL", url);
  }
}
