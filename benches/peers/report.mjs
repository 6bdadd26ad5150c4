// @ts-check
/** docs/compare.md, all of it: what we lose at comes first. */

/** @typedef {import("./peers.mjs").Peer} Peer  @typedef {import("./scenarios.mjs").Cell} Cell */
/**
 * @typedef {object} Results
 * @property {Peer[]} peers doorkey first
 * @property {{ id: string, name: string, wanted: string }[]} scenarios
 * @property {Record<string, string>} versions by package
 * @property {Map<string, { raw: number, gzip: number, brotli: number }>} bundles by peer
 * @property {Map<string, Map<string, Cell>>} found by peer, then by scenario
 * @property {string} chromium
 * @property {string} on the day, YYYY-MM-DD
 */

/** @param {Results} results */
export function report(results) {
  const { chromium, on } = results;
  return `# Beside other SDKs

Written by \`npm run bench -- peers\`, which anyone can run again: it installs the SDKs below from npm's registry, does the same task with
each, and tries S1 to S16 in Chromium. Measured on ${on} in Chromium ${chromium}, one run of each cell. [How](#how) it is done, and what is
unfair in it, stands at the end.

## What doorkey loses at

${losses(results)}

## Size of the same task

Sign in, a token that is good now with its refresh, a request with it, sign out: the apps are bundled by esbuild, minified. doorkey's is
\`doorkey/slim\` and its wasm, each compressed for itself.

${sizes(results)}

## What becomes of the session

The server rotates refresh tokens, and ends the session when one is used again. **Bold** is not what a user would want; "left to the app" is what
the SDK does not do at all.

${scenarios(results)}

## How

Each cell has a browser context of its own, and a session that was signed in for it. "Past its time" is made by moving the clock of the server and of all pages by the token's
lifetime of an hour, as when a machine has slept; timers do not run meanwhile. "Lives" is: after the fault is over, after a reload and after
one more lifetime, the app has a token that the API takes. The server is the one that doorkey's own tests use, a real OpenID provider (oidc-provider).
The code is in \`benches/peers\`: the apps in \`apps\`, what is tried in \`scenarios.mjs\`.

What is unfair in it:

- **The scenarios are ours.** They were chosen for what users of these SDKs have reported, and doorkey was built to pass them.
- **A front stands before the server** (\`front.mjs\`), since each SDK was made for a server of its own: it translates paths and forms, gives a code at once,
  and signs the ID tokens. Tokens, rotation, refusals and faults are the provider's. For keycloak-js it wraps tokens as JWTs, and for
  msal-browser it is reached under an https name.
- **A vendor's own server may be kinder.** Supabase and Auth0 can allow that a refresh token is used again for some seconds; two tabs then survive S2.
- **keycloak-js keeps tokens in memory.** That they are in localStorage, and shared by tabs, is the app's glue here, so what storage does to it (S8, S11) is not its own; its login
  iframe is off.
- **doorkey and supabase sign in by password, the others by redirect.** In S8 only the first two can sign in without leaving the page.
- **Sign-out is the SDK's own without leaving the page**, where it has one: \`removeUser\`, \`logout({ openUrl: false })\`, \`clearToken\`,
  \`onRedirectNavigate\`, \`clearSessionAsync\`.
- **What these SDKs do beside it** (single sign-on by iframe, popups, many accounts, passkeys, a vendor's own API) is not compared.
`;
}

/** @param {Results} results */
function losses({ peers, scenarios, bundles, found }) {
  const own = bundles.get("doorkey")?.brotli ?? 0;
  const others = peers.filter(({ name }) => name !== "doorkey").map(({ name }) => ({ name, brotli: bundles.get(name)?.brotli ?? 0 }));
  others.sort((a, b) => a.brotli - b.brotli);
  const [least, most] = [others[0], others[others.length - 1]];
  const larger = others.filter(({ brotli }) => brotli > own);
  const rank = larger.length === 0 ? "the largest of all" : `larger than ${others.length - larger.length} of ${others.length}`;
  const size = `**Size.** doorkey is ${rank}: ${kB(own)} after brotli, ${(own / least.brotli).toFixed(0)} times ${least.name} (${kB(least.brotli)}) and \
${(own / most.brotli).toFixed(1)} times ${most.name} (${kB(most.brotli)}).`;
  const failed = scenarios.filter(({ id }) => found.get("doorkey")?.get(id)?.good === false);
  const lines = failed.map(
    ({ id, name, wanted }) => `**${id}**, ${name}: ${found.get("doorkey")?.get(id)?.text}, where "${wanted}" is wanted.`,
  );
  const none = "Of the scenarios below: nothing in this run. They are ours, and it was built to pass them.";
  return [size, ...(lines.length ? lines : [none])].map((line) => `- ${line}`).join("\n");
}

/** @param {Results} results */
function sizes({ peers, versions, bundles }) {
  const rows = peers.map((peer) => ({ ...peer, ...bundles.get(peer.name) }));
  rows.sort((a, b) => (a.brotli ?? 0) - (b.brotli ?? 0));
  return table(
    ["SDK", "version", "bytes", "gzip -9", "brotli 11"],
    "|---|---|--:|--:|--:|",
    rows.map(({ package: name, raw, gzip, brotli }) => [`\`${name}\``, versions[name], String(raw), String(gzip), String(brotli)]),
  );
}

/** @param {Results} results */
function scenarios({ peers, scenarios, found }) {
  const rows = scenarios.map(({ id, name, wanted }) => [
    `${id}: ${name}`,
    wanted,
    ...peers.map((peer) => shown(found.get(peer.name)?.get(id) ?? { text: "not run", good: undefined })),
  ]);
  const count = (/** @type {string} */ name) => {
    const cells = [...(found.get(name)?.values() ?? [])];
    const tried = cells.filter(({ good }) => good !== undefined);
    return `${tried.filter(({ good }) => good).length} of ${tried.length}`;
  };
  const last = ["as wanted, of those that it was tried in", "", ...peers.map(({ name }) => count(name))];
  const head = ["scenario", "wanted", ...peers.map(({ name }) => name)];
  return table(head, `|${"---|".repeat(head.length)}`, [...rows, last]);
}

const shown = (/** @type {Cell} */ { text, good }) => (good === false ? `**${text}**` : text);
const kB = (/** @type {number} */ bytes) => `${Math.round(bytes / 1000)} kB`;

/** @param {string[]} head @param {string} rule @param {string[][]} rows */
function table(head, rule, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
