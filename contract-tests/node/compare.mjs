// usage: node compare.mjs DESCRIPTION.json PACT.json...
// Fails on every finding of the comparator. Its own command ignores warnings.
import { readFileSync } from "node:fs";
import { Comparator } from "@pactflow/openapi-pact-comparator";

const [oas, ...pacts] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));

// The comparator ignores OpenAPI 3's servers. Without a base path, it finds no path of the pact.
oas.info["x-opc-config-base-path"] = new URL(oas.servers[0].url).pathname;

// Removes the properties that a comment of the interaction explains. PactCheck looks at these comments.
function removeExplained({ comments, response }) {
  for (const comment of comments?.text ?? []) {
    if (!comment.startsWith("/")) {
      continue;
    }
    const path = comment.replace(/:.*/, "").split("/").slice(1);
    const name = path.pop();
    delete path.reduce((part, key) => part[key], response.body.content)[name];
  }
}

let findings = 0;
for (const pact of pacts) {
  pact.interactions.forEach(removeExplained);
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
    console.log("A pact has no interactions.");
  }
}
process.exitCode = findings === 0 ? 0 : 1;
