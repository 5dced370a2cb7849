package io.github.accesstokens.generator;

import io.github.accesstokens.generator.Model.ChoiceModel;
import io.github.accesstokens.generator.Model.ObjectModel;
import io.github.accesstokens.generator.Type.Kind;
import io.swagger.parser.OpenAPIParser;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import org.openapitools.codegen.CodegenModel;
import org.openapitools.codegen.CodegenOperation;
import org.openapitools.codegen.CodegenType;
import org.openapitools.codegen.SupportingFile;
import org.openapitools.codegen.languages.AbstractJavaCodegen;
import org.openapitools.codegen.model.ModelMap;
import org.openapitools.codegen.model.ModelsMap;
import org.openapitools.codegen.model.OperationsMap;
import org.openapitools.codegen.utils.URLPathUtils;

/**
 * Generates a client with Retrofit and Moshi: interfaces, immutable models, and adapters without
 * reflection.
 *
 * <p>The stock generator reads the description and writes the files. This class decides everything
 * in between before the first file is written: it replaces the schemas and operations of the
 * description by the classes and interfaces that it decided on.
 */
public final class RetrofitMoshiCodegen extends AbstractJavaCodegen implements Models.Naming {
  /** The option to generate a description that has problems; they are logged. */
  static final String LENIENT = "lenient";

  private static final String SECRETS = "secretProperties";
  private static final String GENERATED_FROM = "generatedFrom";
  private static final Pattern VARIABLE = Pattern.compile("\\{([^{}/]+)}");

  private static final int FEW_MODELS = 40;

  private final List<String> messages = new ArrayList<>();
  private final Map<String, Model> models = new TreeMap<>();
  private final Map<String, Api> apis = new TreeMap<>();

  /** Creates a generator; OpenAPI Generator finds it by its name. */
  public RetrofitMoshiCodegen() {
    embeddedTemplateDir = "retrofit-moshi";
    templateDir = "retrofit-moshi";
    sourceFolder = "src/main/java";
    cliOptions.clear();
    addOption(LENIENT, "Generate a description that has problems, and log them.", "false");
    addOption(SECRETS, "Names of properties that toString() masks, with commas.", "");
    addOption(GENERATED_FROM, "What the first line of each file names as its source.", "the file");
  }

  @Override
  public String getName() {
    return "retrofit-moshi";
  }

  @Override
  public CodegenType getTag() {
    return CodegenType.CLIENT;
  }

  @Override
  public String getHelp() {
    return "Generates a Java client with Retrofit and Moshi.";
  }

  @Override
  public void processOpts() {
    additionalProperties.putIfAbsent("hideGenerationTimestamp", true);
    super.processOpts();
    modelTemplateFiles.clear();
    modelTemplateFiles.put("model.mustache", ".java");
    modelTemplateFiles.put("json_adapter.mustache", "JsonAdapter.java");
    apiTemplateFiles.clear();
    apiTemplateFiles.put("api.mustache", ".java");
    apiTemplateFiles.put("checked_api.mustache", "Checked.java");
    modelTestTemplateFiles.clear();
    apiTestTemplateFiles.clear();
    modelDocTemplateFiles.clear();
    apiDocTemplateFiles.clear();
    supportingFiles.clear();
    additionalProperties.putIfAbsent(GENERATED_FROM, new File(String.valueOf(inputSpec)).getName());
  }

  /** The stock resolver names inline schemas by counting, and loses what stands beside them. */
  @Override
  public boolean getUseInlineModelResolver() {
    return false;
  }

  @Override
  public boolean getUseOpenapiNormalizer() {
    return false;
  }

  @Override
  public void preprocessOpenAPI(OpenAPI description) {
    Problems problems = new Problems(String.valueOf(inputSpec));
    messages.forEach(message -> problems.add("parser", message));
    Schemas schemas = new Schemas(description, problems);
    Set<String> secrets =
        Pattern.compile(",")
            .splitAsStream(String.valueOf(additionalProperties.getOrDefault(SECRETS, "")))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
    Map<String, String> interfaces = Apis.interfaces(description, this);
    Models decided = new Models(schemas, this, Apis.classNames(interfaces), secrets, problems);
    Apis decidedApis = new Apis(description, schemas, decided, interfaces, this, problems);
    decided.addAll(
        description.getComponents() == null || description.getComponents().getSchemas() == null
            ? List.of()
            : description.getComponents().getSchemas().keySet());
    decidedApis.addAll(baseUrl(description));
    decided.complete();
    problems.report(Boolean.parseBoolean(String.valueOf(additionalProperties.get(LENIENT))));

    decided.all().forEach(model -> models.put(model.name, model));
    decidedApis.all().forEach(api -> apis.put(api.className, api));
    addFiles(decidedApis);
    deleteFilesOfTheLastRun();
    replaceContents(description);
  }

