// @ts-check
import { sendJson } from "./api.mjs";
import { resetTime, shiftTime } from "./clock.mjs";

/** @typedef {import("node:http").IncomingMessage} Request  @typedef {import("node:http").ServerResponse} Response */
/**
 * @typedef {{ at: number, method: string, path: string, grant?: string, origin?: string, status: number | null, error?: string }} Entry
 *   `status` is null until the answer is out, or for good when there was none; `error` is the provider's reason for a refusal
 * @typedef {{ path: string, method?: string, grant?: string | null, mode?: "status" | "hang" | "drop" | "delay" | "hold" | "lose",
 *   status?: number, headers?: Record<string, string>, body?: unknown, delayMs?: number, times?: number | null }} Fault
 */

/** Whether a request with this grant is meant; null means one with none. @param {string | null | undefined} wanted @param {string | undefined} grant */
const meets = (wanted, grant) => wanted === undefined || (wanted ?? undefined) === grant;

const MODES = ["status", "hang", "drop", "delay", "hold", "lose"];

/** What the tests see and steer: the request log, the faults, the clock, revocation. It never holds a token. */
export function createControl() {
  /** @type {Entry[]} */
  let entries = [];
  /** @type {(Fault & { left: number })[]} */
  let faults = [];
  /** Answers that are kept back. @type {(() => void)[]} */
  const held = [];

  /** Lets all answers go that are kept back. */
  function release() {
    for (const answer of held.splice(0)) answer();
  }

  /**
   * Starts a log entry, which is completed when the answer is out.
   * @param {Request} req @param {Response} res @param {string} path @param {string | undefined} grant
   */
  function record(req, res, path, grant) {
    /** @type {Entry} */
    const entry = { at: Date.now(), method: req.method ?? "", path, grant, origin: req.headers.origin, status: null };
    entries.push(entry);
    res.on("finish", () => {
      entry.status = res.statusCode;
    });
    return entry;
  }

  /** The fault that this request meets, counted down. @param {Request} req @param {string} path @param {string | undefined} grant */
  function takeFault(req, path, grant) {
    const fault = faults.find(
      (f) => f.left > 0 && (f.path === path || f.path === "*") && (f.method ?? req.method) === req.method && meets(f.grant, grant),
    );
    if (fault) fault.left -= 1;
    return fault;
  }

  /** @param {Fault} fault */
  function fail(fault) {
    // null: for as long as nobody resets
    faults.push({ ...fault, left: fault.times === null ? Infinity : (fault.times ?? 1) });
  }

  function reset() {
    entries = [];
    faults = [];
    release();
  }

  /** @param {Request} req @param {Response} res @param {string} path @param {Buffer} body @param {{ all(): void, access(): void }} revoke */
  async function handle(req, res, path, body, revoke) {
    const input = body.length > 0 ? JSON.parse(body.toString()) : {};
    switch (`${req.method} ${path}`) {
      case "GET /__control/log":
        return sendJson(res, 200, entries);
      case "GET /__control/held":
        return sendJson(res, 200, held.length);
      case "POST /__control/reset":
        reset();
        resetTime();
        break;
      case "POST /__control/time":
        shiftTime(input.shiftMs);
        break;
      case "POST /__control/fail":
        if (!MODES.includes(input.mode ?? "status")) return sendJson(res, 400, { error: `mode is one of ${MODES.join(", ")}` });
        fail(input);
        break;
      case "POST /__control/release":
        release();
        break;
      case "POST /__control/revoke-all":
        revoke.all();
        break;
      case "POST /__control/revoke-access":
        revoke.access();
        break;
      default:
        return sendJson(res, 404, { error: "not_found", message: `No control at ${req.method} ${path}.` });
    }
    sendJson(res, 200, {});
  }

  /**
   * Makes the answer go wrong. True when the request has been dealt with and must not reach the server proper.
   * @param {Fault} fault @param {Response} res
   */
  function applyFault(fault, res) {
    const { mode = "status", delayMs = 0 } = fault;
    if (mode === "hold") holdAnswer(res, (answer) => void held.push(answer));
    else if (mode === "delay" || mode === "lose") holdAnswer(res, (answer) => void setTimeout(answer, delayMs), mode === "lose");
    else return spoil(fault, res);
    return false;
  }

  return { record, takeFault, fail, applyFault, reset, entries: () => entries, handle };
}

/** @param {Fault} fault @param {Response} res */
function spoil(fault, res) {
  const { mode = "status", delayMs = 0 } = fault;
  if (mode === "drop") setTimeout(() => res.destroy(), delayMs);
  if (mode === "status") setTimeout(() => sendFault(fault, res), delayMs);
  return true; // and "hang": nothing more is done
}

/**
 * The server does its work at once (a refresh token is rotated); only its answer comes late, or never.
 * @param {Response} res @param {(answer: () => void) => void} later @param {boolean} [lost]
 */
function holdAnswer(res, later, lost = false) {
  const end = res.end.bind(res);
  res.end = /** @type {typeof end} */ (
    (/** @type {Parameters<typeof end>} */ ...args) => {
      later(() => (lost ? res.destroy() : end(...args)));
      return res;
    }
  );
}

/** @param {Fault} fault @param {Response} res */
function sendFault({ status = 503, headers = {}, body = { error: "temporarily_unavailable" } }, res) {
  const isText = typeof body === "string";
  res.writeHead(status, { "Content-Type": isText ? "text/html" : "application/json", ...lowerCased(headers) });
  res.end(isText ? body : JSON.stringify(body));
}

/** @param {Record<string, string>} headers */
function lowerCased(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
