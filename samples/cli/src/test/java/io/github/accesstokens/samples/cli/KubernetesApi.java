package io.github.accesstokens.samples.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;

/** As much of the API of Kubernetes as {@code kubectl apply} needs for one Secret. */
final class KubernetesApi implements Closeable {
  /** What kubectl asks first: which resources there are, and whether the server checks fields. */
  private static final Map<String, String> DISCOVERY =
      Map.of(
          "/version", "{\"major\": \"1\", \"minor\": \"32\", \"gitVersion\": \"v1.32.0\"}",
          "/api", "{\"kind\": \"APIVersions\", \"versions\": [\"v1\"]}",
          "/apis", "{\"kind\": \"APIGroupList\", \"apiVersion\": \"v1\", \"groups\": []}",
          "/api/v1",
              """
              {"kind": "APIResourceList", "groupVersion": "v1", "resources": [
                {"name": "secrets", "singularName": "secret", "namespaced": true,
                 "kind": "Secret", "verbs": ["get", "create", "patch"]}]}
              """,
          "/openapi/v3",
              """
              {"paths": {"api/v1": {"serverRelativeURL": "/openapi/v3/api/v1"}}}
              """,
          "/openapi/v3/api/v1",
              """
              {"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "1"},
               "paths": {"/api/v1/namespaces/{namespace}/secrets/{name}": {"patch": {
                 "parameters": [
                   {"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}],
                 "x-kubernetes-group-version-kind":
                   {"group": "", "version": "v1", "kind": "Secret"}, "responses": {}}}}}
              """);

  private final MockWebServer server = new MockWebServer();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** Starts a server that has this Secret alone. */
  KubernetesApi(String secret) throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            String path = String.valueOf(request.getPath()).replaceFirst("\\?.*", "");
            String json = DISCOVERY.get(path);
            if (path.contains("/namespaces/")) {
              requests.add(request.getMethod() + " " + path + " " + request.getBody().readUtf8());
              if (path.endsWith("/secrets/" + secret)) {
                json =
                    """
                    {"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
                     "metadata": {"name": "%s", "namespace": "default"}}
                    """
                        .formatted(secret);
              }
            }
            return json == null
                ? new MockResponse().setResponseCode(404)
                : new MockResponse().setHeader("Content-Type", "application/json").setBody(json);
          }
        });
    server.start();
  }

  /** Writes a configuration of kubectl that names this server. */
  Path writeConfig(Path file) throws IOException {
    return Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test}}]
        clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}]
        """
            .formatted(server.getPort()));
  }

  /** Returns the requests for objects, with their bodies. */
  List<String> requests() {
    return requests;
  }

  @Override
  public void close() throws IOException {
    server.shutdown();
  }
}
