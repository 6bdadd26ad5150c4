// @ts-check
// Tabs of one session in Chromium: what each keeps, and how long it takes until all of them have what one of them got.
const ROUNDS = 5;
/** So many are opened at once. */
const AT_ONCE = 5;

/**
 * @typedef {Record<"told" | "word" | "asked" | "plain", number[]>} Rounds  milliseconds
 * @typedef {{ size: number, page: number, kept: number, refreshes: number, rounds: Rounds }} Crowd  what a tab keeps, in bytes
 */

/**
 * @param {import("playwright-core").Browser} browser
 * @param {{ site: string, api: string, token: string, options: any, user: { email: string, password: string } }} given
 * @param {number} size @returns {Promise<Crowd>}
 */
export async function measureTabs(browser, given, size) {
  const context = await browser.newContext();
  /** @type {Rounds} */
  const rounds = { told: [], word: [], asked: [], plain: [] };
  let refreshes = 0;
  context.on("request", (request) => {
    if (request.url() === given.token && request.postData()?.includes("grant_type=refresh_token")) refreshes++;
  });
  try {
    const pages = await opened(context, given.site, size);
    const page = (await kept(context, pages)) / size;
    await startIn(pages.slice(0, 1), given.options);
    await pages[0].evaluate(({ email, password }) => /** @type {any} */ (globalThis).auth.signin(email, password), given.user);
    await startIn(pages.slice(1), given.options);
    const more = (await kept(context, pages)) / size - page;
    for (let round = 0; round < ROUNDS; round++) {
      rounds.told.push(await untilAllHave(pages, "refresh"));
      rounds.word.push(await untilAllHave(pages, "word"));
      rounds.asked.push(await allAtOnce(pages, "force", given.api));
      rounds.plain.push(await allAtOnce(pages, "plain", given.api));
    }
    return { size, page, kept: more, refreshes, rounds };
  } finally {
    await context.close();
  }
}

/** @param {import("playwright-core").BrowserContext} context @param {string} site @param {number} size */
async function opened(context, site, size) {
  const pages = /** @type {import("playwright-core").Page[]} */ ([]);
  while (pages.length < size) {
    const some = Array.from({ length: Math.min(AT_ONCE, size - pages.length) }, async () => {
      const page = await context.newPage();
      await page.goto(site);
      return page;
    });
    pages.push(...(await Promise.all(some)));
  }
  return pages;
}

/** @param {import("playwright-core").Page[]} pages @param {any} options */
async function startIn(pages, options) {
  for (const page of pages) {
    await page.evaluate(async (given) => {
      const { createAuth, ready } = await import(/** @type {any} */ ("/dist/doorkey.mjs"));
      await ready;
      const channel = new BroadcastChannel("word");
      const all = /** @type {any} */ (globalThis);
      Object.assign(all, { auth: createAuth(given), channel, word: "" });
      channel.onmessage = ({ data }) => (all.word = data);
    }, options);
  }
}

/** What all pages keep, in bytes: objects, buffers and the memory of wasm. @param {import("playwright-core").BrowserContext} context @param {import("playwright-core").Page[]} pages */
async function kept(context, pages) {
  let sum = 0;
  for (const page of pages) {
    const devtools = await context.newCDPSession(page);
    await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize } = /** @type {{ usedSize: number, backingStorageSize: number }} */ (
      await devtools.send("Runtime.getHeapUsage")
    );
    sum += usedSize + backingStorageSize;
    await devtools.detach();
  }
  return sum;
}

/** Milliseconds until what the first page does has come to all. @param {import("playwright-core").Page[]} pages @param {"refresh" | "word"} what */
async function untilAllHave([first, ...others], what) {
  const old = await first.evaluate((how) => (how === "word" ? "" : /** @type {any} */ (globalThis).auth.status().expiresAt), what);
  const waiting = others.map((page) =>
    page.evaluate(
      async ([how, before]) => {
        const all = /** @type {any} */ (globalThis);
        const seen = () => (how === "word" ? all.word : all.auth.status().expiresAt);
        while (seen() === before) await new Promise((resolve) => setTimeout(resolve, 2));
        all.word = "";
        return Date.now();
      },
      [what, old],
    ),
  );
  const begun = await first.evaluate(async (how) => {
    const all = /** @type {any} */ (globalThis);
    // All have begun to look by then.
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (how === "refresh") await all.auth.refreshAccessToken({ force: true });
    const now = Date.now();
    if (how === "word") all.channel.postMessage("now");
    return now;
  }, what);
  return Math.max(...(await Promise.all(waiting))) - begun;
}

/** Milliseconds until all are done with what they begin at the same moment. @param {import("playwright-core").Page[]} pages @param {"force" | "plain"} what @param {string} api */
async function allAtOnce(pages, what, api) {
  const at = Date.now() + 500;
  const ended = pages.map((page) =>
    page.evaluate(
      async ([how, url, moment]) => {
        const { auth } = /** @type {any} */ (globalThis);
        const headers = await auth.headers();
        await new Promise((resolve) => setTimeout(resolve, Number(moment) - Date.now()));
        if (how === "force") await auth.refreshAccessToken({ force: true });
        else await (await fetch(String(url), { headers })).text();
        return Date.now();
      },
      [what, api, at],
    ),
  );
  return Math.max(...(await Promise.all(ended))) - at;
}
