// The table of docs/hosts.md, from tests that are named `<host>: <capability>: <what>`.
//
//   node --test --test-reporter=./tests/hosts/matrix.mjs tests/hosts/*.test.mjs tests/hosts/*/*.test.mjs

import { createTable } from "../table.mjs";

export const CAPABILITIES = [
  "sign in",
  "refresh",
  "retry",
  "logout",
  "store",
  "navigate",
  "guard",
  "two tabs",
  "reload",
  "failure shapes",
  "redirect",
  "popup",
];

export const { placeOf, Matrix, renewed, report } = createTable({ document: "docs/hosts.md", subject: "host", columns: CAPABILITIES });

export default report;
