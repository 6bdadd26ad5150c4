// An example of a protected query. Its header Authorization is `Bearer {{variables.accesstoken}}`.
setupDoorkey({ actions, queries });
if (!(await Doorkey.guard("protected"))) return { orders: [] };
return await Doorkey.run("orders");
