// @ts-check
/**
 * npm run bench -- peers [peer or scenario …]        (node benches/peers/run.mjs when the package is packed and the SDKs are installed)
 *
 * The same task with doorkey and with six SDKs: its size, and what becomes of the session in S1 to S16, in Chromium against the
 * embedded server, which ends a session whose refresh token is used again. A run of all writes docs/compare.md.
 */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

import { launchBrowser } from "../../tests/e2e/lib/browser.mjs";
import { unpackPackage } from "../../tests/e2e/lib/package.mjs";
import { serve } from "../../tests/package/browser.mjs";
import { startEmbedded } from "../../tests/servers/lib.mjs";
import { CLIENT_ID } from "../../tests/servers/options.mjs";
import { startFront } from "./front.mjs";
import { HERE, lockedVersions, PEERS } from "./peers.mjs";
import { report } from "./report.mjs";
import { SCENARIOS } from "./scenarios.mjs";
import { bundle } from "./sizes.mjs";
import { ACCESS_TTL_S, Stage } from "./stage.mjs";

/** @typedef {import("./peers.mjs").Peer} Peer  @typedef {import("./scenarios.mjs").Cell} Cell */

const REPORT = join(HERE, "../../docs/compare.md");
const CELL_LIMIT_MS = 120_000;
const AT_ONCE = 2;

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`doorkey: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}

/** @param {string[]} wanted */
async function main(wanted) {
  const known = [...PEERS.map(({ name }) => name), ...SCENARIOS.map(({ id }) => id)];
  const unknown = wanted.find((word) => !known.includes(word));
  if (unknown) throw new Error(`there is no "${unknown}": choose from ${known.join(", ")}`);
  const chosen = (/** @type {string[]} */ names, /** @type {string} */ name) =>
    !wanted.some((word) => names.includes(word)) || wanted.includes(name);
  const peers = PEERS.filter(({ name }) =>
    chosen(
      PEERS.map((peer) => peer.name),
      name,
    ),
  );
  const scenarios = SCENARIOS.filter(({ id }) =>
    chosen(
      SCENARIOS.map((scenario) => scenario.id),
      id,
    ),
  );

  const packed = unpackPackage();
  const versions = { ...lockedVersions(), doorkey: JSON.parse(readFileSync(join(packed, "package.json"), "utf8")).version };
  const dist = join(packed, "dist");
  const bundles = new Map(peers.map((peer) => [peer.name, bundle(peer, dist)]));
  const browser = await launchBrowser();
  /** @type {Map<string, Map<string, Cell>>} */
  const found = new Map(peers.map(({ name }) => [name, new Map()]));
  try {
    const waiting = [...peers];
    const work = async () => {
      for (let peer = waiting.shift(); peer; peer = waiting.shift()) {
        await withPlace(peer, /** @type {any} */ (bundles.get(peer.name)).script, dist, browser, async (place) => {
          for (const scenario of scenarios) {
            const cell = await attempt(place, scenario);
            found.get(place.peer.name)?.set(scenario.id, cell);
            console.log(`${place.peer.name}: ${scenario.id} ${scenario.name}: ${cell.text}${cell.good === false ? "  <-" : ""}`);
          }
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await browser.close();
  }
  for (const [name, { raw, gzip, brotli }] of bundles) console.log(`${name}: ${raw} bytes, gzip ${gzip}, brotli ${brotli}`);
  if (wanted.length > 0) return;
  writeFileSync(
    REPORT,
    report({ peers, scenarios, versions, bundles, found, chromium: browser.version(), on: new Date().toISOString().slice(0, 10) }),
  );
  console.log("docs/compare.md is written");
}

/** @param {import("./stage.mjs").Place} place @param {import("./scenarios.mjs").Scenario} scenario @returns {Promise<Cell>} */
async function attempt(place, scenario) {
  /** @type {Stage | undefined} */
  let stage;
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${CELL_LIMIT_MS / 1000} s`)), CELL_LIMIT_MS);
  });
  try {
    stage = await Stage.open(place);
    return await Promise.race([scenario.run(stage), late]);
  } catch (error) {
    const reason = /** @type {Error} */ (error).message.replace(/\s+/g, " ").replaceAll("|", "/").slice(0, 80);
    return { text: `not run: ${reason}`, good: undefined };
  } finally {
    clearTimeout(timer);
    await stage?.close();
  }
}

/**
 * Starts what a peer needs, for as long as `work` takes.
 * @param {Peer} peer @param {string} script @param {string} dist @param {import("playwright-core").Browser} browser
 * @param {(place: import("./stage.mjs").Place) => Promise<void>} work
 */
async function withPlace(peer, script, dist, browser, work) {
  /** @type {(() => Promise<unknown>)[]} */
  const stops = [];
  const kept = async (/** @type {any} */ started) => {
    const it = await started;
    stops.push(it.stop);
    return it;
  };
  try {
    const server = await kept(startEmbedded({ accessTtl: ACCESS_TTL_S, refreshTtl: 30 * 86_400 }));
    const front = await kept(startFront(server, (base) => `${peer.issuer ?? base}/${peer.name}${peer.slash ?? ""}`));
    const { email, password } = server.user;
    const issuer = `${peer.issuer ?? front.url}/${peer.name}`;
    const given = { issuer, client: CLIENT_ID, password: { email, password }, wasm: "/doorkey.wasm" };
    const files = {
      "/blank.html": "<!doctype html><title>blank</title>",
      [`/${peer.name}.html`]: pageOf(peer.name, given),
      [`/${peer.name}.js`]: script,
      "/doorkey.wasm": readFileSync(join(dist, "doorkey.wasm")),
    };
    const site = await kept(serve(files));
    const foreign = await kept(startForeign());
    await work({ peer, server, front, site, foreign, browser });
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** @param {string} name @param {object} given */
function pageOf(name, given) {
  return `<!doctype html>
<title>${name}</title>
<link rel="icon" href="data:,">
<script type="module">
  try {
    const { start } = await import("/${name}.js");
    const page = location.origin + location.pathname;
    const app = await start({ ...${JSON.stringify(given)}, page });
    if (location.search || location.hash) history.replaceState(null, "", location.pathname);
    globalThis.app = app;
  } catch (error) {
    globalThis.failed = String(error);
  }
</script>`;
}

/** An origin of somebody else, which notes the tokens it is sent. */
async function startForeign() {
  /** @type {string[]} */
  const bearers = [];
  const server = createServer((req, res) => {
    if (req.headers.authorization) bearers.push("one");
    res.writeHead(200, { "access-control-allow-origin": "*", "access-control-allow-headers": "authorization" }).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://localhost:${port}`,
    bearers,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
