// @ts-check
// The embedded auth server in the place of the examples' one: a run talks to it, and what is shown of the run has the examples' name.

import { SERVER } from "./flow.js";

/** @param {string} authUrl the embedded server's address @param {any} document what is run */
export function standIn(authUrl, document) {
  const text = JSON.stringify(document) ?? "null";
  // Another host that begins alike, or another port, is somebody else's.
  const named = new RegExp(`${SERVER.replaceAll(".", "\\.")}(?![\\w.:-])`, "g");
  const isNamed = named.test(text);
  const forms = [authUrl, encodeURIComponent(authUrl)];
  const names = [SERVER, encodeURIComponent(SERVER)];
  return {
    /** The document with the address that is really there. */
    document: JSON.parse(text.replace(named, authUrl)),
    /** A text as the document has it. @param {string} said */
    shown: (said) => (isNamed ? forms.reduce((shown, form, at) => shown.replaceAll(form, names[at]), said) : said),
  };
}
