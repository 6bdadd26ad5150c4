setupDoorkey({ localStorage, utils, queries: { sign_in, refreshAPI, revokeAPI, orders } });
// An example of a protected query. Its header Authorization is "Bearer", a space, and localStorage.values.accesstoken in two braces.
if (!(await Doorkey.guard("protected"))) return { orders: [] };
return await Doorkey.run("orders");
