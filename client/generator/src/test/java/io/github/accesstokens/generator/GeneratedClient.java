package io.github.accesstokens.generator;

import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.openapitools.codegen.DefaultGenerator;
import org.openapitools.codegen.config.CodegenConfigurator;
import retrofit2.Converter;
import retrofit2.Retrofit;

/** A client that is generated from a description, compiled like the product, and loaded. */
final class GeneratedClient {
  private static final List<String> PRODUCT_OPTIONS =
      List.of(
          "-source",
          "8",
          "-target",
          "8",
          "-Xlint:all,-processing,-options",
          "-Werror",
          "-XDcompilePolicy=simple",
          "--should-stop=ifError=FLOW",
          // Mutation testing compiles thousands of clients, and this takes half of the time.
          Boolean.getBoolean("errorprone.skip")
              ? "-Xplugin:ErrorProne -XepDisableAllChecks"
              : "-Xplugin:ErrorProne -Xep:NullAway:ERROR -XepOpt:NullAway:OnlyNullMarked=true");

  private final Classes classes;
  private final Path sources;

  private GeneratedClient(Classes classes, Path sources) {
    this.classes = classes;
    this.sources = sources;
  }

  /** Generates a client from the schemas of a description without operations. */
  static GeneratedClient ofSchemas(String schemas) {
    return of("components:\n  schemas:\n" + schemas.indent(4));
  }

  /** Generates a client from a description without its head. */
  static GeneratedClient of(String description, String... options) {
    return ofVersion("3.0.3", description, options);
  }

  static GeneratedClient of31(String description) {
    return ofVersion("3.1.0", description);
  }

