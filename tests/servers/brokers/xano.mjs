// @ts-check

/**
 * Xano, an API group with its template for Google. Rebuilt from that template.
 * @param {import("express").Router} router @param {import("./rebuilt.mjs").Parts} parts
 */
export function xano(router, parts) {
  const base = "/api:g1";
  /** @type {Set<string>} */
  const used = new Set();

  router.get(`${base}/oauth/google/init`, ({ query }, response) => {
    const to = encodeURIComponent(String(query.redirect_uri));
    const origin = new URL(parts.url).origin;
    // Google's page, to which the template sends an empty state.
    response.json({ authUrl: `${origin}/idp?client_id=x&response_type=code&to=${to}&redirect_uri=${to}&state=&scope=email` });
  });
  router.get(`${base}/oauth/google/continue`, ({ query }, response) => {
    const code = String(query.code);
    if (query.redirect_uri !== parts.page || !code.startsWith("4/0A") || used.has(code)) {
      return void response.status(403).json({ code: "ERROR_CODE_ACCESS_DENIED", message: "Unable to sign in", payload: "" });
    }
    used.add(code);
    response.json({ token: parts.token(86_400), name: "Ada", email: "ada@example.com" });
  });
  router.get(`${base}/auth/me`, (request, response) => {
    if (parts.isAuthorised(request)) return void response.json({ id: 1, email: "ada@example.com" });
    response.status(401).json({ code: "ERROR_CODE_UNAUTHORIZED", message: "This token is expired." });
  });
}
