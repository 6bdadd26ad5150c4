// @ts-check
/** The gRPC service of the test server, described as data: what `protoc` would make of a shop.proto. The server and the page use it. */
import { create, createFileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema, FieldDescriptorProto_Type as Type } from "@bufbuild/protobuf/wkt";

const PACKAGE = "shop.v1";

const file = {
  name: "shop.proto",
  package: PACKAGE,
  syntax: "proto3",
  messageType: [
    message("GetRequest", { id: Type.INT32 }),
    message("ListRequest", { first: Type.INT32 }),
    message("Order", { id: Type.INT32, customer: Type.STRING, item: Type.STRING, total_cents: Type.INT32, tenant: Type.STRING }),
  ],
  service: [
    {
      name: "Orders",
      method: [
        { name: "Get", inputType: `.${PACKAGE}.GetRequest`, outputType: `.${PACKAGE}.Order` },
        ...["List", "Watch", "Lapse"].map((name) => ({
          name,
          inputType: `.${PACKAGE}.ListRequest`,
          outputType: `.${PACKAGE}.Order`,
          serverStreaming: true,
        })),
      ],
    },
  ],
};

/** @typedef {import("@bufbuild/protobuf/codegenv2").GenMessage<import("@bufbuild/protobuf").Message & { id: number }>} GetRequest */
/** @typedef {import("@bufbuild/protobuf/codegenv2").GenMessage<import("@bufbuild/protobuf").Message & { first: number }>} ListRequest */
/** @typedef {import("@bufbuild/protobuf/codegenv2").GenMessage<import("@bufbuild/protobuf").Message & { id: number, customer: string, item: string, totalCents: number, tenant: string }>} Order */
/** @typedef {{ methodKind: "server_streaming", input: ListRequest, output: Order }} Stream */
/** @typedef {import("@bufbuild/protobuf/codegenv2").GenService<{ get: { methodKind: "unary", input: GetRequest, output: Order }, list: Stream, watch: Stream, lapse: Stream }>} OrdersService */

/**
 * `Get` is unary, `List` streams orders from the server, `Watch` does so and then stays open, `Lapse` does so and then is
 * unauthenticated.
 */
export const Orders = /** @type {OrdersService} */ (
  createFileRegistry(create(FileDescriptorSetSchema, { file: [file] })).getService(`${PACKAGE}.Orders`)
);

/** @param {string} name @param {Record<string, number>} fields their types by name, numbered in this order */
function message(name, fields) {
  return { name, field: Object.entries(fields).map(([field, type], index) => ({ name: field, number: index + 1, type, label: 1 })) };
}
