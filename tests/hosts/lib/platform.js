// What the runtimes of app builders have in common, in the page. A harness extends it; lib/app.mjs drives it by `window.platform`.

/**
 * What a harness adds.
 * @typedef {{ pathOf(page: string): string, run(name: string): Promise<unknown> }} Runtime
 */
/** A query as an app has it; its texts may hold braces. @typedef {{ method?: string, url: string, headers?: Record<string, string>, json?: unknown }} Query */
/** Gives what an expression in braces gives. @typedef {(expression: string) => any} Evaluate */

export class Platform {
  /** The app's definition: { home, libraries, preload, scripts, queries, pages }. @type {any} */
  config;
  /** @type {string | undefined} */
  current;
  /** @type {Record<string, string>} */
  inputs = {};
  /** @type {{ kind: string, message: string }[]} */
  toasts = [];
  /** The order of store changes and page changes, as words. @type {string[]} */
  steps = [];

  /** @param {string} kind @param {unknown} message */
  toast(kind, message) {
    this.toasts.push({ kind, message: typeof message === "string" ? message : JSON.stringify(message) });
  }

  /** @param {string} name @param {string} text */
  type(name, text) {
    this.inputs[name] = text;
  }

  /** Goes to a page of the app without a load of the document. @this {Platform & Runtime} @param {string} page */
  go(page, search = "") {
    history.pushState(null, "", this.pathOf(page) + search);
    this.steps.push(`page ${page}`);
    setTimeout(() => this.show(page));
  }

  /** Shows a page and runs its functions of page load. @this {Platform & Runtime} @param {string} page */
  async show(page) {
    this.current = page;
    for (const name of this.config.pages[page]?.onLoad ?? []) await this.run(name).catch((error) => this.toast("error", error.message));
  }

  /** The page that the address says. @this {Platform & Runtime} @returns {string} */
  addressed() {
    const word = decodeURIComponent(location.pathname).split("/").at(-1);
    return Object.keys(this.config.pages).find((page) => this.pathOf(page).endsWith(`/${word}`)) ?? this.config.home;
  }

  /** Fills {{ }} in a text; one expression alone keeps its type. @param {any} text @param {Evaluate} evaluate @returns {any} */
  fill(text, evaluate) {
    if (text && typeof text === "object")
      return Object.fromEntries(Object.entries(text).map(([key, value]) => [key, this.fill(value, evaluate)]));
    if (typeof text !== "string") return text;
    const alone = /^\{\{((?:(?!\}\}).)*)\}\}$/s.exec(text);
    if (alone) return evaluate(alone[1]);
    return text.replace(/\{\{(.*?)\}\}/gs, (_, expression) => evaluate(expression) ?? "");
  }

  /** Sends a query by the builder's server: { status, headers, text } or { unreachable }. @param {string} name @param {Query} query @param {Evaluate} evaluate */
  send(name, { method = "GET", url, headers = {}, json }, evaluate) {
    const body = json === undefined ? undefined : this.fill(json, evaluate);
    const filled = Object.entries(this.fill(headers, evaluate)).filter(([, value]) => value);
    /** @type {{ method: string, url: string, headers: Record<string, any>, body?: string }} */
    const request = { method: this.fill(method, evaluate), url: this.fill(url, evaluate), headers: Object.fromEntries(filled) };
    if (body !== undefined && request.method !== "GET") {
      request.body = typeof body === "string" ? body : JSON.stringify(body);
      if (typeof body === "object") request.headers["content-type"] ??= "application/json";
    }
    return window.executeQuery(name, request);
  }
}

/** What a text says as JSON, else the text. @param {string} text */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What can be told of a value or an error to the test. @param {unknown} promise */
export async function outcome(promise) {
  try {
    return { result: (await promise) ?? null };
  } catch (thrown) {
    const error = /** @type {any} */ (thrown);
    return { error: { name: error?.name, code: error?.code, message: error?.message ?? String(error), status: error?.status } };
  }
}
