// @ts-check
// What Diagnose tries out. Nothing is left behind, and no request carries a token or a body; a cookie the flow `check` alone.

const NAME = "doorkey-panel-probe";
const PATIENCE_MS = 2000;

/** @template T @param {Promise<T>} promise @param {T} late what a silence means @returns {Promise<T>} */
const within = (promise, late) => {
  /** @type {any} */
  let timer;
  const silence = new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE_MS, late)));
  return /** @type {Promise<T>} */ (Promise.race([promise, silence])).finally(() => clearTimeout(timer));
};

/** @param {"localStorage" | "sessionStorage"} kind @returns {"works" | "full" | "refused"} */
export function storage(kind) {
  try {
    const store = globalThis[kind];
    store.setItem(NAME, NAME);
    store.removeItem(NAME);
    return "works";
  } catch (error) {
    return /** @type {any} */ (error)?.name === "QuotaExceededError" ? "full" : "refused";
  }
}

/** @returns {Promise<"works" | "none" | "refused" | "silent">} */
export async function locks() {
  if (!navigator.locks?.request) return "none";
  const taken = navigator.locks.request(NAME, { ifAvailable: true }, () => /** @type {const} */ ("works"));
  return within(taken, "silent").catch(() => "refused");
}

/** @returns {Promise<"works" | "none" | "silent">} */
export async function channel() {
  /** @type {BroadcastChannel[]} */
  const ends = [];
  try {
    for (let end = 0; end < 2; end += 1) ends.push(new BroadcastChannel(NAME));
    const heard = new Promise((resolve) => (ends[1].onmessage = () => resolve("works")));
    ends[0].postMessage(NAME);
    return await within(/** @type {Promise<"works">} */ (heard), "silent");
  } catch {
    return "none";
  } finally {
    for (const end of ends) end.close();
  }
}

/**
 * Asks for the head of an address. A server may answer that as it answers GET, so what tells whose request it is stays away: a
 * sign-out by GET then ends nothing.
 * @param {string} url @param {RequestInit} [how]
 * @returns {Promise<{ date: number | null, sent: number, received: number } | null>} null: the page could not read the answer
 */
export async function head(url, how) {
  const sent = Date.now();
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS * 5);
    const { headers } = await fetch(url, {
      method: "HEAD",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      credentials: "omit",
      signal,
      ...how,
    });
    const date = Date.parse(headers.get("date") ?? "") + 1000 * Number(headers.get("age") ?? 0);
    return { date: Number.isNaN(date) ? null : date, sent, received: Date.now() };
  } catch {
    return null;
  }
}

/**
 * Whether a page may call an endpoint of another origin. Whether with cookies, a browser tells only of a request that has them; that of
 * the flow `check` is one that a page sends at any time.
 * @param {import("./endpoints.mjs").Endpoint} endpoint
 * @returns {Promise<{ outcome: "works" | "unreachable" | "cors" | "credentials" | "untried" | "headers", answer: Awaited<ReturnType<typeof head>> }>}
 */
export async function reach({ flow, origin, path, headers, credentials }) {
  const url = origin + path;
  const needsCookies = credentials === "include" && origin !== location.origin;
  const how = needsCookies && flow === "check" ? { credentials } : {};
  const works = needsCookies && flow !== "check" ? "untried" : "works";
  const answer = await head(url, how);
  if (!answer) {
    if (how.credentials && (await head(url))) return { outcome: "credentials", answer };
    return { outcome: (await head(url, { mode: "no-cors" })) ? "cors" : "unreachable", answer };
  }
  if (!headers.length) return { outcome: works, answer };
  const values = headers.map((name) => [name, name === "content-type" ? "application/json" : "doorkey-panel"]);
  const asked = await head(url, { ...how, headers: /** @type {any} */ (values) });
  return { outcome: asked ? works : "headers", answer };
}
