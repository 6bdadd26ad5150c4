// @ts-check

/**
 * Appwrite. Rebuilt from its source (app/controllers/api/account.php) and documentation.
 * @param {import("express").Router} router @param {import("./rebuilt.mjs").Parts} parts
 */
export function appwrite(router, parts) {
  /** @type {Map<string, { success: string, failure: string }>} */
  const flows = new Map();
  /** Good once, for a minute. @type {Map<string, { userId: string, until: number }>} */
  const secrets = new Map();
  /** @type {Set<string>} */
  const sessions = new Set();
  const cookie = "a_session_p1";
  /** @param {import("express").Response} response @param {number} code @param {string} type @param {string} message */
  const refuse = (response, code, type, message) => response.status(code).json({ message, code, type, version: "1.8" });
  /** @param {import("express").Request} request */
  const isSignedIn = ({ cookies, headers }) => {
    const fallback = JSON.parse(String(headers["x-fallback-cookies"] ?? "{}"));
    return sessions.has(cookies[cookie] ?? fallback[cookie]);
  };

  router.get("/v1/account/tokens/oauth2/google", ({ query }, response) => {
    const { project, success, failure } = /** @type {any} */ (query);
    const isAllowed = [success, failure].every((url) => URL.canParse(url) && new URL(url).host === new URL(parts.page).host);
    if (project !== "p1" || !isAllowed) {
      return void refuse(
        response,
        400,
        "general_argument_invalid",
        "Invalid `success` param: Invalid URI. Register your new client as a new Web platform",
      );
    }
    const state = parts.id();
    flows.set(state, { success, failure });
    parts.ask(response, `${parts.url}/v1/account/sessions/oauth2/callback/google?state=${state}`);
  });
  router.get("/v1/account/sessions/oauth2/callback/google", ({ query }, response) => {
    const flow = flows.get(String(query.state));
    if (!flow) return void refuse(response, 400, "project_missing_failure_url", "Missing state");
    const back = new URL(query.error ? flow.failure : flow.success);
    if (query.error) {
      const message = `The OAuth2 provider returned some error: ${query.error_description}`;
      back.searchParams.set("error", JSON.stringify({ message, type: "user_oauth2_provider_error", code: 424 }));
    } else {
      const secret = parts.id();
      secrets.set(secret, { userId: "u1", until: Date.now() + 60_000 });
      back.searchParams.set("userId", "u1");
      back.searchParams.set("secret", secret);
    }
    response.redirect(301, back.href);
  });
  router.post("/v1/account/sessions/token", (request, response) => {
    const { userId, secret } = request.body;
    const known = secrets.get(secret);
    secrets.delete(secret);
    if (request.get("x-appwrite-project") !== "p1" || known?.userId !== userId || known.until < Date.now()) {
      return void refuse(response, 401, "user_invalid_token", "Invalid token passed in the request.");
    }
    const session = parts.id();
    sessions.add(session);
    response.cookie(cookie, session, { httpOnly: true, sameSite: "lax", path: "/" });
    response.set("X-Fallback-Cookies", JSON.stringify({ [cookie]: session }));
    response.status(201).json({ $id: "s1", userId, expire: "2030-01-01T00:00:00.000+00:00", provider: "google", secret: "" });
  });
  router.use("/v1/account", (request, response, next) => {
    if (isSignedIn(request)) return next();
    refuse(response, 401, "general_unauthorized_scope", 'User (role: guests) missing scopes (["account"])');
  });
  router.get("/v1/account", (_request, response) => void response.json({ $id: "u1" }));
  router.patch("/v1/account/sessions/current", (_request, response) => void response.json({ $id: "s1" }));
  router.delete("/v1/account/sessions/current", ({ cookies }, response) => {
    sessions.delete(cookies[cookie]);
    response.clearCookie(cookie).sendStatus(204);
  });
}
