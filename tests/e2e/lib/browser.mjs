// @ts-check
/** Starts the Chromium that the machine has; nothing is downloaded. */

import { existsSync } from "node:fs";

import { chromium } from "playwright-core";

const EXECUTABLE = process.env.DOORKEY_CHROMIUM ?? "/usr/bin/chromium";

/** Why there is no browser to test in, or undefined. A skipped test also fails the command, or nobody would notice. */
export const noBrowser = existsSync(EXECUTABLE)
  ? undefined
  : `no Chromium at ${EXECUTABLE}: install Debian's package chromium, or set DOORKEY_CHROMIUM`;

if (noBrowser) {
  process.exitCode = 1;
}

/**
 * Starts it, or a Chromium without windows where set-up has found one: it does the same, but keeps no page that is left.
 * @param {{ keepsPages?: boolean }} [how] @returns {Promise<import("playwright-core").Browser>}
 */
export function launchBrowser({ keepsPages = false } = {}) {
  const { DOORKEY_SHELL } = process.env;
  return chromium.launch({
    executablePath: keepsPages ? EXECUTABLE : (DOORKEY_SHELL ?? EXECUTABLE),
    // Playwright turns the back/forward cache off, and a session must survive it.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
