// @ts-check
/**
 * Supabase Auth. Rebuilt from its source (supabase/auth, August 2026): external.go, pkce.go, token.go.
 * @param {import("express").Router} router @param {import("./rebuilt.mjs").Parts} parts
 */
export function gotrue(router, parts) {
  /** By state, then by code. @type {Map<string, { to: string, challenge: string, at: number }>} */
  const flows = new Map();
  /** @type {Set<string>} */
  const refreshTokens = new Set();
  const session = () => {
    const refresh_token = parts.id().slice(0, 12);
    refreshTokens.add(refresh_token);
    const expires_at = Math.floor(Date.now() / 1000) + 60;
    return { access_token: parts.token(60), token_type: "bearer", expires_in: 60, expires_at, refresh_token, user: { id: "1" } };
  };
  /** @param {import("express").Response} response @param {number} code @param {string} error_code @param {string} msg */
  const refuse = (response, code, error_code, msg) => response.status(code).json({ code, error_code, msg });

  router.get("/auth/v1/authorize", (request, response) => {
    const {
      provider,
      redirect_to,
      code_challenge: challenge = "",
      code_challenge_method: method = "",
    } = /** @type {any} */ (request.query);
    if (provider !== "google") return void refuse(response, 400, "validation_failed", "Unsupported provider: provider is not enabled");
    if (!/^[\w.~-]{43,128}$/.test(challenge) || method.toLowerCase() !== "s256") {
      return void refuse(response, 400, "validation_failed", "PKCE flow requires code_challenge_method and code_challenge");
    }
    const state = parts.id();
    // What is not allowed leads to the site, without a word.
    const to = redirect_to?.split("?")[0] === parts.page ? redirect_to : new URL(parts.page).origin;
    flows.set(state, { to, challenge, at: Date.now() });
    parts.ask(response, `${parts.url}/auth/v1/callback?state=${state}`);
  });
  router.get("/auth/v1/callback", ({ query }, response) => {
    const flow = flows.get(String(query.state));
    flows.delete(String(query.state));
    if (!flow) return void response.redirect(303, `${new URL(parts.page).origin}?error=invalid_request&error_code=bad_oauth_state`);
    const back = new URL(flow.to);
    if (query.error) {
      const said = new URLSearchParams({ error: String(query.error), error_description: String(query.error_description) });
      for (const [name, value] of said) back.searchParams.set(name, value);
      back.hash = `${said}&sb=`;
      return void response.redirect(302, back.href);
    }
    const code = parts.id();
    flows.set(code, flow);
    back.searchParams.set("code", code);
    response.redirect(302, back.href);
  });
  router.post("/auth/v1/token", ({ query, body, headers }, response) => {
    if (!headers.apikey) return void response.status(401).json({ message: "No API key found in request" });
    if (query.grant_type === "refresh_token") {
      if (refreshTokens.delete(body.refresh_token)) return void response.json(session());
      return void refuse(response, 400, "refresh_token_already_used", "Invalid Refresh Token: Already Used");
    }
    const flow = flows.get(body.auth_code);
    if (query.grant_type !== "pkce" || !flow)
      return void refuse(response, 404, "flow_state_not_found", "invalid flow state, no valid flow state found");
    if (Date.now() - flow.at > 300_000)
      return void refuse(response, 422, "flow_state_expired", "invalid flow state, flow state has expired");
    if (parts.challengeOf(body.code_verifier) !== flow.challenge) {
      return void refuse(response, 400, "bad_code_verifier", "code challenge does not match previously saved code verifier");
    }
    flows.delete(body.auth_code);
    response.json({ ...session(), provider_token: parts.theirs, provider_refresh_token: parts.theirs });
  });
  router.get("/auth/v1/user", (request, response) => {
    if (!parts.isAuthorised(request)) return void refuse(response, 403, "bad_jwt", "invalid JWT: token is expired");
    response.json({ id: "1", aud: "authenticated" });
  });
  // PostgREST, to a user without the right.
  router.get("/rest/v1/forbidden", (_request, response) => {
    response.status(403).json({ code: "42501", message: "new row violates row-level security policy" });
  });
  router.post("/auth/v1/logout", (_request, response) => void response.sendStatus(204));
}