  /** Parses the file for its messages: the stock generator ends without the file, or drops them. */
  @Override
  public void setInputSpec(String inputSpec) {
    super.setInputSpec(inputSpec);
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    SwaggerParseResult parsed = new OpenAPIParser().readLocation(inputSpec, List.of(), options);
    if (parsed.getMessages() != null) {
      messages.addAll(parsed.getMessages());
    }
    if (parsed.getOpenAPI() == null) {
      throw new IllegalArgumentException(
          inputSpec
              + " cannot be generated. Nothing was written. It is no OpenAPI description: "
              + String.join("; ", messages));
    }
  }

  private String baseUrl(OpenAPI description) {
    return withSlash(URLPathUtils.getHost(description, serverVariableOverrides()));
  }

  /** Returns the URL of a server with the values of its variables. */
  String url(Server server) {
    return withSlash(URLPathUtils.getServerURL(server, serverVariableOverrides()).toString());
  }

  private static String withSlash(String url) {
    return url.endsWith("/") ? url : url + "/";
  }

  private void addFiles(Apis decided) {
    Set<Kind> scalars = EnumSet.noneOf(Kind.class);
    Map<String, Boolean> features = new HashMap<>();
    decided.features.forEach(feature -> features.put(feature, true));
    decided.roots.forEach(
        kind -> {
          scalars.add(kind);
          features.put("roots", true);
        });
    for (Model model : models.values()) {
      if (model instanceof ObjectModel object) {
        object.properties.forEach(property -> collect(property.type, scalars, features));
        if (object.additional.kind() != Kind.ANY) {
          features.put("typedAdditional", true);
          collectAdapter(object.additional, scalars, features);
        }
        if (object.hasNulls()) {
          features.put("nulls", true);
        }
      } else if (model instanceof ChoiceModel choice) {
        features.put("choices", true);
        for (Model.Variant variant : choice.variants) {
          collectAdapter(variant.type, scalars, features);
        }
      }
    }
    derive(features, "trees", "forms", "parts", "entries");
    derive(features, "moshi", "trees", "queryJson");
    derive(features, "find", "forms", "parts", "joined", "empties");
    derive(features, "io", "joined", "empties", "trees");
    derive(features, "annotations", "forms", "empties", "partTypes");
    derive(features, "strings", "dates", "joined", "queryJson");
    additionalProperties.put("features", features);
    additionalProperties.put("scalars", scalars.stream().map(ScalarAdapter::new).toList());
    additionalProperties.put(
        "scalarImports",
        scalars.stream()
            .filter(kind -> kind.packageName != null)
            .map(kind -> kind.packageName + "." + kind.java)
            .toList());
    additionalProperties.put("roots", decided.roots.stream().map(ScalarAdapter::new).toList());
    additionalProperties.put("classes", List.copyOf(models.values()));
    List<Bucket> buckets = buckets();
    additionalProperties.put("buckets", buckets);
    additionalProperties.put("hasBuckets", !buckets.isEmpty());
    additionalProperties.put("modelPackagePrefixLength", modelPackage.length() + 1);
    additionalProperties.put("interfaces", List.copyOf(apis.values()));
    additionalProperties.put("securities", decided.securities());
    additionalProperties.put(
        "schemes",
        List.copyOf(
            decided.securities().stream()
                .flatMap(security -> security.schemes().stream())
                .collect(
                    LinkedHashMap<String, Security.Scheme>::new,
                    (map, scheme) -> map.put(scheme.name(), scheme),
                    Map::putAll)
                .values()));

    addModelFile("package-info", true);
    addModelFile("AbstractModel", models.values().stream().anyMatch(ObjectModel.class::isInstance));
    addModelFile("ModelJsonAdapter", true);
    addModelFile("ListJsonAdapter", features.containsKey("listAdapter"));
    addModelFile("MapJsonAdapter", features.containsKey("mapAdapter"));
    addModelFile("Scalars", !scalars.isEmpty());
    addModelFile("Joined", features.containsKey("joined"));
    addModelFile("ModelJsonAdapterFactory", true);
    addModelFile("ModelConverterFactory", true);
    addModelFile("Rfc3339", features.containsKey("dates"));
    String apiFolder = apiFileFolder().substring(outputFolder.length());
    if (!apiPackage.equals(modelPackage)) {
      supportingFiles.add(
          new SupportingFile("api_package-info.mustache", apiFolder, "package-info.java"));
    }
    for (String name : List.of("Arguments", "InvalidArgumentException")) {
      supportingFiles.add(new SupportingFile(name + ".mustache", apiFolder, name + ".java"));
    }
    if (!decided.securities().isEmpty()) {
      supportingFiles.add(
          new SupportingFile("Credentials.mustache", apiFolder, "Credentials.java"));
    }
    String metadata = "src/main/resources/META-INF/";
    if (!apis.isEmpty()) {
      String image = metadata + "native-image/" + groupId + "/" + artifactId;
      supportingFiles.add(new SupportingFile("proxy-config.mustache", image, "proxy-config.json"));
      supportingFiles.add(
          new SupportingFile("reflect-config.mustache", image, "reflect-config.json"));
    }
    if (!buckets.isEmpty()) {
      supportingFiles.add(
          new SupportingFile("proguard.mustache", metadata + "proguard", artifactId + ".pro"));
    }
  }

