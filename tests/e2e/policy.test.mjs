// @ts-check
/** What SECURITY.md advises to pages, on a page that does it. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../package/project.mjs";
import { unpackPackage } from "./lib/package.mjs";
import { suite } from "./lib/suite.mjs";

const scenario = suite();

/** The policy as the document has it. */
const ADVISED = /`Content-Security-Policy: ([^`]+)`/.exec(readFileSync(join(root, "SECURITY.md"), "utf8"))?.[1];

/** Runs before a page's scripts: collects what the policy has stopped. */
function collectStopped() {
  const stopped = /** @type {string[]} */ ([]);
  Object.assign(globalThis, { stopped });
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile, sample }) =>
    stopped.push(`${effectiveDirective} ${blockedURI} ${sourceFile} ${sample}`),
  );
}

/** Serves a page. @param {any} world @param {string} html @param {Record<string, string>} [headers] */
const page = ({ site }, html, headers = {}) =>
  site.answer("/page.html", {
    headers: { "content-type": "text/html", ...headers },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title>${html}`,
  });

scenario(
  "under the policy that is advised, and with Trusted Types, every form, the dialog, the button and the panel work",
  async (world) => {
    const { server, site } = world;
    const rest = "require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'; img-src 'self'";
    const policy = `default-src 'none'; ${ADVISED}; connect-src 'self' ${server.url}; ${rest}`;
    const script = `
    import * as inline from "/pkg/dist/doorkey.mjs";
    import * as slim from "/pkg/dist/doorkey.slim.mjs";
    import "/pkg/dist/doorkey.ui.mjs";
    import "/pkg/dist/doorkey.panel.mjs";
    await slim.init();
    globalThis.forms = { umd: globalThis.Doorkey, inline, slim };`;
    const headers = { "content-security-policy": policy };
    page(
      world,
      `<script src="/pkg/dist/doorkey.umd.min.js"></script><script type="module" src="/page.mjs"></script><main></main>`,
      headers,
    );
    site.answer("/page.mjs", { headers: { "content-type": "text/javascript" }, body: script });
    const tab = await world.openTab({ at: "/page.html", start: false, before: collectStopped });
    await tab.until(() => Boolean(globalThis.forms));
    for (const form of ["umd", "inline", "slim"]) {
      const told = await tab.evaluate(
        async ([form, options, user, url]) => {
          const auth = globalThis.forms[form].createAuth({ ...options, host: { navigateTo() {} } });
          await auth.signin(user);
          await auth.refreshAccessToken({ force: true });
          const { status } = await auth.fetch(url);
          await auth.logout({ navigate: false });
          return status;
        },
        [form, server.options({ name: form, storage: "local" }), world.user, `${server.url}/api/me`],
      );
      assert.equal(told, 200, form);
    }
    // The dialog, from the button, with the panel beside it.
    const { flows } = server.options();
    const request = JSON.parse(JSON.stringify(flows.signin).replaceAll("inputs.", "form1."));
    const asks = server.options({ flows: { ...flows, signin: [{ form: {} }, { request }] } });
    await tab.evaluate((options) => {
      globalThis.auth = globalThis.forms.inline.createAuth({
        ...options,
        host: { ...globalThis.forms.inline.hosts.browser(), navigateTo() {} },
      });
      const button = Object.assign(document.createElement("doorkey-button"), { auth: globalThis.auth });
      const panel = Object.assign(document.createElement("doorkey-panel"), { auth: globalThis.auth });
      document.querySelector("main")?.append(button, panel);
    }, asks);
    await tab.page.getByRole("button", { name: "Sign in" }).click();
    await tab.page.getByLabel("Email").fill(world.user.email);
    await tab.page.locator("dialog input[type=password]").fill(world.user.password);
    await tab.page.locator("dialog").getByRole("button", { name: "Sign in" }).click();
    await tab.until(() => globalThis.auth.status().signedIn);
    assert.equal(await tab.page.locator("doorkey-panel").count(), 1);
    assert.deepEqual(await tab.evaluate(() => globalThis.stopped), []);
    // The policy is in force, and what it stops is heard.
    await tab.evaluate(() => {
      try {
        document.body.innerHTML = "<p>markup</p>";
      } catch {}
    });
    assert.match((await tab.until(() => globalThis.stopped.join())) ?? "", /require-trusted-types-for/);
    tab.console.length = 0;
  },
);

scenario("a script with integrity loads nothing else, and a file that was changed does not run", async (world) => {
  const file = readFileSync(join(unpackPackage(), "dist/doorkey.umd.min.js"));
  const hash = (/** @type {Buffer | string} */ bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
  const src = `${world.site.other}/pkg/dist/doorkey.umd.min.js`;
  const open = async (/** @type {string} */ integrity) => {
    page(world, `<link rel="icon" href="data:,"><script src="${src}" integrity="${integrity}" crossorigin></script>`);
    return world.openTab({ at: "/page.html", start: false });
  };
  const tab = await open(hash(file));
  const options = world.server.options({ storage: "local" });
  const told = await tab.evaluate(
    async ([given, user]) => {
      const auth = /** @type {any} */ (globalThis).Doorkey.createAuth({ ...given, host: { navigateTo() {} } });
      await auth.signin(user);
      await auth.accessToken();
      return auth.status().signedIn;
    },
    [options, world.user],
  );
  assert.equal(told, true);
  const asked = tab.urls.filter((url) => !url.startsWith("data:"));
  assert.deepEqual(asked, [`${world.site.origin}/page.html`, src, `${world.server.url}/token`]);

  const other = await open(hash("another file"));
  assert.equal(await other.evaluate(() => "Doorkey" in globalThis), false);
  assert.ok(
    other.console.some(({ text }) => /integrity/.test(text)),
    "the browser says why",
  );
  other.console.length = 0;
});
