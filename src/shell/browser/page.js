// The page of one session: does what Rust asks of the browser and the host, and tells what happens. It decides nothing.

import { isFunction, member, object, pairs } from "./data.js";

// The names of `Op` in page.rs, in its order. What is asked first is answered: `hear(op, id, failed, value)`.
const OPS = ["enter", "read", "commit", "list", "put", "http", "query", "call", "run", "prompt", "send", "navigate"];
const ANSWERED = OPS.length;
OPS.push("lock", "unlock", "abort", "mirror", "show", "value", "values", "on", "notify", "closeForm", "emit", "say", "timer", "begin", "settle", "glance", "close", "use");
OPS.push("changed", "active", "woke", "visible", "stored", "touched");

/**
 * Chromium hands a lock to another process before that process sees what was written to localStorage under it. So the
 * lock is kept a little longer than it is needed, and whoever had to wait for it looks a little later.
 */
const HANDOVER_MS = 50;

/** A longer answer is no answer of an auth server. */
const LONGEST_BODY = 4000000;

/** The longest delay that browsers keep. */
const LONGEST_MS = 2147483647;

/** Calls a member of something that may lack it. */
async function invoke(object, name, ...args) {
  if (!isFunction(object?.[name])) throw new Error("the host has no " + name);
  return object[name](...args);
}

/** Parses JSON; another text stays what it is. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The pages that are open. */
let pages = [];

let failed = false;
let why;

/**
 * The way into the module. What comes out as an exception is a trap, and nobody knows the state that it leaves behind:
 * those who wait are told, and everybody who calls from then on.
 */
export function guard(enter) {
  return (op, id, flag, first, second) => {
    try {
      // Not every hint has a flag, and a debug build takes nothing else for one.
      if (!failed) return enter(op, id, !!flag, first, second);
    } catch (thrown) {
      failed = true;
      why = thrown;
      for (const { calls } of pages) calls.forEach(({ settle }) => stopped(settle));
      if (op) throw thrown;
    }
    if (!op) stopped(second);
  };
}

const stopped = (settle) => tell(settle, [, "ERR_NOT_READY", "doorkey has stopped: reload the page", false, , , , , why]);

export function openPage(host) {
  const page = new Page(host);
  pages.push(page);
  return page;
}

/** Whether the host has a store, the page's origin, whether it is visible, some entropy, and what there is to work with. */
export function facts(page) {
  const { origin } = globalThis.location ?? {};
  const store = member(page.host, "store");
  return [!!store && typeof store === "object", origin, !globalThis.document?.hidden, Math.random() * 2 ** 32, found(page.host)];
}

/** In words, for the trace: the members of the host, and what tabs share. */
function found(host) {
  const members = ["navigateTo", "store", "run", "http", "prompt", "notify"].filter((name) => member(host, name));
  const shared = { locks: globalThis.navigator, BroadcastChannel: globalThis, indexedDB: globalThis };
  const lacking = Object.keys(shared).filter((name) => !member(shared[name], name));
  return `host: ${members.join(", ") || "nothing"}` + (lacking.length ? `; without ${lacking.join(", ")}` : "");
}

/** Tells who waits how a call ended: with a value, or with the members of an AuthError. */
export function tell(settle, [value, code, message, retryable, status, retryAtMs, stepId, path, cause]) {
  const failed = code !== undefined;
  settle(failed, failed ? { code, message, retryable, status, retryAtMs, stepId, path, cause, body: value } : value);
}

/** What `status()` gives. */
export const statusObject = (signedIn, at, seconds, hasRefreshToken) => ({ signedIn, expiresAt: known(at), expiresInSeconds: known(seconds), hasRefreshToken });

const known = (number) => (number === number ? number : null);

/** Does what Rust asks. */
export function act(page, op, id, args) {
  const answer = (failed) => (value) => page.hear(op, id, failed, value);
  let given;
  try {
    given = page[OPS[op]](...args, id);
  } catch (thrown) {
    if (op < ANSWERED) answer(true)(thrown);
    return;
  }
  if (op >= ANSWERED) return given;
  if (given instanceof Promise) given.then(answer(false), answer(true));
  else answer(false)(given);
}

