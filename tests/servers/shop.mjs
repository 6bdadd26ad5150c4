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

/**
 * `Get` is unary, `List` streams orders from the server, `Watch` does so and then stays open, `Lapse` does so and then is
 * unauthenticated.
 */
export const Orders = /** @type {any} */ (
  createFileRegistry(create(FileDescriptorSetSchema, { file: [file] })).getService(`${PACKAGE}.Orders`)
);

/** @param {string} name @param {Record<string, number>} fields their types by name, numbered in this order */
function message(name, fields) {
  return { name, field: Object.entries(fields).map(([field, type], index) => ({ name: field, number: index + 1, type, label: 1 })) };
}
