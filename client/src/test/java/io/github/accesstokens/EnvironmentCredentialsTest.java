package io.github.accesstokens;

import static io.github.accesstokens.Provider.ROTATION;
import static io.github.accesstokens.Provider.rotated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.accesstokens.api.InvalidArgumentException;
import java.util.List;
import java.util.Map;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
          ' '        | ''        | ''        | CLOUDFLARE_API_TOKEN | is not set, and neither are
          ' hu\tsh ' | ''        | ''        | CLOUDFLARE_API_TOKEN | has a character at index 2
          """)
  void badVariables_areNamedAndNotShown(
      String token, String email, String key, String variable, String problem) {
    assertRefused(variables(token, email, key, ""), variable, problem);
  }

  @ParameterizedTest
  @CsvSource({
    "http://hush.example/, must be https",
    "hush, is not an http or https URL",
    "https://hush.example/hu sh, is not an http or https URL"
  })
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

  /** A shell drops the last line break of a file, but not the carriage return before it. */
  @ParameterizedTest
  @ValueSource(strings = {"%s\r", "%s\n", "%s\r\n", " %s", "\t%s "})
  void whiteSpaceAroundAVariable_isDropped(String format) throws Exception {
    provider.enqueue(rotated(), rotated());
    String url = format.formatted(provider.url("/client/v4"));
    for (Map<String, String> variables :
        List.of(
            variables(format.formatted("token"), "", format.formatted(""), url),
            variables("", format.formatted("mail"), format.formatted("key"), url))) {
      AccessTokensClient.builder().environment(variables).build().rotate(ROTATION);
    }
    assertThat(provider.takeRequest().getHeader("Authorization")).isEqualTo("Bearer token");
    RecordedRequest request = provider.takeRequest();
    assertThat(request.getHeader("X-Auth-Email")).isEqualTo("mail");
    assertThat(request.getHeader("X-Auth-Key")).isEqualTo("key");
    assertThat(request.getPath()).startsWith("/client/v4/accounts/");
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
