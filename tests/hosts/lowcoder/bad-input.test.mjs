import { tellBadInput } from "../lib/bad-input.mjs";

function make() {
  const localStorage = {
    values: {},
    setItem: async (key, value) => void (localStorage.values = { ...localStorage.values, [key]: value }),
    removeItem: async (key) => void (localStorage.values = { ...localStorage.values, [key]: undefined }),
  };
  // The requests of the session itself go to the real server.
  const http = {
    run: async ({ url, method, body, contentType, authorization }) => {
      const response = await fetch(url, {
        method,
        body,
        headers: { "content-type": contentType, ...(authorization && { authorization }) },
      });
      if (!response.ok) throw { message: "" };
      return response.json();
    },
  };
  return {
    localStorage,
    http,
    answer: { run: async () => ({ code: "HTTPSERVICE_UNAVAILABLE", data: "" }) },
    utils: { openApp() {}, openUrl() {} },
    queries: { orders: { run: async () => [1] } },
  };
}

tellBadInput("lowcoder", {
  make,
  open: (hosts, given) => hosts.lowcoder(given),
  uses: {
    "localStorage.setItem": (auth) => auth.storeValue("theme", "dark"),
    "localStorage.removeItem": (auth) => auth.storeValue("theme", "dark").then(() => auth.removeValue("theme")),
    "utils.openApp": (auth) => auth.guard("login"),
    "queries.orders.run": (auth) => auth.run("orders"),
    "http.run": (auth) => auth.refreshAccessToken({ force: true }),
  },
  values: {
    utils: (auth) => auth.guard("login"),
    queries: (auth) => auth.run("orders"),
    "localStorage.values": (auth) => auth.storeValue("theme", "dark"),
  },
});
