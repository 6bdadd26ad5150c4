// @ts-check
/** Runs in a page, bundled: the gRPC-web client of the test server's orders, whose requests go through `auth.fetch`. */

import { ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

import { Orders } from "../../servers/shop.mjs";

/** @param {string} baseUrl */
function clientOf(baseUrl) {
  return createClient(Orders, createGrpcWebTransport({ baseUrl: `${baseUrl}/grpc`, fetch: globalThis.auth.fetch }));
}

/** @param {any} order a message, with members that leave no page */
const plain = ({ id, customer, tenant }) => ({ id, customer, tenant });

/** What a call gave, or the code of its refusal. @param {() => Promise<any>} call */
async function outcome(call) {
  try {
    return { value: await call() };
  } catch (error) {
    const { code, rawMessage } = ConnectError.from(error);
    return { error: { code, message: rawMessage } };
  }
}

export const grpc = {
  /** @param {string} url @param {number} id */
  get: (url, id) => outcome(async () => plain(await clientOf(url).get({ id }))),
  /** @param {string} url @param {number} first */
  list: (url, first) =>
    outcome(async () => {
      /** @type {ReturnType<typeof plain>[]} */
      const orders = [];
      for await (const order of clientOf(url).list({ first })) orders.push(plain(order));
      return orders;
    }),
  /** The orders that came before the stream broke off, and its refusal. @param {string} url */
  lapse: async (url) => {
    /** @type {ReturnType<typeof plain>[]} */
    const orders = [];
    const broken = await outcome(async () => {
      for await (const order of clientOf(url).lapse({ first: 3 })) orders.push(plain(order));
    });
    return { orders, ...broken };
  },
  /** The first order of a stream that does not end by itself. @param {string} url */
  watch: (url) =>
    outcome(async () => {
      const stop = new AbortController();
      for await (const order of clientOf(url).watch({ first: 1 }, { signal: stop.signal })) {
        stop.abort();
        return plain(order);
      }
    }),
};

globalThis.grpc = grpc;
