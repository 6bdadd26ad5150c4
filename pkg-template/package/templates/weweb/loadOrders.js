// An example of protected data: a global workflow "orders" that requests it with the header Authorization
// `Bearer` and the variable accesstoken. In place of "id-of-orders": the workflow's id.
if (!(await Doorkey.guard("protected"))) return { orders: [] };
return await Doorkey.run({ run: (params) => utilsFunctions.executeGlobalFunction["id-of-orders"](params) });
