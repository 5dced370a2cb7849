package io.github.accesstokens.model;

import com.squareup.moshi.Moshi;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.time.OffsetDateTime;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import retrofit2.Converter;
import retrofit2.Retrofit;
import retrofit2.converter.moshi.MoshiConverterFactory;

/** Converts bodies with the generated adapters, and date-time parameters to RFC 3339. */
public final class ModelConverterFactory extends Converter.Factory {
  private final MoshiConverterFactory bodies =
      MoshiConverterFactory.create(
          new Moshi.Builder().add(ModelJsonAdapterFactory.INSTANCE).build());

  private ModelConverterFactory() {}

  /** Returns a factory for {@link Retrofit.Builder#addConverterFactory}. */
  public static ModelConverterFactory create() {
    return new ModelConverterFactory();
  }

  @Override
  public @Nullable Converter<ResponseBody, ?> responseBodyConverter(
      Type type, Annotation[] annotations, Retrofit retrofit) {
    return bodies.responseBodyConverter(type, annotations, retrofit);
  }

  @Override
  public @Nullable Converter<?, RequestBody> requestBodyConverter(
      Type type,
      Annotation[] parameterAnnotations,
      Annotation[] methodAnnotations,
      Retrofit retrofit) {
    return bodies.requestBodyConverter(type, parameterAnnotations, methodAnnotations, retrofit);
  }

  @Override
  public @Nullable Converter<?, String> stringConverter(
      Type type, Annotation[] annotations, Retrofit retrofit) {
    if (type != OffsetDateTime.class) {
      return null;
    }
    // RFC 3339 requires the seconds; OffsetDateTime.toString() leaves them out if they are zero.
    return (OffsetDateTime value) -> Rfc3339.format(value);
  }
}
