// @ts-check
// "Which server?": the presets of doorkey as a list to start from. What each needs, its own types say, and whether it takes what is
// filled in, the preset itself.

import { h, setText } from "../runtime/dom.js";
import { textOf } from "./examples.js";
import { SERVER } from "./flow.js";
import { part } from "./page.js";

/**
 * @typedef {{ name: string, about: string, isRequired: boolean, choices?: string[] }} Field
 * @typedef {{ name: string, server: string, page: string, about: string, byItself: string, byOthers: string, fields: Field[] }} Preset
 */

/** The embedded server is one of these. @type {Record<string, Record<string, string>>} */
const HERE = { oidc: { issuer: SERVER, clientId: "app" } };
const GROUPS = /** @type {[string, (preset: Preset) => boolean][]} */ ([
  ["People sign in at its pages", ({ byItself }) => byItself.includes("redirect")],
  ["By password, or by Google and others", ({ byItself, byOthers }) => !byItself.includes("redirect") && byOthers !== "no"],
  ["By password", ({ byItself, byOthers }) => !byItself.includes("redirect") && byOthers === "no"],
]);
/** What an address must look like: that is seen before a request goes astray. */
const SHAPES = /** @type {Record<string, { pattern: string, title: string }>} */ ({
  url: { pattern: "https?://.+", title: "An address that begins with https://" },
  issuer: { pattern: "https?://.+", title: "An address that begins with https://" },
  domain: { pattern: "[^:\\/]+", title: "Without https:// and without a path" },
});

/** What is said of a draft that a preset has made. @param {Preset} preset */
export const madeBy = ({ name, server, page }) => [
  "Made by the preset ",
  h("code", null, name),
  ` (${server}). `,
  h("a", { href: page, target: "_blank", rel: "noopener", "data-testid": "preset-page" }, "What to set up there, and what it can’t do"),
];

/**
 * @param {object} given
 * @param {any} given.Doorkey
 * @param {import("./draft.js").Draft} given.draft
 * @param {Preset[]} given.presets
 * @param {(next: import("./away.js").Written) => void} given.replace puts a text in the place of the draft
 */
export function startServers({ Doorkey, draft, presets, replace }) {
  const dialog = /** @type {HTMLDialogElement} */ (part("servers"));
  const list = /** @type {HTMLSelectElement} */ (part("server"));
  const form = /** @type {HTMLFormElement} */ (part("server-form"));
  const chosen = () => presets.find(({ name }) => name === list.value);
  list.append(
    h("option", { value: "" }, "Choose one …"),
    ...GROUPS.map(([label, has]) =>
      h("optgroup", { label }, ...presets.filter(has).map(({ name, server }) => h("option", { value: name }, server))),
    ),
  );
  const show = () => {
    const preset = chosen();
    fail();
    part("server-about").replaceChildren(...(preset ? aboutOf(preset) : ["Yours is not there? Close this, and begin with an example."]));
    part("server-fields").replaceChildren(...(preset?.fields.map((field) => fieldOf(field, HERE[preset.name]?.[field.name])) ?? []));
  };
  list.addEventListener("change", show);
  part("choose").addEventListener("click", () => {
    show();
    dialog.showModal();
  });
  part("server-cancel").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const preset = chosen();
    if (!preset) return;
    fail();
    try {
      const document = JSON.parse(JSON.stringify(Doorkey.providers[preset.name](filledIn(preset, form))));
      const fault = draft.verdict(document);
      if (fault) return fail(`${fault.path}: ${fault.message}`);
      dialog.close();
      replace({ text: textOf(document), from: preset.name });
    } catch (error) {
      const { path, message } = /** @type {{ path?: string, message: string }} */ (error);
      fail(message, path);
    }
  });
}

/** Says what is wrong, and goes to where. @param {string} [message] @param {string} [name] of the field */
function fail(message, name) {
  setText(part("server-error"), message ?? "");
  part("server-error").hidden = !message;
  for (const element of part("server-fields").querySelectorAll("input, select")) {
    const isBad = name !== undefined && element.getAttribute("name") === name;
    if (isBad) element.setAttribute("aria-invalid", "true");
    else element.removeAttribute("aria-invalid");
    if (isBad) /** @type {HTMLElement} */ (element).focus();
  }
}

/** @param {Preset} preset */
function aboutOf({ name, page, about }) {
  const link = h("a", { href: page, target: "_blank", rel: "noopener", "data-testid": "server-page" }, "What to set up there");
  const here = HERE[name] && ` The embedded server is one: with what stands here it runs in the workbench.`;
  return [h("code", null, name), `: ${about} `, link, ".", here ?? ""];
}

/** @param {Field} field @param {string} [value] */
function fieldOf({ name, about, isRequired, choices }, value) {
  const id = `server-${name}`;
  const given = { id, name, required: isRequired, "aria-describedby": about && `${id}-about`, "data-testid": id };
  const element = choices
    ? h(
        "select",
        given,
        h("option", { value: "" }, "as it is by default"),
        ...choices.map((choice) => h("option", { value: choice }, choice)),
      )
    : h("input", { ...given, ...SHAPES[name], type: "text", value, autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  return h(
    "label",
    null,
    h("span", null, name, " ", h("small", null, isRequired ? "needed" : "optional")),
    element,
    about && h("small", { id: `${id}-about`, class: "hint" }, about),
  );
}

/** The options of a preset as they are filled in; what is left empty is not given. @param {Preset} preset @param {HTMLFormElement} form */
function filledIn({ fields }, form) {
  const data = new FormData(form);
  const filled = fields.map(({ name, choices }) => {
    const text = String(data.get(name) ?? "").trim();
    return [name, choices?.includes("true") && text !== "" ? text === "true" : text];
  });
  return Object.fromEntries(filled.filter(([, value]) => value !== ""));
}
