// @ts-check
// Requests to the auth server's protected API, in milliseconds; runs in a page and in Node.
import { compare } from "./rounds.mjs";

const ROUNDS = { rounds: 15, leastRounds: 5, turns: 20, budgetMs: 6_000 };
const WARM_UP = 20;

/**
 * auth.fetch, fetch with the same header, and that once more: how far the two equal ones are apart is the noise.
 * @param {{ auth: any, before?: any, floor?: any, url: string }} what  all are signed in
 */
export async function measureRequests({ auth, before, floor, url }) {
  // What was measured before may have kept Node from hearing that the server has closed the connection.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const headers = { Authorization: `Bearer ${await auth.accessToken()}` };
  const plain = () => timed(() => fetch(url, { headers }));
  const variants = [
    { name: "await auth.fetch(url)", sample: () => timed(() => auth.fetch(url)) },
    { name: "await fetch(url, { headers })", sample: plain },
    { name: "the same once more (the noise)", sample: plain },
  ];
  if (before) variants.push({ name: "the package before", sample: () => timed(() => before.fetch(url)) });
  if (floor) variants.push({ name: "await the floor's fetch(url)", sample: () => timed(() => floor.fetch(url)) });
  for (let at = 0; at < WARM_UP; at++) for (const { sample } of variants) await sample();
  return compare(variants, ROUNDS);
}

/** Until the answer's text is there. @param {() => Promise<Response>} send */
async function timed(send) {
  const begun = performance.now();
  const response = await send();
  await response.text();
  const ms = performance.now() - begun;
  if (response.status !== 200) throw new Error(`the server answers ${response.status}`);
  return ms;
}
