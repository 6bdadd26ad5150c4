// @ts-check
// The failures of app builders, whatever their shape, as `{ status?, body?, message? }`.

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
 * @param {{ status: unknown[], body: unknown[], message: unknown[], code?: unknown }} places where each may stand; `code`: of an error
 */
export function failure({ status, body, message, code }) {
  const text = /** @type {string | undefined} */ (message.find((each) => typeof each === "string" && each));
  const answer = body.find((each) => each !== undefined && each !== null && each !== "");
  return {
    // The builder's own server could not reach the API.
    ...(UNREACHED.test(`${textOf(code)} ${text}`) ? { name: "NetworkError" } : {}),
    status: status.map(statusOf).find((each) => each !== undefined),
    ...(answer === undefined ? {} : { body: parsed(answer) }),
    message: text,
  };
}
