// @ts-check
// What must work wherever the package has been loaded. `smoke` is sent as text into pages and workers: it must not close over anything.

/** @param {any} doorkey */
export async function smoke(doorkey) {
  await doorkey.ready;
  const token = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"ada"}')}.`;
  const auth = doorkey.createAuth({ name: "smoke", storage: "memory" });
  const refused = await auth.signin().catch((/** @type {unknown} */ error) => error);
  const stored = await auth.storeValue("theme", "dark");
  const theme = auth.getValue("theme");
  auth.dispose();
  return {
    keys: Object.keys(doorkey).sort(),
    version: doorkey.version,
    signedIn: doorkey.status().signedIn,
    subject: doorkey.claims(token).sub,
    refused: [refused.name, refused.code, refused.path, doorkey.isAuthError(refused)],
    stored,
    theme,
  };
}

export const KEYS = [
  "AuthError",
  "accessToken",
  "check",
  "claims",
  "clearStore",
  "configure",
  "createAuth",
  "getValue",
  "guard",
  "headers",
  "hosts",
  "isAuthError",
  "logout",
  "on",
  "providers",
  "ready",
  "refreshAccessToken",
  "removeValue",
  "run",
  "signin",
  "signinCallback",
  "status",
  "storeValue",
  "values",
  "version",
];

/** @param {string} version @param {string[]} [more] keys of this form alone */
export const expected = (version, more = []) => ({
  keys: [...KEYS, ...more].sort(),
  version,
  signedIn: false,
  subject: "ada",
  refused: ["AuthError", "ERR_INVALID_OPTION", "flows.signin", true],
  stored: {},
  theme: "dark",
});
