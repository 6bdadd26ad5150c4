// @ts-check
/** The page that shows the templates of the tarball: every builder, every file, copied as it is. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { servePlayground } from "../../www/serve.mjs";
import { launchBrowser, noBrowser } from "./lib/browser.mjs";
import { unpackPackage } from "./lib/package.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SIZES = { phone: { width: 360, height: 740 }, "wide screen": { width: 1440, height: 900 } };

let browser;
let site;
let packageDir;

before(async () => {
  if (noBrowser) return;
  packageDir = unpackPackage();
  site = await servePlayground({ authUrl: "http://127.0.0.1:9", pkgDir: packageDir });
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/**
 * @param {string} name
 * @param {(page: import("playwright-core").Page) => Promise<void>} body
 * @param {object} [options] of the browser's context
 */
function scenario(name, body, options = {}) {
  test(name, { skip: noBrowser ?? false, timeout: 60_000 }, async () => {
    const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"], ...options });
    const page = await context.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    try {
      await body(page);
      assert.deepEqual(problems, []);
    } finally {
      await context.close();
    }
  });
}

/** The files of a builder in the package, as they are to be pasted. */
function filesOf(host) {
  const root = join(packageDir, "templates", host);
  const { version } = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8"));
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== "README.md",
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).sort();
  return paths.map((path) => ({ path, code: readFileSync(join(root, path), "utf8").replaceAll("@<version>", `@${version}`) }));
}

/** Waits until the page shows this builder: its address says so a moment before. @param {import("playwright-core").Page} page @param {string} host */
async function shows(page, host) {
  await page.waitForURL(`**/hosts/#${host}`);
  await page.waitForFunction((wanted) => {
    const picker = /** @type {HTMLSelectElement | null} */ (document.querySelector("[data-testid=host]"));
    return picker?.value === wanted && document.title === `doorkey in ${picker.selectedOptions[0].textContent}`;
  }, host);
}

scenario("every builder of the package is there, with its files as they are to be pasted", async (page) => {
  await page.goto(`${site.url}/hosts/`);
  const options = page.getByTestId("host").locator("option");
  await options.first().waitFor({ state: "attached" });
  const hosts = await options.evaluateAll((all) => all.map((option) => /** @type {HTMLOptionElement} */ (option).value));
  assert.deepEqual(hosts, readdirSync(join(packageDir, "templates")).sort());
  for (const host of hosts) {
    await page.getByTestId("host").selectOption(host);
    await shows(page, host);
    const shown = await page
      .getByTestId("file")
      .evaluateAll((files) =>
        files.map((file) => ({ path: file.getAttribute("data-path"), code: file.querySelector("pre")?.textContent })),
      );
    assert.deepEqual(shown, filesOf(host));
    assert.notEqual(await page.getByTestId("readme").innerText(), "");
  }
});

scenario("an address leads to a builder, and a file is copied as it stands", async (page) => {
  await page.goto(`${site.url}/hosts/#tooljet`);
  await page.getByRole("button", { name: "Copy login.js" }).click();
  await page.getByTestId("alert").getByText("login.js is copied.").waitFor();
  const code = filesOf("tooljet").find(({ path }) => path === "login.js")?.code;
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code);
  assert.equal(await page.title(), "doorkey in ToolJet");
});

scenario("what can't be shown is said", async (page) => {
  await page.route("**/templates.json", (route) => route.fulfill({ status: 500, body: "gone" }));
  await page.goto(`${site.url}/hosts/`);
  await page.getByRole("alert").getByText("The templates can't be shown: gone").waitFor();
});

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    scenario(
      `templates on a ${size}, ${colorScheme}: axe finds nothing, and nothing scrolls sideways`,
      async (page) => {
        for (const host of ["appsmith", "lowcoder"]) {
          await page.goto(`${site.url}/hosts/#${host}`);
          await shows(page, host);
          const wide = await page.evaluate(() =>
            [...document.querySelectorAll("body *")]
              .filter((each) => !each.closest(".wide, .code") && each.getBoundingClientRect().right > innerWidth + 1)
              .map((each) => each.outerHTML.slice(0, 80)),
          );
          assert.deepEqual(wide, []);
          await page.evaluate(AXE);
          const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run());
          assert.deepEqual(
            violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)]),
            [],
          );
        }
      },
      { viewport, colorScheme },
    );
  }
}
