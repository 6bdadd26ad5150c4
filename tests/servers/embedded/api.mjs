// @ts-check
import { USER } from "./account.mjs";
import { challenge, refusalOf } from "./bearer.mjs";
import { createProofs } from "./dpop.mjs";
import { ORDERS } from "./orders.mjs";

/** @typedef {import("node:http").IncomingMessage} Request  @typedef {import("node:http").ServerResponse} Response */

/**
 * The protected API: each path asks for a token of the provider beside it, and for the proof of one that is bound.
 * @param {any} provider @param {{ issuer: string, requiresNonce: boolean }} options
 */
export function createApi(provider, { issuer, requiresNonce }) {
  const refusalOfProof = createProofs({ requiresNonce });
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
    const sent = { method: route.method, url: issuer + path, proof: /** @type {string | undefined} */ (req.headers.dpop) };
    const refusal = await refusalOf(provider, req.headers.authorization, (token, jkt) => refusalOfProof({ ...sent, token, jkt }));
    if (refusal) return refuse(res, refusal);
    route.answer(req, res, body);
  };
}

/** @param {Response} res @param {import("./bearer.mjs").Refusal} refusal */
function refuse(res, refusal) {
  const { error, message, nonce } = refusal;
  res.setHeader("WWW-Authenticate", challenge(refusal));
  if (nonce) res.setHeader("DPoP-Nonce", nonce);
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
