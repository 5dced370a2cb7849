package io.github.accesstokens;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.Moshi;
import io.github.accesstokens.model.EnvelopeMessage;
import io.github.accesstokens.model.FailureEnvelope;
import io.github.accesstokens.model.ModelJsonAdapterFactory;
import io.github.accesstokens.model.ServiceToken;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.Response;

/** One rotation, and what its answer says about it. */
final class Rotation {
  private static final int REQUEST_TIMEOUT = 408;
  private static final JsonAdapter<FailureEnvelope> FAILURES =
      new Moshi.Builder()
          .add(ModelJsonAdapterFactory.INSTANCE)
          .build()
          .adapter(FailureEnvelope.class);

  private Rotation() {}

  static ServiceToken execute(Call<ServiceTokenEnvelope> call) throws RotationException {
    Response<ServiceTokenEnvelope> response;
    try {
      response = call.execute();
    } catch (RotationException e) {
      throw e;
    } catch (IOException | JsonDataException e) {
      // OkHttp's limit on a whole call wraps what the interceptor threw.
      if (e.getCause() instanceof RotationNotAppliedException) {
        throw new RotationNotAppliedException("nothing was sent: " + e.getMessage(), e);
      }
      if (e.getCause() instanceof RotationUnknownException) {
        throw new RotationUnknownException("no answer came: " + e.getMessage(), e);
      }
      // Past the interceptor, so an answer has begun.
      throw new RotationUnknownException("the answer could not be read: " + e.getMessage(), e);
    }
    if (!response.isSuccessful()) {
      throw refusal(response);
    }
    ServiceTokenEnvelope envelope = response.body();
    if (envelope == null) {
      throw new RotationUnknownException("the answer has no body", null);
    }
    ServiceToken token = envelope.getResult();
    if (!envelope.isSuccess() || token == null || token.getClientSecret() == null) {
      throw new RotationUnknownException(
          "the answer is " + response.code() + " but holds no secret" + told(envelope.getErrors()),
          null);
    }
    return token;
  }

  private static RotationException refusal(Response<?> response) {
    List<EnvelopeMessage> errors = errors(response.errorBody());
    String reason = "the provider answered " + response.code() + told(errors);
    // Other answers, such as those of a gateway, say nothing of what happened behind it.
    boolean refused = response.code() / 100 == 4 && response.code() != REQUEST_TIMEOUT;
    return refused
        ? new RotationNotAppliedException(
            reason, response.code(), errors, response.headers().get("cf-ray"))
        : new RotationUnknownException(reason, null);
  }

  private static List<EnvelopeMessage> errors(@Nullable ResponseBody body) {
    if (body == null) {
      return Collections.emptyList();
    }
    try {
      FailureEnvelope envelope = FAILURES.fromJson(body.source());
      return envelope == null ? Collections.emptyList() : envelope.getErrors();
    } catch (IOException | JsonDataException e) {
      // Such as the HTML of a gateway: the status alone has to do.
      return Collections.emptyList();
    }
  }

  private static String told(List<EnvelopeMessage> errors) {
    return errors.isEmpty()
        ? ""
        : errors.stream()
            .map(error -> error.getMessage() + " (" + error.getCode() + ")")
            .collect(Collectors.joining("; ", ": ", ""));
  }
}
