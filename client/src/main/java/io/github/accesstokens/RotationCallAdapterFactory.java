package io.github.accesstokens;

import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.concurrent.Executor;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.CallAdapter;
import retrofit2.Retrofit;

/** Makes the generated interface's rotations tell the truth, whatever way they are called. */
final class RotationCallAdapterFactory extends CallAdapter.Factory {
  private final OkHttpClient http;
  private final AuthenticationInterceptor authentication;
  private final Redaction redaction;
  private final Retry retry;

  RotationCallAdapterFactory(
      OkHttpClient http,
      AuthenticationInterceptor authentication,
      Redaction redaction,
      Retry retry) {
    // Last of its interceptors, so that none of the others can take it away.
    this.http = http.newBuilder().addNetworkInterceptor(Transmission::intercept).build();
    this.authentication = authentication;
    this.redaction = redaction;
    this.retry = retry;
  }

  /** The HTTP client whose calls have a {@link Transmission} for a tag. */
  OkHttpClient http() {
    return http;
  }

  AuthenticationInterceptor authentication() {
    return authentication;
  }

  Redaction redaction() {
    return redaction;
  }

  Retry retry() {
    return retry;
  }

  @Override
  public @Nullable CallAdapter<?, ?> get(
      Type returnType, Annotation[] annotations, Retrofit retrofit) {
    if (getRawType(returnType) != Call.class
        || getParameterUpperBound(0, (ParameterizedType) returnType)
            != ServiceTokenEnvelope.class) {
      return null;
    }
    Executor onCallersThread = Runnable::run;
    Executor callbacks =
        retrofit.callbackExecutor() == null ? onCallersThread : retrofit.callbackExecutor();
    return new CallAdapter<ServiceTokenEnvelope, Call<ServiceTokenEnvelope>>() {
      @Override
      public Type responseType() {
        return ServiceTokenEnvelope.class;
      }

      @Override
      public Call<ServiceTokenEnvelope> adapt(Call<ServiceTokenEnvelope> call) {
        return new RotationCall<>(
            RotationCallAdapterFactory.this, callbacks, call, null, 0, Rotated::envelope);
      }
    };
  }
}
