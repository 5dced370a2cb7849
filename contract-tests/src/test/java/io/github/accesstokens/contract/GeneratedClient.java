package io.github.accesstokens.contract;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.ReflectionSupport;
import tools.jackson.databind.JsonNode;

/**
 * A generated client that is found and called by reflection. Operations are found by their Retrofit
 * annotations, and models by the types of methods and getters.
 */
final class GeneratedClient {
  /** Creates the implementation of a generated interface. */
  interface Factory {
    Object create(Class<?> api, Object credentials, String baseUrl)
        throws ReflectiveOperationException;
  }

  private static final String UNREACHED = "http://127.0.0.1:1/";

  private final Spec spec;
  private final String packageName;
  private final Factory factory;
  private final Moshi moshi;
  private final List<GeneratedOperation> operations;
  private final Map<String, Object> credentials = new TreeMap<>();
  private final Map<Class<?>, Object> unreached = new HashMap<>();
  private final Map<String, Class<?>> models = new HashMap<>();

  private GeneratedClient(Spec spec, String packageName, Factory factory)
      throws ReflectiveOperationException {
    this.spec = FlatSpec.of(spec);
    this.packageName = packageName;
    this.factory = factory;
    Object adapters = type("model.ModelJsonAdapterFactory").getField("INSTANCE").get(null);
    this.moshi = new Moshi.Builder().add((JsonAdapter.Factory) adapters).build();
    this.operations = types("api").stream().flatMap(GeneratedOperation::of).toList();
    findCredentials();
    findModels();
    for (GeneratedOperation operation : operations) {
      Object any = credentials.values().iterator().next();
      unreached.put(operation.method().getDeclaringClass(), api(operation, any, UNREACHED));
    }
  }

