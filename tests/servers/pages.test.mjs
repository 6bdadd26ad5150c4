// @ts-check
/** The contract with servers that a page alone can use: its session is a cookie, or it is left for a provider. */
import { describe } from "node:test";

import { chosen, isForPage } from "./chosen.mjs";
import { contract } from "./contract.mjs";
import { actAsPage } from "./jar.mjs";
import { importPackage } from "./package.mjs";

actAsPage();
const { doorkey } = await importPackage();

describe("contract in a page", { concurrency: 3 }, () => {
  for (const entry of chosen.filter(isForPage)) contract(doorkey, entry);
});
