package io.github.accesstokens;

import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.ServiceToken;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The outcome of a rotation that was applied. It holds the current secret. */
public final class Rotated {
  private final DecodedBody body;
  private final ServiceToken token;
  private final String clientSecret;
  private final @Nullable OffsetDateTime previousSecretExpiresAt;
  private final Response response;

  Rotated(
      DecodedBody body,
      ServiceToken token,
      String clientSecret,
      @Nullable OffsetDateTime previousSecretExpiresAt,
      Response response) {
    this.body = body;
    this.token = token;
    this.clientSecret = clientSecret;
    this.previousSecretExpiresAt = previousSecretExpiresAt;
    this.response = response;
  }

  /**
   * Returns the token as the provider sent it, with its id, Client ID, name and times. Each of them
   * is null if the provider did not send it as documented.
   */
  public ServiceToken getToken() {
    return token;
  }

  /** Returns the new Client Secret. The provider does not show it again. */
  public String getClientSecret() {
    return clientSecret;
  }

  /** Returns the messages of the provider; usually empty. */
  public List<EnvelopeMessage> getMessages() {
    return body.messages;
  }

  /**
   * Returns the JSON paths of what is not as documented in the response, and so is absent or
   * incomplete here; usually empty. Examples are {@code $.messages} and {@code
   * $.result.created_at}.
   */
  public List<String> getUnreadablePaths() {
    return body.unreadablePaths;
  }

  /** Returns when the previous secret expires, as requested; null if it expired at once. */
  public @Nullable OffsetDateTime getPreviousSecretExpiresAt() {
    return previousSecretExpiresAt;
  }

  /** Returns the {@code cf-ray} header, which the provider's support asks for, or null. */
  public @Nullable String getCfRay() {
    return response.header("cf-ray");
  }

  /** Returns the response, with the secret masked in its body. */
  Response response() {
    return response;
  }

  ResponseSummary summary() {
    return new ResponseSummary(response.code(), response.headers(), body.errors);
  }

  ServiceTokenEnvelope envelope() {
    return ServiceTokenEnvelope.builder()
        .success(true)
        .errors(body.errors)
        .messages(body.messages)
        .result(token)
        .build();
  }

  /** Shows everything except the secret. */
  @Override
  public String toString() {
    String text =
        "Rotated{token="
            + token
            + ", messages="
            + getMessages()
            + ", unreadablePaths="
            + getUnreadablePaths()
            + ", previousSecretExpiresAt="
            + previousSecretExpiresAt
            + ", cfRay="
            + getCfRay()
            + '}';
    // The name, for example, may repeat the secret.
    return body.redaction.and(Collections.singleton(clientSecret)).text(text);
  }
}
