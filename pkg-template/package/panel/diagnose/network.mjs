// @ts-check
// Findings about what lies between the page and its servers, and between tabs.

/**
 * @typedef {import("./facts.mjs").Facts} Facts
 * @typedef {Omit<import("./findings.mjs").Finding, "about">} Said
 */

/** doorkey takes a smaller difference for none, since a Date has whole seconds and an answer takes time. */
const SKEW_MS = 5000;

/** @param {Facts} facts @returns {Said[]} */
export function channel({ channel }) {
  if (channel === "works") return [{ level: "good", text: "Tabs hear each other." }];
  const how = channel === "none" ? "There is no BroadcastChannel here" : "A message on a BroadcastChannel did not arrive";
  return [{ level: "warning", text: `${how}: other tabs learn of a sign-out when they next look at the storage, and not at once.` }];
}

/** @param {Facts} facts @returns {Said[]} */
export function clock({ dates }) {
  const told = dates.flatMap(({ origin, date, sent, received }) => (date === null ? [] : [{ origin, ...skewOf(date, sent, received) }]));
  if (!told.length) {
    return [
      {
        level: "unknown",
        text: "No server's Date can be read, so this computer's clock can't be compared. doorkey then goes by the iat of a JWT, if there is one.",
        write: "Access-Control-Expose-Headers: Date",
      },
    ];
  }
  const off = told.filter(({ skew, doubt }) => Math.abs(skew) > SKEW_MS + doubt);
  const [first] = new Map(off.map((each) => [each.origin, each])).values();
  if (!first) return [{ level: "good", text: `This computer's clock agrees with ${told[0].origin}.` }];
  const seconds = Math.round(Math.abs(first.skew) / 1000);
  return [
    {
      level: "warning",
      text: `This computer's clock is ${seconds} s ${first.skew > 0 ? "ahead of" : "behind"} ${first.origin}. doorkey reckons with that where an answer has a lifetime, a Date that the page may read, or a JWT's iat; set the clock, or let the server of the tokens send this.`,
      write: "Access-Control-Expose-Headers: Date",
    },
  ];
}

/** How far the local clock is ahead, and how little that is sure. @param {number} date @param {number} sent @param {number} received */
const skewOf = (date, sent, received) => ({ skew: (sent + received) / 2 - (date + 500), doubt: (received - sent) / 2 + 500 });

/** @param {Facts} facts @returns {Said[]} */
export function crossOrigin({ page, endpoints, unknown, options, violations, status }) {
  if (!options) return [{ level: "unknown", text: "The flows' endpoints are known from the options.", write: "panel.options = options" }];
  /** @type {Said[]} */
  const said = endpoints.flatMap((endpoint) => {
    const { flow, origin, path, outcome, headers } = endpoint;
    const what = `${flow}: ${origin}${path}`;
    if (page.startsWith("https:") && origin.startsWith("http:") && !isLoopback(origin)) {
      return [fault(`${what} is not https, and a page that is may not call it.`, origin.replace(/^http:/, "https:"))];
    }
    // What the page's own policy has stopped says nothing of the server.
    if (outcome === "works" || violations.some(({ blocked }) => blocked === origin)) return [];
    if (outcome === "unreachable") return [fault(`${what} can't be reached: no server, no network, a wrong address or certificate.`)];
    if (origin === page) return [];
    if (outcome === "headers") {
      const names = headers.join(", ");
      return [
        fault(
          `${what} does not allow this page to send ${names}. Let the server answer the preflight with this.`,
          `Access-Control-Allow-Headers: ${names}`,
        ),
      ];
    }
    const allow = `Access-Control-Allow-Origin: ${page}`;
    const allowCookies = `${allow}\nAccess-Control-Allow-Credentials: true`;
    const must = "this page. It must name the origin, and not *.";
    if (outcome === "credentials") return [fault(`${what} is called with cookies, which the server does not allow ${must}`, allowCookies)];
    // With these a sign-in has been answered, if there was one.
    if (outcome === "untried") {
      if (status?.signedIn) return [];
      const text = `${what} is called with cookies, which Diagnose does not send. Let the server allow ${must}`;
      return [{ level: "unknown", text, write: allowCookies }];
    }
    // Who is signed in has been answered: then it is the HEAD alone that the server answers otherwise.
    const isAnswered = status?.signedIn && flow === "signin";
    const more = isAnswered ? " The sign-in has worked all the same: it may be the answer to our HEAD alone." : "";
    const level = isAnswered ? /** @type {const} */ ("warning") : /** @type {const} */ ("fault");
    return [{ level, text: `${what} answers, but does not let this page read it.${more}`, write: allow }];
  });
  const missing = unknown.map(({ flow, url }) => unsure(`${flow}: ${url} is an address that only a run of the flow makes.`));
  if (!said.length && !endpoints.length && !missing.length)
    return [unsure("No flow is a request: functions and queries of a host make their own.")];
  const works = endpoints.filter(({ outcome }) => outcome === "works");
  const good = works.length
    ? [
        {
          .../** @type {const} */ ({ level: "good" }),
          text: `May be called: ${works.map(({ flow, origin, path }) => `${flow} ${origin}${path}`).join(", ")}.`,
        },
      ]
    : [];
  return [...said, ...missing, ...good];
}

/** @param {Facts} facts @returns {Said[]} */
export function csp({ violations, endpoints, allowed, bare, options }) {
  const ours = new Set([...endpoints.map(({ origin }) => origin), ...allowed, ...bare]);
  const isOurs = (/** @type {string} */ origin) => !options || ours.has(origin);
  const stopped = [...new Set(violations.filter(({ directive }) => directive === "connect-src").map(({ blocked }) => blocked))].filter(
    isOurs,
  );
  const said = stopped.map((origin) =>
    fault(`The page's Content-Security-Policy has stopped a request to ${origin}.`, `connect-src ${origin}`),
  );
  if (violations.some(({ blocked }) => blocked === "wasm-eval")) {
    said.push(
      fault("The page's Content-Security-Policy forbids WebAssembly, which doorkey is made of.", "script-src 'self' 'wasm-unsafe-eval'"),
    );
  }
  return said.length ? said : [{ level: "good", text: "No Content-Security-Policy has stopped doorkey since this panel is here." }];
}

/** @param {Facts} facts @returns {Said[]} */
export function origins({ bare, allowed, status }) {
  if (!status) return [];
  if (!bare.length) return [{ level: "good", text: "No request of auth.fetch went out without its token." }];
  const list = (/** @type {string} */ origin) => [...new Set([...allowed, origin])].map((each) => JSON.stringify(each)).join(", ");
  return [...new Set(bare)].map((origin) => ({
    level: "warning",
    text: `auth.fetch has called ${origin} without a token, since no flow goes there. If that is your API, name it.`,
    write: `attach: { origins: [${list(origin)}] }`,
  }));
}

const isLoopback = (/** @type {string} */ origin) => /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|$)/.test(origin);
/** @param {string} text @param {string} [write] @returns {Said} */
const fault = (text, write) => ({ level: "fault", text, write });
/** @param {string} text @returns {Said} */
const unsure = (text) => ({ level: "unknown", text });
