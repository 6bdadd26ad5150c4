// @ts-check
import express from "express";

import { authenticate } from "./account.mjs";

/**
 * What guides have their readers talk to: an echo of the httpbin kind, and sign-ins that refuse in the ways that servers do.
 */
export function createGuide() {
  const router = express.Router();
  router.use(express.json({ strict: false }), express.urlencoded({ extended: false }), express.text());

  router.post("/post", echo);
  router.all("/anything", echo);
  router.post(
    "/login",
    guarded((res) => res.status(401).send({ error: "Invalid username or password" })),
  );
  router.post(
    "/login/text",
    guarded((res) => res.status(401).type("text").send("Nobody of that name may come in.")),
  );
  router.post(
    "/login/odd",
    guarded((res) => res.status(403).send({ reason: { code: 17 } })),
  );
  router.post(
    "/login/fields",
    guarded((res) => res.status(422).send({ message: "The given data was invalid.", errors: { email: ["This email is unknown."] } })),
  );
  return router;
}

/** Answers with the request. @type {import("express").RequestHandler} */
const echo = (req, res) => {
  const isForm = Boolean(req.is("application/x-www-form-urlencoded"));
  const headers = Object.fromEntries(
    Object.entries(req.headers).map(([name, value]) => [name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()), value]),
  );
  res.json({
    args: req.query,
    data: typeof req.body === "string" ? req.body : "",
    form: isForm ? req.body : {},
    headers,
    json: req.is("json") ? req.body : null,
    method: req.method,
    url: `${req.protocol}://${req.get("host")}${req.originalUrl}`,
  });
};

/** Lets the one user in. @param {(res: import("express").Response) => unknown} refuse @returns {import("express").RequestHandler} */
function guarded(refuse) {
  return (req, res) => {
    if (authenticate(req.body?.email, req.body?.password)) res.send({ token: "guide-token-1843" });
    else refuse(res);
  };
}
