// @ts-check
/** Who is compared, and where their packages are. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const HERE = fileURLToPath(new URL(".", import.meta.url));
const LOCK = join(HERE, "package-lock.json");

/**
 * @typedef {object} Peer
 * @property {string} name a short one, and that of its file in `apps`
 * @property {string} package
 * @property {boolean} [redirects] whether one signs in by leaving the page
 * @property {string} [issuer] where it must find its server, when that is not the front's own address
 * @property {string} [slash] what its issuer ends in
 * @property {boolean} [storesNothing] whether its app has to keep the tokens
 */

/** @type {Peer[]} */
export const PEERS = [
  { name: "doorkey", package: "doorkey" },
  { name: "oidc-client-ts", package: "oidc-client-ts", redirects: true },
  { name: "auth0-spa-js", package: "@auth0/auth0-spa-js", redirects: true, slash: "/" },
  { name: "supabase", package: "@supabase/auth-js" },
  { name: "keycloak-js", package: "keycloak-js", redirects: true, storesNothing: true },
  // It takes no issuer without https; requests for this one are handed to the front by the browser's driver.
  { name: "msal-browser", package: "@azure/msal-browser", redirects: true, issuer: "https://login.example.com" },
  { name: "axa", package: "@axa-fr/oidc-client", redirects: true },
];

/** What the lock file pins. @returns {Record<string, string>} */
export function lockedVersions() {
  const { packages } = JSON.parse(readFileSync(LOCK, "utf8"));
  return Object.fromEntries(
    PEERS.flatMap(({ package: name }) => (name === "doorkey" ? [] : [[name, packages[`node_modules/${name}`].version]])),
  );
}

/** The folder into which set-up has installed them, by the rule of xtask/src/setup/builders.rs. */
export function peersFolder() {
  const hash = createHash("sha256").update(readFileSync(LOCK)).digest("hex").slice(0, 16);
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "doorkey", `peers-${hash}`);
  if (!existsSync(join(folder, ".ok"))) throw new Error(`${folder} is not there: run "npm run bench -- peers"`);
  return folder;
}
