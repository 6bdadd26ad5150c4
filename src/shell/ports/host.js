// @ts-check
// What the page's host does: queries, functions of flows, forms, notices, navigation.

import { copy, dataOf } from "../copy.js";
import { isFunction, member, read } from "../own.js";
import { Carried } from "../wire.js";
import { answerOf, isResponse } from "./answer.js";

/** @typedef {import("../page.js").Page} Page */

/** Calls a member of something that may lack it. @param {any} owner @param {string} name @param {unknown[]} args */
export function called(owner, name, ...args) {
  const target = read(owner, name);
  if (!isFunction(target)) throw new Error(`the host has no ${name}`);
  return Reflect.apply(target, owner, args);
}

/** Runs a query: a function by calling it, anything else as the host says, or by its own `run` or `trigger`. @param {any} host @param {any} query @param {unknown} params */
async function ran(host, query, params) {
  if (isFunction(query)) return query(params);
  if (isFunction(member(host, "run"))) return called(host, "run", query, params);
  if (typeof query === "string") throw new Error("the host has no run, which finds a query by its name: give the query itself");
  return called(query, isFunction(member(query, "run")) ? "run" : "trigger", params);
}

/** What a step has given: of a response what a request would get. @param {any} value */
const given = async (value) => (isResponse(value) ? answerOf(value) : { value: copy(value) });

/** A query of a flow. @param {Page} page @param {{ id: number, query: unknown, params: unknown }} message */
export const query = (page, { id, query, params }) => page.answerLater("query", id, async () => given(await ran(page.host, query, params)));

/** The caller's own query, with what core must see of the data, where it must: of a response its status. @param {Page} page @param {{ id: number, query: unknown, params: unknown, look: boolean }} message */
export const run = (page, { id, query, params, look }) =>
  page.answerLater("run", id, async () => {
    const data = await ran(page.host, query, params);
    const status = isResponse(data) ? { status: data.status } : {};
    return { ...status, given: new Carried("OTHER", data), seen: look ? { ...status, headers: {}, body: dataOf(data) } : undefined };
  });

/** A function of a flow. @param {Page} page @param {{ id: number, target: Function, args: unknown[] }} message */
export const invoke = (page, { id, target, args }) =>
  page.answerLater("invoke", id, async () => given(await Reflect.apply(target, undefined, args)));

/** Asks the user, and says whether the form can show what the server finds wrong, and be asked again. @param {Page} page @param {{ id: number, form: object }} message */
export const prompt = (page, { id, form }) =>
  page.answerLater("prompt", id, async () => {
    const entered = await called(page.host, "prompt", form);
    return { value: copy(entered), asksAgain: member(member(page.host, "prompt"), "asksAgain") === true };
  });

/** Lets a form or a window that is still shown go. @param {Page} page */
export function closeForm(page) {
  void closePopup(page).catch(() => {});
  const form = member(page.host, "prompt");
  if (isFunction(member(form, "done"))) called(form, "done");
}

/** Unless a later sign-in has taken it over. @param {Page} page */
async function closePopup(page) {
  const { popup } = page;
  const opened = await popup;
  if (page.popup === popup) await opened?.close();
}

/** @param {Page} page @param {{ id: number, target: string }} message */
export const navigate = (page, { id, target }) =>
  page.answerLater("navigate", id, async () => {
    await called(page.host, "navigateTo", target);
    return {};
  });

/** Tells the user, if the host can. @param {Page} page @param {{ message: string }} message */
export async function notify({ host }, { message }) {
  try {
    await called(host, "notify", message, "error");
  } catch {}
}
