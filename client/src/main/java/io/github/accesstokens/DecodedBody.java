package io.github.accesstokens;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.Moshi;
import io.github.accesstokens.RotationUnknownException.Reason;
import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.ModelJsonAdapterFactory;
import io.github.accesstokens.model.ServiceToken;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import okhttp3.MediaType;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** What a response body says, as far as it can be read, and its flaw if it is not an envelope. */
final class DecodedBody {
  private static final Moshi MOSHI =
      new Moshi.Builder().add(ModelJsonAdapterFactory.INSTANCE).build();
  private static final JsonAdapter<ServiceTokenEnvelope> ENVELOPES =
      MOSHI.adapter(ServiceTokenEnvelope.class);
  private static final JsonAdapter<ServiceToken> TOKENS = MOSHI.adapter(ServiceToken.class);

  /** Masks the credentials of the request and every secret of the body. */
  final Redaction redaction;

  /** The value of {@code success}; null if it cannot be read. */
  final @Nullable Boolean success;

  /** The errors with secrets masked. */
  final List<EnvelopeMessage> errors;

  /** The messages with secrets masked. */
  final List<EnvelopeMessage> messages;

  /** The properties of {@code result} that can be read; null if it is null or absent. */
  final @Nullable ServiceToken token;

  /**
   * The token once for each complete secret of the body, at whatever place. Without a secret, the
   * token alone.
   */
  final List<ServiceToken> held;

  /** The JSON paths of the properties that are not as documented. */
  final List<String> unreadablePaths;

  /** Why the body proves nothing; null if it is an envelope. */
  final @Nullable Reason flaw;

  /** {@link #flaw} in words. */
  final String problem;

  private DecodedBody(
      Redaction redaction,
      @Nullable Boolean success,
      List<EnvelopeMessage> errors,
      List<EnvelopeMessage> messages,
      @Nullable ServiceToken token,
      List<ServiceToken> held,
      List<String> unreadablePaths,
      @Nullable Reason flaw,
      String problem) {
    this.redaction = redaction;
    this.success = success;
    this.token = token;
    this.held = held;
    this.errors = redaction.entries(errors);
    this.messages = redaction.entries(messages);
    this.unreadablePaths = unreadablePaths;
    this.flaw = flaw;
    this.problem = problem;
  }

  /** Decodes the body, even a truncated one: the document in it may be complete. */
  static DecodedBody of(ReceivedResponse response) {
    ServiceTokenEnvelope envelope = response.tooLarge ? null : documented(response.body);
    if (envelope != null) {
      return new DecodedBody(
          response.redaction,
          true,
          envelope.getErrors(),
          envelope.getMessages(),
          envelope.getResult(),
          Collections.singletonList(Objects.requireNonNull(envelope.getResult())),
          Collections.emptyList(),
          null,
          "");
    }
    LenientEnvelope lenient = new LenientEnvelope(response.body, TOKENS);
    Reason flaw = null;
    String problem = "";
    if (lenient.contradictory) {
      flaw = Reason.CONTRADICTORY;
      problem = "its envelope has a property twice";
    } else if (response.tooLarge) {
      flaw = Reason.TOO_LARGE;
      problem = "the response has more than " + ReceivedResponse.MAX_BYTES + " bytes";
    } else if (lenient.flaw != null) {
      flaw = reason(response);
      problem = problem(flaw, lenient.flaw, response);
    }
    List<ServiceToken> held = held(lenient.token, Redaction.completeSecrets(response.body));
    return new DecodedBody(
        response.redaction.and(bySecret(held).keySet()),
        lenient.success,
        lenient.errors,
        lenient.messages,
        lenient.token,
        held,
        lenient.unreadablePaths,
        flaw,
        problem);
  }

  private static List<ServiceToken> held(@Nullable ServiceToken token, Set<String> secrets) {
    List<ServiceToken> held = new ArrayList<>();
    if (token != null && secrets.isEmpty()) {
      held.add(token);
    }
    for (String secret : secrets) {
      ServiceToken.Builder other = token == null ? ServiceToken.builder() : token.toBuilder();
      held.add(other.clientSecret(secret).build());
    }
    return held;
  }

  /** Returns the body of a success as documented, with a secret; null if it is anything else. */
  private static @Nullable ServiceTokenEnvelope documented(byte[] body) {
    JsonReader reader = JsonReader.of(new Buffer().write(body));
    try {
      ServiceTokenEnvelope envelope = ENVELOPES.fromJson(reader);
      return envelope != null
              && envelope.isSuccess()
              && secretOf(envelope.getResult()) != null
              && reader.peek() == JsonReader.Token.END_DOCUMENT
          ? envelope
          : null;
    } catch (JsonDataException | IOException | OutOfMemoryError e) {
      return null;
    }
  }

  private static Reason reason(ReceivedResponse response) {
    if (response.truncated != null) {
      return Reason.TRUNCATED;
    } else if (response.body.length == 0) {
      return Reason.EMPTY;
    }
    return isJson(response.contentType()) ? Reason.MALFORMED : Reason.MEDIA_TYPE;
  }

  private static String problem(Reason flaw, String malformed, ReceivedResponse response) {
    switch (flaw) {
      case TRUNCATED:
        return "the response was cut off: " + SafeFailure.describe(response.truncated);
      case EMPTY:
        return "the response has no body";
      case MEDIA_TYPE:
        return "the response is not JSON, according to its Content-Type";
      default:
        return malformed;
    }
  }

  private static boolean isJson(@Nullable MediaType type) {
    return type == null || type.subtype().equals("json") || type.subtype().endsWith("+json");
  }

  /** Returns the secret; null if there is none or it is empty. */
  @Nullable String secret() {
    return secretOf(token);
  }

  /** Returns each token that has a secret, by its secret. */
  static Map<String, ServiceToken> bySecret(List<ServiceToken> tokens) {
    Map<String, ServiceToken> bySecret = new LinkedHashMap<>();
    for (ServiceToken token : tokens) {
      String secret = secretOf(token);
      if (secret != null) {
        bySecret.put(secret, token);
      }
    }
    return bySecret;
  }

  private static @Nullable String secretOf(@Nullable ServiceToken token) {
    String secret = token == null ? null : token.getClientSecret();
    return secret == null || secret.isEmpty() ? null : secret;
  }

  /**
   * Returns whether the body contradicts the status, or a failure has a secret.
   *
   * @param ok whether the status is one of a success
   */
  boolean contradicts(boolean ok) {
    boolean failed = !ok || (success != null && !success);
    // A damaged envelope proves no failure, but a success in it must not be taken for a failure.
    return (failed && !bySecret(held).isEmpty())
        || (success != null && success != ok && (flaw == null || success));
  }

  /** Returns whether the body is a failure of the provider itself, which has errors with codes. */
  boolean isProvidersRefusal() {
    if (flaw != null || success == null || success) {
      return false;
    }
    for (EnvelopeMessage error : errors) {
      if (error.getCode() != 0) {
        return true;
      }
    }
    return false;
  }
}
