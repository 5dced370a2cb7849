package io.github.accesstokens;

import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.ServiceToken;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.time.OffsetDateTime;
import java.util.List;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The token was rotated, and this holds the secret that is current. */
public final class Rotated {
  private final ServiceTokenEnvelope envelope;
  private final ServiceToken token;
  private final String clientSecret;
  private final @Nullable OffsetDateTime previousSecretExpiresAt;
  private final Response response;

  Rotated(
      ServiceTokenEnvelope envelope,
      ServiceToken token,
      String clientSecret,
      @Nullable OffsetDateTime previousSecretExpiresAt,
      Response response) {
    this.envelope = envelope;
    this.token = token;
    this.clientSecret = clientSecret;
    this.previousSecretExpiresAt = previousSecretExpiresAt;
    this.response = response;
  }

  /** The token with its id, Client ID, name and times, as the provider sent it. */
  public ServiceToken getToken() {
    return token;
  }

  /** The new Client Secret; the provider does not show it again. */
  public String getClientSecret() {
    return clientSecret;
  }

  /** What the provider remarked; empty as a rule. */
  public List<EnvelopeMessage> getMessages() {
    return envelope.getMessages();
  }

  /** When the previous secret stops working, as asked for; null if it did at once. */
  public @Nullable OffsetDateTime getPreviousSecretExpiresAt() {
    return previousSecretExpiresAt;
  }

  /** The {@code cf-ray} header, which the provider's support asks for, or null. */
  public @Nullable String getCfRay() {
    return response.header("cf-ray");
  }

  /** The answer, its body without the secret. */
  Response response() {
    return response;
  }

  ServiceTokenEnvelope envelope() {
    return envelope;
  }

  /** Shows everything but the secret. */
  @Override
  public String toString() {
    return "Rotated{token="
        + token
        + ", messages="
        + getMessages()
        + ", previousSecretExpiresAt="
        + previousSecretExpiresAt
        + ", cfRay="
        + getCfRay()
        + '}';
  }
}
