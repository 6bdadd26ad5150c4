// Windmill's app editor, as far as a library can feel it: frontend scripts with a state that ends with the page. Runs in the page.

import { AsyncFunction, InPage } from "../lib/in-page.js";

/** Assignments are seen at once; what can't be told to other scripts stays, with a mark. */
function stateOf(steps, shown) {
  return new Proxy(
    {},
    {
      set(target, key, value) {
        target[key] = value;
        steps.push(`store ${String(key)}`);
        if (key === "signinError") shown(value);
        return true;
      },
    },
  );
}

class Windmill extends InPage {
  state = stateOf(this.steps, (message) => this.toast("error", message));
  pathOf = (page) => `/apps/get/u/ada/${page.toLowerCase()}`;

  async load() {}

  addressed() {
    return Object.keys(this.config.pages).find((page) => this.pathOf(page) === location.pathname) ?? this.config.home;
  }

  goto = (url, newTab) => {
    if (newTab || this.config.isEditor) return void window.open(url, "_blank");
    if (/^https?:/.test(url)) return location.assign(url);
    const page = Object.keys(this.config.pages).find((each) => this.pathOf(each) === url.split("?")[0]);
    if (page) return this.go(page, url.includes("?") ? url.slice(url.indexOf("?")) : "");
    // Its own page of what is not there.
    history.pushState(null, "", url);
    this.current = undefined;
    return undefined;
  };

  /** Runs a runnable, whose result comes to a component, and not here. */
  recompute = () => {};

  evaluate(code, name) {
    const { email, password } = this.inputs;
    const given = {
      context: {},
      state: this.state,
      goto: this.goto,
      setTab: () => {},
      recompute: this.recompute,
      getAgGrid: () => {},
      setValue: () => {},
      showToast: (message, isError) => this.toast(isError ? "error" : "info", message),
      email: { result: email },
      password: { result: password },
    };
    const source = name ? code : `const Doorkey = await import(${JSON.stringify(this.config.library)}); ${code}`;
    return new AsyncFunction(...Object.keys(given), source)(...Object.values(given));
  }
}

window.platform = new Windmill();
