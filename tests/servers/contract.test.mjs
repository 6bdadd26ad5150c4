// @ts-check
import { describe } from "node:test";
import { chosen, isForPage } from "./chosen.mjs";
import { contract } from "./contract.mjs";
import { importPackage } from "./package.mjs";

const { doorkey } = await importPackage();

// They mostly wait for tokens to expire.
describe("contract", { concurrency: 4 }, () => {
  for (const entry of chosen.filter((entry) => !isForPage(entry))) contract(doorkey, entry);
});
