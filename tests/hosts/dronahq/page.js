// DronaHQ, as far as a library can feel it: a library from a CDN, JS code blocks, UTILITY. Runs in the page.

import { AsyncFunction, InPage, loadScript } from "../lib/in-page.js";

class DronaHq extends InPage {
  load = ({ library }) => loadScript(library);

  utility = {
    SETLOCALSTORAGE: async (key, value) => {
      this.steps.push(`store ${key}`);
      localStorage.setItem(key, value);
    },
    GETLOCALSTORAGE: async (key) => localStorage.getItem(key) ?? "",
    CLEARLOCALSTORAGE: async (key) => localStorage.removeItem(key),
    // Gives nothing back, whatever came of it.
    NAVIGATE: (screen) => {
      const page = Object.keys(this.config.pages).find((each) => each.toLowerCase() === screen);
      if (page) this.go(page);
    },
    OPENURL: (url) => void window.open(url),
    LOGOUT: () => this.steps.push("DronaHQ's own sign-out"),
    CALLRESTAPI: (url, method, headers, data) => this.request({ method, url, headers: headers || {}, data: data || undefined }),
  };

  async evaluate(code) {
    const { email, password } = this.inputs;
    const output = await new AsyncFunction("output", "email", "password", code)({}, email, password);
    if (output?.error) this.toast("error", output.error);
    return output;
  }
}

window.platform = new DronaHq();
window.UTILITY = window.platform.utility;
