// The DOM that Appsmith puts into the worker.

import * as linkedom from "linkedom/worker";

/** Every name that linkedom puts on the global scope: Appsmith never clears these. */
export const DOM_APIS = new Set(Object.keys(linkedom));

export function setupDom() {
  Object.assign(self, linkedom);
  self.window = self;
  self.document = linkedom.parseHTML("<!DOCTYPE html><body></body>").document;
}
