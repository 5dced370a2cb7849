package io.github.accesstokens;

import io.github.accesstokens.api.AccessServiceTokensApi;
import io.github.accesstokens.model.ServiceTokenEnvelope;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.CallAdapter;
import retrofit2.Retrofit;
import retrofit2.http.POST;

/**
 * Makes each call of the rotate operation a {@link RotationCall}; other operations are left alone.
 */
final class RotationCallAdapterFactory extends CallAdapter.Factory {
  private final RotationSettings settings;

  RotationCallAdapterFactory(RotationSettings settings) {
    this.settings = settings;
  }

  @Override
  public @Nullable CallAdapter<?, ?> get(
      Type returnType, Annotation[] annotations, Retrofit retrofit) {
    return isRotate(annotations) ? new Adapter(settings, retrofit.callbackExecutor()) : null;
  }

  /** Decides by method and path. The return type does not: other operations may share it. */
  private static boolean isRotate(Annotation[] annotations) {
    for (Annotation annotation : annotations) {
      if (annotation instanceof POST
          && ((POST) annotation).value().equals(AccessServiceTokensApi.ROTATE_SERVICE_TOKEN)) {
        return true;
      }
    }
    return false;
  }

  private static final class Adapter
      implements CallAdapter<ServiceTokenEnvelope, Call<ServiceTokenEnvelope>> {
    private final RotationSettings settings;
    private final Executor callbackExecutor;

    Adapter(RotationSettings settings, @Nullable Executor callbackExecutor) {
      this.settings = settings;
      this.callbackExecutor = callbackExecutor == null ? Runnable::run : callbackExecutor;
    }

    @Override
    public Type responseType() {
      return ServiceTokenEnvelope.class;
    }

    @Override
    public Call<ServiceTokenEnvelope> adapt(Call<ServiceTokenEnvelope> call) {
      return new RotationCall<>(settings, callbackExecutor, call, null, 0, Rotated::envelope);
    }
  }
}
