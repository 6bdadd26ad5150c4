// What stands in the global scope of the fixture pages: kit.mjs, clock.mjs, grpc.mjs and the tests put it there.

declare global {
  /** The page's session, with its calls counted. */
  var auth: import("../../../pkg-template/package/types/doorkey.js").Auth;
  var kit: typeof import("../pages/kit.mjs").kit;
  var grpc: typeof import("./grpc.mjs").grpc;
  var testClock: ReturnType<typeof import("./clock.mjs").installClock>;
}

export {};
