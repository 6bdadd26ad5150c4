// Plasmic's pages are rendered on a server first: the template can be imported there.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { bundleApp } from "../lib/npm.mjs";
import { unpackPackage } from "../lib/package.mjs";

let files;
before(() => (files = unpackPackage()));
after(() => files?.remove());

for (const format of ["esm", "cjs"]) {
  test(`plasmic: the host app can be imported on a server as ${format}, where it is signed out`, async () => {
    const file = files.path(`server.${format === "esm" ? "mjs" : "cjs"}`);
    const alias = { "@plasmicapp/host": join(import.meta.dirname, "plasmic-host.js") };
    await writeFile(file, await bundleApp(files, join(import.meta.dirname, "server.js"), { alias, options: { platform: "node", format } }));
    const { auth, loadOrders, registered } = await import(pathToFileURL(file).href);
    assert.deepEqual(Object.keys(registered.auth).sort(), ["guard", "loadOrders", "logout", "refreshAccessToken", "signin", "status"]);
    assert.equal(auth.status().signedIn, false);
    await assert.rejects(auth.accessToken(), { code: "ERR_SIGNED_OUT" });
    assert.deepEqual(await loadOrders(), { orders: [] }, "no page, and no request");
    auth.dispose();
  });
}
