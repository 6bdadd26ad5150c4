// The page that shows an app: the published runtime, and the step from one app to another within the document, which is
// the product's own and not in the package.

import { bootstrapAppAt } from "lowcoder-sdk";

const idOf = (path) => /^\/apps\/([^/]+)\/view/.exec(path)?.[1];
let shown;

function show() {
  const id = idOf(location.pathname);
  if (id === shown) return;
  shown = id;
  const root = document.createElement("div");
  document.querySelector("#root").replaceWith(Object.assign(root, { id: "root" }));
  bootstrapAppAt(id, root, { baseUrl: location.origin });
}

const push = history.pushState.bind(history);
history.pushState = (...args) => {
  push(...args);
  setTimeout(show);
};
addEventListener("popstate", show);
show();
