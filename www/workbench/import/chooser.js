// @ts-check
// The values of an answer, to say which is the token: shown by their names, never by what is in them.

import { h } from "../../runtime/dom.js";
import { expression, leaves } from "./exchange.js";

/** @typedef {import("./options.js").Picks} Picks */

const KINDS = /** @type {const} */ ([
  ["accessToken", "the access token"],
  ["refreshToken", "the refresh token"],
  ["expiresIn", "how many seconds it lives"],
  ["expiresAt", "the moment when it ends"],
]);
/** Nobody looks through more. */
const MOST = 200;

/** What the next value is chosen as; it stays while answers come and go. @type {typeof KINDS[number][0]} */
let kind = "accessToken";

/** @param {any} answer @param {{ choose: (picks: Picks) => void, picks: Picks, isOpen: boolean }} given */
export function answerChooser(answer, { choose, picks, isOpen }) {
  const values = leaves(answer).filter(({ path, value }) => path.length > 0 && value !== null && value !== "");
  const select = /** @type {HTMLSelectElement} */ (
    h(
      "select",
      { id: "import-kind", "data-testid": "import-kind" },
      ...KINDS.map(([value, text]) => h("option", { value, selected: value === kind }, text)),
    )
  );
  select.addEventListener("change", () => {
    kind = /** @type {typeof kind} */ (select.value);
  });
  const isPicked = (/** @type {(string | number)[]} */ path) => KINDS.find(([name]) => picks[name]?.join("\n") === path.join("\n"))?.[1];
  return h(
    "details",
    { "data-testid": "import-chooser", open: isOpen || Object.values(picks).some(Boolean) },
    h("summary", null, "Which value of the answer is it?"),
    h("label", { class: "pick-kind" }, "The value that I choose is ", select),
    h(
      "ul",
      { class: "values" },
      ...values.slice(0, MOST).map(({ path, value }) => {
        const name = expression(path);
        const chosen = isPicked(path);
        const say = `${kindOf(value)}${chosen ? `: ${chosen}` : ""}`;
        const pick = () => choose({ [kind]: path });
        return h(
          "li",
          null,
          h(
            "button",
            { type: "button", class: "quiet", "aria-pressed": String(chosen !== undefined), "data-testid": `value-${name}`, onClick: pick },
            h("code", null, name),
            ` ${say}`,
          ),
        );
      }),
      h(
        "li",
        null,
        h(
          "button",
          {
            type: "button",
            class: "quiet",
            "aria-pressed": String(picks.cookie === true),
            "data-testid": "value-cookie",
            onClick: () => choose({ cookie: true }),
          },
          "None of them: the server sets a cookie",
        ),
      ),
    ),
    values.length > MOST && h("p", { class: "about" }, `The first ${MOST} of ${values.length} values.`),
  );
}

/** @param {any} value */
const kindOf = (value) =>
  typeof value === "string" ? `a text of ${value.length} characters` : typeof value === "number" ? `the number ${value}` : String(value);
