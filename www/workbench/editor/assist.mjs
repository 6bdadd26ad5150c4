// @ts-check
// What the schema knows, for the editor: completion, hover help and problems, by the language service that VS Code and Monaco use.

import { snippet } from "@codemirror/autocomplete";
import { findNodeAtOffset, getNodePath, parseTree } from "jsonc-parser";
import { getLanguageService, TextDocument } from "vscode-json-languageservice";

/**
 * @typedef {import("@codemirror/state").EditorState} State
 * @typedef {import("jsonc-parser").Node} Node
 * @typedef {{ from: number, to: number, severity: "error" | "warning", message: string }} Problem
 */

const SCHEMA = "doorkey:/flow.schema.json";
/** Which part of the schema a text is held to: a list or an endpoint is a flow, anything else options. */
const PARTS = { flow: "#/$defs/Flow", options: "#/$defs/Options", any: "" };

/** What holds values and no schemas. */
const LITERAL = ["examples", "default", "enum", "const"];

/** @param {any} schema */
export function createAssist(schema) {
  const service = getLanguageService({});
  service.configure({
    validate: true,
    allowComments: false,
    schemas: [
      { uri: SCHEMA, schema: withOwnWords(schema) },
      ...Object.entries(PARTS).map(([part, place]) => ({
        uri: `doorkey:/${part}`,
        fileMatch: [`${part}.json`],
        schema: { $ref: SCHEMA + place },
      })),
    ],
  });

  /** @param {string} text */
  const open = (text) => {
    const document = TextDocument.create(`doorkey:/${partOf(text)}.json`, "json", 0, text);
    return { document, json: service.parseJSONDocument(document) };
  };

  return {
    /**
     * What can stand at the cursor, as CodeMirror's completion source.
     * @param {import("@codemirror/autocomplete").CompletionContext} context
     */
    async complete({ state, pos, explicit }) {
      const text = state.doc.toString();
      if (!explicit && !/["\w]$/.test(text.slice(0, pos))) return null;
      const { document, json } = open(text);
      const list = await service.doComplete(document, document.positionAt(pos), json);
      const items = (list?.items ?? []).filter((item) => item.textEdit && "range" in item.textEdit);
      if (items.length === 0) return null;
      const { range } = /** @type {import("vscode-json-languageservice").TextEdit} */ (items[0].textEdit);
      return {
        from: document.offsetAt(range.start),
        to: Math.max(pos, document.offsetAt(range.end)),
        options: items.map((item) => ({
          label: item.filterText ?? item.label,
          displayLabel: item.label.replace(/^"(.*)"$/, "$1"),
          type: item.kind === 10 ? "property" : "constant",
          info: textOf(item.documentation) || undefined,
          apply: snippet(toSnippet(/** @type {any} */ (item.textEdit).newText)),
        })),
      };
    },

    /** What stands at an offset, as the schema describes it. @param {string} text @param {number} offset */
    async describe(text, offset) {
      const { document, json } = open(text);
      const hover = await service.doHover(document, document.positionAt(offset), json);
      const words = hover ? [hover.contents].flat().map(textOf).join("\n").trim() : "";
      if (!hover?.range || words === "") return null;
      return { from: document.offsetAt(hover.range.start), to: document.offsetAt(hover.range.end), words };
    },

    /** What is wrong with the text by its grammar and by the schema. @param {string} text @returns {Promise<Problem[]>} */
    async problems(text) {
      const { document, json } = open(text);
      const found = await service.doValidation(document, json);
      return found.map(({ range, message }) => ({
        from: document.offsetAt(range.start),
        to: document.offsetAt(range.end),
        severity: /** @type {const} */ ("error"),
        message: typeof message === "string" ? message : message.value,
      }));
    },
  };
}

/**
 * The schema with what members say of themselves: the service puts the words of what a `$ref` leads to in their place.
 * @param {any} schema
 */
function withOwnWords(schema) {
  /** @param {any} node @param {string[]} within what it stands in already @returns {any} */
  const own = (node, within) => {
    if (Array.isArray(node)) return node.map((member) => own(member, within));
    if (!node || typeof node !== "object") return node;
    const { $ref, ...rest } = node;
    const isNamed = typeof $ref === "string" && typeof rest.description === "string" && !within.includes($ref);
    const whole = isNamed ? { ...schema.$defs[$ref.replace("#/$defs/", "")], ...rest } : node;
    const inside = isNamed ? [...within, $ref] : within;
    return Object.fromEntries(Object.entries(whole).map(([key, value]) => [key, LITERAL.includes(key) ? value : own(value, inside)]));
  };
  return own(schema, []);
}

/** @param {string} text @returns {keyof typeof PARTS} */
function partOf(text) {
  if (text.trimStart().startsWith("[")) return "flow";
  const keys = (parseTree(text)?.children ?? []).map((member) => member.children?.[0]?.value);
  return keys.includes("url") ? "flow" : keys.some(Boolean) ? "options" : "any";
}

/** Plain text of what the service says in Markdown. @param {any} said @returns {string} */
function textOf(said) {
  const text = typeof said === "string" ? said : (said?.value ?? "");
  return text.replace(/\\([\\`*_{}[\]()#+\-.!<>|~])/g, "$1");
}

/** CodeMirror's form of a snippet. @param {string} text in the form of the Language Server Protocol */
function toSnippet(text) {
  const plain = (/** @type {string} */ part) => part.replace(/\\([$}\\])/g, "$1");
  return text.replace(/\$\{(\d+):((?:\\.|[^\\}])*)\}|\$(\d+)|\\([$}\\])/g, (_whole, number, initial, bare, escaped) => {
    if (bare !== undefined) return `\${${bare}}`;
    if (escaped !== undefined) return escaped;
    // A field of CodeMirror's holds no braces: a template is put there as it is.
    return /[{}]/.test(initial) ? plain(initial) : `\${${number}:${plain(initial)}}`;
  });
}

/**
 * Where in a text the member or item stands to which one of doorkey's paths leads; where it is missing, what is around it.
 * @param {string} text @param {string} path such as `[1].request.url`
 */
export function rangeOf(text, path) {
  const tree = parseTree(text);
  if (!tree) return { from: 0, to: Math.min(1, text.length) };
  let node = tree;
  let place = tree;
  let rest = path;
  while (rest !== "") {
    const next = rest.startsWith("[") ? itemAt(node, rest) : memberAt(node, rest.replace(/^\./, ""));
    if (!next) break;
    ({ node, place, rest } = next);
  }
  const { offset, length } = place;
  const isShort = !text.slice(offset, offset + length).includes("\n");
  // Of what is long, or misses something, only the key or the opening bracket is marked.
  const marked = isShort && (rest === "" || place !== node) ? length : place.type === "property" ? (place.children?.[0].length ?? 1) : 1;
  return { from: offset, to: offset + marked };
}

/** @param {Node} node @param {string} path */
function itemAt(node, path) {
  const found = /^\[(\d+)\](.*)$/s.exec(path);
  const item = found && node.type === "array" ? node.children?.[Number(found[1])] : undefined;
  return found && item && { node: item, place: item, rest: found[2] };
}

/** A key may have points in it: the longest that fits is meant. @param {Node} node @param {string} path */
function memberAt(node, path) {
  const keyOf = (/** @type {Node} */ { children }) => /** @type {string} */ (children?.[0].value ?? "");
  const members = (node.type === "object" ? (node.children ?? []) : [])
    .filter((member) => path === keyOf(member) || [".", "["].some((end) => path.startsWith(keyOf(member) + end)))
    .sort((a, b) => keyOf(b).length - keyOf(a).length);
  const [place] = members;
  return place && { node: place.children?.[1] ?? place, place, rest: path.slice(keyOf(place).length) };
}

/** The path of what stands at an offset, as a person reads it. @param {string} text @param {number} offset */
export function pathAt(text, offset) {
  const tree = parseTree(text);
  const node = tree && findNodeAtOffset(tree, offset, true);
  return node
    ? getNodePath(node)
        .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
        .join("")
        .replace(/^\./, "")
    : "";
}
