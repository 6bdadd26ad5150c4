// The importable app: it holds the templates as they are, and works when it is imported.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { documentedQueries, startGuide } from "./guide.mjs";
import { importApp } from "./import.mjs";

let guide;
let json;
before(async () => {
  guide = await startGuide();
  json = JSON.parse(guide.template("app.json"));
});
after(() => guide?.stop());

const same = (text) => text;

test("app.json holds the templates and the walkthrough's queries as they are", () => {
  const { objects, queries, libraries } = importApp(json, same);
  for (const [name, body] of Object.entries(objects)) assert.equal(body, guide.template(`${name}.js`), name);
  const { queries: documented } = documentedQueries(guide.template("README.md"));
  for (const [name, query] of Object.entries(documented))
    assert.deepEqual(queries[name], { ...query, headers: { "content-type": "application/json", ...query.headers } }, name);
  assert.deepEqual(libraries, [
    { url: `https://cdn.jsdelivr.net/npm/doorkey@${guide.appsmith.files.version}/dist/doorkey.umd.min.js`, accessor: ["Doorkey"] },
  ]);
});

test("app.json names only what it has: actions by their pages and collections, functions of page load, ids once", () => {
  const pages = json.pageList.map(({ unpublishedPage }) => unpublishedPage.name);
  const collections = json.actionCollectionList.map(({ id }) => id);
  const actions = json.actionList.map(({ id }) => id);
  assert.equal(new Set([...actions, ...collections]).size, actions.length + collections.length);
  for (const {
    unpublishedAction: { pageId, collectionId },
  } of json.actionList) {
    assert.ok(pages.includes(pageId), pageId);
    if (collectionId) assert.ok(collections.includes(collectionId), collectionId);
  }
  const loads = json.pageList.flatMap(({ unpublishedPage }) => unpublishedPage.layouts[0].layoutOnLoadActions.flat());
  for (const { id } of loads) assert.ok(actions.includes(id), id);
  const onLoad = json.actionList.filter(({ unpublishedAction }) => unpublishedAction.runBehaviour === "ON_PAGE_LOAD").map(({ id }) => id);
  assert.deepEqual(onLoad.sort(), loads.map(({ id }) => id).sort());
});

test("appsmith: sign in: the imported app signs in, shows orders, renews, and signs out by its own buttons", async () => {
  const placed = (text) => guide.placed(text).replace("https://cdn.jsdelivr.net", guide.appsmith.cdn.plain);
  const definition = importApp(json, placed);
  const press = (page, name) => definition.pages[page].children.find(({ widgetName }) => widgetName === name).onClick.slice(2, -2);
  const app = await guide.appsmith.newApp(definition);
  const tab = await app.open("Orders");
  await tab.shows("LoginPage");
  await tab.type("inp_username", guide.server.user.email);
  await tab.type("inp_password", guide.server.user.password);
  await tab.run(press("LoginPage", "Login"));
  await tab.shows("Dashboard");
  await tab.run(press("Dashboard", "ToOrders"));
  await tab.shows("Orders");
  await tab.returned("Orders.load", 2); // the first time nobody was signed in
  assert.ok((await tab.run("Orders.load.data")).orders.length > 0);
  await tab.reload();
  assert.equal((await tab.run("Doorkey.refreshAccessToken({ force: true })")).refreshed, true);
  await tab.run(press("Orders", "SignOut"));
  await tab.shows("LoginPage");
  assert.equal((await tab.persisted()).accesstoken, undefined);
});
