// What the parts of the worker share: the scope as it began, and the data tree.

/** The keys of a fresh worker's scope. worker.js fills it before anything else runs. */
export const baseline = new Set();

/** What scripts see by bare name: `appsmith`, queries, JS objects, widgets. */
export let tree = { appsmith: { store: {} } };

export function replaceTree(entities) {
  tree = entities;
}