  /** Finds a client, and sends each of its requests to a server. */
  static Client of(Spec spec, String packageName, Factory factory) {
    try {
      GeneratedClient found = new GeneratedClient(spec, packageName, factory);
      return new Client(
          found::decode,
          found::encode,
          Models.GENERATED,
          found::accepts,
          found.sendAll(),
          found.baseUrl());
    } catch (ReflectiveOperationException | IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(packageName + "." + name);
  }

  private List<Class<?>> types(String subpackage) {
    return ReflectionSupport.findAllClassesInPackage(
        packageName + "." + subpackage, any -> true, any -> true);
  }

  private List<GeneratedOperation> methods(String place) {
    return operations.stream().filter(method -> method.place().equals(place)).toList();
  }

  private String baseUrl() throws ReflectiveOperationException {
    Class<?> api = operations.get(0).method().getDeclaringClass();
    return String.valueOf(api.getField("BASE_URL").get(null));
  }

  // ---- credentials

  private void findCredentials() throws ReflectiveOperationException {
    Set<String> described =
        spec.operations().stream()
            .flatMap(operation -> spec.security(operation).keySet().stream())
            .collect(Collectors.toSet());
    for (Method method : type("api.Credentials").getDeclaredMethods()) {
      if (Modifier.isStatic(method.getModifiers()) && Modifier.isPublic(method.getModifiers())) {
        String schemes =
            described.stream()
                .filter(names -> plain(names.replace("+", "And")).equals(plain(method.getName())))
                .findFirst()
                .orElse(method.getName());
        Object[] values = new Object[method.getParameterCount()];
        Arrays.fill(values, "sample");
        credentials.put(schemes, method.invoke(null, values));
      }
    }
  }

  private static String plain(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
  }

  // ---- models

  private void findModels() {
    for (Spec.Operation operation : spec.operations()) {
      for (GeneratedOperation method : methods(operation.place())) {
        addModel(Spec.bodySchema(Spec.success(operation).getValue()), method.returned());
        addModel(Spec.bodySchema(operation.node().path("requestBody")), method.body());
      }
    }
    // Retrofit has no type for the body of a failure.
    List<Class<?>> types = types("model");
    for (String schema : spec.schemas().keySet()) {
      types.stream()
          .filter(type -> plain(type.getSimpleName()).equals(plain(schema)))
          .forEach(type -> addModel(schema, type));
    }
  }

  private void addModel(@Nullable String schema, @Nullable Type type) {
    if (schema == null
        || !(type instanceof Class<?> model)
        || models.putIfAbsent(schema, model) != null) {
      return;
    }
    Map<String, Method> getters = Models.getters(model);
    Spec.properties(spec.schema(schema))
        .forEach(
            (name, property) -> {
              Method getter = getters.get(Models.javaName(name));
              Type of = getter == null ? null : getter.getGenericReturnType();
              JsonNode value = property;
              while (value.has("items") && of instanceof ParameterizedType list) {
                value = value.path("items");
                of = list.getActualTypeArguments()[0];
              }
              addModel(Spec.reference(value), of);
            });
  }

  private JsonAdapter<Object> adapter(String schema) {
    Class<?> model = models.get(schema);
    if (model == null) {
      throw new IllegalArgumentException("the client has no model for it");
    }
    return moshi.adapter((Type) model);
  }

  private Object decode(String schema, String json) throws IOException {
    return Objects.requireNonNull(adapter(schema).fromJson(json));
  }

  private String encode(String schema, Object model) {
    return adapter(schema).toJson(model);
  }

  // ---- requests

  /** What the methods of an operation do with a value of a path parameter. */
  private Set<Boolean> accepts(String place, String parameter, int length) {
    return spec.operations().stream()
        .filter(operation -> operation.place().equals(place))
        .flatMap(
            operation ->
                methods(place).stream()
                    .map(method -> accepts(operation, method, parameter, "a".repeat(length))))
        .collect(Collectors.toSet());
  }

  private boolean accepts(
      Spec.Operation operation, GeneratedOperation method, String parameter, String value) {
    Map<String, Object> values = SampleValues.arguments(spec, operation, true);
    values.put("path " + parameter, value);
    try {
      Object api = Objects.requireNonNull(unreached.get(method.method().getDeclaringClass()));
      return !method.call(api, method.arguments(values, null)).isExecuted();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Object api(GeneratedOperation method, Object with, String baseUrl)
      throws ReflectiveOperationException {
    return factory.create(method.method().getDeclaringClass(), with, baseUrl);
  }

  private @Nullable Object body(Spec.Operation operation, GeneratedOperation method, boolean full)
      throws IOException {
    String schema = Spec.bodySchema(operation.node().path("requestBody"));
    return schema == null || method.body() == null
        ? null
        : decode(
            schema,
            (full ? SampleValues.full(spec, schema) : SampleValues.least(spec, schema)).toString());
  }

  private List<Client.Sent> sendAll()
      throws IOException, ReflectiveOperationException, InterruptedException {
    List<Client.Sent> sent = new ArrayList<>();
    for (Spec.Operation operation : spec.operations()) {
      for (GeneratedOperation method : methods(operation.place())) {
        for (Map.Entry<String, Object> with : credentials.entrySet()) {
          sent.add(send(operation, method, with, true));
          if (hasOptional(operation, method)) {
            sent.add(send(operation, method, with, false));
          }
        }
      }
    }
    for (GeneratedOperation method : operations) {
      if (spec.operations().stream().noneMatch(one -> one.place().equals(method.place()))) {
        sent.add(Client.Sent.none(method.place(), true, "", null));
      }
    }
    return List.copyOf(sent);
  }

  private boolean hasOptional(Spec.Operation operation, GeneratedOperation method) {
    Map<String, Object> all = SampleValues.arguments(spec, operation, true);
    String schema = Spec.bodySchema(operation.node().path("requestBody"));
    return !all.equals(SampleValues.arguments(spec, operation, false))
        || (schema != null
            && method.body() != null
            && !SampleValues.full(spec, schema).equals(SampleValues.least(spec, schema)));
  }

  private Client.Sent send(
      Spec.Operation operation,
      GeneratedOperation method,
      Map.Entry<String, Object> with,
      boolean full)
      throws IOException, ReflectiveOperationException, InterruptedException {
    try (MockWebServer server = new MockWebServer()) {
      Map.Entry<String, JsonNode> success = Spec.success(operation);
      MockResponse response =
          new MockResponse()
              .setResponseCode(Integer.parseInt(success.getKey().replace("XX", "00")));
      String schema = Spec.bodySchema(success.getValue());
      if (schema != null) {
        response.setHeader("Content-Type", "application/json");
        response.setBody(SampleValues.full(spec, schema).toString());
      }
      server.enqueue(response);
      Object api = api(method, with.getValue(), server.url("/").toString());
      Object received;
      try {
        List<@Nullable Object> arguments =
            method.arguments(
                SampleValues.arguments(spec, operation, full), body(operation, method, full));
        received = method.call(api, arguments).execute().body();
      } catch (IOException | RuntimeException e) {
        received = e;
      }
      if (server.getRequestCount() == 0) {
        return Client.Sent.none(operation.place(), full, with.getKey(), received);
      }
      RecordedRequest request = server.takeRequest();
      String body = request.getBody().readUtf8();
      return new Client.Sent(
          operation.place(),
          full,
          with.getKey(),
          Objects.requireNonNull(request.getMethod()),
          Objects.requireNonNull(request.getPath()),
          request.getHeaders(),
          body.isEmpty() ? null : body,
          received);
    }
  }
}
