// @ts-check
/** Plain requests to the test servers, without doorkey: what a test says to a server itself, and how it checks one. */
import { setTimeout as sleep } from "node:timers/promises";

import { CLIENT_ID } from "./options.mjs";

export { sleep };

/**
 * @typedef {{ status: number, headers: Headers, body: any }} Answer  the body parsed when it is JSON, else text
 * @typedef {{ accessToken: string, refreshToken: string }} Tokens
 * @typedef {{ signIn(server: any, password?: string): Promise<Answer>, refresh(server: any, refreshToken: string, clientId?: string): Promise<Answer>,
 *   revoke(server: any, refreshToken: string): Promise<Answer>, me(server: any, accessToken?: string): Promise<Answer>,
 *   tokens(answer: Answer): Tokens }} Raw
 */

/** @type {Raw} */
export const rawEmbedded = {
  signIn: ({ url, user }, password = user.password) =>
    postForm(`${url}/token`, { grant_type: "password", username: user.email, password, scope: "openid offline_access" }),
  refresh: ({ url }, refreshToken, client_id = CLIENT_ID) =>
    postForm(`${url}/token`, { client_id, grant_type: "refresh_token", refresh_token: refreshToken }),
  revoke: ({ url }, refreshToken) => postForm(`${url}/token/revocation`, { token: refreshToken }),
  me: ({ url }, accessToken) => request(`${url}/api/me`, bearer(accessToken)),
  tokens: ({ body }) => ({ accessToken: body.access_token, refreshToken: body.refresh_token }),
};

/** @type {Raw} */
export const rawDjango = {
  signIn: ({ url, user }, password = user.password) => postJson(`${url}/api/token/`, { username: user.email, password }),
  refresh: ({ url }, refreshToken) => postJson(`${url}/api/token/refresh/`, { refresh: refreshToken }),
  revoke: ({ url }, refreshToken) => postJson(`${url}/api/token/blacklist/`, { refresh: refreshToken }),
  me: ({ url }, accessToken) => request(`${url}/api/me/`, bearer(accessToken)),
  tokens: ({ body }) => ({ accessToken: body.access, refreshToken: body.refresh }),
};

/** @param {string} url @param {RequestInit} [init] @returns {Promise<Answer>} */
export async function request(url, init) {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** @param {string} url @param {Record<string, string>} fields @param {Record<string, string>} [headers] */
export function postForm(url, fields, headers) {
  return request(url, { method: "POST", headers, body: new URLSearchParams({ client_id: CLIENT_ID, ...fields }) });
}

/** @param {string} url @param {unknown} value */
function postJson(url, value) {
  return request(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(value) });
}

/** @param {string | undefined} token */
function bearer(token) {
  return token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
}
