package io.github.accesstokens.generator;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import java.io.File;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import retrofit2.Retrofit;
import retrofit2.http.Body;
import tools.jackson.databind.JsonNode;

/** Generates, compiles and tries the client of a whole document, and prints what it found. */
final class Documents {
  private static final List<String> COMPILER_OPTIONS =
      List.of("-source", "8", "-target", "8", "-nowarn", "-proc:none", "-Xmaxerrs", "100000");

  private static final int SHOWN = 25;

  /** The figures of all documents together. */
  private static final Map<String, Long> TOTALS = new LinkedHashMap<>();

  private Documents() {}

  /**
   * The arguments: {@code ours} or {@code stock}, a document or a folder of documents, and a folder
   * for the clients. It fails if a client of this generator does not compile, if Retrofit refuses a
   * method, or if more than one valid example of a hundred changes.
   */
  public static void main(String[] args) throws IOException {
    Path given = Path.of(args[1]);
    List<Path> files = List.of(given);
    if (Files.isDirectory(given)) {
      try (Stream<Path> listed = Files.list(given)) {
        files =
            listed.filter(file -> file.toString().matches(".*\\.(json|ya?ml)")).sorted().toList();
      }
    }
    for (Path file : files) {
      String name = String.valueOf(file.getFileName()).replaceFirst("\\.[a-z]+$", "");
      Path folder = Path.of(args[2]).resolve(name).resolve(args[0]);
      delete(folder);
      Files.createDirectories(folder);
      line("== " + name + (args[0].equals("stock") ? ", stock generator" : ""));
      if (args[0].equals("stock")) {
        generateAndCompile("java", file, folder, "library=retrofit2", "serializationLibrary=gson");
      } else {
        ours(file, folder);
      }
    }
    if (files.size() > 1) {
      line("== total of " + files.size());
      TOTALS.forEach((name, total) -> line("  " + name + ": " + total));
    }
    boolean good =
        total("compile errors") == 0
            && total("methods accepted") == total("methods")
            && total("examples unchanged") * 100 >= total("examples") * 99;
    if (args[0].equals("ours") && !good) {
      line("The goals are not met: no compile errors, each method accepted, 99% of the examples.");
      System.exit(1);
    }
  }

  private static void ours(Path file, Path folder) throws IOException {
    Document document = Document.read(file);
    line("document: " + document.describe());
    add("operations", document.operations());
    boolean compiled = generateAndCompile("retrofit-moshi", file, folder, "lenient=true");
    printProblems(file, folder.resolve("strict"));
    if (compiled) {
      GeneratedClient client = GeneratedClient.ofClasses(sources(folder), classes(folder));
      line("models: " + client.models().size());
      add("models", client.models().size());
      Map<String, Method> methods = new HashMap<>();
      printMethods(client, methods);
      printExamples(document, client, methods);
    }
  }

  private static void add(String name, long number) {
    TOTALS.merge(name, number, Long::sum);
  }

  private static long total(String name) {
    return TOTALS.getOrDefault(name, 0L);
  }

  private static void line(String text) {
    System.out.println(text);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> tree = Files.walk(folder)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static Path sources(Path folder) {
    return folder.resolve("client/src/main/java");
  }

  private static Path classes(Path folder) {
    return folder.resolve("classes");
  }

  private static boolean generateAndCompile(
      String generator, Path file, Path folder, String... options) throws IOException {
    resetMemory();
    long start = System.nanoTime();
    try {
      GeneratedClient.generateWith(generator, file, folder.resolve("client"), options);
    } catch (RuntimeException e) {
      line("generation fails: " + e);
      add("compile errors", 1);
      return false;
    }
    String cost = cost("ms to generate", start);
    int files = 0;
    long lines = 0;
    try (Stream<Path> tree = Files.walk(sources(folder))) {
      for (Path path : tree.filter(path -> path.toString().endsWith(".java")).toList()) {
        files++;
        lines += Files.readAllLines(path).size();
      }
    }
    add("files", files);
    add("lines", lines);
    line("generated: " + files + " files, " + lines + " lines, " + cost);
    resetMemory();
    start = System.nanoTime();
    List<Diagnostic<? extends JavaFileObject>> messages =
        GeneratedClient.compile(
            sources(folder), Files.createDirectories(classes(folder)), COMPILER_OPTIONS);
    cost = cost("ms to compile", start);
    Counts errors = new Counts();
    for (Diagnostic<? extends JavaFileObject> message : messages) {
      if (message.getKind() == Diagnostic.Kind.ERROR) {
        JavaFileObject source = message.getSource();
        errors.add(
            mask(message.getMessage(Locale.ENGLISH)),
            (source == null ? "" : new File(source.getName()).getName())
                + ":"
                + message.getLineNumber()
                + " "
                + message.getMessage(Locale.ENGLISH).replaceAll("\\s+", " "));
      }
    }
    add("compile errors", errors.total());
    line("compiled: " + errors.total() + " errors, " + cost);
    errors.print();
    return errors.total() == 0;
  }

  private static void resetMemory() {
    System.gc();
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  /** The peaks of the pools are not at the same time: the sum is an upper limit. */
  private static String cost(String name, long start) {
    long nanoseconds = System.nanoTime() - start;
    add(name, nanoseconds / 1_000_000);
    long bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        bytes += pool.getPeakUsage().getUsed();
      }
    }
    return String.format(
        Locale.ROOT, "%.1f s, heap at most %d MB", nanoseconds / 1e9, bytes / (1024 * 1024));
  }

