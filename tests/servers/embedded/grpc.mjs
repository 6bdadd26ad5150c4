// @ts-check
import { once } from "node:events";

import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";

import { Orders } from "../shop.mjs";
import { refusalOf } from "./bearer.mjs";
import { ORDERS } from "./orders.mjs";

/**
 * A gRPC-web API. The transport always answers 200; grpc-status 16 is how it says unauthenticated.
 * @param {any} provider @param {string} prefix of its paths
 */
export function createGrpc(provider, prefix) {
  /** @type {import("@connectrpc/connect").Interceptor} */
  const guard = (next) => async (call) => {
    const refusal = await refusalOf(provider, call.header.get("authorization"));
    if (refusal) throw new ConnectError(refusal.message, Code.Unauthenticated);
    return next(call);
  };
  const tenantOf = (/** @type {any} */ context) => context.requestHeader.get("x-tenant") ?? "";
  /** @param {{ first: number }} request @param {any} context */
  const list = ({ first }, context) => ORDERS.slice(0, first).map((order) => ({ ...order, tenant: tenantOf(context) }));

  return connectNodeAdapter({
    requestPathPrefix: prefix,
    grpcWeb: true,
    grpc: false,
    connect: false,
    interceptors: [guard],
    routes: (router) =>
      router.service(Orders, {
        get({ id }, context) {
          const order = ORDERS.find((known) => known.id === id);
          if (!order) throw new ConnectError(`There is no order ${id}.`, Code.NotFound);
          return { ...order, tenant: tenantOf(context) };
        },
        async *list(request, context) {
          yield* list(request, context);
        },
        async *watch(request, context) {
          yield* list(request, context);
          await once(context.signal, "abort");
        },
        async *lapse(request, context) {
          yield* list(request, context);
          throw new ConnectError("The access token has expired.", Code.Unauthenticated);
        },
      }),
  });
}
