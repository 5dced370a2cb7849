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
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.GzipSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** An answer of the provider, and the truth that it tells. */
final class Answer {
  static final long MAX_BYTES = 1 << 20;

  private static final int SHOWN_ERRORS = 3;
  private static final int SHOWN_CHARACTERS = 200;
  static final Moshi MOSHI = new Moshi.Builder().add(ModelJsonAdapterFactory.INSTANCE).build();
  private static final JsonAdapter<ServiceTokenEnvelope> ENVELOPES =
      MOSHI.adapter(ServiceTokenEnvelope.class);
  private static final JsonAdapter<FailureEnvelope> FAILURES = MOSHI.adapter(FailureEnvelope.class);

  // With whatever the caller masks, and the secrets of the body.
  private final Redaction redaction;
  private final Response shown;
  private final byte[] body;
  private final boolean tooLarge;
  private final @Nullable IOException brokenOff;

  private Answer(
      Redaction redaction,
      Request request,
      Response response,
      byte[] body,
      boolean tooLarge,
      @Nullable IOException brokenOff) {
    this.redaction = redaction.andSecretsOf(body);
    this.body = body;
    this.tooLarge = tooLarge;
    this.brokenOff = brokenOff;
    // A new one, since a copy would also have the trailers.
    this.shown =
        new Response.Builder()
            .request(request)
            .protocol(response.protocol())
            .code(response.code())
            .message("")
            .handshake(response.handshake())
            .headers(this.redaction.headers(response.headers()))
            .removeHeader("Content-Encoding")
            .removeHeader("Content-Length")
            .body(new ShownBody())
            .sentRequestAtMillis(response.sentRequestAtMillis())
            .receivedResponseAtMillis(response.receivedResponseAtMillis())
            .build();
  }

  /**
   * Reads the body to its end, its bound, or where it breaks off, and closes the response.
   *
   * @param request what the answer is shown to answer
   * @param call cancelled at the bound: closing alone would read on for a while
   */
  static Answer read(Redaction redaction, Request request, Response response, Call call) {
    ResponseBody body = response.body();
    if (body == null) {
      return new Answer(redaction, request, response, new byte[0], false, null);
    }
    boolean tooLarge = false;
    IOException brokenOff = null;
    try {
      long length = body.contentLength();
      if (length >= 0 && length <= MAX_BYTES) {
        // No further: with the last byte the call is over for OkHttp, and a wait for what may come
        // after it, as for the end of an HTTP/2 stream, has no limit and cannot be cancelled.
        body.source().require(length);
      } else {
        tooLarge = body.source().request(MAX_BYTES + 1);
      }
    } catch (IOException e) {
      brokenOff = e;
    }
    // Out of the buffer, whose parts are used again for the next answer.
    byte[] read = body.source().getBuffer().readByteArray();
    if (tooLarge) {
      call.cancel();
    }
    body.close();
    if (!tooLarge && "gzip".equalsIgnoreCase(response.header("Content-Encoding"))) {
      // Of what was read: the format has parts that are looked for to the end of whatever comes.
      BufferedSource unzipped = Okio.buffer(new GzipSource(new Buffer().write(read)));
      try {
        tooLarge = unzipped.request(MAX_BYTES + 1);
      } catch (IOException e) {
        if (brokenOff == null) {
          // All came, and is damaged: what can be read may be as wrong as what cannot.
          brokenOff = e;
          unzipped.getBuffer().clear();
        }
      }
      read = unzipped.getBuffer().readByteArray();
    }
    return new Answer(redaction, request, response, read, tooLarge, brokenOff);
  }

  /** Why the body is not whole, or null if it is. */
  @Nullable IOException brokenOff() {
    return brokenOff;
  }

  /**
   * The response for all who may look at it: its body has the secrets masked, headers that show one
   * are left out, and so are trailers and the reason phrase, which may say anything.
   */
  Response shown() {
    return shown;
  }

  /**
   * Returns what was rotated.
   *
   * @throws RotationException if the answer tells otherwise, or nothing for certain
   */
  Rotated rotated(@Nullable OffsetDateTime previousSecretExpiresAt) throws RotationException {
    ServiceTokenEnvelope envelope = null;
    Boolean success = null;
    List<EnvelopeMessage> errors = Collections.emptyList();
    String malformed = "";
    try {
      envelope = decode(ENVELOPES);
      success = envelope.isSuccess();
      errors = redaction.entries(envelope.getErrors());
    } catch (IOException e) {
      malformed = String.valueOf(e.getMessage());
      try {
        FailureEnvelope failure = decode(FAILURES);
        success = failure.isSuccess();
        errors = redaction.entries(failure.getErrors());
      } catch (IOException neither) {
        // Such as the HTML of a gateway: the status alone has to do.
      }
    }
    ServiceToken token = envelope == null ? null : envelope.getResult();
    String secret = token == null ? null : token.getClientSecret();
    int status = shown.code();
    boolean ok = status / 100 == 2;
    if (ok
        && envelope != null
        && envelope.isSuccess()
        && token != null
        && secret != null
        && !secret.isEmpty()) {
      return new Rotated(masked(envelope, errors), token, secret, previousSecretExpiresAt, shown);
    }
    AnswerSummary summary = new AnswerSummary(status, shown.headers(), errors);
    String answered = "the provider answered " + status + told(errors);
    if (success != null && success != ok) {
      throw new RotationUnknownException(
          Reason.CONTRADICTORY,
          answered + ", yet its envelope says success: " + success,
          previousSecretExpiresAt,
          summary,
          token);
    }
    if (!ok) {
      throw isRefusal(success != null)
          ? new RotationNotAppliedException(answered, isRetryable(summary), summary)
          : new RotationUnknownException(
              Reason.STATUS, answered, previousSecretExpiresAt, summary, null);
    }
    if (envelope != null) {
      throw new RotationUnknownException(
          token == null ? Reason.NO_RESULT : Reason.NO_SECRET,
          answered + ", but without a " + (token == null ? "result" : "secret"),
          previousSecretExpiresAt,
          summary,
          token);
    }
    Reason reason = whyUnreadable();
    throw new RotationUnknownException(
        reason,
        answered + ", but " + (reason == Reason.MALFORMED ? malformed : describe(reason)),
        previousSecretExpiresAt,
        summary,
        null);
  }