  /** Without the option, the generator ends with the list of the problems. */
  private static void printProblems(Path file, Path folder) {
    Counts problems = new Counts();
    try {
      GeneratedClient.generate(file, folder);
    } catch (RuntimeException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      List<String> lines = String.valueOf(cause.getMessage()).lines().toList();
      for (int i = 1; i < lines.size(); i++) {
        String problem = lines.get(i).strip();
        int colon = problem.indexOf(": ");
        problems.add(mask(colon < 0 ? problem : problem.substring(colon + 2)), problem);
      }
      if (lines.size() == 1) {
        problems.add(mask(lines.get(0)), lines.get(0));
      }
    }
    add("problems", problems.total());
    line("problems of the document: " + problems.total());
    problems.print();
  }

  private static void printMethods(GeneratedClient client, Map<String, Method> methods) {
    Retrofit retrofit = client.retrofit(HttpUrl.get("http://localhost/"));
    Counts refusals = new Counts();
    int accepted = 0;
    int interfaces = 0;
    for (String name : client.files("api")) {
      Class<?> type = client.load("example.api." + name);
      if (!type.isInterface()) {
        continue;
      }
      interfaces++;
      boolean allAccepted = isAccepted(retrofit, type);
      for (Method method : type.getDeclaredMethods()) {
        if (!Modifier.isAbstract(method.getModifiers())) {
          continue;
        }
        methods.put(key(method), method);
        String refusal = allAccepted ? null : refusal(retrofit, type, method);
        if (refusal == null) {
          accepted++;
        } else {
          refusals.add(mask(refusal), name + "." + method.getName() + " " + refusal);
        }
      }
    }
    add("methods", accepted + refusals.total());
    add("methods accepted", accepted);
    line(
        "methods: "
            + (accepted + refusals.total())
            + " in "
            + interfaces
            + " interfaces, accepted by Retrofit: "
            + accepted);
    refusals.print();
  }

