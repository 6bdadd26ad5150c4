// @ts-check
// One run of a flow: real requests, nothing stored, and nothing secret in what is given back. What is secret, doorkey says: what it
// masks in its trace is masked here in the requests too.

import { optionsOf, SERVER, stepsOf, within } from "./flow.js";
import { isSecretName } from "./secrets.js";

const MASK = "[redacted]";

/**
 * @typedef {{ method: string, url: string, headers: [string, string][], body?: string, at: number, ms?: number, status?: number, answer?: string, failed?: string }} Sent
 * @typedef {{ id: string, kind: string, ms: number, status?: number, scope: Record<string, any>, error?: { code: string, message: string },
 *   path: string, sent: { request: string, answer?: string }[] }} Step
 */

/** The run whose requests are noted. @type {{ sent: Sent[], abort: AbortController, onRequest: (sent: Sent) => void } | undefined} */
let current;

/** Puts the embedded server in the place of the examples' one, and notes the requests of a run. @param {string} authUrl */
export function watchRequests(authUrl) {
  const send = globalThis.fetch.bind(globalThis);
  globalThis.fetch = async (input, init) => {
    const run = current;
    const url = String(input instanceof Request ? input.url : input);
    const real = url === SERVER || url.startsWith(`${SERVER}/`) ? authUrl + url.slice(SERVER.length) : url;
    const target = input instanceof Request ? new Request(real, input) : real;
    if (!run) return send(target, init);
    /** @type {Sent} */
    const sent = {
      method: init?.method ?? "GET",
      url,
      headers: [...new Headers(init?.headers)],
      body: /** @type {string | undefined} */ (init?.body ?? undefined),
      at: Date.now(),
    };
    run.sent.push(sent);
    run.onRequest(sent);
    try {
      const signal = init?.signal ? AbortSignal.any([init.signal, run.abort.signal]) : run.abort.signal;
      const response = await send(target, { ...init, signal });
      Object.assign(sent, { status: response.status, ms: Date.now() - sent.at, answer: await response.clone().text() });
      return response;
    } catch (error) {
      const isElsewhere = ![authUrl, location.origin].includes(new URL(real, location.href).origin);
      sent.failed = isElsewhere
        ? `This page may only reach ${SERVER}, which is the embedded server.`
        : String(/** @type {Error} */ (error).message);
      sent.ms = Date.now() - sent.at;
      throw error;
    }
  };
}

/**
 * Runs one flow of a document.
 * @param {object} given
 * @param {any} given.Doorkey
 * @param {any} given.document
 * @param {string} given.flow
 * @param {{ step?: string, name: string, value: unknown }[]} given.values what was filled in
 * @param {((form: any) => unknown) | undefined} given.prompt asks a person; without it forms are answered by the values
 * @param {(text: string) => void} given.say
 */
export function startRun({ Doorkey, document, flow, values, prompt, say }) {
  const { options, path } = optionsOf(document);
  const steps = stepsOf(options.flows[flow], path === "" ? `flows.${flow}` : path);
  const run = {
    sent: /** @type {Sent[]} */ ([]),
    abort: new AbortController(),
    onRequest: (/** @type {Sent} */ { method, url }) => say(`${method} ${url} …`),
  };
  current = run;
  const { pages: _, ...kept } = options;
  const inputs = Object.fromEntries(values.filter(({ step }) => step === undefined).map(({ name, value }) => [name, value]));
  const auth = Doorkey.createAuth({
    ...kept,
    name: "workbench",
    storage: "memory",
    crossTab: "off",
    host: { prompt: prompt ?? answering(values), notify() {}, navigateTo() {}, run: noQuery },
  });

  const done = async () => {
    try {
      if (flow !== "signin") {
        say("Signing in first …");
        await auth.signin(inputs);
        run.sent.length = 0;
      }
      const result = await auth.test(flow, flow === "signin" ? inputs : undefined, { secrets: true });
      return shownRun(result, auth.trace(), steps, run.sent, document);
    } finally {
      if (current === run) current = undefined;
      auth.dispose();
    }
  };
  return {
    done: done(),
    cancel() {
      auth.dispose();
      run.abort.abort(new Error("cancelled"));
    },
  };
}

/** Answers forms by what was filled in, each with the values of its step. @param {{ step?: string, name: string, value: unknown }[]} values */
function answering(values) {
  const left = [...new Set(values.map(({ step }) => step))].filter((step) => step !== undefined);
  return (/** @type {{ fields: { name: string, value?: unknown }[] }} */ { fields }) => {
    const names = fields.map(({ name }) => name).join();
    const of = (/** @type {string | undefined} */ step) => values.filter((value) => value.step === step);
    const at = left.findIndex(
      (step) =>
        of(step)
          .map(({ name }) => name)
          .join() === names,
    );
    const mine = of(left.splice(Math.max(at, 0), 1)[0]);
    return Object.fromEntries(fields.map(({ name, value }) => [name, mine.find((given) => given.name === name)?.value ?? value]));
  };
}

