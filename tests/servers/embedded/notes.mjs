// @ts-check
import express from "express";

import { challenge, refusalOf } from "./bearer.mjs";

/**
 * A REST API: notes that are made, read, changed and removed with a bearer token. A note is whatever the body holds.
 * @param {any} provider
 */
export function createNotes(provider) {
  /** @type {Map<number, object>} */
  const notes = new Map();
  let lastId = 0;

  const router = express.Router();
  router.use(async (req, res, next) => {
    const refusal = await refusalOf(provider, req.headers.authorization);
    if (!refusal) return next();
    res.set("WWW-Authenticate", challenge(refusal)).status(401).json(refusal);
  });
  router.use(express.json(), express.urlencoded({ extended: false }));

  router.get("/", (req, res) => {
    res.json({ notes: [...notes.values()], query: req.query });
  });
  router.post("/", (req, res) => {
    const note = { id: ++lastId, ...req.body };
    notes.set(note.id, note);
    res.status(201).location(`${req.baseUrl}/${note.id}`).json(note);
  });
  router.param("id", (_req, res, next, id) =>
    notes.has(Number(id)) ? next() : res.status(404).json({ message: `There is no note ${id}.` }),
  );
  router.get("/:id", (req, res) => {
    res.json(notes.get(Number(req.params.id)));
  });
  router.patch("/:id", (req, res) => {
    const note = { ...notes.get(Number(req.params.id)), ...req.body };
    notes.set(Number(req.params.id), note);
    res.json(note);
  });
  router.delete("/:id", (req, res) => {
    notes.delete(Number(req.params.id));
    res.status(204).end();
  });
  return router;
}
