// Appsmith's evaluation worker, rebuilt from what it does: the scope that it gives to libraries and scripts,
// the data tree, the guards of data fields, and the messages to the page. Bundled as a classic worker script.

import { bind, evaluateQuery, evaluateSync, evaluateTrigger, setTree, updateEntity, updateStore } from "./worker-evaluate.js";
import { install, loadAll, uninstall } from "./worker-library.js";
import { answer, ping, settle } from "./worker-platform.js";
import { setup } from "./worker-setup.js";
import { baseline, tree } from "./worker-tree.js";

for (const key of Object.keys(self)) baseline.add(key);

self.addEventListener("error", (event) => {
  event.preventDefault();
  ping({ method: "WORKER_ERROR", data: event.message });
});
self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  // Appsmith's own handler fails on a rejection with nothing in it; here that is a finding.
  ping({ method: "UNHANDLED_REJECTION", data: String(event.reason?.message ?? event.reason) });
});

const handlers = {
  SETUP: () => setup(),
  INSTALL_LIBRARY: (data) => install({ ...data, takenNames: Object.keys(tree) }),
  LOAD_LIBRARIES: (list) => loadAll(list),
  UNINSTALL_LIBRARY: (url) => uninstall(url),
  SET_TREE: (entities) => setTree(entities),
  UPDATE_STORE: (change) => updateStore(change),
  UPDATE_ENTITY: (change) => updateEntity(change),
  EVAL_TRIGGER: (script) => evaluateTrigger(script),
  EVAL_DATA_FIELD: (expression) => evaluateSync(expression),
  EVAL_QUERY: (query) => evaluateQuery(query),
  BIND: (binding) => bind(binding),
  /** For tests about the scope itself: no evaluation context, no guard. */
  INSPECT: (script) => (0, eval)(script),
};

self.addEventListener("message", async ({ data: { messageId, messageType, body } }) => {
  if (messageType === "RESPONSE") return settle(messageId, body);
  try {
    answer(messageId, { data: await handlers[body.method](body.data) });
  } catch (error) {
    answer(messageId, { error: String(error?.message ?? error) });
  }
});