  /** The envelope, in whose entries no secret is repeated. */
  private ServiceTokenEnvelope masked(ServiceTokenEnvelope envelope, List<EnvelopeMessage> errors) {
    List<EnvelopeMessage> messages = redaction.entries(envelope.getMessages());
    return messages == envelope.getMessages() && errors == envelope.getErrors()
        ? envelope
        : ServiceTokenEnvelope.builder()
            .errors(errors)
            .messages(messages)
            .success(envelope.isSuccess())
            .result(envelope.getResult())
            .build();
  }

  private <T> T decode(JsonAdapter<T> adapter) throws IOException {
    if (tooLarge) {
      throw new IOException("it is too large");
    }
    // Even of what broke off: the document may be whole.
    JsonReader reader = JsonReader.of(new Buffer().write(body));
    try {
      T value = adapter.fromJson(reader);
      if (value == null || reader.peek() != JsonReader.Token.END_DOCUMENT) {
        throw new IOException("its body is not one JSON document");
      }
      return value;
    } catch (JsonDataException e) {
      // Of the message the path alone: the rest can repeat what was read.
      String message = String.valueOf(e.getMessage());
      int path = message.lastIndexOf(" at path ");
      throw new IOException(
          "its body is not as documented" + (path < 0 ? "" : message.substring(path)));
    } catch (JsonEncodingException | EOFException e) {
      throw new IOException("its body is not JSON");
    }
  }

  /**
   * Whether it is certain that nothing was done: the documented envelope of a failure says so, and
   * the registered statuses of a refusal. Not 408, and none that gateways made up, such as 499: one
   * may have given up on a provider that goes on. Of the redirects, 307 and 308 tell to make the
   * same request elsewhere.
   */
  private boolean isRefusal(boolean documented) {
    int status = shown.code();
    return status == 307
        || status == 308
        || (status / 100 == 4
            && (documented || status <= 407 || (status >= 409 && status <= 431) || status == 451));
  }

  private boolean isRetryable(AnswerSummary summary) {
    return shown.code() == 429
        || (shown.code() / 100 == 4 && AnswerSummary.retryAfter(summary) != null);
  }

  private Reason whyUnreadable() {
    if (brokenOff != null) {
      return Reason.TRUNCATED;
    }
    if (tooLarge) {
      return Reason.TOO_LARGE;
    }
    if (body.length == 0) {
      return Reason.EMPTY;
    }
    String header = shown.header("Content-Type");
    MediaType type = header == null ? null : MediaType.parse(header);
    return type == null || type.subtype().equals("json") || type.subtype().endsWith("+json")
        ? Reason.MALFORMED
        : Reason.MEDIA_TYPE;
  }

  private String describe(Reason reason) {
    if (reason == Reason.TRUNCATED) {
      return "the answer broke off: " + Transmission.withoutItsWords(brokenOff);
    }
    if (reason == Reason.TOO_LARGE) {
      return "the answer has more than " + MAX_BYTES + " bytes";
    }
    return reason == Reason.EMPTY
        ? "the answer has no body"
        : "the answer is not JSON, and says so";
  }

  private static String told(List<EnvelopeMessage> errors) {
    StringBuilder told = new StringBuilder();
    for (EnvelopeMessage error : errors.subList(0, Math.min(SHOWN_ERRORS, errors.size()))) {
      String message = error.getMessage().replaceAll("\\p{Cc}", "?");
      told.append(told.length() == 0 ? ": " : "; ")
          .append(message, 0, Math.min(SHOWN_CHARACTERS, message.length()))
          .append(" (")
          .append(error.getCode())
          .append(')');
    }
    return told.toString();
  }

  /** Made only when somebody reads it, which nobody does as a rule. */
  private final class ShownBody extends ResponseBody {
    private @Nullable BufferedSource source;

    @Override
    public @Nullable MediaType contentType() {
      String header = shown.header("Content-Type");
      return header == null ? null : MediaType.parse(header);
    }

    @Override
    public long contentLength() {
      return -1;
    }

    @Override
    public BufferedSource source() {
      if (source == null) {
        String json = redaction.json(body);
        source = new Buffer().writeUtf8(json == null ? "" : json);
      }
      return source;
    }

    @Override
    public void close() {
      // The inherited one would make the source for it.
    }
  }
}