  private static void derive(Map<String, Boolean> features, String name, String... reasons) {
    for (String reason : reasons) {
      if (features.containsKey(reason)) {
        features.put(name, true);
      }
    }
  }

  private void addModelFile(String name, boolean needed) {
    if (needed) {
      String folder = modelFileFolder().substring(outputFolder.length());
      String template = name.equals("package-info") ? "model_package-info" : name;
      supportingFiles.add(new SupportingFile(template + ".mustache", folder, name + ".java"));
    }
  }

  private static void collect(Type type, Set<Kind> scalars, Map<String, Boolean> features) {
    if (type.kind() == Kind.DATE_TIME) {
      features.put("dates", true);
    }
    if (type.kind() == Kind.LIST) {
      features.put("lists", true);
      collectAdapter(type.element(), scalars, features);
    } else if (type.kind() == Kind.MAP && !type.isFree()) {
      features.put("maps", true);
      collectAdapter(type.element(), scalars, features);
    }
  }

  private static void collectAdapter(Type type, Set<Kind> scalars, Map<String, Boolean> features) {
    collect(type, scalars, features);
    if (type.isOrNull()) {
      features.put("orNull", true);
    }
    switch (type.kind()) {
      case LIST -> features.put("listAdapter", true);
      case MAP -> {
        features.put("mapAdapter", true);
        features.put("maps", true);
        collectAdapter(type.element(), scalars, features);
      }
      case MODEL -> {}
      default -> scalars.add(type.kind());
    }
  }

  /** The adapter of a type that is no class of the client. */
  record ScalarAdapter(Kind kind) {
    String name() {
      return kind.name();
    }

    String java() {
      return kind.java;
    }

    boolean isAny() {
      return kind == Kind.ANY;
    }

    String read() {
      return kind.read;
    }

    String write() {
      return Type.of(kind).write("value");
    }

    String token() {
      return switch (kind.json) {
        case 'b' -> "BOOLEAN";
        case 'n' -> "NUMBER";
        default -> "STRING";
      };
    }
  }

  /** Models with the same hash of their names. */
  record Bucket(int index, List<Model> models) {}

  /** For a lookup that loads one class. With few models, comparing their classes is as fast. */
  private List<Bucket> buckets() {
    List<Bucket> buckets = new ArrayList<>();
    int count = models.size() <= FEW_MODELS ? 0 : (models.size() + 127) / 128;
    for (int i = 0; i < count; i++) {
      buckets.add(new Bucket(i, new ArrayList<>()));
    }
    if (count > 0) {
      for (Model model : models.values()) {
        buckets.get(Math.floorMod(model.name.hashCode(), count)).models().add(model);
      }
    }
    return buckets;
  }

