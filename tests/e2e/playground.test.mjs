// @ts-check
/** The playground as a person meets it: the guide's app, on doorkey from the tarball. */

import assert from "node:assert/strict";

import { playgroundSuite } from "./lib/playground.mjs";
import { PHONE, scrollsSideways, WIDE } from "./lib/served.mjs";

const scenario = playgroundSuite();

scenario("wrong password: the server's message is shown and announced, and the page stays", async (app) => {
  const page = await app.open();
  await page.getByTestId("email").fill(app.server.user.email);
  await page.getByTestId("password").fill("not-her-password");
  await page.getByTestId("signin").click();
  const alert = page.getByTestId("login-error");
  await alert.filter({ hasText: "Wrong email or password." }).waitFor();
  assert.equal(await alert.getAttribute("role"), "alert");
  assert.equal(await page.getByTestId("login").isVisible(), true);
  assert.equal(await page.getByTestId("password").getAttribute("aria-invalid"), "true");
  assert.deepEqual(await page.evaluate(() => ({ ...localStorage })), {});
});

scenario("right password: the Dashboard, with the account from the API", async (app) => {
  const page = await app.signIn();
  await page.getByTestId("dashboard").getByText(app.server.user.email).waitFor();
  assert.match(page.url(), /page=Dashboard/);
});

scenario("sign-in with the keyboard alone", async (app) => {
  const page = await app.open();
  await page.getByTestId("email").focus();
  await page.keyboard.type(app.server.user.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(app.server.user.password);
  await page.keyboard.press("Enter");
  await page.getByTestId("dashboard").waitFor();
});

scenario("a reload keeps the session; LoginPage while signed in leads to the Dashboard", async (app) => {
  const page = await app.signIn();
  await page.reload();
  await page.getByTestId("dashboard").waitFor();
  await page.goto(`${app.url}/?page=LoginPage`);
  await page.getByTestId("dashboard").waitFor();
  assert.match(page.url(), /page=Dashboard/);
});

/** Runs before the page's scripts: remembers every page and table row that was ever in the document. */
function watchTheDocument() {
  globalThis.everShown = new Set();
  const look = (node) => {
    if (node instanceof Element) {
      for (const element of [node, ...node.querySelectorAll("[data-testid], tbody tr")]) {
        globalThis.everShown.add(element.matches("tbody tr") ? "a row" : element.getAttribute("data-testid"));
      }
    }
  };
  new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(look))).observe(document, {
    childList: true,
    subtree: true,
  });
}

scenario("Orders by URL while signed out: LoginPage, and nothing of the orders was ever in the document", async (app) => {
  await app.context.addInitScript(watchTheDocument);
  const page = await app.open("/?page=Orders");
  await page.getByTestId("login").waitFor();
  assert.match(page.url(), /page=LoginPage/);
  const shown = await page.evaluate(() => [...globalThis.everShown]);
  assert.ok(shown.includes("login"), "the observer sees pages");
  assert.deepEqual(
    shown.filter((what) => what === "a row" || what?.startsWith("orders")),
    [],
  );
  assert.deepEqual(
    (await app.server.log()).filter(({ path }) => path.startsWith("/api/")),
    [],
  );
});

scenario("Orders by URL after the server has ended the session: LoginPage, and no row was ever in the document", async (app) => {
  await app.context.addInitScript(watchTheDocument);
  const first = await app.signIn();
  await first.close();
  await app.server.revokeAll();
  const page = await app.open("/?page=Orders");
  await page.getByTestId("login").waitFor();
  assert.ok(!(await page.evaluate(() => globalThis.everShown.has("a row"))));
});

scenario("Orders while signed in: the rows, by link and by URL", async (app) => {
  const page = await app.signIn();
  await page.getByTestId("see-orders").click();
  const rows = page.locator("table tbody tr");
  await rows.first().waitFor();
  const count = await rows.count();
  await page.reload();
  await rows.first().waitFor();
  assert.equal(await rows.count(), count);
});

scenario("an access token that the server takes for expired is renewed without a word", async (app) => {
  const page = await app.signIn();
  await app.server.shiftTime(61_000);
  await page.getByTestId("see-orders").click();
  await page.locator("table tbody tr").first().waitFor();
  const refreshes = (await app.server.log()).filter(({ grant }) => grant === "refresh_token");
  assert.equal(refreshes.length, 1);
});

scenario("the API is down: the page says so, and Reload mends it", async (app) => {
  const page = await app.signIn();
  await app.server.fail({ path: "/api/orders", status: 503 });
  await page.getByTestId("see-orders").click();
  await page.getByTestId("orders-error").waitFor();
  await page.getByTestId("reload-orders").click();
  await page.locator("table tbody tr").first().waitFor();
});

scenario("sign out: LoginPage, in every tab, and the back button shows no data", async (app) => {
  const page = await app.signIn();
  const other = await app.open("/?page=Orders");
  await other.locator("table tbody tr").first().waitFor();
  await page.getByTestId("logout").click();
  await page.getByTestId("login").waitFor();
  await other.getByTestId("login").waitFor();
  assert.equal(await other.locator("table tbody tr").count(), 0);
  await page.goBack();
  await page.getByTestId("login").waitFor();
  assert.equal(await page.getByTestId("dashboard").count(), 0);
});

scenario("20 calls at once, from the Dashboard's button: one refresh at most, and the result is told", async (app) => {
  const page = await app.signIn();
  await app.server.shiftTime(61_000);
  await page.getByTestId("try-20").click();
  await page.getByTestId("try-result").filter({ hasText: /20/ }).waitFor();
  assert.equal((await app.server.log()).filter(({ grant }) => grant === "refresh_token").length, 1);
});

scenario("the panel shows the session, its events and its steps, and no secret", async (app) => {
  const page = await app.signIn();
  await page.getByTestId("session-state").filter({ hasText: "Signed in" }).waitFor();
  await page
    .getByTestId("events")
    .getByText(/signed ?in/i)
    .first()
    .waitFor();
  await page.getByTestId("trace").locator("li").first().waitFor();
  const text = await page.locator("body").innerHTML();
  const record = await page.evaluate(() => localStorage.getItem("doorkey"));
  const token = await page.evaluate(() => globalThis.playground.auth.accessToken());
  assert.ok(record.includes(token), "the record holds the token");
  assert.ok(!text.includes(token));
  assert.ok(!text.includes(app.server.user.password));
});

for (const [name, viewport] of Object.entries({ phone: PHONE, "wide screen": WIDE })) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    scenario(
      `on a ${name}, ${colorScheme}: no page scrolls sideways`,
      async (app) => {
        const page = await app.open();
        await page.getByTestId("login").waitFor();
        assert.equal(await page.evaluate(scrollsSideways), false, "LoginPage");
        const signedIn = await app.signIn();
        assert.equal(await signedIn.evaluate(scrollsSideways), false, "Dashboard");
        await signedIn.getByTestId("see-orders").click();
        await signedIn.locator("table tbody tr").first().waitFor();
        assert.equal(await signedIn.evaluate(scrollsSideways), false, "Orders");
      },
      { viewport, colorScheme },
    );
  }
}
