package io.github.accesstokens.contract;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import okhttp3.MediaType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The operations of the description against the requests that the client sends. */
final class RequestCheck {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int LONG = 1000;

  private final Spec spec;
  private final Client client;
  private final Findings findings;

  RequestCheck(Spec spec, Client client, Findings findings) {
    this.spec = spec;
    this.client = client;
    this.findings = findings;
  }

  void check() {
    for (Spec.Operation operation : spec.operations()) {
      checkOperation(operation);
      checkLimits(operation);
    }
    List<String> described = spec.operations().stream().map(Spec.Operation::place).toList();
    for (Client.Sent sent : client.sent()) {
      if (!described.contains(sent.operation())) {
        report(sent.operation(), "is missing, but the client has a method for it");
      }
    }
    Set<String> urls = new LinkedHashSet<>();
    spec.root().path("servers").forEach(server -> urls.add(server.path("url").asString() + "/"));
    if (!urls.contains(client.baseUrl())) {
      report("servers", "has " + Finding.listed(urls) + ", but the client has " + client.baseUrl());
    }
  }

  private void report(String place, String problem) {
    findings.add(place, problem);
  }

  private void checkOperation(Spec.Operation operation) {
    List<Client.Sent> all =
        client.sent().stream().filter(sent -> sent.operation().equals(operation.place())).toList();
    if (all.isEmpty()) {
      report(operation.place(), "the client has no method for it");
      return;
    }
    Map<String, Set<String>> described = spec.security(operation);
    Set<String> offered = new LinkedHashSet<>();
    for (Client.Sent sent : all) {
      offered.add(sent.credentials());
      if (sent.method().isEmpty()) {
        report(sent.place(), "the client does not send it: " + sent.received());
        continue;
      }
      checkRequest(operation, sent, described.getOrDefault(sent.credentials(), Set.of()));
      checkReceived(operation, sent);
    }
    boolean required = operation.node().at("/requestBody/required").asBoolean(false);
    if (!required && all.stream().noneMatch(sent -> sent.body() == null)) {
      report(operation.place() + ", requestBody", "is optional, but the client always sends one");
    }
    if (!offered.equals(described.keySet())) {
      report(
          operation.place() + ", security",
          "has "
              + Finding.listed(described.keySet())
              + ", but the client offers "
              + Finding.listed(offered));
    }
  }

  private void checkRequest(Spec.Operation operation, Client.Sent sent, Set<String> credentials) {
    String place = sent.place();
    if (!sent.method().equalsIgnoreCase(operation.method())) {
      report(place, "the client sends the method " + sent.method());
    }
    String path = operation.path();
    Set<String> query = new TreeSet<>();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sent.headers().forEach(header -> headers.put(header.getFirst(), header.getSecond()));
    for (Map.Entry<String, Object> argument :
        SampleValues.arguments(spec, operation, sent.full()).entrySet()) {
      String name = argument.getKey().replaceFirst(".* ", "");
      String value = String.valueOf(argument.getValue());
      switch (argument.getKey().replaceFirst(" .*", "")) {
        case "path" -> path = path.replace("{" + name + "}", value);
        case "query" -> query.add(name + "=" + value);
        default -> {
          if (!value.equals(headers.remove(name))) {
            report(place, "the client does not send " + name);
          }
        }
      }
    }
    String[] url = sent.path().split("\\?", 2);
    if (!url[0].equals(path)) {
      report(place, "has the path " + path + ", but the client sends " + url[0]);
    }
    Set<String> sentQuery =
        url.length == 1 ? Set.of() : new TreeSet<>(List.of(url[1].split("&", -1)));
    if (!sentQuery.equals(query)) {
      report(
          place + ", query",
          "has " + Finding.listed(query) + ", but the client sends " + Finding.listed(sentQuery));
    }
    Set<String> used = Spec.credentials(headers);
    if (!used.equals(credentials)) {
      report(
          place + ", security",
          "has " + Finding.listed(credentials) + ", but the client sends " + Finding.listed(used));
    }
    checkBody(operation.node().path("requestBody"), sent, place + ", requestBody");
  }

  private void checkReceived(Spec.Operation operation, Client.Sent sent) {
    Map.Entry<String, JsonNode> success = Spec.success(operation);
    String schema = Spec.bodySchema(success.getValue());
    Object expected = null;
    try {
      expected =
          schema == null
              ? null
              : client.decoder().decode(schema, SampleValues.full(spec, schema).toString());
    } catch (IOException | RuntimeException e) {
      // ModelCheck reports it.
      return;
    }
    if (!Objects.equals(expected, sent.received())) {
      report(
          sent.place() + ", response " + success.getKey(),
          "should be read as "
              + shown(expected)
              + ", but the client has "
              + shown(sent.received()));
    }
  }

  private static String shown(@Nullable Object received) {
    return received == null || received instanceof Exception
        ? String.valueOf(received)
        : received.getClass().getSimpleName();
  }

  private void checkBody(JsonNode described, Client.Sent sent, String place) {
    if (sent.body() == null) {
      if (described.path("required").asBoolean(false)) {
        report(place, "is required, but the client can leave it out");
      }
      return;
    }
    String contentType = sent.headers().get("Content-Type");
    MediaType media = contentType == null ? null : MediaType.parse(contentType);
    String type = media == null ? "" : media.type() + "/" + media.subtype();
    String schema = Spec.bodySchema(described);
    if (schema == null || !described.path("content").has(type)) {
      findings.addAll(place, spec.violations(described.path("content"), type, sent.body()));
      return;
    }
    JsonNode expected =
        sent.full() ? SampleValues.full(spec, schema) : SampleValues.least(spec, schema);
    try {
      for (JsonDifference difference :
          JsonDifference.between(expected, MAPPER.readTree(sent.body()))) {
        report(
            place + difference.pointer(),
            "should be " + difference.left() + ", but the client sends " + difference.right());
      }
    } catch (JacksonException e) {
      report(place, "should be JSON, but the client sends " + sent.body());
    }
  }

  private void checkLimits(Spec.Operation operation) {
    for (JsonNode parameter : operation.node().path("parameters")) {
      JsonNode schema = parameter.path("schema");
      if (!parameter.path("in").asString("").equals("path")
          || !schema.path("type").asString("").equals("string")) {
        continue;
      }
      String name = parameter.path("name").asString();
      String place = operation.place() + ", parameter " + name;
      int most = schema.path("maxLength").asInt(LONG);
      int least = schema.path("minLength").asInt(1);
      if (accepts(operation, name, least).contains(false)
          || accepts(operation, name, most).contains(false)) {
        report(
            place, "allows " + least + " to " + most + " characters, but the client refuses some");
      }
      if (most < LONG && accepts(operation, name, most + 1).contains(true)) {
        report(place, "allows " + most + " characters, but the client accepts more");
      }
    }
  }

  private Set<Boolean> accepts(Spec.Operation operation, String parameter, int length) {
    return client.accepts().test(operation.place(), parameter, length);
  }
}