  private static boolean isAccepted(Retrofit retrofit, Class<?> type) {
    try {
      retrofit.create(type);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Retrofit ends at the first method of an interface that it refuses. */
  private static @Nullable String refusal(Retrofit retrofit, Class<?> type, Method method) {
    try {
      Method load =
          Retrofit.class.getDeclaredMethod("loadServiceMethod", Class.class, Method.class);
      load.setAccessible(true);
      load.invoke(retrofit, type, method);
      return null;
    } catch (InvocationTargetException e) {
      return String.valueOf(e.getTargetException().getMessage()).lines().findFirst().orElse("");
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no loadServiceMethod", e);
    }
  }

  /** The HTTP method and the path without the names of its parameters. */
  private static String key(Method method) {
    for (Annotation annotation : method.getAnnotations()) {
      Class<?> type = annotation.annotationType();
      if (Set.of("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS")
          .contains(type.getSimpleName())) {
        return Document.key(
            type.getSimpleName(), (String) GeneratedClient.call(annotation, "value"));
      }
      if (annotation instanceof retrofit2.http.HTTP http) {
        return Document.key(http.method(), http.path());
      }
    }
    return method.toString();
  }

  private static void printExamples(
      Document document, GeneratedClient client, Map<String, Method> methods) {
    Map<String, String> classes = new HashMap<>();
    RetrofitMoshiCodegen naming = new RetrofitMoshiCodegen();
    naming.setModelPackage("example.model");
    Set<String> models = new HashSet<>(client.models());
    Map<String, Integer> uses = new HashMap<>();
    for (String schema : document.schemaNames()) {
      uses.merge(naming.className(schema).toLowerCase(Locale.ROOT), 1, Integer::sum);
    }
    for (String schema : document.schemaNames()) {
      String className = naming.className(schema);
      // The generator numbers the classes of names that become the same: which is which is not
      // known.
      if (uses.getOrDefault(className.toLowerCase(Locale.ROOT), 0) == 1) {
        classes.put(schema, models.contains(className) ? className : "Model" + className);
      }
    }
    Moshi moshi = client.moshi();
    int[] counts = new int[3];
    Counts failures = new Counts();
    Counts skipped = new Counts();
    Map<String, Integer> bySource = new TreeMap<>();
    for (Document.Example example : document.examples()) {
      String invalid = document.invalid(example);
      if (invalid != null) {
        skipped.add(
            example.source() + ": not valid by its schema", example.place() + " " + invalid);
        continue;
      }
      Type type = null;
      String schema = document.reference(example.schema());
      if (schema != null && models.contains(classes.getOrDefault(schema, ""))) {
        type = client.model(classes.getOrDefault(schema, ""));
      } else {
        Method method = methods.get(example.operation());
        type = method == null ? null : type(method, example.isRequest());
      }
      if (type == null) {
        skipped.add(example.source() + ": valid, but no class is known for it", example.place());
        continue;
      }
      JsonAdapter<Object> adapter;
      try {
        adapter = moshi.adapter(type);
      } catch (IllegalArgumentException e) {
        skipped.add("valid, but no type of JSON: " + type, example.place());
        continue;
      }
      counts[0]++;
      bySource.merge(example.source(), 1, Integer::sum);
      try {
        String json = example.value().toString();
        Object value = adapter.fromJson(json);
        JsonNode written = Document.parse(adapter.toJson(value));
        List<String> differences = new ArrayList<>();
        boolean[] dateChanged = new boolean[1];
        Document.compare(example.value(), written, "$", differences, dateChanged);
        if (differences.isEmpty()) {
          counts[1]++;
          counts[2] += dateChanged[0] ? 1 : 0;
        } else {
          failures.add(
              differences.get(0).replaceFirst(".*: ", ""), example.place() + " " + differences);
        }
      } catch (IOException | RuntimeException e) {
        failures.add(
            mask(e.getClass().getSimpleName() + " " + e.getMessage()),
            example.place() + " " + type.getTypeName() + " " + e);
      }
    }
    add("examples", counts[0]);
    add("examples unchanged", counts[1]);
    add("examples with another text of a date-time", counts[2]);
    bySource.forEach((source, count) -> add("examples, " + source, count));
    line(
        "examples: "
            + counts[0]
            + " valid "
            + bySource
            + ", unchanged: "
            + counts[1]
            + " (of these with another text of a date-time: "
            + counts[2]
            + ")");
    failures.print();
    line("examples left out: " + skipped.total());
    skipped.print();
  }

  private static @Nullable Type type(Method method, boolean request) {
    if (!request) {
      return ((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments()[0];
    }
    Annotation[][] annotations = method.getParameterAnnotations();
    for (int i = 0; i < annotations.length; i++) {
      for (Annotation annotation : annotations[i]) {
        if (annotation instanceof Body) {
          return method.getGenericParameterTypes()[i];
        }
      }
    }
    return null;
  }

  /** Replaces names, places and numbers. */
  static String mask(String message) {
    return message
        .lines()
        .map(String::strip)
        .reduce((left, right) -> left + "; " + right)
        .orElse("")
        .replaceAll("\\$[.\\[][^ ,;]*", "…")
        .replaceAll("\"[^\"]*\"|'[^']*'", "…")
        .replaceAll(
            "\\b(variable|class|method|symbol|interface|package|constructor) [^ ;]+", "$1 …")
        .replaceAll("[\\w$.]*[.A-Z_#/][\\w$./#<>,\\[\\]{}-]*\\w(?:[>\\])}]+)?", "…")
        .replaceAll("\\(…[^)]*\\)", "(…)")
        .replaceAll("\\d+", "…")
        .replaceAll("…(?:[ ,.]*…)+", "…");
  }

  /** Counts causes, with one case of each. */
  private static final class Counts {
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, String> cases = new HashMap<>();

    void add(String cause, String example) {
      counts.merge(cause, 1, Integer::sum);
      cases.putIfAbsent(cause, example);
    }

    int total() {
      return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    void print() {
      counts.entrySet().stream()
          .sorted(
              Map.Entry.<String, Integer>comparingByValue()
                  .reversed()
                  .thenComparing(Map.Entry.comparingByKey()))
          .limit(SHOWN)
          .forEach(
              entry -> {
                String example = cases.getOrDefault(entry.getKey(), "");
                line("  " + entry.getValue() + " × " + entry.getKey());
                line("      " + example.substring(0, Math.min(400, example.length())));
              });
    }
  }
}
