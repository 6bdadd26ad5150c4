// The app of Appsmith's guide, with the shipped templates pasted into it and a real auth server behind its queries.

import { startEmbedded } from "../../servers/lib.mjs";
import { startGateway } from "../lib/gateway.mjs";
import { startAppsmith } from "./harness.mjs";

export async function startGuide() {
  const [appsmith, server] = await Promise.all([startAppsmith(), startEmbedded()]);
  const gateway = await startGateway(server.url);
  const template = (name) => appsmith.files.read(`templates/appsmith/${name}`);
  /** A text of the templates with the builder's own address put in. */
  const placed = (text) => text.replaceAll("https://example.api.co", gateway.url);
  const { queries: documented, modules } = documentedQueries(placed(template("README.md")));
  const orders = { url: `${server.url}/api/orders`, headers: { Authorization: "Bearer {{appsmith.store.accesstoken}}" } };
  const queries = { ...documented, orders };
  const objects = { Auth: template("Auth.js"), Guard: template("Guard.js"), Orders: template("Orders.js") };
  const pages = {
    LoginPage: { onLoad: [["Guard.loginPage"]] },
    Dashboard: { onLoad: [["Guard.protectedPage"]], widgets: [] },
    Orders: { onLoad: [["Orders.load"]], widgets: [] },
  };
  const widgets = { inp_username: "", inp_password: "" };
  return {
    appsmith,
    server,
    queries,
    template,
    /** The query modules of the package form. */
    modules,
    placed,
    authHttp: () => placed(template("Auth-http.js")),
    /** @param {Partial<import("./harness.mjs").AppDefinition>} [changes] */
    newApp: (changes = {}) =>
      appsmith.newApp({
        pages,
        widgets,
        ...changes,
        queries: { ...queries, ...changes.queries },
        objects: { ...objects, ...changes.objects },
      }),
    /** Signs in as a person does: types, presses the button, sees the Dashboard. */
    signIn: async (tab, { email, password } = server.user) => {
      await tab.type("inp_username", email);
      await tab.type("inp_password", password);
      const outcome = await tab.run("Auth.signin()");
      if (outcome.ok) await tab.shows("Dashboard");
      return outcome;
    },
    stop: async () => {
      await appsmith.stop();
      await Promise.all([gateway.stop(), server.stop()]);
    },
  };
}

/** The queries that the walkthrough lists, and those of its package form, which have inputs. */
export function documentedQueries(walkthrough) {
  const row = /^\| `(\w+)` \|(?: ([^|]*) \|)? POST `([^`]*)` \| `([^`]*)`(?:, `(\w+)`: `([^`]*)`)? \|$/gm;
  const found = { queries: {}, modules: {} };
  for (const [, name, inputs, url, body, header, value] of walkthrough.matchAll(row)) {
    const query = { method: "POST", url, body, ...(header ? { headers: { [header]: value } } : {}) };
    if (inputs === undefined) found.queries[name] = query;
    else found.modules[name] = { ...query, inputs: Object.fromEntries([...inputs.matchAll(/\w+/g)].map(([input]) => [input, ""])) };
  }
  return found;
}
