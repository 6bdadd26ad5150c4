// @ts-check
// The requests of a run, as they go out and come back.

/** @typedef {{ method: string, url: string, headers: [string, string][], body?: string, at: number, ms?: number, status?: number, answer?: string, failed?: string }} Sent */
/** @typedef {{ sent: Sent[], abort: AbortController, onRequest: (sent: Sent) => void }} Noted */

/** The run whose requests are noted. @type {Noted | undefined} */
let current;

/** Notes the requests of runs. @param {string[]} reach the servers that the page may reach beside its own */
export function watchRequests(reach) {
  const reached = [location.href, ...reach].map((url) => new URL(url).origin);
  const send = globalThis.fetch.bind(globalThis);
  globalThis.fetch = async (input, init) => {
    const run = current;
    if (!run) return send(input, init);
    /** @type {Sent} */
    const sent = {
      method: init?.method ?? "GET",
      url: String(input instanceof Request ? input.url : input),
      headers: [...new Headers(init?.headers)],
      body: /** @type {string | undefined} */ (init?.body ?? undefined),
      at: Date.now(),
    };
    run.sent.push(sent);
    run.onRequest(sent);
    try {
      const signal = init?.signal ? AbortSignal.any([init.signal, run.abort.signal]) : run.abort.signal;
      const response = await send(input, { ...init, signal });
      Object.assign(sent, { status: response.status, ms: Date.now() - sent.at, answer: await response.clone().text() });
      return response;
    } catch (error) {
      const { origin } = new URL(sent.url, location.href);
      if (run.abort.signal.aborted) sent.failed = String(/** @type {Error} */ (error).message);
      else if (reached.includes(origin)) sent.failed = `No answer: is the server there, and does it let ${location.origin} in (CORS)?`;
      else
        sent.failed = `This page may only reach https://auth.example.com, which is the embedded server. For another: npm start -- --reach ${origin}`;
      sent.ms = Date.now() - sent.at;
      throw error;
    }
  };
}

/** Begins to note those of a run, and of no other. @param {(sent: Sent) => void} onRequest */
export function noteRequests(onRequest) {
  /** @type {Noted} */
  const run = { sent: [], abort: new AbortController(), onRequest };
  current = run;
  return {
    sent: run.sent,
    abort: () => run.abort.abort(new Error("cancelled")),
    end() {
      if (current === run) current = undefined;
    },
  };
}