  private static GeneratedClient ofVersion(String version, String description, String... options) {
    try {
      Path directory =
          Files.createTempDirectory(Files.createDirectories(Path.of("target")), "generated");
      Path file = directory.resolve("openapi.yaml");
      String paths = description.contains("paths:") ? "" : "paths: {}\n";
      Files.writeString(
          file,
          "openapi: "
              + version
              + "\ninfo: {title: Case, version: '1'}\n"
              + "servers: [{url: 'https://example.com/api'}]\n"
              + paths
              + description);
      return ofFile(file, directory, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static GeneratedClient ofFile(Path file, Path directory, String... options) throws IOException {
    Path output = directory.resolve("client");
    generate(file, output, options);
    Path sources = output.resolve("src/main/java");
    Path classes = Files.createDirectories(directory.resolve("classes"));
    compile(sources, classes);
    GeneratedClient client = ofClasses(sources, classes);
    client.loadAll();
    return client;
  }

  /** A client that was generated and compiled before; nothing is checked. */
  static GeneratedClient ofClasses(Path sources, Path classes) throws IOException {
    return new GeneratedClient(new Classes(classes.toUri().toURL()), sources);
  }

  /** The classes of a client, and the names of those that were loaded. */
  private static final class Classes extends URLClassLoader {
    private final Set<String> loaded = new TreeSet<>();

    Classes(URL classes) {
      super(new URL[] {classes}, GeneratedClient.class.getClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      Class<?> found = super.findClass(name);
      loaded.add(name);
      return found;
    }
  }

  /** The names of the classes that were loaded. */
  Set<String> loaded() {
    return classes.loaded;
  }

  static List<File> generate(Path file, Path output, String... options) {
    return generateWith("retrofit-moshi", file, output, options);
  }

  static List<File> generateWith(String generator, Path file, Path output, String... options) {
    CodegenConfigurator configurator =
        new CodegenConfigurator()
            .setGeneratorName(generator)
            .setInputSpec(file.toString())
            .setOutputDir(output.toString())
            .setInvokerPackage("example")
            .setApiPackage("example.api")
            .setModelPackage("example.model")
            .setValidateSpec(false)
            .setQuiet(true);
    for (String option : options) {
      int equals = option.indexOf('=');
      configurator.addAdditionalProperty(option.substring(0, equals), option.substring(equals + 1));
    }
    return new DefaultGenerator(false).opts(configurator.toClientOptInput()).generate();
  }

  private static void compile(Path sources, Path classes) throws IOException {
    List<String> options =
        Stream.concat(PRODUCT_OPTIONS.stream(), Stream.of("-processorpath", classPath())).toList();
    List<Diagnostic<? extends JavaFileObject>> messages = compile(sources, classes, options);
    assertThat(messages).noneMatch(message -> message.getKind() == Diagnostic.Kind.ERROR);
  }

  /** Compiles all files of a folder, and returns the messages of the compiler. */
  static List<Diagnostic<? extends JavaFileObject>> compile(
      Path sources, Path classes, List<String> options) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> messages = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> tree = Files.walk(sources)) {
      List<Path> all = tree.filter(path -> path.toString().endsWith(".java")).toList();
      List<String> allOptions =
          Stream.concat(options.stream(), Stream.of("-d", classes.toString(), "-cp", classPath()))
              .toList();
      compiler
          .getTask(null, files, messages, allOptions, null, files.getJavaFileObjectsFromPaths(all))
          .call();
    }
    return messages.getDiagnostics();
  }

  private static String classPath() {
    // Surefire starts the JVM with a jar that only names the others.
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private void loadAll() {
    for (String name : files("api")) {
      Class<?> type = load("example.api." + name);
      if (type.isInterface()) {
        retrofit(HttpUrl.get("http://localhost/")).create(type);
      }
    }
  }

  List<String> files(String packageName) {
    Path folder = sources.resolve("example").resolve(packageName);
    try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
      return files
          .map(path -> path.getFileName().toString().replace(".java", ""))
          .filter(name -> !name.equals("package-info"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of the models. */
  List<String> models() {
    List<String> files = files("model");
    return files.stream().filter(name -> files.contains(name + "JsonAdapter")).toList();
  }

  String source(String name) {
    try {
      return Files.readString(sources.resolve("example/" + name + ".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Class<?> load(String name) {
    try {
      return Class.forName(name, true, classes);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  Class<?> model(String name) {
    return load("example.model." + name);
  }

  /** Returns a Retrofit that has checked each method of an interface when it creates it. */
  Retrofit retrofit(HttpUrl url) {
    return new Retrofit.Builder()
        .baseUrl(url)
        .addConverterFactory(
            (Converter.Factory) call(load("example.model.ModelConverterFactory"), "create"))
        .validateEagerly(true)
        .build();
  }

  /** Returns an implementation of an interface. */
  Object api(String name, HttpUrl url) {
    return call(load("example.api." + name), "create", retrofit(url));
  }

  Moshi moshi() {
    try {
      return new Moshi.Builder()
          .add(
              (JsonAdapter.Factory)
                  load("example.model.ModelJsonAdapterFactory").getField("INSTANCE").get(null))
          .build();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no factory", e);
    }
  }

  Object read(String model, String json) {
    try {
      return moshi().adapter(model(model)).fromJson(json.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String write(Object value) {
    return moshi().<Object>adapter(value.getClass()).toJson(value).replace('"', '\'');
  }

  /** Checks that JSON is the same after it was read, and after a copy was built. */
  Object roundTrips(String model, String json) {
    Object read = read(model, json);
    assertThat(tree(write(read))).as("%s written", read).isEqualTo(tree(json));
    if (Arrays.stream(read.getClass().getMethods())
        .anyMatch(method -> method.getName().equals("toBuilder"))) {
      Object copy = call(call(read, "toBuilder"), "build");
      assertThat(copy).isEqualTo(read).hasSameHashCodeAs(read);
      assertThat(tree(write(copy))).as("%s copied", read).isEqualTo(tree(json));
    }
    return read;
  }

  private static @Nullable Object tree(String json) {
    try {
      Moshi moshi = new Moshi.Builder().build();
      JsonAdapter<Object> adapter = moshi.adapter(Object.class);
      return sorted(adapter.fromJson(json.replace('\'', '"')));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Object sorted(@Nullable Object tree) {
    if (tree instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> sorted = new TreeMap<>();
      map.forEach((name, value) -> sorted.put(name, sorted(value)));
      return sorted;
    }
    if (tree instanceof List<?> list) {
      return list.stream().map(GeneratedClient::sorted).toList();
    }
    return tree instanceof Double number ? BigDecimal.valueOf(number) : tree;
  }

  /** Calls a method by its name and the number of its arguments. */
  static Object call(Object target, String name, @Nullable Object... arguments) {
    Class<?> type = target instanceof Class<?> given ? given : target.getClass();
    for (Method method : type.getMethods()) {
      if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
        try {
          method.setAccessible(true);
          return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
          if (e.getCause() instanceof RuntimeException cause) {
            throw cause;
          }
          throw new AssertionError(e);
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
    throw new AssertionError(type + " has no method " + name);
  }

  /** Returns the generic type that a method of a model or interface returns. */
  String type(String className, String method) {
    for (Method candidate : load("example." + className).getMethods()) {
      if (candidate.getName().equals(method)) {
        return candidate.getGenericReturnType().getTypeName().replaceAll("[a-z0-9.]+\\.", "");
      }
    }
    throw new AssertionError(className + " has no method " + method);
  }
}
