package io.github.accesstokens.contract;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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

  private static final Map<Class<?>, Map<String, Method>> GETTERS = new ConcurrentHashMap<>();

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
    List<String> nulls = explicitNulls(model);
    values(model)
        .forEach(
            (name, value) -> {
              if (value != null || nulls.contains(name)) {
                String setter = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
                call(builder, setter, value);
              }
            });
    ((Map<?, ?>) call(model, "getAdditionalProperties"))
        .forEach((name, value) -> call(builder, "additionalProperty", name, value));
    return call(builder, "build");
  }

  /** The properties that were null, of a model that can have any. */
  private static List<String> explicitNulls(Object model) {
    boolean nullable =
        Arrays.stream(model.getClass().getMethods())
            .anyMatch(method -> method.getName().equals("getExplicitNulls"));
    return nullable
        ? ((Collection<?>) call(model, "getExplicitNulls"))
            .stream().map(name -> javaName(String.valueOf(name))).toList()
        : List.of();
  }

  /** What the getters of a model return, by the name of the property in Java. */
  static Map<String, @Nullable Object> values(Object model) {
    Map<String, @Nullable Object> values = new TreeMap<>();
    getters(model.getClass()).forEach((name, getter) -> values.put(name, invoke(getter, model)));
    return values;
  }

  /** The getters of a class, by the name of the property in Java. */
  static Map<String, Method> getters(Class<?> model) {
    return GETTERS.computeIfAbsent(model, Models::findGetters);
  }

  private static Map<String, Method> findGetters(Class<?> model) {
    Map<String, Method> getters = new TreeMap<>();
    for (Method method : model.getDeclaredMethods()) {
      String name = method.getName().replaceFirst("^(get|is)(?=\\p{Upper})", "");
      boolean getter =
          method.getParameterCount() == 0
              && Modifier.isPublic(method.getModifiers())
              && !Modifier.isStatic(method.getModifiers())
              && !name.equals(method.getName());
      if (getter) {
        getters.put(name, method);
      }
    }
    return getters;
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
