// @ts-check
/**
 * What stands before the embedded auth server so that each SDK finds the server that it was made for: paths and forms are
 * translated, and a code is given at once, without a page to sign in on. Tokens, their lifetimes, rotation and refusals are
 * the embedded server's; so are its faults. ID tokens are signed here, since each SDK has its own rule for their issuer.
 */
import { createHash, createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

import { CLIENT_ID } from "../../tests/servers/options.mjs";

/** @typedef {import("node:http").IncomingMessage} Request  @typedef {import("node:http").ServerResponse} Response */
/** @typedef {{ issuer: string, now: number, clientId: string, nonce?: string }} About */

const SCOPE = "openid offline_access";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** @param {object} claims */
function jwt(claims) {
  const part = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "RS256", typ: "JWT", kid: "front" })}.${part(claims)}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
}

/** The embedded server's token: Keycloak's are JWTs, and its SDK reads them. @param {string | undefined} token */
function unwrapped(token = "") {
  const claims = token.split(".")[1];
  return claims ? JSON.parse(Buffer.from(claims, "base64url").toString()).tok : token;
}

/** How a server's tokens look: what it adds to an answer of the embedded one. @type {Record<string, (tokens: any, about: About, user: any) => object>} */
const DIALECTS = {
  supabase: ({ expires_in }, { now }, { id, email }) => ({ expires_at: now + expires_in, user: { id, email, aud: "authenticated" } }),
  "keycloak-js": ({ access_token, refresh_token, expires_in }, { now, issuer }) => ({
    access_token: jwt({ iss: issuer, iat: now, exp: now + expires_in, tok: access_token }),
    refresh_token: jwt({ iss: issuer, iat: now, typ: "Offline", tok: refresh_token }),
  }),
};

