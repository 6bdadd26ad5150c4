// @ts-check
// Many places and many calls of one session, in short; tests/load has the long version.
import { assertCrowd, assertThousand } from "./lib/crowd.mjs";
import { suite } from "./lib/suite.mjs";

const brief = suite({ accessTtl: 8 });
const usual = suite();

brief("20 frames of one session for 20 seconds: one refresh for each lifetime of a token", async (world) => {
  await assertCrowd(world, { count: 20, forSeconds: 20, everySeconds: 2 });
});

usual("1,000 calls at once with a token past its time: one refresh, and all settle", assertThousand);
