// The main job, as a program of its own for any runtime: sign in, call, refresh, sign out against the real server.
//   <runtime> job.mjs <form> <the package's folder, as a URL> <the server's URL> <email> <password>
// Prints one line of JSON: what each step gave, and how it was refused where it was.
import { embeddedOptions } from "../servers/options.mjs";

const [form, home, server, email, password] = (globalThis.Deno?.args ?? process.argv.slice(2)).slice(-5);

/** @returns {Promise<any>} */
async function load() {
  switch (form) {
    case "doorkey":
      return import(`${home}/dist/doorkey.mjs`);
    case "slim": {
      const doorkey = await import(`${home}/dist/doorkey.slim.mjs`);
      await doorkey.init();
      return doorkey;
    }
    default: {
      const { createRequire } = await import("node:module");
      const require = createRequire(`${home}/../../main.js`);
      return require(form === "umd" ? "doorkey/umd" : "doorkey");
    }
  }
}

const pages = [];
const report = {};
try {
  const { createAuth, ready, isAuthError } = await load();
  await ready;
  const auth = createAuth(embeddedOptions(server, { host: { navigateTo: (page) => void pages.push(page) }, storage: "memory" }));
  const wrong = await auth.signin(email, "wrong").catch((error) => error);
  report.wrong = [isAuthError(wrong), wrong.code];
  report.signin = (await auth.signin(email, password)).ok;
  const first = await auth.accessToken();
  report.call = (await auth.fetch(`${server}/api/me`)).status;
  report.refreshed = (await auth.refreshAccessToken({ force: true })).refreshed;
  report.changed = (await auth.accessToken()) !== first;
  report.again = (await auth.fetch(`${server}/api/me`)).status;
  await auth.storeValue("theme", "dark");
  report.value = auth.getValue("theme");
  const { ok, revoked } = await auth.logout();
  report.logout = [ok, revoked];
  report.after = [auth.status().signedIn, (await auth.fetch(`${server}/api/me`)).status];
  report.pages = pages;
  auth.dispose();
  // Again in the storage that the runtime has, if it has one.
  const kept = createAuth(embeddedOptions(server, { name: "kept" }));
  report.kept = (await kept.signin(email, password)).ok;
  await kept.logout();
  kept.dispose();
} catch (error) {
  report.error = String(error?.stack ?? error);
  if (error?.cause) report.cause = String(error.cause.stack ?? error.cause);
}
console.log(JSON.stringify(report));
