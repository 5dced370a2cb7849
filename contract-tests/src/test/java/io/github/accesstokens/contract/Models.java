package io.github.accesstokens.contract;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What models do, apart from JSON.
 *
 * @param copied copies a model through {@code toBuilder()}
 * @param rebuilt copies a model through {@code builder()}, value by value
 */
record Models(
    UnaryOperator<Object> copied,
    UnaryOperator<Object> rebuilt,
    BiPredicate<Object, Object> equal,
    ToIntFunction<Object> hash) {

  /** The methods of generated models. */
  static final Models GENERATED =
      new Models(Models::copy, Models::rebuild, Object::equals, Object::hashCode);

  Models withCopied(UnaryOperator<Object> changed) {
    return new Models(changed, rebuilt, equal, hash);
  }

  Models withRebuilt(UnaryOperator<Object> changed) {
    return new Models(copied, changed, equal, hash);
  }

  Models withEqual(BiPredicate<Object, Object> changed) {
    return new Models(copied, rebuilt, changed, hash);
  }

  Models withHash(ToIntFunction<Object> changed) {
    return new Models(copied, rebuilt, equal, changed);
  }

  private static Object copy(Object model) {
    return call(call(model, "toBuilder"), "build");
  }

  private static Object rebuild(Object model) {
    Object builder = call(model, "builder");
    Collection<?> nulls = (Collection<?>) call(model, "getExplicitNulls");
    List<String> nullNames = nulls.stream().map(name -> javaName(String.valueOf(name))).toList();
    values(model)
        .forEach(
            (name, value) -> {
              if (value != null || nullNames.contains(name)) {
                String setter = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
                call(builder, setter, value);
              }
            });
    ((Map<?, ?>) call(model, "getAdditionalProperties"))
        .forEach((name, value) -> call(builder, "additionalProperty", name, value));
    return call(builder, "build");
  }

  /** What the getters of a model return, by the name of the property in Java. */
  static Map<String, @Nullable Object> values(Object model) {
    Map<String, @Nullable Object> values = new TreeMap<>();
    for (Method method : model.getClass().getDeclaredMethods()) {
      String name = method.getName().replaceFirst("^(get|is)(?=\\p{Upper})", "");
      boolean getter =
          method.getParameterCount() == 0
              && Modifier.isPublic(method.getModifiers())
              && !Modifier.isStatic(method.getModifiers())
              && !name.equals(method.getName());
      if (getter) {
        values.put(name, invoke(method, model));
      }
    }
    return values;
  }

  static String javaName(String property) {
    StringBuilder name = new StringBuilder();
    for (String word : property.split("_", -1)) {
      name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return name.toString();
  }

  private static Object call(Object object, String name, @Nullable Object... arguments) {
    for (Method method : object.getClass().getMethods()) {
      if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
        return Objects.requireNonNull(invoke(method, object, arguments));
      }
    }
    throw new IllegalStateException(object.getClass().getSimpleName() + " has no method " + name);
  }

  private static @Nullable Object invoke(
      Method method, Object object, @Nullable Object... arguments) {
    try {
      return method.invoke(object, arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(method.getName() + "() fails: " + e.getCause(), e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