/** Gives the page its storage (see storage.js), and begins to listen. */
export function listen(page, name, storage, isShared, hear) {
  Object.assign(page, storage, { name, hear });
  page.listen(isShared);
}

class Page {
  constructor(host) {
    this.host = host;
    /** What `getValue` gives, by key. */
    this.view = new Map();
    /** By id what was called: how it is settled, and its request. */
    this.calls = new Map();
    this.aborts = new Map();
    this.listeners = [];
    this.ends = [];
  }

  /** Takes another host. */
  use(host) {
    this.host = host;
  }

  /** Tells Rust. */
  tell(word, ...rest) {
    this.hear(OPS.indexOf(word), 0, ...rest);
  }

  /** Sends a flow's request and reads the whole answer, by the host if it has its own way. */
  async http(url, method, headers, body, credentials, redirect, csrf, id) {
    headers.push(...proof(csrf));
    if (isFunction(this.host?.http)) {
      const given = await this.host.http({ url, method, headers: object(headers), body });
      const named = Object.entries(given?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
      return answer(given?.status, named, given?.body);
    }
    const abort = new AbortController();
    this.aborts.set(id, abort);
    try {
      const init = { method, headers: pairs(headers), body, credentials, redirect, cache: "no-store", referrerPolicy: "no-referrer" };
      const response = await fetch(url, { ...init, signal: abort.signal });
      return answer(response.status, response.headers, await response.text());
    } finally {
      this.aborts.delete(id);
    }
  }

  abort(id) {
    this.aborts.get(id)?.abort(new Error("the time limit has passed"));
  }

  /** Runs a query: a function by calling it, anything else as the host says, or by its own `run` or `trigger`. */
  async run(query, params) {
    if (isFunction(query)) return query(params);
    if (isFunction(this.host?.run)) return this.host.run(query, params);
    return invoke(query, isFunction(query?.run) ? "run" : "trigger", params);
  }

  /** As a caller's own: with what core must see of the data, where it must. */
  async query(query, params, look) {
    const data = await this.run(query, params);
    return [data, look ? { headers: {}, body: data } : undefined];
  }

  /** Asks the user, and says whether the form can show what the server finds wrong, and be asked again. */
  async prompt(form) {
    const entered = await invoke(this.host, "prompt", form);
    return [entered, this.host.prompt.asksAgain === true];
  }

  /** Tells the user, if the host can. */
  notify(message) {
    if (isFunction(this.host?.notify)) invoke(this.host, "notify", message, "error").catch(() => {});
  }

  /** Lets a form that is still shown go. */
  closeForm() {
    const form = this.host?.prompt;
    if (isFunction(form?.done)) form.done();
  }

  async call(target, args) {
    return target(...args);
  }

  navigate(target) {
    return invoke(this.host, "navigateTo", target);
  }

  /** Keeps what a call needs until it is settled. */
  begin(settle, request, id) {
    this.calls.set(id, { settle, request });
    this.stay();
  }

  settle(...outcome) {
    const id = outcome.pop();
    const { settle } = this.calls.get(id) ?? {};
    this.calls.delete(id);
    this.stay();
    if (settle) tell(settle, outcome);
  }

  /** Sends the caller's own request, with what is put on it; gives the response, and what core must see of it. */
  async send(call, headers, csrf, refuse, look, body, url) {
    const response = await this.sent(call, headers, csrf, refuse, body, url);
    return [response, await seen(response, look)];
  }

  async sent(call, headers, csrf, refuse, body, url) {
    const base = this.calls.get(call).request.clone();
    const init = { headers: new Headers(base.headers) };
    for (let at = 0; at < headers.length; at += 2) init.headers.set(headers[at], headers[at + 1]);
    for (const [name, token] of pairs(proof(csrf))) init.headers.set(name, token);
    if (body !== undefined) init.body = body;
    if (refuse) init.redirect = "error";
    if (url === undefined) return fetch(base, init);
    // A request can't be made for another URL with the body of a first: in Chromium that would be a stream.
    const given = /^(GET|HEAD)$/.test(base.method) ? undefined : await base.arrayBuffer();
    const { method, mode, credentials, cache, redirect: chosen, referrerPolicy, integrity, keepalive, signal } = base;
    const same = { method, credentials, cache, redirect: chosen, referrerPolicy, integrity, keepalive, signal };
    return fetch(url, { ...same, mode: mode === "navigate" ? "cors" : mode, body: given?.byteLength ? given : undefined, ...init });
  }

  /** Takes the lock that holds tabs apart, or waits for it; without locks, which Rust is told, the commit rule alone holds. */
  lock(id) {
    this.unlock();
    const abort = new AbortController();
    let release;
    this.unlock = () => (release ? setTimeout(release, HANDOVER_MS) : abort.abort(new Error("the wait for the lock is over")));
    const tell = (failed) => this.hear(OPS.indexOf("lock"), id, failed);
    const granted = () => tell(false);
    const locks = globalThis.navigator?.locks;
    if (!isFunction(locks?.request)) return void setTimeout(() => tell(true));
    const asked = Date.now();
    const held = () => {
      const end = new Promise((resolve) => (release = resolve));
      if (Date.now() - asked > HANDOVER_MS / 2) setTimeout(granted, HANDOVER_MS);
      else granted();
      return end;
    };
    // Where locks are refused, as in a frame without an origin, the commit rule alone holds.
    locks.request(this.name, { signal: abort.signal }, held).catch(() => void (release || abort.signal.aborted || tell(true)));
  }

  /** Gives the lock back, or stops waiting for it. */
  unlock() {}

  /** Changes what `getValue` gives, and tells the watchers. */
  show(key, text) {
    const value = text === undefined ? text : parsed(text);
    if (text === undefined) this.view.delete(key);
    else this.view.set(key, value);
    this.heard("value:" + key, value);
  }

  value(key) {
    return this.view.get(key);
  }

  values() {
    return Object.fromEntries(this.view);
  }

  /** Gives the function that ends it. */
  on(topic, listener) {
    const mine = { topic, listener };
    this.listeners.push(mine);
    return () => void (this.listeners = this.listeners.filter((other) => other !== mine));
  }

  emit(type, at, reason) {
    this.heard(type, reason === undefined ? { type, at } : { type, at, reason });
  }

  /** Tells those who listen, in a task of their own; one that throws harms no other. */
  heard(topic, value) {
    const heard = () => this.listeners.filter((one) => one.topic === topic);
    // The first events come before anybody can have registered: who listens is looked up in that task.
    if (topic.startsWith("value:") && !heard().length) return;
    setTimeout(() => {
      for (const { listener } of heard()) {
        try {
          listener(value);
        } catch (thrown) {
          setTimeout(() => {
            throw thrown;
          });
        }
      }
    });
  }

  /** Says a word to the other tabs. It carries no token: they look at the storage themselves. */
  say(word) {
    this.channel?.postMessage(word);
  }

  /** A process stays alive for who waits for a call, and not for a refresh that nobody may need; browsers have no `ref`. */
  stay() {
    this.timeout?.[this.calls.size ? "ref" : "unref"]?.();
  }

  /** Sets the one timer, or stops it (`undefined`). */
  timer(delay) {
    clearTimeout(this.timeout);
    if (delay === undefined) return;
    this.timeout = setTimeout(() => this.tell("timer"), Math.min(Math.max(delay, 0), LONGEST_MS));
    this.stay();
  }

  listen(isShared) {
    if (isShared && isFunction(globalThis.BroadcastChannel)) {
      try {
        this.channel = new BroadcastChannel(this.name);
        this.channel.onmessage = ({ data }) => void ((data === "changed" || data === "active") && this.tell(data));
        this.channel.unref?.();
      } catch {}
    }
    const on = (target, kind, hear) => {
      // Not every global can be listened to.
      if (!isFunction(target.addEventListener)) return;
      target.addEventListener(kind, hear);
      this.ends.push(() => target.removeEventListener(kind, hear));
    };
    for (const kind of ["pageshow", "online"]) on(globalThis, kind, () => this.tell("woke"));
    // Some hosts call a worker's global `window`: that is none.
    if (!isFunction(globalThis.Window) || !(globalThis instanceof Window)) return;
    const { document } = globalThis; // the UMD form knows no bare one
    on(document, "visibilitychange", () => this.tell("visible", !document.hidden));
    for (const kind of ["pointerdown", "keydown"]) on(globalThis, kind, () => this.tell("touched"));
    const prefix = this.name + ".value:";
    on(globalThis, "storage", ({ key }) => {
      // Without a key everything was cleared.
      if (key === null || key === this.name) this.tell("changed");
      if (!this.peek) return; // a host's values are not there
      const changed = key === null ? [...this.view.keys()] : key.startsWith(prefix) ? [key.slice(prefix.length)] : [];
      // What stands there now: the event may tell of what was there before this tab's own write.
      for (const one of changed) this.tell("stored", false, one, this.peek(one));
    });
  }

  /** Ends everything; what still comes in is for nobody. */
  close() {
    pages = pages.filter((other) => other !== this);
    this.hear = () => {};
    this.listeners = [];
    for (const end of this.ends) end();
    this.timer();
    this.channel?.close();
    this.unlock();
  }
}

/** What a response is to Rust. */
function answer(status, headers, body) {
  const isText = typeof body === "string";
  const size = isText ? body.length : 0;
  // What is too long is not even parsed.
  const read = size > LONGEST_BODY ? undefined : isText ? parsed(body) : body;
  return [status, size, Object.fromEntries(headers), read];
}

/** What core must see of a response beside its status; a body that is no JSON is left to the caller alone. */
async function seen(response, look) {
  const type = response.headers.get("content-type") ?? "";
  const isGrpc = type.startsWith("application/grpc-web");
  if (!look && !isGrpc) return;
  const headers = Object.fromEntries(response.headers);
  if (isGrpc) Object.assign(headers, await trailers(response.clone().body));
  // Others that end in `json` are streams, which may not end.
  const isJson = /^application\/((?!connect|stream)[\w.-]+\+)?json *(;|$)/.test(type);
  return { status: response.status, headers, body: isJson ? parsed(await response.clone().text()) : undefined };
}

/** The trailers of a gRPC-web answer that begins with them: it has no message, and so an error. */
async function trailers(stream) {
  const reader = stream?.getReader();
  let bytes = new Uint8Array();
  let needed = 5;
  while (reader && bytes.length < needed) {
    const { value, done } = await reader.read();
    if (done) break;
    const more = new Uint8Array(bytes.length + value.length);
    more.set(bytes);
    more.set(value, bytes.length);
    bytes = more;
    // A frame is a byte of flags, of which the highest says that these are trailers, and four of length.
    if (bytes.length >= 5) needed = bytes[0] & 128 ? 5 + new DataView(bytes.buffer).getUint32(1) : 5;
  }
  reader?.cancel().catch(() => {});
  if (!(bytes[0] & 128)) return {};
  const lines = new TextDecoder().decode(bytes.subarray(5)).split("\r\n");
  return Object.fromEntries(lines.map((line) => line.split(/: ?(.*)/s, 2)).filter(([name]) => name));
}

/** The header that shows that the page may read a cookie, if there is one: its name and its value. */
function proof([cookie, header]) {
  const start = cookie + "=";
  const found = cookie && globalThis.document?.cookie?.split("; ").find((pair) => pair.startsWith(start));
  return found ? [header, found.slice(start.length)] : [];
}

/** What `fetch` was called with: a request that is kept to be sent twice, and what core must know of it; or why there is none. */
export function describe(input, init) {
  try {
    const request = new Request(input, init);
    const body = init?.body;
    const isText = typeof body === "string" || body instanceof URLSearchParams;
    const { url, method, headers } = request;
    const type = headers.get("content-type") ?? undefined;
    return [request, url, method, [...headers.keys()], type, isText ? String(body) : undefined, !(body instanceof ReadableStream), init?.redirect !== undefined];
  } catch (thrown) {
    return [thrown];
  }
}
