// The adapter by itself: failures, and builders that are missing, throw, hang or lie.

import { tellBadInput } from "../lib/bad-input.mjs";
import { testShapes } from "../lib/failure-shapes.mjs";

const no = { error: "invalid_grant" };
const raise = (thrown) => async () => {
  throw thrown;
};

const shapes = {
  "what the API refused is resolved": [
    async () => ({ data: [no], code: 401, headers: {} }),
    { status: 401, body: no, message: "the API answered 401" },
  ],
  "what the API refused in a text": [
    async () => ({ data: [{ value: "down" }], code: 503 }),
    { status: 503, body: "down", message: "the API answered 503" },
  ],
  "Budibase's own 400 is no word of the API's": [
    raise({ message: "request to https://api.example.com failed", json: { status: 400 }, status: 400, handled: true }),
    { message: "request to https://api.example.com failed" },
  ],
  "Budibase's own 403 is none either": [raise({ message: "Not Authorized", json: null, status: 403 }), { message: "Not Authorized" }],
  "Budibase's server is busy": [raise({ message: "Bad Gateway", json: null, status: 502 }), { status: 502, message: "Bad Gateway" }],
  "a text": [raise("no"), { message: "no" }],
  nothing: [raise(undefined), { message: "the query failed, and Budibase does not say why" }],
};
const definition = async () => ({ datasourceId: "datasource_rest" });

testShapes(
  "budibase",
  (hosts, run) => ({ run: hosts.budibase({ API: { fetchQueryDefinition: definition, executeQuery: run } }).run, query: "query_orders" }),
  shapes,
);

function make() {
  let values = {};
  const stateStore = {
    subscribe: (listener) => (listener(values), () => {}),
    actions: { setValue: (key, value) => void (values = { ...values, [key]: value }), deleteValue: (key) => void delete values[key] },
  };
  return {
    stateStore,
    routeStore: { actions: { navigate: () => {} } },
    API: { fetchQueryDefinition: definition, executeQuery: async () => ({ data: [1], code: 200 }) },
  };
}

tellBadInput("budibase", {
  make,
  open: (hosts, sdk) => hosts.budibase(sdk),
  uses: {
    "stateStore.actions.setValue": (auth) => auth.storeValue("theme", "dark"),
    "stateStore.subscribe": (auth) => auth.storeValue("theme", "dark"),
    "routeStore.actions.navigate": (auth) => auth.guard("login"),
    "API.executeQuery": (auth) => auth.run("query_orders"),
    "API.fetchQueryDefinition": (auth) => auth.run("query_orders"),
  },
  values: {
    stateStore: (auth) => auth.storeValue("theme", "dark"),
    "routeStore.actions": (auth) => auth.guard("login"),
    API: (auth) => auth.run("query_orders"),
  },
});
