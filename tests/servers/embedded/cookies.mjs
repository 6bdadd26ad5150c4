// @ts-check

import { randomUUID } from "node:crypto";
import cookieParser from "cookie-parser";
import { doubleCsrf } from "csrf-csrf";
import express from "express";
import session from "express-session";

import { authenticate, USER } from "./account.mjs";

const SECRET = "test servers keep no secrets";
const REMEMBERED = "remembered";

/**
 * An API whose session is a cookie, with a second cookie against forged requests (double submit), and a third, longer lived, that
 * renews the session.
 * @param {{ sessionTtl: number, rememberTtl: number }} lifetimes  seconds
 */
export function createCookies({ sessionTtl, rememberTtl }) {
  /** Until when each browser is remembered. @type {Map<string, number>} */
  const remembered = new Map();
  const cookie = /** @type {const} */ ({ sameSite: "lax", secure: false, path: "/" });
  const { doubleCsrfProtection, generateCsrfToken } = doubleCsrf({
    getSecret: () => SECRET,
    getSessionIdentifier: (req) => req.session.id,
    cookieName: "csrf-token",
    cookieOptions: { ...cookie, httpOnly: false },
  });

  const router = express.Router();
  router.use(cookieParser(SECRET), express.json());
  router.use(
    session({ name: "sid", secret: SECRET, resave: false, saveUninitialized: false, cookie: { ...cookie, maxAge: sessionTtl * 1000 } }),
  );

  /** @type {import("express").RequestHandler} */
  const begin = (req, res, next) => {
    req.session.regenerate((error) => {
      if (error) return next(error);
      /** @type {any} */ (req.session).userId = USER.id;
      generateCsrfToken(req, res, { overwrite: true });
      res.json({ email: USER.email });
    });
  };
  /** @type {import("express").RequestHandler} */
  const requireUser = (req, res, next) => {
    if (/** @type {any} */ (req.session).userId) return next();
    res.status(401).json({ message: "The session is over. Sign in again." });
  };

  router.post(
    "/login",
    (req, res, next) => {
      if (!authenticate(req.body?.email, req.body?.password)) return res.status(401).json({ message: "Wrong email or password." });
      const id = randomUUID();
      remembered.set(id, Date.now() + rememberTtl * 1000);
      res.cookie(REMEMBERED, id, { ...cookie, httpOnly: true, signed: true, maxAge: rememberTtl * 1000 });
      next();
    },
    begin,
  );
  router.post(
    "/renew",
    (req, res, next) => {
      if ((remembered.get(req.signedCookies[REMEMBERED]) ?? 0) > Date.now()) return next();
      res.status(401).json({ message: "You are not remembered. Sign in again." });
    },
    begin,
  );
  router.get("/me", requireUser, (_req, res) => {
    res.json({ email: USER.email });
  });
  router.post("/notes", requireUser, doubleCsrfProtection, (req, res) => {
    res.status(201).json(req.body);
  });
  router.post("/logout", requireUser, doubleCsrfProtection, (req, res, next) => {
    remembered.delete(req.signedCookies[REMEMBERED]);
    req.session.destroy((error) => (error ? next(error) : res.clearCookie("sid").status(204).end()));
  });

  return { router, forgetAll: () => remembered.clear() };
}
