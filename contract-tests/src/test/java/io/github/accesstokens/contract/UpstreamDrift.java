package io.github.accesstokens.contract;

import static io.github.accesstokens.contract.JsonDrift.remove;
import static io.github.accesstokens.contract.JsonDrift.rename;
import static io.github.accesstokens.contract.JsonDrift.set;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Damage to the shapes of the provider's document, and to the list of deliberate differences. */
final class UpstreamDrift {
  private UpstreamDrift() {}

  static void add(Contract contract, List<Drift> drifts) {
    Upstream upstream = contract.upstream();
    JsonDrift drift =
        new JsonDrift(
            Drift.Input.UPSTREAM,
            // The finding names the place in our description.
            "",
            upstream.extract().root(),
            (whole, root) ->
                whole.withUpstream(new Upstream(new Spec(root), upstream.differences())),
            drifts);
    JsonDrift.Places schemas = drift.at("/components/schemas/*");
    schemas.add("schema removed", remove());
    schemas.add("schema renamed", rename());
    for (String properties : List.of("", "/allOf/*", "/allOf/*/properties/result", "/items")) {
      JsonDrift.Places all = drift.at("/components/schemas/*" + properties + "/properties/*");
      all.add("property removed", remove());
      all.add("property renamed", rename());
      all.add("property retyped", set(Map.of("type", "number")));
      // OpenAPI 3.0 ignores what stands beside a reference.
      all.where(property -> !property.has("$ref"))
          .set("null allowed", "/allOf", List.of(Map.of("nullable", true, "enum", List.of(7))));
      drift.at("/components/schemas/*" + properties + "/required/*").add("made optional", remove());
      drift.at("/components/schemas/*" + properties + "/required").set("made required", "/-", "x");
    }
    for (String keyword :
        List.of("type", "format", "default", "maxLength", "enum", "x-sensitive")) {
      // Properties say that it is an object.
      schemas
          .where(schema -> !schema.has("properties") && !schema.has("allOf"))
          .remove(keyword + " removed", "/" + keyword);
    }
    JsonDrift.Places operation = drift.at("/paths/*/*");
    operation.add("method changed", rename(any -> "put"));
    operation.remove("body removed", "/requestBody");
    operation.set("body made required", "/requestBody/required", true);
    operation.set("deprecated", "/deprecated", true);
    operation.set("no security allowed", "/security/-", Map.of());
    drift.at("/paths/*").add("path changed", rename(path -> path + "s"));
    drift.at("/paths/*/*/parameters/*").add("parameter removed", remove());
    drift.at("/paths/*/*/parameters/*").set("parameter moved", "/in", "query");
    JsonDrift.Places responses = drift.at("/paths/*/*/responses/*");
    responses.add("status removed", remove());
    responses.add("status changed", rename(any -> "201"));
    for (String content : List.of("requestBody/content/*", "responses/*/content/*")) {
      drift.at("/paths/*/*/" + content).add("media type changed", rename(any -> "text/plain"));
    }
    drift.at("/servers/*").set("server changed", "/url", "https://example.com");
    JsonDrift.Places schemes = drift.at("/components/securitySchemes/*");
    schemes.add("scheme removed", remove());
    schemes.where(scheme -> scheme.has("name")).set("header renamed", "/name", "X-Other");
    addListed(upstream, drifts);
  }

  private static void addListed(Upstream upstream, List<Drift> drifts) {
    for (Upstream.Deliberate listed : upstream.differences()) {
      List<Upstream.Deliberate> without = new ArrayList<>(upstream.differences());
      without.remove(listed);
      List<Upstream.Deliberate> more = new ArrayList<>(upstream.differences());
      more.add(
          new Upstream.Deliberate(
              listed.place(), Drift.STRANGER, listed.theirs(), listed.reason()));
      drifts.add(
          new Drift(
              Drift.Input.UPSTREAM,
              "listed difference removed",
              listed.place(),
              listed.place(),
              whole -> whole.withUpstream(new Upstream(upstream.extract(), without))));
      drifts.add(
          new Drift(
              Drift.Input.UPSTREAM,
              "listed difference is gone",
              listed.place(),
              listed.place(),
              whole -> whole.withUpstream(new Upstream(upstream.extract(), more))));
    }
  }
}
