// A page that Plasmic's codegen made, as far as a library can feel it: state, interactions that run code, a router. Runs in the page.

import { InPage, loadScript } from "../lib/in-page.js";

class Plasmic extends InPage {
  state = new Proxy(
    {},
    {
      set: (target, key, value) => {
        target[key] = value;
        if (key === "signinError") this.toast("error", value);
        return true;
      },
    },
  );

  async load() {
    await loadScript("/app.js");
    window.setPush(this.push);
  }

  /** As Next's router: a promise of whether the page was found. */
  push = async (path) => {
    const page = Object.keys(this.config.pages).find((each) => this.pathOf(each) === path.split("?")[0]);
    if (!page) throw new Error(`Failed to load static props: ${path}`);
    this.go(page, path.includes("?") ? path.slice(path.indexOf("?")) : "");
    return true;
  };

  async evaluate(code, name) {
    this.state.email = { value: this.inputs.email };
    this.state.password = { value: this.inputs.password };
    const source = name ? `return (${code}\n)` : `return (async () => { ${code} })()`;
    return new Function("$state", "$ctx", "$$", source)(this.state, {}, window.$$);
  }
}

window.platform = new Plasmic();
