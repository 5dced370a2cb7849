package io.github.accesstokens;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonEncodingException;
import com.squareup.moshi.JsonReader;
import com.squareup.moshi.Moshi;
import io.github.accesstokens.RotationUnknownException.Reason;
import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.FailureEnvelope;
import io.github.accesstokens.model.ModelJsonAdapterFactory;
import io.github.accesstokens.model.ServiceToken;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.io.EOFException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import okhttp3.MediaType;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** A response body as one of the documented envelopes, or the reason why it is neither. */
final class DecodedBody {
  private static final Moshi MOSHI =
      new Moshi.Builder().add(ModelJsonAdapterFactory.INSTANCE).build();
  private static final JsonAdapter<ServiceTokenEnvelope> SUCCESSES =
      MOSHI.adapter(ServiceTokenEnvelope.class);
  private static final JsonAdapter<FailureEnvelope> FAILURES = MOSHI.adapter(FailureEnvelope.class);

  /** What {@code success} is in the envelope; null if the body is no envelope. */
  final @Nullable Boolean success;

  /** The errors of the envelope with secrets masked; empty if the body is no envelope. */
  final List<EnvelopeMessage> errors;

  /** The body as the envelope of a success with secrets masked in its messages, or null. */
  final @Nullable ServiceTokenEnvelope envelope;

  /** Why {@link #envelope} is null. */
  final Reason unreadable;

  /** {@link #unreadable} in words. */
  final String problem;

  private DecodedBody(
      @Nullable Boolean success,
      List<EnvelopeMessage> errors,
      @Nullable ServiceTokenEnvelope envelope,
      Reason unreadable,
      String problem) {
    this.success = success;
    this.errors = errors;
    this.envelope = envelope;
    this.unreadable = unreadable;
    this.problem = problem;
  }

  /** Decodes the body, even a truncated one: the document in it may be complete. */
  static DecodedBody of(ReceivedResponse response) {
    String malformed;
    try {
      ServiceTokenEnvelope envelope = redacted(decode(SUCCESSES, response), response.redaction);
      return new DecodedBody(
          envelope.isSuccess(), envelope.getErrors(), envelope, Reason.MALFORMED, "");
    } catch (IOException e) {
      malformed = String.valueOf(e.getMessage());
    }
    try {
      FailureEnvelope failure = decode(FAILURES, response);
      List<EnvelopeMessage> errors = response.redaction.entries(failure.getErrors());
      return unreadable(failure.isSuccess(), errors, response, malformed);
    } catch (IOException e) {
      // For example the HTML page of a gateway.
      return unreadable(null, Collections.emptyList(), response, malformed);
    }
  }

  private static DecodedBody unreadable(
      @Nullable Boolean success,
      List<EnvelopeMessage> errors,
      ReceivedResponse response,
      String malformed) {
    Reason reason = Reason.MALFORMED;
    String problem = malformed;
    if (response.truncated != null) {
      reason = Reason.TRUNCATED;
      problem = "the response was cut off: " + SafeFailure.describe(response.truncated);
    } else if (response.tooLarge) {
      reason = Reason.TOO_LARGE;
      problem = "the response has more than " + ReceivedResponse.MAX_BYTES + " bytes";
    } else if (response.body.length == 0) {
      reason = Reason.EMPTY;
      problem = "the response has no body";
    } else if (!isJson(response.contentType())) {
      reason = Reason.MEDIA_TYPE;
      problem = "the response is not JSON, according to its Content-Type";
    }
    return new DecodedBody(success, errors, null, reason, problem);
  }

  private static boolean isJson(@Nullable MediaType type) {
    return type == null || type.subtype().equals("json") || type.subtype().endsWith("+json");
  }

  @Nullable ServiceToken token() {
    return envelope == null ? null : envelope.getResult();
  }

  /** Returns the secret; null if there is none or it is empty. */
  @Nullable String secret() {
    ServiceToken token = token();
    String secret = token == null ? null : token.getClientSecret();
    return secret == null || secret.isEmpty() ? null : secret;
  }

  private static <T> T decode(JsonAdapter<T> adapter, ReceivedResponse response)
      throws IOException {
    if (response.tooLarge) {
      throw new IOException("it is too large");
    }
    JsonReader reader = JsonReader.of(new Buffer().write(response.body));
    try {
      T value = adapter.fromJson(reader);
      if (value == null || reader.peek() != JsonReader.Token.END_DOCUMENT) {
        throw new IOException("its body is not one JSON document");
      }
      return value;
    } catch (JsonDataException e) {
      // Keeps only the path of Moshi's message; the rest can repeat the body.
      String message = String.valueOf(e.getMessage());
      int path = message.lastIndexOf(" at path ");
      throw new IOException(
          "its body is not as documented" + (path < 0 ? "" : message.substring(path)));
    } catch (JsonEncodingException | EOFException e) {
      throw new IOException("its body is not JSON");
    }
  }

  private static ServiceTokenEnvelope redacted(ServiceTokenEnvelope envelope, Redaction redaction) {
    List<EnvelopeMessage> errors = redaction.entries(envelope.getErrors());
    List<EnvelopeMessage> messages = redaction.entries(envelope.getMessages());
    return errors == envelope.getErrors() && messages == envelope.getMessages()
        ? envelope
        : envelope.toBuilder().errors(errors).messages(messages).build();
  }
}
