// Bubble without Bubble: see page.js. The library and its options are scripts of the page's header.

import { startPages } from "../lib/pages.mjs";

export const startBubble = async () => {
  let head;
  const world = await startPages("bubble", ({ template }) => ({ html: (head = template("bubble/head.html")) }));
  return {
    ...world,
    /** An app whose header names another home page. */
    withHome: (_, page) => ({ html: head.replace(/home: "[^"]*"/, `home: "${page}"`) }),
  };
};
