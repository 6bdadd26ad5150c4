// @ts-check
// What a person sees who was sent here to sign in: who they are, and what the app may know.

import { authenticate, USER } from "./account.mjs";
import { escaped, page } from "./page.mjs";

/** @typedef {import("node:http").IncomingMessage} Request  @typedef {import("node:http").ServerResponse} Response */

const SCOPES = new Map([
  ["openid", "who you are"],
  ["email", "your e-mail address"],
  ["profile", "your name"],
  ["offline_access", "all of this while you are away"],
]);

/** The pages at /interaction/. @param {any} provider */
export function createInteractions(provider) {
  /** @param {Request} req @param {Response} res @param {object} result */
  const finish = (req, res, result) => provider.interactionFinished(req, res, result, { mergeWithLastSubmission: true });

  /** @param {Request} req @param {Response} res @param {Buffer} body */
  return async function handle(req, res, body) {
    let details;
    try {
      details = await provider.interactionDetails(req, res);
    } catch {
      return show(res, 400, "Start again", "<p>This page was used before, or is too old. Go back to the app and sign in from there.</p>");
    }
    if (req.method !== "POST") return details.prompt.name === "login" ? login(res, details) : consent(res, details);
    const form = new URLSearchParams(body.toString());
    if (form.get("answer") === "no") {
      return finish(req, res, { error: "access_denied", error_description: "End-User aborted interaction" });
    }
    if (details.prompt.name !== "login") return finish(req, res, { consent: { grantId: await grant(provider, details) } });
    const user = authenticate(form.get("login"), form.get("password"));
    if (!user) return login(res, details, "Wrong email or password.");
    return finish(req, res, { login: { accountId: user.id } });
  };
}

/** @param {any} provider @param {any} details */
async function grant(provider, { grantId, params, session, prompt }) {
  const given = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  const { missingOIDCScope = [] } = prompt.details;
  if (missingOIDCScope.length) given.addOIDCScope(missingOIDCScope.join(" "));
  return given.save();
}

/** @param {Response} res @param {any} details @param {string} [error] */
function login(res, { params }, error) {
  show(
    res,
    error ? 401 : 200,
    "Sign in",
    `<p>to go on to the app <strong>${escaped(params.client_id)}</strong></p>
    <form method="post">
      ${error ? `<p role="alert" id="error">${error}</p>` : ""}
      <label>E-mail <input name="login" type="email" autocomplete="username" required value="${escaped(params.login_hint ?? USER.email)}"></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required autofocus ${error ? `aria-invalid="true" aria-describedby="error"` : ""}></label>
      <div class="buttons">
        <button name="answer" value="yes">Sign in</button>
        <button name="answer" value="no" formnovalidate>Cancel</button>
      </div>
    </form>`,
  );
}

/** @param {Response} res @param {any} details */
function consent(res, { params }) {
  const wanted = String(params.scope ?? "").split(" ");
  const lines = wanted.map((name) => `<li>${escaped(SCOPES.get(name) ?? name)}</li>`).join("");
  show(
    res,
    200,
    "Allow access",
    `<p>The app <strong>${escaped(params.client_id)}</strong> wants to know:</p>
    <ul>${lines}</ul>
    <p class="who"><span aria-hidden="true">${USER.name[0]}</span><span>${escaped(USER.email)}</span></p>
    <form method="post" class="buttons">
      <button name="answer" value="yes" autofocus>Allow</button>
      <button name="answer" value="no">Refuse</button>
    </form>`,
  );
}

/** @param {Response} res @param {number} status @param {string} title @param {string} content */
function show(res, status, title, content) {
  res.writeHead(status, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" });
  res.end(page(title, content));
}
