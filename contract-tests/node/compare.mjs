// usage: node compare.mjs DESCRIPTION.json PACT.json
// Fails on every finding of the comparator. Its own command ignores warnings.
import { readFileSync } from "node:fs";
import { Comparator } from "@pactflow/openapi-pact-comparator";

const [oas, pact] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));

// The comparator ignores OpenAPI 3's servers. Without a base path, it finds no path of the pact.
oas.info["x-opc-config-base-path"] = new URL(oas.servers[0].url).pathname;

let findings = 0;
for await (const { code, message, mockDetails, specDetails } of new Comparator({ oas }).compare(pact)) {
  // The comparator cannot check an HTML body. It has checked the media type before.
  if (code === "response.body.unvalidatable" && message.includes("'text/html'")) {
    continue;
  }
  findings++;
  console.log(`"${mockDetails?.interactionDescription}": ${message}
  ${code}
  pact: ${mockDetails?.location}
  description: ${specDetails?.location}`);
}
if (pact.interactions.length === 0) {
  findings++;
  console.log("The pact has no interactions.");
}
process.exitCode = findings === 0 ? 0 : 1;
