// The adapter by itself: failures, and builders that are missing, throw, hang or lie.

import { tellBadInput } from "../lib/bad-input.mjs";
import { pageShapes, testShapes } from "../lib/failure-shapes.mjs";

const no = { error: "invalid_grant" };

testShapes(
  "dronahq",
  (hosts, run) => ({ run: hosts.dronahq({ CALLRESTAPI: run }).run, query: { url: "https://api.example.com/orders" } }),
  {
    ...pageShapes(),
    "a failure that is resolved": [async () => ({ status: 401, data: no }), { status: 401, body: no, message: "HTTP 401" }],
    "a failure that is resolved as text": [
      async () => ({ statusCode: "503", body: "down", message: "Service Unavailable" }),
      { status: 503, body: "down", message: "Service Unavailable" },
    ],
  },
);

function make() {
  const values = new Map();
  return {
    UTILITY: {
      SETLOCALSTORAGE: async (key, value) => void values.set(key, value),
      GETLOCALSTORAGE: async (key) => values.get(key) ?? "",
      CLEARLOCALSTORAGE: async (key) => void values.delete(key),
      NAVIGATE: () => {},
      CALLRESTAPI: async () => [1],
    },
  };
}

tellBadInput("dronahq", {
  make,
  open: (hosts, { UTILITY }) => hosts.dronahq(UTILITY),
  uses: {
    "UTILITY.SETLOCALSTORAGE": (auth) => auth.storeValue("theme", "dark"),
    "UTILITY.GETLOCALSTORAGE": (auth) => auth.storeValue("theme", "dark"),
    "UTILITY.NAVIGATE": (auth) => auth.guard("login"),
    "UTILITY.CALLRESTAPI": (auth) => auth.run({ url: "https://api.example.com/orders", run: undefined }),
  },
});
