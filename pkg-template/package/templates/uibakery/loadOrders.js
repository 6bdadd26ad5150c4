// An example of protected data. The HTTP action "orders" has the header Authorization: Bearer {{state.accesstoken}}.
if (!(await Doorkey.guard("protected"))) return { orders: [] };
return await Doorkey.run("orders");
