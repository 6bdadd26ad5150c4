// What the queries of builders fail with, and what becomes of it.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { importPackage } from "../servers/package.mjs";

let hosts;
before(async () => ({ hosts } = (await importPackage()).doorkey));

/** A query's failure as the adapter tells it. */
const told = (run) =>
  run.then(
    () => assert.fail("resolved"),
    (thrown) => (thrown instanceof Error ? { message: thrown.message } : JSON.parse(JSON.stringify(thrown))),
  );
const retool = (thrown) => hosts.retool({ queries: { q: { trigger: () => Promise.reject(thrown) } } }).run("q", {});
const tooljet = (result) => hosts.tooljet({ actions: {}, queries: { q: { run: async () => result } } }).run("q", {});
const nocobase = (thrown) => hosts.nocobase({ request: () => Promise.reject(thrown) }).run("q", {});
const lowcoder = (thrown, answer) =>
  hosts.lowcoder({ queries: { q: { run: () => Promise.reject(thrown) } }, answer: { run: async () => answer } }).run("q", {});

const lowdefy = (answered) => hosts.lowdefy({ methods: { request: async () => answered } }).run("q");
const budibase = (definition) => hosts.budibase({ API: { fetchQueryDefinition: async () => definition } }).run("q");

const body = { message: "no" };
const rows = [
  ["retool", "an Error", () => retool(new Error("no")), { message: "no" }],
  ["retool", "a text", () => retool("no"), { message: "no" }],
  ["retool", "nothing", () => retool(undefined), { message: "the query failed, and Retool does not say why" }],
  [
    "retool",
    "a status in words",
    () => retool(new Error("Request failed with status code 401")),
    { status: 401, message: "Request failed with status code 401" },
  ],
  ["retool", "a status and its name", () => retool("401 UNAUTHORIZED"), { status: 401, message: "401 UNAUTHORIZED" }],
  ["retool", "a number in a sentence", () => retool("500 orders are too many"), { message: "500 orders are too many" }],
  ["retool", "the answer as data", () => retool({ message: "no", statusCode: 422, data: body }), { status: 422, body, message: "no" }],
  [
    "tooljet",
    "a refusal",
    () =>
      tooljet({
        status: "failed",
        message: "Query could not be completed",
        description: "Response code 401 (Unauthorized)",
        data: { responseObject: { statusCode: 401, responseBody: '{"message":"no"}' } },
      }),
    { status: 401, body, message: "Response code 401 (Unauthorized)" },
  ],
  [
    "tooljet",
    "a refusal without its answer",
    () => tooljet({ status: "failed", description: "Response code 503 (Service Unavailable)", data: {} }),
    { status: 503, message: "Response code 503 (Service Unavailable)" },
  ],
  [
    "tooljet",
    "a status beside the text",
    () => tooljet({ status: "failed", data: { statusCode: 401, message: "no" } }),
    { status: 401, message: "no" },
  ],
  ["tooljet", "a status by name", () => tooljet({ status: "Bad Request", message: "no" }), { status: 400, message: "no" }],
  [
    "tooljet",
    "a server that could not be reached",
    () => tooljet({ status: "failed", description: "connect ECONNREFUSED 127.0.0.1:9", data: {} }),
    { name: "NetworkError", message: "connect ECONNREFUSED 127.0.0.1:9" },
  ],
  [
    "tooljet",
    "a RunJS query that threw",
    () => tooljet({ status: "failed", data: { message: "x is not defined", description: "x is not defined" } }),
    { message: "x is not defined" },
  ],
  ["lowcoder", "an empty message", () => lowcoder({ message: "" }), { message: "the query failed, and Lowcoder does not say why" }],
  [
    "lowcoder",
    "an empty message and an answer",
    () => lowcoder({ message: "" }, { code: "HTTPUNAUTHORIZED", data: body }),
    { status: 401, body },
  ],
  [
    "lowcoder",
    "a server that could not be reached",
    () => lowcoder({ message: "Connection refused: api.example.com" }),
    { name: "NetworkError", message: "Connection refused: api.example.com" },
  ],
  [
    "nocobase",
    "an axios error",
    () => nocobase(Object.assign(new Error("Request failed with status code 422"), { response: { status: 422, data: body } })),
    { status: 422, body, message: "Request failed with status code 422" },
  ],
  [
    "nocobase",
    "an axios error that is out of time",
    () => nocobase(Object.assign(new Error("too slow"), { code: "ECONNABORTED" })),
    { name: "NetworkError", message: "too slow" },
  ],
  [
    "nocobase",
    "nothing resolved",
    () => hosts.nocobase({ request: async () => {} }).run("q"),
    { message: "NocoBase gave no answer to the request" },
  ],
  ["lowdefy", "nothing resolved", () => lowdefy(undefined), { message: "Lowdefy gave no answer to the request q" }],
  ["budibase", "a query that is not there", () => budibase(undefined), { message: "Budibase has no query q" }],
  ["nocobase", "an axios error without an answer", () => nocobase(new Error("Network Error")), { message: "Network Error" }],
];
for (const [host, shape, run, expected] of rows) {
  test(`${host}: failure shapes: ${shape} becomes a plain value`, async () => assert.deepEqual(await told(run()), expected));
}

test("tooljet: a result with data alone is the data, whatever word stands for success", async () => {
  for (const status of ["ok", "OK", "Created", "No Content", 200]) assert.equal(await tooljet({ status, data: 7 }), 7);
});

test("what stands around an answer is taken off", async () => {
  const around = { statusCode: 200, headers: {}, body };
  const plasmic = (result) => hosts.plasmic({}).run({ run: async () => result }, {});
  const dronahq = (result) => hosts.dronahq({ CALLRESTAPI: async () => result }).run({ url: "https://api.example.com/" });
  for (const host of [plasmic, dronahq]) {
    assert.deepEqual(await host(around), body);
    for (const own of [body, [body], null, "text", { body: 1 }, { statusCode: 200 }]) assert.deepEqual(await host(own), own);
  }
  for (const answered of [[body], body]) assert.deepEqual(await lowdefy(answered), body);
  assert.deepEqual(await lowdefy([body, body]), [body, body]);
  assert.equal(await lowdefy([undefined]), undefined);
});
