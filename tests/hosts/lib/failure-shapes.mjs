// The shapes in which a builder's query fails, and what the adapter throws of them: { status?, body?, message? }.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { importPackage } from "../../servers/package.mjs";

/**
 * @param {string} host
 * @param {(hosts: any, run: () => unknown) => { run: (query: any, params?: any) => Promise<any>, query: any }} open the host whose query does `run`
 * @param {Record<string, [() => unknown, object]>} shapes what the query does, and what is thrown of it
 */
export function testShapes(host, open, shapes) {
  /** @type {any} */
  let hosts;
  before(async () => ({ hosts } = (await importPackage()).doorkey));

  for (const [shape, [run, expected]] of Object.entries(shapes)) {
    test(`${host}: failure shapes: ${shape}`, async () => {
      const { run: start, query } = open(hosts, run);
      const thrown = await start(query, { a: 1 }).then(
        () => assert.fail("it resolved"),
        (failure) => failure,
      );
      // As JSON has it: what says nothing is not there.
      assert.deepEqual(JSON.parse(JSON.stringify(thrown)), expected);
    });
  }
}

/** What scripts of a page may throw, whoever the builder is. @returns {Record<string, [() => unknown, object]>} */
export const pageShapes = (silence = "the query failed, and the app builder does not say why") => {
  const no = { error: "invalid_grant" };
  const raise = (/** @type {unknown} */ thrown) => async () => {
    throw thrown;
  };
  return {
    "an Error": [raise(new Error("no")), { message: "no" }],
    "a text": [raise("no"), { message: "no" }],
    nothing: [raise(undefined), { message: silence }],
    "a status with a body": [raise({ status: 401, body: no }), { status: 401, body: no, message: silence }],
    axios: [
      raise(
        Object.assign(new Error("Request failed with status code 400"), { code: "ERR_BAD_REQUEST", response: { status: 400, data: no } }),
      ),
      { status: 400, body: no, message: "Request failed with status code 400" },
    ],
    "axios without an answer": [
      raise(Object.assign(new Error("Network Error"), { code: "ERR_NETWORK", request: {} })),
      { message: "Network Error" },
    ],
    "axios out of time": [
      raise(Object.assign(new Error("too slow"), { code: "ECONNABORTED" })),
      { name: "NetworkError", message: "too slow" },
    ],
    "an Error that is resolved": [
      async () => Object.assign(new Error("HTTP 403"), { status: 403, info: no }),
      { status: 403, body: no, message: "HTTP 403" },
    ],
    "an error of a job": [
      raise({ error: { name: "HTTPError", message: "401 Client Error: Unauthorized" } }),
      { status: 401, message: "401 Client Error: Unauthorized" },
    ],
    "Plasmic's fetch": [
      raise(Object.assign(new Error("HTTP 403"), { status: 403, info: no })),
      { status: 403, body: no, message: "HTTP 403" },
    ],
    jQuery: [
      raise({ readyState: 4, status: 422, statusText: "Unprocessable Entity", responseJSON: no, responseText: JSON.stringify(no) }),
      { status: 422, body: no, message: "Unprocessable Entity" },
    ],
    "a throw before any promise": [
      () => {
        throw new Error("at once");
      },
      { message: "at once" },
    ],
  };
};
