// @ts-check
// What Rust can ask for, and who does it. The names are those of message.rs, which tests/rooms/seam.rs compares.

import { failure } from "./copy.js";
import { permit } from "./ports/ahead.js";
import { handOver, leave, openPopup, prepare, recall, remember, replaceLocation, takeOut } from "./ports/authorize.js";
import { keepKey } from "./ports/dpop.js";
import { closeForm, invoke, navigate, notify, prompt, query, run } from "./ports/host.js";
import { abort, http, send } from "./ports/http.js";
import { lock, unlock } from "./ports/lock.js";
import { emit, keepPage, listen, over, settle, show } from "./ports/page.js";
import { commit, list, mirror, openStorage, put, read } from "./ports/storage.js";
import { announce } from "./ports/tabs.js";
import { timer } from "./ports/timer.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./module.js").Message} Message */

/**
 * Opens what Rust has chosen, and begins to listen.
 * @param {Page} page @param {{ name: string, kind: "host" | "web" | "vault" | "memory", isShared: boolean, forgets: boolean, limitMs: number }} message
 */
function storage(page, { name, kind, isShared, forgets, limitMs }) {
  if (forgets) page.store.forget?.();
  page.name = name;
  page.limitMs = limitMs;
  page.store = openStorage(page, kind);
  listen(page, isShared);
  const text = page.store.glance?.();
  if (text !== undefined) page.tell({ op: "preview", text });
}

/** Lets go what Rust no longer has. @param {Page} page @param {Message} message */
const forget = (page, { refs }) => page.session.module.refs.forget(refs);

/** By the op of a message. @type {Map<string, (page: Page, message: any) => unknown>} */
const PORTS = new Map(
  Object.entries({
    abort,
    announce,
    closeForm,
    commit,
    emit,
    forget,
    handOver,
    http,
    invoke,
    keepKey,
    keepPage,
    leave,
    list,
    lock,
    mirror,
    navigate,
    notify,
    openPopup,
    over,
    permit,
    prepare,
    prompt,
    put,
    query,
    read,
    recall,
    remember,
    replaceLocation,
    run,
    send,
    settle,
    show,
    storage,
    takeOut,
    timer,
    unlock,
  }),
);

/** Does what a message asks for. @param {Page} page @param {Message} message */
export function perform(page, message) {
  try {
    PORTS.get(message.op)?.(page, message);
  } catch (thrown) {
    // Nothing should come out of a port, but who awaits an answer gets one.
    if (message.id !== undefined) page.tell({ op: message.op, id: message.id, ...failure(thrown) });
  }
}
