// @ts-check
// What stands at the side of a page: the pages in the order in which somebody may want them; of servers, walkthroughs and types, which
// are many, those of its own kind.

import { titleOf } from "./pages.mjs";

/** Documents by heading; one in a list of its own has a shorter name there. @type {Record<string, (string | [string, string])[]>} */
const ORDER = {
  Begin: [
    ["docs/README.md", "What it is"],
    ["docs/start/builder.md", "An app in a builder"],
    ["docs/start/page.md", "A page"],
    ["docs/start/rust.md", "A frontend in Rust"],
  ],
  Understand: [
    "docs/session.md",
    "docs/flows.md",
    ["docs/redirect.md", "Sign-in at a provider"],
    ["docs/ui.md", "Forms: doorkey/ui"],
    ["docs/panel.md", "A look inside: doorkey/panel"],
    ["docs/retool.md", "Retool's custom auth"],
    "SECURITY.md",
  ],
  Recipes: [
    ["docs/recipes/README.md", "All recipes"],
    "docs/recipes/remember-me.md",
    "docs/recipes/two-factors.md",
    "docs/recipes/cookies.md",
    "docs/recipes/sliding.md",
    "docs/recipes/idle.md",
    "docs/recipes/deep-links.md",
    "docs/recipes/roles.md",
    "docs/recipes/two-apis.md",
    "docs/recipes/testing.md",
  ],
  "Look up": [
    ["docs/troubleshooting.md", "When something goes wrong"],
    "docs/install.md",
    "docs/calls.md",
    "docs/options.md",
    ["docs/browsers.md", "Browsers"],
    ["docs/refusals.md", "Refusals"],
    ["docs/conformance.md", "Conformance"],
    ["docs/proof.md", "Proofs"],
    ["docs/performance.md", "What a call costs"],
    ["docs/compare.md", "Beside other SDKs"],
    "CHANGELOG.md",
  ],
};
/** Those that are many, by their place in the site: their heading, their folder, and the documents before them. @type {[string, string, string, [string, string][]][]} */
const MANY = [
  [
    "/providers/",
    "Servers",
    "docs/providers/",
    [
      ["docs/providers/README.md", "Servers: ready-made options"],
      ["docs/servers.md", "Servers: what twenty gave"],
    ],
  ],
  ["/templates/", "App builders", "pkg-template/package/templates/", [["docs/hosts.md", "Builders: what works"]]],
];
const BACK = { text: "All documents", link: "/" };

/**
 * @param {Map<string, string>} pages
 * @param {{ text: string, items: { text: string, link: string }[] }[]} reference
 */
export async function sidebars(pages, reference) {
  const missing = new Set(pages.keys());
  const item = async (/** @type {string} */ path, /** @type {string | undefined} */ text = undefined) => {
    if (!missing.delete(path)) throw new Error(`${path} stands twice in the sidebar, or is no document`);
    const link = `/${pages.get(path)?.replace(/(index)?\.md$/, "")}`;
    return { text: text ?? (await titleOf(path)).replace(/^doorkey in /, ""), link };
  };
  const main = [];
  for (const [text, entries] of Object.entries(ORDER)) {
    const items = [];
    for (const entry of entries) items.push(Array.isArray(entry) ? await item(...entry) : await item(entry));
    main.push({ text, items });
  }
  const hosts = { text: "Builders: walkthroughs", link: "/templates/appsmith" };
  const servers = [];
  /** @type {Record<string, object[]>} */
  const sidebars = {};
  for (const [place, text, folder, first] of MANY) {
    const before = [];
    for (const entry of first) before.push(await item(...entry));
    const items = [];
    for (const path of [...missing].filter((path) => path.startsWith(folder)).sort()) items.push(await item(path));
    sidebars[place] = [BACK, { text, items: [...before, ...items] }];
    servers.push(...before);
  }
  if (missing.size) throw new Error(`not in the sidebar (www/docs/sidebar.mjs): ${[...missing].join(", ")}`);
  main.splice(2, 0, { text: "Servers and builders", items: [...servers, hosts] });
  const all = { text: "Reference", link: "/reference/" };
  sidebars["/reference/"] = [BACK, all, ...reference];
  sidebars["/"] = [...main, { text: "Types", items: [all] }];
  return sidebars;
}
