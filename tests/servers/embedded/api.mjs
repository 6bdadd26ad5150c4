// @ts-check
import { USER } from "./account.mjs";
import { ORDERS } from "./orders.mjs";

const REALM = "doorkey test API";

/** @typedef {import("node:http").IncomingMessage} Request  @typedef {import("node:http").ServerResponse} Response */

/**
 * The protected API: each path asks for a bearer token of the provider beside it.
 * @param {any} provider
 */
export function createApi(provider) {
  /** @type {Record<string, { method: string, answer: (req: Request, res: Response, body: Buffer) => void }>} */
  const routes = {
    "/api/me": { method: "GET", answer: (_req, res) => sendJson(res, 200, { id: USER.id, email: USER.email, name: USER.name }) },
    "/api/orders": { method: "GET", answer: (_req, res) => sendJson(res, 200, { orders: ORDERS }) },
    "/api/echo": { method: "POST", answer: echo },
  };

  /** @param {Request} req @param {Response} res @param {string} path @param {Buffer} body */
  return async function handle(req, res, path, body) {
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!route) return sendJson(res, 404, { error: "not_found", message: "There is nothing here." });
    if (req.method !== route.method) {
      res.setHeader("Allow", route.method);
      return sendJson(res, 405, { error: "method_not_allowed", message: `Use ${route.method}.` });
    }
    const refusal = await refusalOf(provider, req.headers.authorization);
    if (refusal) return refuse(res, refusal);
    route.answer(req, res, body);
  };
}

/**
 * Why this header does not open the door, or undefined when it does (RFC 6750 section 3).
 * @param {any} provider @param {string | undefined} header
 */
async function refusalOf(provider, header) {
  const token = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
  if (!token) return { message: "Sign in first." };
  const found = await provider.AccessToken.find(token, { ignoreExpiration: true });
  if (!found) return { error: "invalid_token", message: "The access token is unknown or was revoked." };
  if (found.isExpired) return { error: "invalid_token", message: "The access token has expired." };
  if (!(await provider.Grant.find(found.grantId))) return { error: "invalid_token", message: "The access token was revoked." };
  return undefined;
}

/** @param {Response} res @param {{ error?: string, message: string }} refusal */
function refuse(res, { error, message }) {
  const reason = error ? `, error="${error}", error_description="${message}"` : "";
  res.setHeader("WWW-Authenticate", `Bearer realm="${REALM}"${reason}`);
  sendJson(res, 401, { error: error ?? "unauthorized", message });
}

/** @param {Request} req @param {Response} res @param {Buffer} body */
function echo(req, res, body) {
  res.writeHead(200, { "Content-Type": req.headers["content-type"] ?? "application/octet-stream" });
  res.end(body);
}

/** @param {Response} res @param {number} status @param {unknown} value */
export function sendJson(res, status, value) {
  res.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  res.end(JSON.stringify(value));
}
