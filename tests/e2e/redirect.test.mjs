// @ts-check
/** Sign-in by redirect: what is sent, and the first lines of its page. All that a user may meet is in tests/browsers/redirect. */

import assert from "node:assert/strict";

import { codeBlocks } from "../package/markdown.mjs";
import { PAGE_CLIENT_ID, redirectOptions } from "../servers/options.mjs";
import { approve, exchanges } from "./lib/redirect.mjs";
import { suite } from "./lib/suite.mjs";

const scenario = suite();

scenario("what nobody may guess is 256 bit of the platform's, never twice, and without that nobody is sent away", async (world) => {
  const given = redirectOptions(world.server.url, { params: { resource: "https://api.example.com" } });
  const tab = await world.openTab({ whole: true, options: { storage: "local", ...given } });
  const seen = await tab.evaluate(async () => {
    const seen = [];
    for (let time = 0; time < 20; time++) {
      globalThis.kit.outcome(() => globalThis.auth.signin());
      const { navigations } = globalThis.kit.record;
      while (navigations.length <= time) await new Promise((done) => setTimeout(done, 1));
      const { searchParams } = new URL(navigations[time].target);
      const kept = Object.values(sessionStorage).map((text) => JSON.parse(text));
      const { verifier } = kept.find(({ id }) => id === searchParams.get("state"));
      seen.push({ ...Object.fromEntries(searchParams), verifier });
    }
    return seen;
  });
  const secrets = seen.flatMap(({ state, nonce, verifier }) => [state, nonce, verifier]);
  assert.equal(new Set(secrets).size, 60);
  for (const secret of secrets) assert.match(secret, /^[\w-]{43}$/);
  for (const { verifier, ...params } of seen) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    assert.equal(params.code_challenge, Buffer.from(digest).toString("base64url"));
    assert.deepEqual([params.response_type, params.code_challenge_method], ["code", "S256"]);
    assert.equal(params.resource, "https://api.example.com");
    assert.equal(params.redirect_uri, `${world.site.origin}/app.html`);
  }
  await tab.evaluate(() => {
    globalThis.auth.dispose();
    crypto.getRandomValues = () => {
      throw new Error("none");
    };
  });
  await tab.startAuth();
  await tab.fails("ERR_NOT_READY", "signin");
  assert.equal((await tab.navigations()).length, 20);
});

scenario("docs/redirect.md: its first lines sign in, on a page with nothing else", async (world) => {
  const [{ code }] = await codeBlocks("docs/redirect.md");
  const script = code
    .replace('"doorkey"', '"/pkg/dist/doorkey.mjs"')
    .replace("https://login.example.com", world.server.url)
    .replace('clientId: "my-app"', `clientId: "${PAGE_CLIENT_ID}", params: { prompt: "consent" }`);
  const headers = { "content-type": "text/html" };
  world.site.answer("/login", {
    headers,
    body: `<!doctype html><link rel="icon" href="data:,"><button>Sign in</button><script type="module">${script}</script>`,
  });
  world.site.answer("/orders", { headers, body: '<!doctype html><link rel="icon" href="data:,"><h1>Orders</h1>' });
  const page = await world.context.newPage();
  await page.goto(`${world.site.origin}/login`);
  // The button is there before the guard has answered.
  await page.waitForFunction(() => document.querySelector("button")?.onclick);
  await page.click("button");
  await approve(page, world);
  await page.getByRole("heading", { name: "Orders" }).waitFor();
  assert.equal(page.url(), `${world.site.origin}/orders`);
  assert.equal(await exchanges(world), 1);
});
