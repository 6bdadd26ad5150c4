// @ts-check
// The most that one browser is asked to bear: 100 places of one session for two minutes, and 1,000 calls at once. Run at will,
// by `npm test -- load`; a short version of it is in tests/e2e.
import { assertCrowd, assertThousand } from "../e2e/lib/crowd.mjs";
import { suite } from "../e2e/lib/suite.mjs";

const brief = suite({ accessTtl: 10, timeoutSeconds: 400 });
const usual = suite();

brief("100 frames of one session for two minutes: one refresh for each lifetime of a token", async (world) => {
  await assertCrowd(world, { count: 100, forSeconds: 120, everySeconds: 5 });
});

usual("1,000 calls at once with a token past its time: one refresh, and all settle", assertThousand);
