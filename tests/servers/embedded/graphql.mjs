// @ts-check
import { buildSchema, GraphQLError } from "graphql";
import { createHandler } from "graphql-http/lib/use/express";

import { USER } from "./account.mjs";
import { refusalOf } from "./bearer.mjs";
import { ORDERS } from "./orders.mjs";

const SCHEMA = buildSchema(`
  type User { id: ID!, email: String!, name: String! }
  type Order { id: Int!, customer: String!, item: String!, totalCents: Int!, currency: String!, status: String! }
  type Note { text: String!, tenant: String }
  type Query { me: User!, orders(first: Int = 5): [Order!]!, open: String! }
  type Mutation { addNote(text: String!): Note! }
`);

/**
 * A GraphQL API. As is usual, the transport always succeeds: an unauthenticated operation is a 200 whose `errors` say so.
 * @param {any} provider
 */
export function createGraphql(provider) {
  /** Guards a resolver. @param {(args: any, headers: any) => unknown} resolve */
  const guarded =
    (resolve) =>
    async (/** @type {any} */ args, /** @type {any} */ { headers }) => {
      const refusal = await refusalOf(provider, headers.authorization);
      if (refusal) throw new GraphQLError(refusal.message, { extensions: { code: "UNAUTHENTICATED" } });
      return resolve(args, headers);
    };
  return createHandler({
    schema: SCHEMA,
    rootValue: {
      open: () => "for everyone",
      me: guarded(() => USER),
      orders: guarded(({ first }) => ORDERS.slice(0, first)),
      addNote: guarded(({ text }, headers) => ({ text, tenant: headers["x-tenant"] ?? null })),
    },
    context: ({ raw }) => ({ headers: raw.headers }),
  });
}
