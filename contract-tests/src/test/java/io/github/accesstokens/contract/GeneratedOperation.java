package io.github.accesstokens.contract;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.http.Body;

/**
 * A method of a generated Retrofit interface.
 *
 * @param place the method and the path of its annotation, as in {@link Spec.Operation#place()}
 */
record GeneratedOperation(Method method, String place) {
  static Stream<GeneratedOperation> of(Class<?> api) {
    return Arrays.stream(api.getDeclaredMethods())
        .flatMap(
            method ->
                Arrays.stream(method.getAnnotations())
                    .filter(annotation -> Spec.isMethod(name(annotation)))
                    .map(
                        annotation ->
                            new GeneratedOperation(
                                method, name(annotation) + " /" + value(annotation))));
  }

  private static String name(Annotation annotation) {
    return annotation.annotationType().getSimpleName();
  }

  private static Object value(Annotation annotation) {
    try {
      return annotation.annotationType().getMethod("value").invoke(annotation);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The type of the body of a success. */
  Type returned() {
    return ((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments()[0];
  }

  /** The type of the body of the request, or null. */
  @Nullable Type body() {
    return Arrays.stream(method.getParameters())
        .filter(parameter -> parameter.isAnnotationPresent(Body.class))
        .map(Parameter::getParameterizedType)
        .findFirst()
        .orElse(null);
  }

  /**
   * The arguments of a call.
   *
   * @param values of the parameters, by the kind and the name of each, such as {@code query page}
   */
  List<@Nullable Object> arguments(Map<String, Object> values, @Nullable Object body) {
    List<@Nullable Object> arguments = new ArrayList<>();
    for (Parameter parameter : method.getParameters()) {
      Annotation annotation = parameter.getAnnotations()[0];
      arguments.add(
          annotation instanceof Body
              ? body
              : values.get(name(annotation).toLowerCase(Locale.ROOT) + " " + value(annotation)));
    }
    return arguments;
  }

  /** Throws what the method throws. */
  Call<?> call(Object api, List<@Nullable Object> arguments) {
    try {
      return (Call<?>) method.invoke(api, arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
