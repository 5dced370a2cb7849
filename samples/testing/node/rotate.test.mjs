// Tests code for Node against the stub provider, which runs as a process of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import Cloudflare from "cloudflare";

const target = fileURLToPath(new URL("../../../contract-tests/stub-provider/target/", import.meta.url));
const jar = readdirSync(target).find((name) => /^access-tokens-stub-provider-[^-]+(-SNAPSHOT)?\.jar$/.test(name));
assert(jar, "there is no stub-provider.jar; run `mvn -q -DskipTests package`");

/** Starts a provider with these faults. It ends with the test. */
async function startStub(t, ...faults) {
  const stub = spawn("java", ["-jar", target + jar, ...faults], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => stub.kill());
  const lines = createInterface({ input: stub.stdout })[Symbol.asyncIterator]();
  const printed = {};
  for (let line = await lines.next(); line.value !== "READY"; line = await lines.next()) {
    assert(!line.done, "the stub provider ended");
    const [name, value] = line.value.split(/=(.*)/);
    printed[name] = value;
  }
  return { ...printed, nextRequest: async () => (await lines.next()).value };
}

const sdk = (stub) =>
  new Cloudflare({ baseURL: stub.CLOUDFLARE_BASE_URL.replace(/\/$/, ""), apiToken: stub.CLOUDFLARE_API_TOKEN });

const rotate = (stub) =>
  sdk(stub).zeroTrust.access.serviceTokens.rotate(stub.SERVICE_TOKEN_ID, { account_id: stub.CLOUDFLARE_ACCOUNT_ID });

async function statusOfPage(stub, secret) {
  const headers = { "CF-Access-Client-Id": stub.CF_ACCESS_CLIENT_ID, "CF-Access-Client-Secret": secret };
  return (await fetch(stub.PROTECTED_URL, { headers, redirect: "manual" })).status;
}

test("a rotation replaces the secret", async (t) => {
  const stub = await startStub(t);
  const rotated = await rotate(stub);

  assert.match(await stub.nextRequest(), /^POST .*\/rotate rotations=1$/);
  assert.equal(await statusOfPage(stub, stub.CF_ACCESS_CLIENT_SECRET), 302);
  assert.equal(await statusOfPage(stub, rotated.client_secret), 200);
});

test("two lost responses make the SDK rotate three times in one call", async (t) => {
  const stub = await startStub(t, "cut-after-applying", "cut-after-applying");
  const rotated = await rotate(stub);

  const requests = [await stub.nextRequest(), await stub.nextRequest(), await stub.nextRequest()];
  t.diagnostic(requests.map((line) => line.replace(/.* /, "")).join(", "));
  assert.match(requests[2], /rotations=3$/);
  assert.equal(await statusOfPage(stub, rotated.client_secret), 200);
});

test("a 403 is thrown and rotates nothing", async (t) => {
  const stub = await startStub(t, "status=403");

  await assert.rejects(rotate(stub), { status: 403 });
  assert.match(await stub.nextRequest(), /rotations=0$/);
});
