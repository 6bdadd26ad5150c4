// @ts-check

/**
 * Nhost Auth. Rebuilt from its source (nhost/nhost, services/auth): sign_in_provider.go, token_exchange.go.
 * @param {import("express").Router} router @param {import("./rebuilt.mjs").Parts} parts
 */
export function nhost(router, parts) {
  /** @type {Map<string, { to: string, state?: string, challenge: string, at: number }>} */
  const flows = new Map();
  /** @type {Set<string>} */
  const refreshTokens = new Set();
  const session = () => {
    const refreshToken = parts.id();
    refreshTokens.add(refreshToken);
    return { accessToken: parts.token(60), accessTokenExpiresIn: 60, refreshToken, refreshTokenId: parts.id(), user: { id: "1" } };
  };
  /** @param {import("express").Response} response @param {number} status @param {string} error @param {string} message */
  const refuse = (response, status, error, message) => response.status(status).json({ error, message, status });

  router.get("/v1/signin/provider/github", ({ query }, response) => {
    const { redirectTo, codeChallenge, state } = /** @type {any} */ (query);
    if (redirectTo !== parts.page)
      return void refuse(response, 400, "redirectTo-not-allowed", 'The value of "options.redirectTo" is not allowed.');
    const id = parts.id();
    flows.set(id, { to: redirectTo, state, challenge: codeChallenge, at: Date.now() });
    parts.ask(response, `${parts.url}/v1/signin/provider/github/callback?state=${id}`);
  });
  router.get("/v1/signin/provider/github/callback", ({ query }, response) => {
    const flow = flows.get(String(query.state));
    flows.delete(String(query.state));
    // Its state is signed, for a minute; what is wrong goes to CLIENT_URL, here the same page.
    const back = new URL(parts.page);
    if (!flow || Date.now() - flow.at > 60_000) {
      back.searchParams.set("error", "invalid-state");
      back.searchParams.set("provider_state", String(query.state));
    } else if (query.error) {
      const said = { error: "oauth-provider-error", errorDescription: "Provider returned an error", provider_error: String(query.error) };
      for (const [name, value] of Object.entries({ ...said, state: flow.state ?? "" })) back.searchParams.set(name, value);
    } else if (flow.challenge) {
      const code = parts.id();
      flows.set(code, flow);
      back.searchParams.set("code", code);
      if (flow.state) back.searchParams.set("state", flow.state);
    } else {
      back.searchParams.set("refreshToken", session().refreshToken);
    }
    response.redirect(302, back.href);
  });
  router.post("/v1/token/exchange", ({ body }, response) => {
    const flow = flows.get(body.code);
    flows.delete(body.code);
    if (!flow || parts.challengeOf(body.codeVerifier) !== flow.challenge) {
      return void refuse(response, 400, "invalid-request", "The request payload is incorrect");
    }
    response.json(session());
  });
  router.post("/v1/token", ({ body }, response) => {
    if (!refreshTokens.delete(body.refreshToken))
      return void refuse(response, 401, "invalid-refresh-token", "Invalid or expired refresh token");
    response.json(session());
  });
  router.post("/v1/signout", ({ body }, response) => {
    refreshTokens.delete(body.refreshToken);
    response.json("OK");
  });
}
