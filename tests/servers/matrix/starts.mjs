// @ts-check
/** How the servers of the matrix are started, each from where set-up has put it, and why one can't be. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { directusFolder, matrixFolders, startDjango, startScript } from "../lib.mjs";
import { startNode } from "../registry.mjs";

/** @typedef {import("../registry.mjs").Start} Start */

/** Why this machine has no servers of Debian, and why no Directus, if it has none: set-up says so. */
export const NO_DEBIAN = process.env.DOORKEY_NO_DEBIAN;
export const NO_DIRECTUS = process.env.DOORKEY_NO_DIRECTUS;

const python = () => join(matrixFolders().python, "bin/python");
const here = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));

/** Django by a file of django/modes. @param {string} mode */
export const djangoMode = (mode) => (/** @type {Start} */ start) => startDjango({ ...start, mode, python: python() });

/** A script of this folder in Python. @param {string} file */
export const pythonScript =
  (file) =>
  (/** @type {Start} */ { publicUrl, ...lifetimes }) =>
    startScript(file, python(), ["-u", "-W", "ignore", here(file)], lifetimes);

/** A script of this folder in Node, with the packages of npm. @param {string} file */
export const nodeScript = (file) => (/** @type {Start} */ start) =>
  startNode(`matrix/${file}`, [], start, { MODULES: matrixFolders().modules });

/** @param {Start} start @param {NodeJS.ProcessEnv} [env]  ISSUER: the provider that users may sign in by, from PAGE */
export const startDirectus = (start, env) => startNode("matrix/directus.mjs", [], start, { MODULES: directusFolder(), ...env });

/** @param {Start} start */
export async function startLaravel(start) {
  const server = await startNode("matrix/laravel.mjs", [], start);
  return { ...server, revokeAll: () => fetch(`${server.url}/__control/revoke-all`) };
}

/**
 * An OpenID provider that nothing of doorkey was made for.
 * @param {{ redirectUri: string, dpopNonce?: boolean }} app dpopNonce: proofs must have its nonce
 */
export const startGlewlwyd = ({ redirectUri, dpopNonce }) =>
  startScript("glewlwyd", process.execPath, [here("glewlwyd.mjs")], {
    env: { REDIRECT_URI: redirectUri, DPOP_NONCE: dpopNonce ? "1" : "" },
  });