  /** Files of classes that are gone would still be compiled. */
  private void deleteFilesOfTheLastRun() {
    Path list = Path.of(outputFolder, ".openapi-generator", "FILES");
    try {
      if (Files.exists(list)) {
        for (String file : Files.readAllLines(list)) {
          Files.deleteIfExists(Path.of(outputFolder).resolve(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The stock generator makes one file for each schema, and one for each tag. */
  @SuppressWarnings("rawtypes") // As in the interface of the library.
  private void replaceContents(OpenAPI description) {
    Map<String, Schema> schemas = new LinkedHashMap<>();
    for (String name : models.keySet()) {
      schemas.put(name, new ObjectSchema().addProperty("file", new StringSchema()));
    }
    description.setComponents(new Components().schemas(schemas));
    description.setSecurity(null);
    description.setTags(null);
    description.setWebhooks(null);
    Paths paths = new Paths();
    for (String name : apis.keySet()) {
      paths.addPathItem(
          "/" + name, new PathItem().get(new Operation().operationId(name).tags(List.of(name))));
    }
    description.setPaths(paths);
  }

  @Override
  @SuppressWarnings("rawtypes") // As in the interface of the library.
  public CodegenModel fromModel(String name, Schema schema) {
    CodegenModel model = new CodegenModel();
    model.name = name;
    model.classname = name;
    model.classFilename = name;
    return model;
  }

  /** The names differ already. The stock generator compares each with all others. */
  @Override
  public String modelFilename(String templateName, String modelName) {
    return modelFileFolder() + File.separator + modelName + modelTemplateFiles.get(templateName);
  }

  @Override
  public ModelsMap postProcessModels(ModelsMap files) {
    for (ModelMap file : files.getModels()) {
      files.put("m", models.get(file.getModel().name));
    }
    return files;
  }

  @Override
  public Map<String, ModelsMap> updateAllModels(Map<String, ModelsMap> files) {
    return files;
  }

  @Override
  public Map<String, ModelsMap> postProcessAllModels(Map<String, ModelsMap> files) {
    return files;
  }

  @Override
  public CodegenOperation fromOperation(
      String path, String method, Operation operation, List<Server> servers) {
    CodegenOperation file = new CodegenOperation();
    file.operationId = operation.getOperationId();
    file.path = path;
    file.httpMethod = method;
    return file;
  }

  @Override
  public OperationsMap postProcessOperationsWithModels(
      OperationsMap files, List<ModelMap> allModels) {
    files.put("a", apis.get(files.getOperations().getClassname()));
    return files;
  }

  @Override
  public String toModelName(String name) {
    return models.containsKey(name) ? name : super.toModelName(name);
  }

  @Override
  public String toApiName(String name) {
    return apis.containsKey(name) ? name : super.toApiName(name);
  }

  @Override
  public String sanitizeTag(String tag) {
    return apis.containsKey(tag) ? tag : super.sanitizeTag(tag);
  }

  String apiClass(String tag) {
    return super.toApiName(super.sanitizeTag(tag));
  }

  List<String> pathVariables(String path) {
    return VARIABLE.matcher(path).results().map(result -> result.group(1)).toList();
  }

  private static String word(String name) {
    return name.isBlank() ? "empty" : name;
  }

  @Override
  public String className(String name) {
    String className = super.toModelName(word(name));
    return SourceVersion.isName(className)
        ? className
        : "Model" + Integer.toUnsignedString(name.hashCode());
  }

  @Override
  public String variable(String name) {
    String variable = super.toVarName(word(name));
    return SourceVersion.isName(variable)
        ? variable
        : "property" + Integer.toUnsignedString(name.hashCode());
  }

  @Override
  public String constant(String value, boolean text) {
    String constant = toEnumVarName(value, text ? "String" : "Long");
    return SourceVersion.isName(constant)
        ? constant
        : "VALUE_" + Integer.toUnsignedString(value.hashCode());
  }

  @Override
  public String getter(String name, boolean isBoolean) {
    return (isBoolean ? "is" : "get") + getterAndSetterCapitalize(name);
  }
}
