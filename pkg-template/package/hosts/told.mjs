// @ts-check
// What adapters have in common: the shapes of failures, requests by a query, reads that lag behind writes.

/**
 * A status as servers and builders write it: 401, "401", "401 UNAUTHORIZED", "Response code 401 (Unauthorized)".
 * @param {unknown} value
 */
export function statusOf(value) {
  const digits = /^(?:[A-Za-z ]*\b(?:code|status):? )?([1-5]\d\d)(?![\d.]| [a-z])/.exec(
    typeof value === "number" ? String(value) : textOf(value),
  );
  return digits ? Number(digits[1]) : undefined;
}

const textOf = (/** @type {unknown} */ value) => (typeof value === "string" ? value : "");

/** A body that came as text. @param {unknown} body */
export function parsed(body) {
  try {
    return JSON.parse(/** @type {string} */ (body));
  } catch {
    return body;
  }
}

const UNREACHED =
  /\b(ECONN[A-Z]+|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|socket hang up|connection (refused|reset|timed out|prematurely closed))\b/i;

/**
 * The failure of a host: `{ status?, body?, message? }`, with the first of each that says something.
 * @param {{ status: unknown[], body: unknown[], message: unknown[] }} told
 */
export function failure({ status, body, message }) {
  const text = /** @type {string | undefined} */ (message.find((each) => typeof each === "string" && each));
  const answer = body.find((each) => each !== undefined && each !== null && each !== "");
  return {
    // The builder's own server could not reach the API.
    ...(UNREACHED.test(text ?? "") ? { name: "NetworkError" } : {}),
    status: status.map(statusOf).find((each) => each !== undefined),
    ...(answer === undefined ? {} : { body: parsed(answer) }),
    message: text,
  };
}

/**
 * Sends doorkey's requests by a query of the builder, which has `url`, `method`, `contentType`, `authorization` and `body`
 * (what JSON holds, else the text) as arguments. Its data is taken for the body of a 200.
 * @param {(params: object) => unknown} run rejects with a failure as above
 */
export function httpBy(run) {
  return async (
    /** @type {{ url: string, method: string, headers: Record<string, string>, body?: string }} */ { url, method, headers, body = "" },
  ) => {
    const header = (/** @type {string} */ name) => Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
    const contentType = header("content-type");
    const params = {
      url,
      method,
      contentType,
      authorization: header("authorization"),
      body: contentType.includes("json") ? parsed(body) : body,
    };
    try {
      return { status: 200, headers: {}, body: await run(params) };
    } catch (/** @type {any} */ thrown) {
      if (thrown?.status === undefined) throw thrown;
      return { status: thrown.status, headers: {}, body: thrown.body ?? thrown.message };
    }
  };
}

/**
 * A store whose reads show a write late, or never in the same run: what was written counts until the host shows it, or
 * something that it showed neither before nor in between. What can't be read is what it was.
 * @param {(key: string) => unknown} read
 */
export function upToDate(read) {
  /** What is known of each key, and what the host may still show instead. @type {Map<string, { value: unknown, stale: string[] }>} */
  const known = new Map();
  const text = (/** @type {unknown} */ value) => JSON.stringify(value) ?? "";
  return {
    get(/** @type {string} */ key) {
      const last = known.get(key);
      let value;
      try {
        value = read(key);
      } catch (thrown) {
        if (last) return last.value;
        throw thrown;
      }
      if (last?.stale.includes(text(value))) return last.value;
      known.set(key, { value, stale: [] });
      return value;
    },
    wrote(/** @type {string} */ key, /** @type {unknown} */ value) {
      const { value: before, stale } = known.get(key) ?? { value: read(key), stale: [] };
      known.set(key, { value, stale: [...stale, text(before), text(read(key))].filter((each) => each !== text(value)) });
    },
    known: () => Object.fromEntries([...known].map(([key, { value }]) => [key, value])),
  };
}

/**
 * Calls a member of what the builder gave; it is looked up now.
 * @param {any} owner @param {string} path what to call it in the error @param {any[]} args
 */
export function call(owner, path, ...args) {
  const name = /** @type {string} */ (path.split(".").at(-1));
  if (typeof owner?.[name] !== "function") throw new Error(`${path}() is not available here`);
  return owner[name](...args);
}

/** Whether a target is an address rather than a page's or an app's name. @param {string} target */
export const isAddress = (target) => /^(?:[a-z][a-z\d+.-]*:)?\/|^[?#.]/i.test(target);
