package io.github.accesstokens.contract;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import okhttp3.MediaType;
import tools.jackson.databind.JsonNode;

/** The operations of the description against the requests that the client sends. */
final class RequestCheck {
  private static final int LONG = 1000;

  private final Spec spec;
  private final Client client;
  private final Findings findings;

  RequestCheck(Contract contract, Findings findings) {
    this.spec = contract.spec();
    this.client = contract.client();
    this.findings = findings;
  }

  void check() {
    for (Spec.Operation operation : spec.operations()) {
      checkOperation(operation);
      checkLimits(operation);
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
    Map<String, Set<String>> described = spec.security(operation);
    Set<String> offered = new LinkedHashSet<>();
    for (Client.Sent sent : client.sent()) {
      offered.add(sent.credentials());
      checkRequest(operation, sent, described.getOrDefault(sent.credentials(), Set.of()));
    }
    boolean required = operation.node().at("/requestBody/required").asBoolean(false);
    if (!required && client.sent().stream().noneMatch(sent -> sent.body() == null)) {
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
    String place = operation.place() + " with " + sent.credentials();
    if (!sent.method().equalsIgnoreCase(operation.method())) {
      report(place, "the client sends the method " + sent.method());
    }
    String path = operation.path();
    for (JsonNode parameter : operation.node().path("parameters")) {
      String name = parameter.path("name").asString();
      if (parameter.path("in").asString().equals("path")) {
        path = path.replace("{" + name + "}", parameter.path("example").asString(""));
      } else if (parameter.path("required").asBoolean(false)) {
        report(place, "the client does not send " + name);
      }
    }
    if (!sent.path().equals(path)) {
      report(place, "has the path " + path + ", but the client sends " + sent.path());
    }
    Map<String, String> headers = new TreeMap<>();
    sent.headers().forEach(header -> headers.put(header.getFirst(), header.getSecond()));
    Set<String> used = Spec.credentials(headers);
    if (!used.equals(credentials)) {
      report(
          place + ", security",
          "has " + Finding.listed(credentials) + ", but the client sends " + Finding.listed(used));
    }
    checkBody(operation.node().path("requestBody"), sent, place + ", requestBody");
  }

  private void checkBody(JsonNode described, Client.Sent sent, String place) {
    if (sent.body() != null) {
      String contentType = sent.headers().get("Content-Type");
      MediaType media = contentType == null ? null : MediaType.parse(contentType);
      String type = media == null ? "" : media.type() + "/" + media.subtype();
      findings.addAll(place, spec.violations(described.path("content"), type, sent.body()));
    } else if (described.path("required").asBoolean(false)) {
      report(place, "is required, but the client can leave it out");
    }
  }

  private void checkLimits(Spec.Operation operation) {
    for (JsonNode parameter : operation.node().path("parameters")) {
      String name = parameter.path("name").asString();
      String place = operation.place() + ", parameter " + name;
      int most = parameter.at("/schema/maxLength").asInt(LONG);
      int least = parameter.at("/schema/minLength").asInt(1);
      if (!client.accepts().test(name, most) || !client.accepts().test(name, least)) {
        report(
            place, "allows " + least + " to " + most + " characters, but the client refuses some");
      }
      if (most < LONG && client.accepts().test(name, most + 1)) {
        report(place, "allows " + most + " characters, but the client accepts more");
      }
    }
  }
}
