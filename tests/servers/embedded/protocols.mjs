// @ts-check
import express from "express";

import { createCookies } from "./cookies.mjs";
import { createGraphql } from "./graphql.mjs";
import { createGrpc } from "./grpc.mjs";
import { createGuide } from "./guide.mjs";
import { createNotes } from "./notes.mjs";
import { createSanctum } from "./sanctum.mjs";

/**
 * The small servers beside the provider: REST, GraphQL and gRPC-web behind its access tokens, sessions in cookies.
 * @param {any} provider @param {{ accessTtl: number, refreshTtl: number }} lifetimes  seconds
 */
export function createProtocols(provider, { accessTtl, refreshTtl }) {
  const cookies = createCookies({ sessionTtl: accessTtl, rememberTtl: refreshTtl });
  const app = express().disable("x-powered-by").disable("etag");
  const grpc = createGrpc(provider, "/grpc");
  const routes = {
    "/rest/notes": createNotes(provider),
    "/graphql": createGraphql(provider),
    "/cookies": cookies.router,
    "/sanctum": createSanctum({ sessionTtl: accessTtl }).router,
    "/guide": createGuide(),
  };
  for (const [path, handler] of Object.entries(routes)) app.use(path, handler);
  // A plain handler that matches whole paths.
  app.use((req, res, next) => (req.path.startsWith("/grpc/") ? grpc(req, res) : next()));
  app.use(failed);
  const owns = (/** @type {string} */ path) =>
    ["/grpc", ...Object.keys(routes)].some((known) => path === known || path.startsWith(`${known}/`));
  return { app, owns, forgetAll: cookies.forgetAll };
}

/** A refusal by a middleware, as JSON. Four parameters are how Express knows it. @type {import("express").ErrorRequestHandler} */
const failed = (error, _req, res, _next) => {
  if (!error.status) console.error("the auth server failed:", error);
  res.status(error.status ?? 500).json({ message: error.message });
};
