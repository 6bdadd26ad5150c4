// The page of a Lowdefy app: the published client with what the build made of the app. This stands where the pages of
// Lowdefy's own server stand, which is not to be had from the registry: its router gives a page and changes the address.

import actions from "@app/build/plugins/actions.js";
import blocks from "@app/build/plugins/blocks.js";
import icons from "@app/build/plugins/icons.js";
import operators from "@app/build/plugins/operators/client.js";
import Client from "@lowdefy/client";
import { createElement, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

const lowdefy = {};
const Head = () => null;
const Link = ({ href, children, ...rest }) => createElement("a", { ...rest, href: href.pathname }, children);
const configOf = async (pathname) => (await fetch(`/config${pathname}`)).json();

function App({ first }) {
  const [config, setConfig] = useState(first);
  const [router] = useState(() => ({
    basePath: "",
    back: () => history.back(),
    push: async ({ pathname, query }) => {
      const next = await configOf(pathname);
      history.pushState(null, "", query ? `${pathname}?${query}` : pathname);
      setConfig(next);
    },
  }));
  useEffect(() => {
    const shown = async () => setConfig(await configOf(location.pathname));
    addEventListener("popstate", shown);
    return () => removeEventListener("popstate", shown);
  }, []);
  return createElement(Client, {
    auth: {},
    Components: { Head, Link },
    config,
    lowdefy,
    router,
    types: { actions, blocks, icons, operators },
    window,
  });
}

createRoot(document.getElementById("root")).render(createElement(App, { first: await configOf(location.pathname) }));
