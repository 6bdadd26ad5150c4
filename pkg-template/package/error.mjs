// @ts-check
// The one class that doorkey rejects and throws with. What the shell refuses with becomes one in enter.mjs.

// A page may have put a member of such a name on all objects.
const hasOwn = (/** @type {object} */ object, /** @type {string} */ key) => Object.prototype.hasOwnProperty.call(object, key);

const DETAILS = /** @type {const} */ (["status", "body", "retryable", "retryAtMs", "stepId", "path"]);

/** An error with a stable code. Extensible, so that an app builder can annotate it. */
export class AuthError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {Record<string, unknown>} [details]
   */
  constructor(code, message, details = {}) {
    // An app builder's console often shows the message alone: what is wrong with it is of use beside its place.
    const place = /_(OPTION|VALUE|TEMPLATE)$/.test(code) && details.path ? `${details.path}: ` : "";
    super(place && !message.startsWith(place) ? place + message : message);
    /** @type {string} */
    this.code = code;
    for (const key of DETAILS) {
      if (hasOwn(details, key) && details[key] !== undefined) /** @type {any} */ (this)[key] = details[key];
    }
    // Not enumerable, as in the language itself: what a host threw must not end in a log by accident.
    if (hasOwn(details, "cause") && details.cause !== undefined) hidden(this, "cause", details.cause);
  }
}

// Minifiers rename the class.
hidden(AuthError.prototype, "name", "AuthError");

/** @param {object} target @param {string} key @param {unknown} value */
function hidden(target, key, value) {
  Object.defineProperty(target, key, { value, configurable: true, writable: true });
}

/**
 * Whether a value is an AuthError of any copy of doorkey, of this realm or another, which `instanceof` can't tell.
 * @param {any} value
 * @returns {boolean}
 */
export function isAuthError(value) {
  try {
    return Object.prototype.toString.call(value) === "[object Error]" && value.name === "AuthError" && /^ERR_/.test(value.code);
  } catch {
    return false; // a proxy can refuse to be looked at
  }
}
