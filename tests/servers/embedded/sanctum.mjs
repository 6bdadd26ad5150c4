// @ts-check

import cookieParser from "cookie-parser";
import { doubleCsrf } from "csrf-csrf";
import express from "express";
import session from "express-session";

import { authenticate, USER } from "./account.mjs";

const SECRET = "test servers keep no secrets";

/**
 * An API as Laravel's Sanctum protects one for pages: an address of its own gives the cookie against forged requests, whose
 * value is URL-encoded; also the sign-in wants it back, decoded; a wrong one is 419.
 * @param {{ sessionTtl: number }} lifetimes  seconds
 */
export function createSanctum({ sessionTtl }) {
  const cookie = /** @type {const} */ ({ sameSite: "lax", secure: false, path: "/" });
  const { doubleCsrfProtection, generateCsrfToken } = doubleCsrf({
    getSecret: () => SECRET,
    getSessionIdentifier: (req) => req.session.id,
    getCsrfTokenFromRequest: (req) => req.get("x-xsrf-token"),
    cookieName: "XSRF-TOKEN",
    // In a cookie each of these must be encoded, as what Laravel encrypts has them in it.
    csrfTokenDelimiter: "=+/",
    cookieOptions: { ...cookie, httpOnly: false },
    errorConfig: { statusCode: 419, message: "CSRF token mismatch.", code: "EBADCSRFTOKEN" },
  });

  const router = express.Router();
  router.use(cookieParser(SECRET), express.json());
  router.use(
    session({
      name: "laravel_session",
      secret: SECRET,
      resave: false,
      saveUninitialized: true,
      cookie: { ...cookie, maxAge: sessionTtl * 1000 },
    }),
  );
  router.get("/csrf-cookie", (req, res) => {
    generateCsrfToken(req, res, { overwrite: true });
    res.status(204).end();
  });
  router.post("/login", doubleCsrfProtection, (req, res, next) => {
    if (!authenticate(req.body?.email, req.body?.password)) {
      return res.status(422).json({
        message: "These credentials do not match our records.",
        errors: { email: ["These credentials do not match our records."] },
      });
    }
    req.session.regenerate((error) => {
      if (error) return next(error);
      /** @type {any} */ (req.session).userId = USER.id;
      generateCsrfToken(req, res, { overwrite: true });
      res.status(204).end();
    });
  });
  router.use((req, res, next) => {
    if (/** @type {any} */ (req.session).userId) return next();
    res.status(401).json({ message: "Unauthenticated." });
  });
  router.get("/user", (_req, res) => {
    res.json({ email: USER.email });
  });
  router.post("/notes", doubleCsrfProtection, (req, res) => {
    res.status(201).json(req.body);
  });
  router.post("/logout", doubleCsrfProtection, (req, res, next) => {
    req.session.destroy((error) => (error ? next(error) : res.clearCookie("laravel_session").status(204).end()));
  });
  /** @type {import("express").ErrorRequestHandler} */
  const refuse = (error, _req, res, next) => {
    if (error.statusCode !== 419) return next(error);
    res.status(419).json({ message: error.message });
  };
  router.use(refuse);
  return { router };
}
