// @ts-check
/** A server of the registry behind a proxy, and a low-code app in small that uses it. */
import { setTimeout as sleep } from "node:timers/promises";

import { browse } from "./browse.mjs";
import { USER } from "./embedded/account.mjs";
import { cookiesOf } from "./jar.mjs";
import { APP } from "./options.mjs";
import { startProxy } from "./proxy.mjs";

/** @typedef {import("./registry.mjs").Server} Server  @typedef {import("./registry.mjs").Tokens} Tokens  @typedef {Awaited<ReturnType<typeof openWorld>>} World */

const ACCESS_TTL = 4;
/** What renews itself only while it is good lives longer, and is renewed as often. */
const LONG_TTL = 60;

/** @param {Server} entry @param {{ accessTtl?: number, refreshTtl?: number }} [lifetimes] */
export async function openWorld(entry, lifetimes) {
  const proxy = await startProxy(entry.isRefresh ?? (() => false));
  const accessTtl = entry.renewsWithAccessToken ? LONG_TTL : ACCESS_TTL;
  try {
    const server = await entry.start({ accessTtl, refreshTtl: 120, publicUrl: proxy.url, ...lifetimes });
    const { origin, hash } = new URL(server.url);
    proxy.leadTo(origin);
    const url = proxy.url + hash;
    const whole = entry.options(url);
    const me = entry.me?.(url) ?? (whole.flows.check ?? whole.provider.flows.check).url;
    const mePath = new URL(me).pathname;
    const refreshes = () => proxy.log().filter(({ grant }) => grant === "refresh_token");
    return {
      entry,
      server,
      proxy,
      url,
      user: USER,
      accessTtl,
      me,
      options: (/** @type {Record<string, any>} */ extra) => {
        const options = entry.options(url, extra);
        if (entry.renewsWithAccessToken) options.refresh = { ...options.refresh, everySeconds: ACCESS_TTL };
        return options;
      },
      /** The statuses of the refresh requests that the server has seen. */
      refreshes: () => refreshes().map(({ status }) => status),
      /** How many of them began with a token that was not yet due again. */
      needlessRefreshes: () =>
        refreshes().filter(({ at }, turn, all) => turn > 0 && at - all[turn - 1].at < (ACCESS_TTL - 1) * 1000).length,
      /** Calls that the server has seen. */
      calls: () => proxy.log().filter(({ path, grant }) => path === mePath && !grant),
      /** Answers calls with 401 in the server's place. @param {number | null} times null: all of them */
      refuseCalls: (times) => proxy.fail({ path: mePath, grant: null, status: 401, times }),
      /** A request as a flow has it, sent without doorkey. @param {"refresh" | "revoke"} flow @param {Tokens} tokens */
      raw: (flow, tokens) => send(entry.options(server.url), flow, tokens, cookiesOf(proxy.url)),
      /** A call as the app makes it, sent without doorkey. @param {Tokens} tokens */
      call(tokens) {
        const headers = (whole.attach ?? whole.provider?.attach)?.headers ?? BEARER;
        return fetch(me, { headers: { ...JSON.parse(filled(JSON.stringify(headers), tokens)), cookie: cookiesOf(proxy.url) } });
      },
      stop: () => Promise.all([server.stop(), proxy.stop()]),
    };
  } catch (error) {
    await proxy.stop();
    throw error;
  }
}

const BEARER = { Authorization: "Bearer {{ session.accessToken }}" };

/** @param {any} options @param {"refresh" | "revoke"} flow @param {Tokens} tokens @param {string} cookie */
function send({ flows, provider, attach = provider?.attach }, flow, tokens, cookie) {
  const endpoint = { ...provider?.flows[flow], ...flows[flow] };
  // As doorkey does: what revokes is authorised, and a header that is empty is none.
  const isAuthorised = flow === "revoke" && endpoint.attach !== false;
  const headers = { ...(isAuthorised && (attach?.headers ?? BEARER)), ...endpoint.headers };
  const request = JSON.parse(filled(JSON.stringify({ ...endpoint, headers }), tokens));
  const wanted = new Headers(Object.entries({ ...request.headers, cookie }).filter(([, value]) => value !== ""));
  const { url, json, form, method = json || form ? "POST" : "GET" } = request;
  if (json && !wanted.has("content-type")) wanted.set("content-type", "application/json");
  const address = url.replace("{{ metadata.token_endpoint }}", `${provider?.issuer}/token`);
  return fetch(address, { method, headers: wanted, body: json ? JSON.stringify(json) : form && new URLSearchParams(form) });
}

/** @param {string} text @param {Tokens} tokens */
const filled = (text, { accessToken, refreshToken }) =>
  text.replaceAll("{{ session.accessToken }}", accessToken).replaceAll("{{ session.refreshToken }}", refreshToken);

let names = 0;

/** A host with a store and navigation, and a session that can be closed and opened again. @param {World} world @param {any} doorkey */
export function createApp(world, doorkey) {
  const { entry } = world;
  const name = `contract-${(names += 1)}`;
  /** @type {Map<string, any>} */
  const store = new Map();
  /** @type {string[]} */
  const pages = [];
  /** @type {string[]} */
  const events = [];
  let address = APP;
  /** @type {((page: string) => void) | undefined} */
  let left;
  const host = {
    navigateTo(/** @type {string} */ page) {
      if (left) left(page);
      else pages.push(page);
    },
    location: () => address,
    replaceLocation: (/** @type {string} */ url) => void (address = url),
    store: {
      get: (/** @type {string} */ key) => store.get(key),
      set: (/** @type {string} */ key, /** @type {unknown} */ value) => void store.set(key, value),
      remove: (/** @type {string} */ key) => void store.delete(key),
    },
  };
  const app = {
    /** @type {any} */
    auth: undefined,
    store,
    pages,
    events,
    open() {
      const expose = { accessToken: "accesstoken", refreshToken: "refreshtoken" };
      app.auth = doorkey.createAuth(world.options({ name, host, expose }));
      for (const type of ["signedIn", "refreshed", "signedOut", "expired"]) app.auth.on(type, () => events.push(type));
    },
    signIn: () => (entry.pages ? app.signInThere() : app.auth.signin({ email: world.user.email, password: world.user.password })),
    /** Leaves for the provider's pages, and comes back as a page that is loaded anew. */
    async signInThere() {
      const to = await new Promise((resolve, reject) => {
        left = resolve;
        app.auth.signin().catch(reject);
      });
      left = undefined;
      app.auth.dispose();
      address = await browse(to, APP, entry.pages ?? {});
      app.open();
      return app.auth.signinCallback();
    },
    /** Closes the app until its token is to be renewed. It may refresh on its own as soon as it is opened again. */
    async closeUntilExpiry() {
      app.auth.dispose();
      await sleep(ACCESS_TTL * 1000 + 200);
    },
    me: () => app.auth.fetch(world.me, entry.init),
    /** @returns {Tokens} */
    tokens: () => ({ accessToken: store.get("accesstoken"), refreshToken: store.get("refreshtoken") }),
    address: () => address,
  };
  app.open();
  return app;
}