/** @param {{ url: string, user: any }} upstream @param {(base: string) => string} issuerOf  whom its tokens are from */
export async function startFront(upstream, issuerOf) {
  /** @type {Map<string, { nonce?: string, challenge: string, clientId: string }>} */
  const codes = new Map();
  /** @type {Set<string>} */
  const refreshTokens = new Set();
  const server = createServer((req, res) => {
    handle(req, res).catch(() => res.destroy()); // as the embedded server has cut it
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const base = `http://127.0.0.1:${port}`;

  /** @param {Request} req @param {Response} res */
  async function handle(req, res) {
    const url = new URL(req.url ?? "/", base);
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    res.setHeader("Access-Control-Allow-Origin", req.headers.origin ?? "*");
    res.setHeader("Access-Control-Allow-Credentials", "true");
    res.setHeader("Access-Control-Allow-Headers", req.headers["access-control-request-headers"] ?? "*");
    res.setHeader("Access-Control-Expose-Headers", "Retry-After");
    res.setHeader("Cache-Control", "no-store");
    if (req.method === "OPTIONS") return res.writeHead(204).end();
    const [, dialect] = url.pathname.split("/");
    const issuer = issuerOf(base);
    const end = url.pathname.split("/").pop() ?? "";
    if (end === "openid-configuration") return send(res, 200, metadata(issuer.replace(/\/$/, ""), issuer));
    if (end === "jwks")
      return send(res, 200, { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "front", use: "sig", alg: "RS256" }] });
    if (end === "authorize" || end === "auth") return authorize(url, res);
    if (end === "token") return token(dialect, issuer, { ...formOf(req, body), ...Object.fromEntries(url.searchParams) }, res);
    if (end === "revoke") return pass(res, await ask("/token/revocation", { ...formOf(req, body), client_id: CLIENT_ID }));
    if (end === "logout") return res.writeHead(204).end();
    if (end === "me") return api(req, res);
    send(res, 404, { error: "not_found" });
  }

  /** RFC 6749 section 4.1.2, with the user who is signed in already. @param {URL} url @param {Response} res */
  function authorize({ searchParams }, res) {
    const given = (/** @type {string} */ name) => searchParams.get(name) ?? "";
    const code = randomUUID();
    codes.set(code, { nonce: searchParams.get("nonce") ?? undefined, challenge: given("code_challenge"), clientId: given("client_id") });
    const answer = new URLSearchParams({ code, state: given("state") });
    res.writeHead(302, { Location: `${given("redirect_uri")}${given("response_mode") === "fragment" ? "#" : "?"}${answer}` }).end();
  }

  /** @param {string} dialect @param {string} issuer @param {Record<string, string>} form @param {Response} res */
  async function token(dialect, issuer, form, res) {
    let { nonce, clientId } = /** @type {any} */ ({ clientId: form.client_id });
    let asked;
    if (form.grant_type === "refresh_token") {
      asked = { grant_type: "refresh_token", refresh_token: unwrapped(form.refresh_token) };
    } else {
      const code = codes.get(form.code);
      codes.delete(form.code);
      const isRight =
        code?.challenge ===
        createHash("sha256")
          .update(form.code_verifier ?? "")
          .digest("base64url");
      if (form.grant_type === "authorization_code" && !isRight) return send(res, 400, { error: "invalid_grant" });
      if (code) ({ nonce, clientId } = code);
      const { email, password } = code ? upstream.user : { email: form.email ?? form.username, password: form.password };
      asked = { grant_type: "password", scope: SCOPE, username: email, password };
    }
    const answer = await ask("/token", { client_id: CLIENT_ID, ...asked });
    if (!answer.ok) return pass(res, answer);
    const tokens = await answer.json();
    const now = Date.parse(answer.headers.get("date") ?? "") / 1000;
    const { id: sub, email } = upstream.user;
    const exp = now + tokens.expires_in;
    const id_token = jwt({ iss: issuer, aud: clientId, azp: clientId, sub, email, iat: now, exp, nonce });
    const about = { issuer, now, clientId, nonce };
    const said = { ...tokens, scope: SCOPE, id_token, ...DIALECTS[dialect]?.(tokens, about, upstream.user) };
    refreshTokens.add(said.refresh_token);
    send(res, 200, said);
  }

  /** @param {Request} req @param {Response} res */
  async function api(req, res) {
    const authorization = req.headers.authorization;
    const headers = authorization ? { authorization: `Bearer ${unwrapped(authorization.slice(7))}` } : undefined;
    pass(res, await fetch(`${upstream.url}/api/me`, { headers }));
  }

  /** @param {string} path @param {Record<string, string>} form */
  const ask = (path, form) => fetch(upstream.url + path, { method: "POST", body: new URLSearchParams(form) });

  return {
    url: base,
    refreshTokens,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** @param {string} at @param {string} issuer */
const metadata = (at, issuer) => ({
  issuer,
  authorization_endpoint: `${at}/authorize`,
  token_endpoint: `${at}/token`,
  revocation_endpoint: `${at}/revoke`,
  end_session_endpoint: `${at}/logout`,
  userinfo_endpoint: `${at}/me`,
  jwks_uri: `${at}/jwks`,
  response_types_supported: ["code"],
  subject_types_supported: ["public"],
  code_challenge_methods_supported: ["S256"],
  id_token_signing_alg_values_supported: ["RS256"],
});

/** @param {Request} req @param {string} body @returns {Record<string, string>} */
const formOf = (req, body) =>
  req.headers["content-type"]?.includes("json") ? JSON.parse(body || "{}") : Object.fromEntries(new URLSearchParams(body));

/** @param {Response} res @param {globalThis.Response} answer */
async function pass(res, answer) {
  const body = Buffer.from(await answer.arrayBuffer());
  const headers = ["content-type", "retry-after", "www-authenticate"].flatMap((name) => {
    const value = answer.headers.get(name);
    return value ? [[name, value]] : [];
  });
  res.writeHead(answer.status, Object.fromEntries(headers)).end(body);
}

/** @param {Response} res @param {number} status @param {unknown} value */
function send(res, status, value) {
  res.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}
