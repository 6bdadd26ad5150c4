// Budibase's client, as far as a plugin can feel it: its API, state, routes and notifications, and where components stand. Runs in the page.

import { derived, get, writable } from "svelte/store";

import { InPage, loadScript } from "../lib/in-page.js";
import { parsed } from "../lib/platform.js";

const KEY = "##BUDIBASE_CUSTOM_COMPONENTS##";

/** The app's state: a key is either kept or for this page's life. */
function stateOf(appId, steps) {
  const place = `${appId}.state`;
  const kept = writable(JSON.parse(localStorage.getItem(place) ?? "{}"));
  kept.subscribe((values) => localStorage.setItem(place, JSON.stringify(values)));
  const brief = writable(get(kept));
  const without = (store, key) => store.update(({ [key]: _, ...others }) => others);
  return {
    subscribe: derived([brief, kept], ([a, b]) => ({ ...a, ...b })).subscribe,
    actions: {
      setValue: (key, value, persist = false) => {
        (persist ? kept : brief).update((values) => ({ ...values, [key]: value }));
        without(persist ? brief : kept, key);
        steps.push(`store ${key}`);
      },
      deleteValue: (key) => [brief, kept].forEach((store) => without(store, key)),
    },
  };
}

class Budibase extends InPage {
  mounted = [];
  /** An app's address, which its builder has chosen. */
  app = location.pathname.split("/")[2];

  /** Routes stand behind a hash. */
  pathOf = (page) => `/app/${this.app}#/${page.toLowerCase()}`;

  addressed() {
    const route = location.hash.slice(2).split("?")[0];
    return Object.keys(this.config.pages).find((page) => page.toLowerCase() === route) ?? this.config.home;
  }

  async load({ namesApp = true }) {
    // Budibase's server writes it into the page.
    if (namesApp) window["##BUDIBASE_APP_ID##"] = `app_${this.app}`;
    const notify = (kind) => (message) => this.toast(kind, message);
    this.sdk = {
      API: { fetchQueryDefinition: this.definition, executeQuery: this.execute },
      stateStore: stateOf(`app_${this.app}`, this.steps),
      routeStore: { actions: { navigate: this.navigate } },
      notificationStore: {
        actions: { info: notify("info"), success: notify("success"), warning: notify("warning"), error: notify("error") },
      },
      styleable: () => ({ update() {}, destroy() {} }),
    };
    await loadScript("/plugin.js");
  }

  navigate = (url, _peek, externalNewTab) => {
    if (externalNewTab || /^https?:/.test(url)) return void window.open(url, externalNewTab ? "_blank" : "_self");
    const page = Object.keys(this.config.pages).find((each) => `/${each.toLowerCase()}` === url.split("?")[0]);
    this.go(page ?? url.slice(1), url.includes("?") ? url.slice(url.indexOf("?")) : "");
  };

  definition = async (queryId) => {
    if (!this.config.queries[queryId]) throw { message: "Query not found", json: null, status: 404, handled: true };
    return { _id: queryId, datasourceId: "datasource_rest", parameters: [], queryVerb: "read" };
  };

  /** Budibase's server runs it, and refused ones twice in newer releases. What the API refused is resolved with its status as `code`. */
  execute = async ({ queryId, parameters: given }) => {
    // Its server refuses bindings in texts, in older releases not in what is within lists and objects, and then fills those in.
    for (const [name, value] of Object.entries(given)) {
      const message = `Parameter '${name}' input contains a handlebars binding - this is not allowed.`;
      if (typeof value === "string" && value.includes("{{")) throw { message, json: { message, status: 400 }, status: 400, handled: true };
    }
    const parameters = this.fill(given, (code) => new Function(`return (${code})`)());
    const evaluate = (name) => parameters[name.trim()];
    const once = () => this.send(queryId, this.config.queries[queryId], evaluate);
    let answer = await once();
    if (answer.status >= 400 && this.config.reruns) answer = await once();
    if (answer.unreachable)
      throw {
        message: `request to the API failed, reason: ${answer.unreachable}`,
        json: { message: answer.unreachable, status: 400 },
        status: 400,
        handled: true,
      };
    const rows = [parsed(answer.text)].flat().map((row) => (typeof row === "object" ? row : { value: row }));
    return { data: rows, pagination: undefined, headers: answer.headers, code: answer.status, size: "1B", time: "1ms" };
  };

  /** Shows a screen: its components, each with its settings, in their context. */
  async show(page) {
    for (const { instance } of this.mounted.splice(0)) instance.$destroy();
    document.body.replaceChildren();
    this.current = page;
    const [{ Component }] = window[KEY];
    const context = new Map([
      ["sdk", this.sdk],
      ["component", writable({ styles: {} })],
    ]);
    for (const settings of this.config.pages[page]?.components ?? []) {
      this.mounted.push({ settings, instance: new Component({ target: document.body, context, props: settings }) });
    }
  }

  async type(name, text) {
    await this.until(() => document.querySelector(`input[type=${name}]`));
    const input = document.querySelector(`input[type=${name}]`);
    input.value = text;
    input.dispatchEvent(new Event("input"));
  }

  async until(found) {
    for (let tries = 0; tries < 200 && !found(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** The part "load" on a screen of its own. */
  async loadOrders() {
    const [{ Component }] = window[KEY];
    const context = new Map([
      ["sdk", this.sdk],
      ["component", writable({ styles: {} })],
    ]);
    const instance = new Component({
      target: document.createElement("div"),
      context,
      props: { part: "", query: "query_orders", key: "orders" },
    });
    const [row = { orders: [] }] = await instance.load();
    return row;
  }

  evaluate(code) {
    const part = (name) => this.mounted.find(({ settings }) => settings.part === name)?.instance;
    return new Function("Doorkey", "part", "platform", `return (async () => { ${code} })()`)(window.Doorkey, part, this);
  }
}

window.platform = new Budibase();
