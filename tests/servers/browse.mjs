// @ts-check
/** A person at a provider's pages, in small: follows redirects, fills in forms, and stops where the app's page would open. */
import { cookiesOf, forgetCookies, keepCookies } from "./jar.mjs";

const STEPS = 20;

/**
 * The address at which the app's page opens in the end.
 * @param {string} address @param {string} app  where the app's page is @param {Record<string, string>} known  what fields are filled in with
 */
export async function browse(address, app, known) {
  forgetCookies(new URL(address).origin);
  /** @type {{ url: URL, body?: URLSearchParams }} */
  let next = { url: new URL(address) };
  for (let step = 0; step < STEPS; step += 1) {
    const { url, body } = next;
    if (url.href.startsWith(app)) return url.href;
    const headers = { cookie: cookiesOf(url.origin), origin: url.origin };
    const answer = await fetch(url, { method: body ? "POST" : "GET", redirect: "manual", headers, body });
    keepCookies(url.origin, answer.headers);
    const to = answer.headers.get("location");
    next = to ? { url: new URL(to, url) } : filledIn(url, await answer.text(), known);
  }
  throw new Error(`still at ${next.url.href} after ${STEPS} steps`);
}

/** @param {URL} url @param {string} page @param {Record<string, string>} known */
function filledIn(url, page, known) {
  const form = /<form[^>]*>/.exec(page)?.[0];
  if (!form) throw new Error(`no form at ${url.href}: ${page.slice(0, 500)}`);
  const body = new URLSearchParams();
  for (const [input] of page.matchAll(/<(input|button)\b[^>]*>/g)) {
    const name = attribute(input, "name");
    if (name && !body.has(name)) body.set(name, known[name] ?? attribute(input, "value") ?? "");
  }
  return { url: new URL(attribute(form, "action") ?? "", url), body };
}

/** @param {string} tag @param {string} name */
const attribute = (tag, name) =>
  new RegExp(`\\b${name}=(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`)
    .exec(tag)
    ?.slice(1)
    .find((value) => value !== undefined)
    ?.replaceAll("&amp;", "&");
