// @ts-check
// What Diagnose wants to know of the options: where the flows go, and what they send along. Names and addresses only; of an address
// neither a query nor a user, where a key may stand.

/**
 * @typedef {{ flow: string, origin: string, path: string, headers: string[], credentials?: RequestCredentials }} Endpoint
 * `headers` are those that a server must allow
 * @typedef {{ flow: string, url: string }} Unknown an address that only a run of the flow makes
 */

const FLOWS = ["signin", "refresh", "revoke", "check"];
/** What may always be sent (Fetch, CORS-safelisted request-header). */
const ALWAYS = /^(accept|accept-language|content-language)$/;
const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/** The options with what a provider fills in. @param {any} options @returns {any} */
export function filled(options) {
  const { provider = {}, ...own } = options ?? {};
  return { ...provider, ...own, flows: { ...provider.flows, ...own.flows }, attach: { ...provider.attach, ...own.attach } };
}

/**
 * @param {any} options filled
 * @param {string} base the page's address
 * @returns {{ endpoints: Endpoint[], unknown: Unknown[], others: string[] }} `others`: origins that tokens may go to beside those of the flows
 */
export function endpointsOf(options, base) {
  /** @type {Endpoint[]} */
  const endpoints = [];
  /** @type {Unknown[]} */
  const unknown = [];
  const { flows = {}, attach = {}, issuer } = options;
  for (const flow of FLOWS) {
    for (const request of requestsOf(flows[flow])) {
      const [plain] = request.url.split(/[?#]/);
      const url = plain.includes("{{") ? undefined : parsed(plain, base);
      if (!url) unknown.push({ flow, url: plain });
      else
        endpoints.push({
          flow,
          origin: url.origin,
          path: url.pathname,
          headers: headersOf(flow, request, attach),
          credentials: request.credentials,
        });
    }
  }
  const metadata =
    typeof issuer === "string" && !issuer.includes("{{") && parsed(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, base);
  if (metadata) endpoints.push({ flow: "issuer", origin: metadata.origin, path: metadata.pathname, headers: [] });
  return { endpoints, unknown, others: (Array.isArray(attach.origins) ? attach.origins : []).map(String) };
}

/** The requests of a flow: an endpoint, or those of its steps. @param {any} flow @returns {any[]} */
function requestsOf(flow) {
  const steps = Array.isArray(flow) ? flow : [{ request: flow }];
  return steps
    .flatMap((step) => {
      const token = step?.authorize?.token;
      return [step?.request, typeof token === "string" ? { url: token, form: {} } : token];
    })
    .filter((request) => typeof request?.url === "string");
}

/** @param {string} flow @param {any} request @param {any} attach */
function headersOf(flow, request, attach) {
  const own = new Map(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const isAuthorised = request.attach ?? (flow === "revoke" || flow === "check");
  const attached = isAuthorised ? Object.keys(attach.headers ?? { Authorization: "" }) : [];
  const isChange = !/^(GET|HEAD|OPTIONS)$/i.test(request.method ?? (request.json || request.form || request.body ? "POST" : "GET"));
  const json = request.json === undefined ? [] : ["content-type"];
  const csrf = attach.csrf && isChange ? [String(attach.csrf.header)] : [];
  const names = [...own.keys(), ...[...attached, ...json, ...csrf].map((name) => name.toLowerCase())];
  const mustBeAllowed = (/** @type {string} */ name) => {
    const value = own.get(name);
    // An empty one of the endpoint's own takes the header away.
    return !ALWAYS.test(name) && /^[\w-]+$/.test(name) && value !== "" && !(name === "content-type" && value && FORM.test(value));
  };
  return [...new Set(names)].filter(mustBeAllowed).sort();
}

/** @param {string} url @param {string} base */
function parsed(url, base) {
  try {
    return new URL(url, base);
  } catch {
    return undefined;
  }
}
