// @ts-check

/**
 * Strapi from 5.53 on. Rebuilt from its source (users-permissions, utils/oauth-connect) and from what 5.54 was seen to say.
 * @param {import("express").Router} router @param {import("./rebuilt.mjs").Parts} parts
 */
export function strapi(router, parts) {
  /** What its signed cookie stands for. @type {Map<string, { state?: string, callback: string, done?: boolean }>} */
  const sessions = new Map();
  const cookie = "koa.sess";
  /** @param {import("express").Response} response @param {number} status @param {string} name @param {string} message */
  const refuse = (response, status, name, message) =>
    response.status(status).json({ data: null, error: { status, name, message, details: {} } });

  router.get("/api/connect/google", ({ query }, response) => {
    const callback = String(query.callback ?? parts.page);
    if (callback.split(/[?#]/)[0] !== parts.page) return void refuse(response, 400, "ValidationError", "Invalid callback URL provided");
    const [id, state] = [parts.id(), parts.id()];
    sessions.set(id, { state, callback });
    response.cookie(cookie, id, { httpOnly: true, path: "/" });
    parts.ask(response, `${parts.url}/api/connect/google/callback?state=${state}`);
  });
  router.get("/api/connect/google/callback", ({ query, cookies }, response) => {
    const session = sessions.get(cookies[cookie]);
    // The query goes, what follows `#` stays.
    const back = new URL(session?.callback ?? parts.page);
    back.search = "";
    const error = query.error ?? (session?.state !== query.state || !query.code ? "oauth_error" : undefined);
    if (error) {
      back.searchParams.set("error", String(error));
      back.searchParams.set("error_description", String(query.error_description ?? "OAuth2 state mismatch"));
      sessions.delete(cookies[cookie]);
    } else if (session) {
      sessions.set(cookies[cookie], { callback: session.callback, done: true });
    }
    response.redirect(302, back.href);
  });
  router.get("/api/auth/google/callback", ({ cookies }, response) => {
    if (!sessions.get(cookies[cookie])?.done) {
      return void refuse(response, 400, "ApplicationError", "OAuth authentication requires a completed provider session");
    }
    response.json({ jwt: parts.token(60), user: { id: 1, email: "ada@example.com", provider: "google", confirmed: true } });
  });
  router.get("/api/users/me", (request, response) => {
    if (!parts.isAuthorised(request)) return void refuse(response, 401, "UnauthorizedError", "Missing or invalid credentials");
    response.json({ id: 1 });
  });
  router.post("/api/auth/logout", (_request, response) => void response.json({ ok: true }));
}
