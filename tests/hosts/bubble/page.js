// Bubble, as far as a library can feel it: scripts in the header, Toolbox's "Run javascript" and "Javascript to Bubble".

import { InPage } from "../lib/in-page.js";

class Bubble extends InPage {
  /** What the elements were given last. */
  elements = {};

  async load({ pages }) {
    const events = {
      goto: (name) => {
        const page = Object.keys(pages).find((each) => each.toLowerCase() === name);
        if (page) this.go(page);
      },
      signinerror: (message) => this.toast("error", message),
      allowed: () => {},
      orders: () => {},
    };
    for (const [name, trigger] of Object.entries(events)) {
      // The workflow of the element's event runs later, and gives nothing back.
      window[`bubble_fn_${name}`] = (value) => {
        this.elements[name] = value;
        trigger(value);
      };
    }
  }

  async evaluate(code, name) {
    // A script gives nothing to its workflow; the test looks at its last expression.
    const properties = { param1: this.inputs.email, param2: this.inputs.password };
    const source = name ? code : `(async () => { ${code} })()`;
    return new Function("properties", `return eval(${JSON.stringify(source)})`)(properties);
  }
}

window.platform = new Bubble();
