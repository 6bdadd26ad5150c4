// Bubble without Bubble: see page.js. The library and its options are scripts of the page's header.

import { startPages } from "../lib/pages.mjs";

export const startBubble = async () => {
  let header;
  let now;
  const world = await startPages("bubble", ({ template }) => {
    header = template("bubble/head.html");
    return { html: () => now };
  });
  return {
    ...world,
    header,
    newApp: ({ header: given = header, ...changes } = {}) => {
      now = given;
      return world.newApp(changes);
    },
    /** From here on the header names another home page. */
    withHome: (_, page) => {
      now = header.replace(/home: "[^"]*"/, `home: "${page}"`);
    },
  };
};
