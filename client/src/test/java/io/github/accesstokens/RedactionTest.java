package io.github.accesstokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.EnvelopeMessageSource;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is masked. */
class RedactionTest {
  private static final Redaction NOTHING = Redaction.of(Headers.of());

  private static Redaction of(String... secrets) {
    return NOTHING.and(List.of(secrets));
  }

  private static Redaction ofDocument(String json) {
    return NOTHING.andSecretsOf(json.replace('\'', '"').getBytes(UTF_8));
  }

  @Test
  void secretThatIsAPartOfAnother_leavesNothingOfIt() {
    assertThat(of("12345678", "0123456789").text("0123456789 12345678")).isEqualTo("██ ██");
  }

  @ParameterizedTest
  @CsvSource({"1234567, x1234567y", "12345678, x██y"})
  void secretInsideAWord_isMaskedFromEightCharacters(String secret, String masked) {
    assertThat(of(secret).text("x" + secret + "y")).isEqualTo(masked);
  }

  @Test
  void secretOfTheNewForm_isMaskedEvenIfUnknown() {
    assertThat(NOTHING.text("it is cfast_0aZ, not cfast_")).isEqualTo("it is ██, not cfast_");
  }

  /** The escape hides the name from a search for it, so the document has to be read. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'client\\u005fsecret':'a-secret'}
          {'a':[1,[],{}],'b':{'c':'d','e':null},'client\\u005fsecret':'a-secret'}
          {'result':{'client\\u005fsecret':'another'},'other':{'client\\u005fsecret':'a-secret'}}
          {'client\\u005fsecret':['another',['a-secret']]}
          {'client\\u005fsecret':{'a-secret':true}}
          {'client\\u005fsecret':{'name':['another'],'b':{'c':'a-secret'}}}
          [[{'client\\u005fsecret':'a-secret'}]]
          """)
  void secretAtAnyPlaceOfADocument_isMasked(String json) {
    assertThat(ofDocument(json).text("it is a-secret")).isEqualTo("it is ██");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'a':NaN,'client_secret':'a-secret'}
          {'a':NaN,'client_secret':['another',{'b':'a-secret'}]}
          'client_secret':'a-secret'
          {}{'client_secret':'a-secret'}
          {'client_secret':'a-secret','b':
          """)
  void secretOfADamagedDocument_isMasked(String damaged) {
    assertThat(ofDocument(damaged).text("it is a-secret")).isEqualTo("it is ██");
  }

  @Test
  void manySecrets_areLimited() {
    String secrets =
        IntStream.range(0, 40)
            .mapToObj(i -> "{\"client_secret\":\"secret-%02d\"}".formatted(i))
            .collect(Collectors.joining(",", "[", "]"));
    assertThat(Redaction.completeSecrets(secrets.getBytes(UTF_8))).hasSize(16);
    assertThat(ofDocument(secrets).text("secret-15 secret-39")).isEqualTo("██ secret-39");
  }

  @Test
  void document_isCopiedWithItsSecretsMasked() {
    String json = "{'a':null,'b':[true,1.50,''],'client_secret':['x',7,null,''],'c':'say x'}";
    assertThat(NOTHING.json(json.replace('\'', '"').getBytes(UTF_8)))
        .isEqualTo(
            "{'a':null,'b':[true,1.50,''],'client_secret':['██','██',null,''],'c':'say ██'}"
                .replace('\'', '"'));
  }

  @Test
  void entryThatShowsASecret_isMaskedAndKeepsTheRest() {
    EnvelopeMessage harmless = entry("message", "url", "pointer");
    List<EnvelopeMessage> entries = List.of(harmless);
    assertThat(of("a-secret").entries(entries)).isSameAs(entries);
    assertMasked(entry("a-secret", "url", "pointer"), entry("██", "url", "pointer"));
    assertMasked(entry("message", "a-secret", "pointer"), entry("message", "██", "pointer"));
    assertMasked(entry("message", "url", "a-secret"), entry("message", "url", "██"));
    EnvelopeMessage.Builder bare = EnvelopeMessage.builder().code(1);
    assertMasked(bare.message("a-secret").build(), bare.message("██").build());
  }

  private static void assertMasked(EnvelopeMessage entry, EnvelopeMessage masked) {
    EnvelopeMessage harmless = entry("message", "url", "pointer");
    assertThat(of("a-secret").entries(List.of(harmless, entry))).containsExactly(harmless, masked);
  }

  private static EnvelopeMessage entry(String message, String url, String pointer) {
    return EnvelopeMessage.builder()
        .code(1)
        .message(message)
        .documentationUrl(url)
        .source(EnvelopeMessageSource.builder().pointer(pointer).build())
        .build();
  }

  @Test
  void failure_showsWhatItsCausesAndSuppressedFailuresShow() {
    Redaction redaction = of("a-secret");
    assertThat(redaction.isShownBy(chain(10, new IOException("harmless")))).isFalse();
    assertThat(redaction.isShownBy(chain(10, new IOException("a-secret")))).isTrue();
    IOException suppressing = new IOException("harmless");
    suppressing.addSuppressed(chain(3, new IOException("harmless")));
    assertThat(redaction.isShownBy(suppressing)).isFalse();
    suppressing.addSuppressed(chain(3, new IOException("a-secret")));
    assertThat(redaction.isShownBy(suppressing)).isTrue();
  }

  @Test
  void failureThatIsNotSearchedToItsEnd_countsAsShown() {
    assertThat(NOTHING.isShownBy(chain(Redaction.MAX_CAUSES, new IOException()))).isTrue();
    IOException one = new IOException("one");
    IOException other = new IOException("other");
    one.addSuppressed(other);
    other.addSuppressed(one);
    assertThat(NOTHING.isShownBy(one)).isTrue();
  }

  private static Throwable chain(int causes, Throwable last) {
    return Collections.nCopies(causes, "harmless").stream()
        .reduce(last, (cause, message) -> new IOException(message, cause), (one, other) -> other);
  }
}