/** @param {unknown} query */
function noQuery(query) {
  throw new Error(`The workbench has no queries: ${typeof query === "string" ? `"${query}"` : "this one"} runs in your app builder.`);
}

/**
 * The steps as they may be shown.
 * @param {any} result with its secrets @param {any[]} trace the same, masked @param {ReturnType<typeof stepsOf>} steps @param {Sent[]} sent
 * @param {any} document
 */
function shownRun(result, trace, steps, sent, document) {
  const masked = trace.filter(({ kind }) => kind !== "note").slice(-result.steps.length);
  const secrets = new Set(/** @type {string[]} */ ([]));
  result.steps.forEach((/** @type {any} */ raw, /** @type {number} */ at) => collect(raw.scope, masked[at]?.scope, secrets));
  const hide = hider([...secrets]);
  const left = [...sent];
  return {
    ok: /** @type {boolean} */ (result.ok),
    steps: result.steps.map((/** @type {any} */ { id, kind, ms, status, at }, /** @type {number} */ index) => {
      // One that began in the moment in which this step ended is the next one's.
      const mine = kind === "request" ? left.splice(0, Math.max(1, left.filter((one) => one.at < at + ms).length)) : [];
      const { scope = {}, error } = masked[index] ?? {};
      const path = within(document, steps.find((step) => step.id === id)?.path ?? "");
      return {
        id,
        kind,
        ms,
        status,
        scope,
        error: error && hint(error, mine),
        path: kind === "request" ? placeOfUrl(path, steps, id) : path,
        sent: mine.map((one) => shown(one, hide)),
      };
    }),
  };
}

/** Where the URL of a step stands, which is what a failed request is marked at. @param {string} path @param {ReturnType<typeof stepsOf>} steps @param {string} id */
function placeOfUrl(path, steps, id) {
  const isStep = /\]$/.test(steps.find((step) => step.id === id)?.path ?? "");
  return [path, isStep ? "request.url" : "url"].filter(Boolean).join(".");
}

/** @param {{ code: string, message: string }} error @param {Sent[]} sent */
function hint(error, sent) {
  const failed = sent.at(-1)?.failed;
  return failed && error.code === "ERR_UNREACHABLE" ? { ...error, message: `${error.message}. ${failed}` } : error;
}

/** Finds what doorkey has masked, by comparing. @param {any} raw @param {any} masked @param {Set<string>} secrets */
function collect(raw, masked, secrets) {
  if (typeof raw === "string" && typeof masked === "string" && raw !== masked && masked.includes(MASK)) {
    const pattern = masked
      .replace(/…$/, "")
      .split(MASK)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("([^]+?)");
    const found = new RegExp(`^${pattern}${masked.endsWith("…") ? "" : "$"}`).exec(raw);
    for (const secret of found?.slice(1) ?? [raw]) secrets.add(secret);
  } else if (raw && masked && typeof raw === "object") {
    for (const [key, value] of Object.entries(raw)) collect(value, masked[key], secrets);
  }
}

/** Masks texts in the forms in which requests carry them. @param {string[]} secrets */
function hider(secrets) {
  const forms = secrets
    .filter(({ length }) => length > 3)
    .flatMap((secret) => {
      const bytes = new TextEncoder().encode(secret);
      const escaped = encodeURIComponent(new TextDecoder().decode(bytes)); // half a character can't be encoded
      return [secret, JSON.stringify(secret).slice(1, -1), escaped, btoa(String.fromCharCode(...bytes))];
    });
  forms.sort((a, b) => b.length - a.length);
  return (/** @type {string} */ text) => forms.reduce((hidden, form) => hidden.replaceAll(form, MASK), text);
}

/** @param {Sent} sent @param {(text: string) => string} hide */
function shown({ method, url, headers, body, status, answer, failed }, hide) {
  const head = headers.map(([name, value]) => `${name}: ${isSecretName(name) ? value.replace(/^(\w+ )?.+$/, `$1${MASK}`) : hide(value)}`);
  return {
    request: [`${method} ${hide(url)}`, ...head, ...(body ? ["", hide(named(body))] : [])].join("\n"),
    answer: failed ?? (status === undefined ? undefined : `${status}\n${hide(named(answer ?? ""))}`),
  };
}

/** A body for people: JSON in lines, without what stands under the name of a secret. @param {string} body */
function named(body) {
  try {
    const hidden = JSON.parse(body, (key, value) => (typeof value === "string" && isSecretName(key) ? MASK : value));
    return JSON.stringify(hidden, null, 2);
  } catch {
    return body.length > 2000 ? `${body.slice(0, 2000)}…` : body;
  }
}
