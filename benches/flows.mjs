// @ts-check
// A flow of ten steps: taken in, and run; runs in a page and in Node. Its peers do the same by hand.
import { compare } from "./rounds.mjs";

const ROUNDS = { rounds: 15, leastRounds: 5, turns: 9, budgetMs: 2_500 };
const BATCH_MS = 2;
const PAIRS = [1, 2, 3, 4, 5];
const EMAIL = "A@b.example";
const ANSWER = "a@b.example/step-1/step-2/step-3/step-4";

/** Every second step defines a variable of what the one before it gave. @param {(pair: number) => object} other the other steps @param {string} id */
function flowWith(other, id) {
  const value = (/** @type {number} */ pair) =>
    pair === 1 ? "{{ lower(inputs.email) }}" : `{{ V${pair - 1} }}/{{ ${id}${pair - 1}.value }}`;
  return PAIRS.flatMap((pair) => [{ define: { [`V${pair}`]: value(pair) } }, other(pair)]);
}

const scripts = PAIRS.map((pair) => async (/** @type {any} */ _scope) => ({ value: `step-${pair}` }));
const running = flowWith((pair) => ({ script: scripts[pair - 1] }), "js");
const data = flowWith(() => ({ query: "a_query" }), "query");
const text = JSON.stringify(data);

/** The same steps as functions. @type {((scope: any) => unknown)[]} */
const byHand = PAIRS.flatMap((pair) => [
  pair === 1
    ? (scope) => void (scope.V1 = scope.inputs.email.toLowerCase())
    : (scope) => void (scope[`V${pair}`] = `${scope[`V${pair - 1}`]}/${scope[`js${pair - 1}`].value}`),
  async (scope) => void (scope[`js${pair}`] = await scripts[pair - 1](scope)),
]);

/** @param {(scope: any) => unknown} after what is done with the scope after each step */
async function runByHand(after) {
  const scope = { inputs: { email: EMAIL } };
  for (const step of byHand) {
    await step(scope);
    after(scope);
  }
  return /** @type {any} */ (scope).V5;
}

/**
 * @param {any} createAuth @param {any} [createBefore] that of the package before
 * @param {{ compile(count: number): Promise<number>, run(count: number): Promise<number> }} [native] core without wasm; gives milliseconds
 * @returns {Promise<import("./rounds.mjs").Group[]>}
 */
export async function measureFlows(createAuth, createBefore, native) {
  const options = { name: "bench-flows", storage: "memory", crossTab: "off" };
  const tokens = () => ({ access_token: `token-${++last}`, expires_in: 3600 });
  let last = 0;
  const tested = (/** @type {any} */ create) => {
    const auth = create({ ...options, flows: { signin: running } });
    return async () => {
      const { ok, steps } = await auth.test("signin", { email: EMAIL });
      return ok && steps.length === 10 && steps[9].scope.V5;
    };
  };
  const signedIn = (/** @type {any} */ create) => {
    const auth = create({ ...options, name: "bench-signin", flows: { signin: [...running, { script: tokens }] } });
    return async () => (await auth.signin({ email: EMAIL })).ok && ANSWER;
  };
  const compile = (/** @type {any} */ create) => () => create({ ...options, name: "bench-compile", flows: { signin: data } }) && ANSWER;
  const parse = () => JSON.parse(text).length === 10 && ANSWER;
  const groups = [
    [
      ["createAuth(options) with a flow of 10 steps", compile(createAuth)],
      createBefore && ["the package before", compile(createBefore)],
      native && ["native: the flow taken in", native.compile],
      ["JSON.parse of the flow as text", parse],
    ],
    [
      ["await test(flow): 10 steps, masked scopes", tested(createAuth)],
      createBefore && ["the package before", tested(createBefore)],
      native && ["native: the flow run to its end", native.run],
      ["by hand, a copy of the scope after each step", () => runByHand((scope) => structuredClone(scope))],
      ["by hand", () => runByHand(() => {})],
    ],
    [
      ["await signin(inputs): the same and one for the tokens", signedIn(createAuth)],
      createBefore && ["the package before", signedIn(createBefore)],
      ["by hand", () => runByHand(() => {})],
    ],
  ];
  const taken = [];
  for (const group of groups)
    taken.push(await compare(await Promise.all(/** @type {any[]} */ (group).filter(Boolean).map(variant)), ROUNDS));
  return taken;
}

/** Microseconds a call, after it is made sure that the call gives what it should. @param {[string, any]} given */
async function variant([name, call]) {
  const isNative = name.startsWith("native");
  if (!isNative && (await call()) !== ANSWER) throw new Error(`${name} gives something else than it should`);
  const timer = isNative
    ? call
    : async (/** @type {number} */ count) => {
        const begun = performance.now();
        for (let at = 0; at < count; at++) await call();
        return performance.now() - begun;
      };
  let count = 4;
  while ((await timer(count)) < BATCH_MS) count *= 2;
  return { name, sample: async () => ((await timer(count)) * 1e3) / count };
}
