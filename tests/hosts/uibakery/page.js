// UI Bakery, as far as a library can feel it: custom code in the head, code steps, state, actions. Runs in the page.

import { AsyncFunction, InPage } from "../lib/in-page.js";
import { parsed } from "../lib/platform.js";

class UiBakery extends InPage {
  state = {};
  actions = {};

  async load({ state, queries, pages }) {
    Object.assign(this.state, state);
    // Known to code steps by a name that no declared variable has.
    Object.defineProperty(this.state, "setValue", {
      value: (name, value) => {
        if (!(name in this.state)) throw new Error(`State variable "${name}" not found`);
        this.state[name] = value;
        this.steps.push(`store ${name}`);
        if (name === "signinError") this.toast("error", value);
      },
    });
    for (const name of Object.keys(queries)) this.actions[name] = { trigger: (params) => this.query(name, params) };
    this.actions.goto = {
      trigger: async ({ page }) => {
        const found = Object.keys(pages).find((each) => each.toLowerCase() === page);
        if (!found) throw new Error(`Page "${page}" not found`);
        this.go(found);
      },
    };
  }

  /** An HTTP step, sent by UI Bakery's server; what fails is an Error with no more than a text. */
  async query(name) {
    const answer = await this.send(name, this.config.queries[name], (expression) =>
      new Function("state", `return ${expression}`)(this.state),
    );
    if (answer.unreachable) throw new Error(answer.unreachable);
    if (answer.status >= 400) throw new Error(`Request failed with status code ${answer.status}`);
    return parsed(answer.text);
  }

  /** {{ }} in a code step stands for the value itself, and can be assigned to. */
  evaluate(code) {
    const ui = Object.fromEntries(Object.entries(this.inputs).map(([name, value]) => [name, { value }]));
    const source = code.replace(/\{\{\s*([\w.]+)\s*\}\}/g, "$1");
    return new AsyncFunction("data", "error", "params", "res", "state", "actions", "ui", source)(
      undefined,
      undefined,
      {},
      undefined,
      this.state,
      this.actions,
      ui,
    );
  }
}

window.platform = new UiBakery();
